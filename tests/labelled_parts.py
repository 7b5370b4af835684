"""Labelled documents of our own making, judged or to be judged."""

from __future__ import annotations

import csv
import json
from pathlib import Path
from typing import TYPE_CHECKING

from pdfs import text_pdf

from docsort._evaluate.answer import Answer, PageAnswer, PartAnswer
from docsort._evaluate.choice import Choice, of_names
from docsort._evaluate.graded import Graded
from docsort._evaluate.labels import Part, Truth

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

CHOICE = of_names(["Invoice", "Letter"])
INVOICE = """INVOICE
Invoice number 2026-{0}
Invoice date 3 March 2026
Bill to: Harbour Tools Ltd
Description   Quantity   Unit price   Amount
Hinges        {0}        2.00         40.00
Total amount due 40.00
Please pay within 30 days to the account below"""
LETTER = """Harbour Street {0}, Ashcombe

Dear Mrs Harrow,
thank you for your kind letter of last week. We were glad to hear
that your family is well, and we hope to see you in the summer.

Yours sincerely,
Margaret Finch"""


def graded(
    label: str,
    category: str | None,
    confidence: float | None = 0.9,
    *,
    outcome: str = "matched",
    family: str = "",
    name: str = "",
    choice: Choice = CHOICE,
    columns: Mapping[str, str] | None = None,
) -> Graded:
    """Return a document with an answer, a family of its own by default."""
    name = name or f"{label}-{category}-{confidence}-{outcome}-{family}"
    truth = Truth(name, Path(name), label, family or name, columns or {})
    answer = Answer(category=category, confidence=confidence, outcome=outcome, total_pages=1)
    return Graded(truth, answer, choice)


def packet(
    pages: Sequence[str], said: Sequence[str], true_starts: Sequence[int], starts: Sequence[int]
) -> Graded:
    """Return a packet with an answer; parts begin at `starts` and have their first page's class."""
    parts = tuple(
        Part(first, last, pages[first - 1]) for first, last in _runs(true_starts, len(pages))
    )
    truth = Truth("packet", Path("packet"), None, "packet", {}, dict(enumerate(pages, 1)), parts)
    answer = Answer(
        category=said[0],
        outcome="ambiguous",
        total_pages=len(said),
        pages=tuple(page_answer(number, each) for number, each in enumerate(said, 1)),
        parts=tuple(
            PartAnswer(first, last, said[first - 1]) for first, last in _runs(starts, len(said))
        ),
    )
    return Graded(truth, answer, CHOICE)


def page_answer(
    page: int, category: str, scores: tuple[float, ...] = (), rest: float = 0.0
) -> PageAnswer:
    """Return the embedded engine's answer for a page."""
    return PageAnswer(
        page, category, max(scores, default=0.9), "matched", "text_layer", "local", rest, scores, 1
    )


def labelled_folder(folder: Path, each: int = 2) -> Path:
    """Write so many invoices and letters, a packet, and their labels; return the labels."""
    rows = []
    for number in range(each):
        for label, text in (("Invoice", INVOICE), ("Letter", LETTER)):
            name = f"{label.lower()}-{number}.pdf"
            (folder / name).write_bytes(text_pdf([text.format(number)]))
            rows.append({"path": name, "class": label, "language": "en"})
    pages = [INVOICE.format(70), LETTER.format(71)]
    (folder / "packet.pdf").write_bytes(text_pdf(pages))
    truth = {
        "pages": [{"page": 1, "class": "Invoice"}, {"page": 2, "class": "Letter"}],
        "segments": [
            {"start": 1, "end": 1, "class": "Invoice"},
            {"start": 2, "end": 2, "class": "Letter"},
        ],
    }
    (folder / "packet.json").write_text(json.dumps(truth))
    return write_labels(folder / "labels.csv", [*rows, {"path": "packet.pdf"}])


def write_labels(path: Path, rows: Sequence[Mapping[str, str]]) -> Path:
    """Write a file of labels with all columns that some row has."""
    columns = list(dict.fromkeys(name for row in rows for name in row))
    with path.open("w", newline="") as file:
        writer = csv.DictWriter(file, columns)
        writer.writeheader()
        writer.writerows(rows)
    return path


def _runs(starts: Sequence[int], pages: int) -> list[tuple[int, int]]:
    return list(zip(starts, [*(start - 1 for start in starts[1:]), pages], strict=True))
