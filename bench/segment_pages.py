"""Labelled documents and packets page by page, read as the server reads them, scans included."""

from __future__ import annotations

import json
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING

from bench.truth import read_index
from docsort_server.documents.limits import DocumentLimits
from docsort_server.documents.mapping import Mapping
from docsort_server.documents.ocr.model import Part
from docsort_server.documents.ocr.pages import read_page
from docsort_server.documents.ocr.rapid import RapidRecogniser
from docsort_server.documents.opening import open_document
from docsort_server.documents.scans import with_reading
from docsort_server.documents.terms import Terms
from docsort_server.engine.local.legibility import unread
from docsort_server.engine.model import Outcome

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from docsort_server.documents.model import PageContent
    from docsort_server.documents.parsed import ParsedDocument

_LIMITS = DocumentLimits()


@dataclass(frozen=True, slots=True)
class Leaves:
    """The pages of a labelled document; those of one `group` must not be split apart.

    `language` is as the index has it, `whole` tells that there are no pages beyond these.
    """

    path: str
    label: str
    family: str
    group: str
    pages: tuple[PageContent, ...]
    whole: bool


@dataclass(frozen=True, slots=True)
class Packet:
    """The pages of a packet, and the first page of each of its parts."""

    path: str
    pages: tuple[PageContent, ...]
    starts: tuple[int, ...]


def read_labelled(folder: Path, most: int) -> Iterator[Leaves]:
    """Yield the documents of a folder, at most so many pages of each."""
    for row in read_index(folder):
        pages = tuple(_pages(folder / row["path"], most))
        yield Leaves(
            path=row["path"],
            label=row["class"],
            family=row.get("family") or row["path"],
            group=row.get("source_repo") or row["path"],
            pages=pages,
            whole=len(pages) < most,
        )


def read_packets(folder: Path) -> Iterator[Packet]:
    """Yield the packets of a folder."""
    for row in read_index(folder):
        path = folder / row["packet"]
        truth = json.loads(path.with_suffix(".json").read_text(encoding="utf-8"))
        starts = tuple(segment["start"] for segment in truth["segments"])
        yield Packet(row["packet"], tuple(_pages(path, _LIMITS.max_pages)), starts)


def _pages(path: Path, most: int) -> Iterator[PageContent]:
    document = open_document(Mapping.of(path.read_bytes()), Terms())
    try:
        for number in range(1, min(most, document.pages) + 1):
            page = document.read(number)
            yield page if unread(page) is not Outcome.UNREADABLE else _recognised(document, page)
    finally:
        document.close()


def _recognised(document: ParsedDocument, page: PageContent) -> PageContent:
    picture = document.picture(page.number, _LIMITS.ocr_pixels)
    reading = read_page(_recogniser(), picture, Part.WHOLE)
    return with_reading(page, reading, Part.WHOLE, _LIMITS.page_chars)


@cache
def _recogniser() -> RapidRecogniser:
    return RapidRecogniser()
