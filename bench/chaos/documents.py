"""The documents of a run: each page says whose it is, and its right answer follows from that."""

from __future__ import annotations

import io
import re

from reportlab.pdfgen.canvas import Canvas

CATEGORIES = ("Invoice", "Contract", "Letter")
_MARKER = re.compile(r"job (\d+) page (\d+)")


def draw(job: int, pages: int) -> bytes:
    """Return a PDF whose pages can be told from all others of the run."""
    file = io.BytesIO()
    canvas = Canvas(file, invariant=1)
    for page in range(1, pages + 1):
        canvas.drawString(72, 760, f"job {job:03} page {page:02}")
        canvas.drawString(72, 740, "The rest of this page is of no consequence.")
        canvas.showPage()
    canvas.save()
    return file.getvalue()


def marker_of(text: str) -> tuple[int, int]:
    """Return the job and the page that a page's text names. Raises ValueError without any."""
    found = _MARKER.search(text)
    if found is None:
        raise ValueError(f"no marker in {text[:60]!r}")
    return int(found[1]), int(found[2])


def category_of(job: int, page: int) -> int:
    """Return which category is right for a page."""
    return (job + page) % len(CATEGORIES)


def scores_of(job: int, page: int) -> list[float]:
    """Return the fake model's scores for a page: they add up to 1, and few pages share them."""
    lead = 0.6 + (job * 31 + page) % 997 / 5000
    rest = (1.0 - lead) / (len(CATEGORIES) - 1)
    right = category_of(job, page)
    return [lead if index == right else rest for index in range(len(CATEGORIES))]
