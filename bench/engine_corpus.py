"""Read a folder of labelled documents: an `index.csv` with path and class, and the files."""

from __future__ import annotations

import csv
from contextlib import closing
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from docsort_server.documents.limits import DocumentLimits
from docsort_server.documents.mapping import Mapping
from docsort_server.documents.ocr.joining import with_reading
from docsort_server.documents.ocr.model import Part
from docsort_server.documents.ocr.pages import read_page
from docsort_server.documents.opening import open_document
from docsort_server.documents.terms import terms_of
from docsort_server.engine.local.legibility import unread
from docsort_server.engine.model import Outcome
from docsort_server.engine.packet.reading import traits_of
from docsort_server.engine.packet.wire import to_text

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from docsort_server.documents.model import PageContent
    from docsort_server.documents.ocr.model import Recogniser
    from docsort_server.documents.parsed import ParsedDocument

REJECT = "other"
_LIMITS = DocumentLimits()


@dataclass(frozen=True, slots=True)
class LabelledDocument:
    """A document with its class; documents of one `group` must not be split apart.

    `second` is a class that would do as well, `scan` tells of one without a text layer.
    """

    path: str
    label: str
    language: str
    family: str
    group: str
    pages: tuple[PageContent, ...]
    second: str = ""
    scan: bool = False


@dataclass(frozen=True, slots=True)
class Corpus:
    """The readable documents of a folder, and how many without a text layer were left out."""

    documents: tuple[LabelledDocument, ...]
    without_text: int


def load(folder: Path, max_pages: int, recogniser: Recogniser | None = None) -> Corpus:
    """Read up to `max_pages` pages of every document, as the service reads them.

    Without a recogniser, documents without a text layer are left out.
    """
    documents: list[LabelledDocument] = []
    without_text = 0
    with (folder / "index.csv").open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            scan = row.get("has_text_layer", "yes") != "yes"
            if scan and recogniser is None:
                without_text += 1
                continue
            pages = tuple(pages_of(folder / row["path"], max_pages, recogniser))
            documents.append(
                LabelledDocument(
                    path=row["path"],
                    label=row["class"],
                    language=row.get("language", ""),
                    family=row.get("family") or row["path"],
                    group=row.get("source_repo") or row["path"],
                    pages=pages,
                    second=row.get("second") or "",
                    scan=scan,
                )
            )
    return Corpus(tuple(documents), without_text)


def scan_reader() -> Recogniser:
    """Return what reads pictures of pages."""
    # It takes a second to load, and most runs read no scans.
    from docsort_server.documents.ocr.rapid import RapidRecogniser  # noqa: PLC0415

    return RapidRecogniser()


def pages_of(path: Path, most: int, recogniser: Recogniser | None) -> Iterator[PageContent]:
    """Yield at most so many pages of a document, scans read as a whole if there is a recogniser."""
    with closing(open_document(Mapping.of(path.read_bytes()), terms_of(_LIMITS))) as document:
        for number in range(1, min(most, document.pages) + 1):
            page = document.read(number)
            if recogniser and unread(page) is Outcome.UNREADABLE:
                page = recognised(document, page, recogniser)
            # As the processes that read pages for the service tell them.
            yield replace(page, traits=to_text(traits_of(page)))


def recognised(document: ParsedDocument, page: PageContent, recogniser: Recogniser) -> PageContent:
    """Return a scan with what is read off its picture."""
    reading = read_page(recogniser, document.picture(page.number, _LIMITS.ocr_pixels), Part.WHOLE)
    return with_reading(page, reading, Part.WHOLE, _LIMITS.page_chars)
