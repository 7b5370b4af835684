"""Read a folder of labelled documents: an `index.csv` with path and class, and the files."""

from __future__ import annotations

import csv
from dataclasses import dataclass
from typing import TYPE_CHECKING

import pypdfium2 as pdfium
import pypdfium2.raw as pdfium_c

from docsort_server.documents.model import PageContent

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

REJECT = "other"
_PAGE_CHARS = 32_768


@dataclass(frozen=True, slots=True)
class LabelledDocument:
    """A document with its class; documents of one `group` must not be split apart."""

    path: str
    label: str
    language: str
    family: str
    group: str
    pages: tuple[PageContent, ...]


@dataclass(frozen=True, slots=True)
class Corpus:
    """The readable documents of a folder, and how many had no text layer to read."""

    documents: tuple[LabelledDocument, ...]
    without_text: int


def load(folder: Path, max_pages: int) -> Corpus:
    """Read up to `max_pages` pages of every PDF that has a text layer."""
    documents: list[LabelledDocument] = []
    without_text = 0
    with (folder / "index.csv").open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            if row.get("has_text_layer", "yes") != "yes":
                without_text += 1
                continue
            pages = tuple(_pages(folder / row["path"], max_pages))
            documents.append(
                LabelledDocument(
                    path=row["path"],
                    label=row["class"],
                    language=row.get("language", ""),
                    family=row.get("family") or row["path"],
                    group=row.get("source_repo") or row["path"],
                    pages=pages,
                )
            )
    return Corpus(tuple(documents), without_text)


def _pages(path: Path, max_pages: int) -> Iterator[PageContent]:
    document = pdfium.PdfDocument(path)
    try:
        for number in range(min(max_pages, len(document))):
            page = document[number]
            try:
                yield _content(page, number + 1)
            finally:
                page.close()
    finally:
        document.close()


def _content(page: pdfium.PdfPage, number: int) -> PageContent:
    width, height = page.get_size()
    textpage = page.get_textpage()
    text = textpage.get_text_range().replace("\r\n", "\n")
    textpage.close()
    text = text.replace("\ufffe", "").replace("\x00", "")[:_PAGE_CHARS]
    images = paths = 0
    covered = 0.0
    for item in page.get_objects(max_depth=3):
        if item.type == pdfium_c.FPDF_PAGEOBJ_PATH:
            paths += 1
        elif item.type == pdfium_c.FPDF_PAGEOBJ_IMAGE:
            images += 1
            left, bottom, right, top = item.get_bounds()
            visible_width = max(0.0, min(right, width) - max(left, 0.0))
            covered += visible_width * max(0.0, min(top, height) - max(bottom, 0.0))
    return PageContent(
        number=number,
        text=text,
        width=width,
        height=height,
        words=len(text.split()),
        images=images,
        paths=paths,
        image_share=min(1.0, covered / (width * height)) if width * height else 0.0,
    )
