"""Packets page by page, read as the server reads them, scans included."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import TYPE_CHECKING

from bench.engine_corpus import pages_of
from bench.truth import read_index
from docsort_server.documents.limits import DocumentLimits

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from docsort_server.documents.model import PageContent
    from docsort_server.documents.ocr.model import Recogniser


@dataclass(frozen=True, slots=True)
class Packet:
    """The pages of a packet, and the first page of each of its parts."""

    path: str
    pages: tuple[PageContent, ...]
    starts: tuple[int, ...]


def read_packets(folder: Path, recogniser: Recogniser) -> Iterator[Packet]:
    """Yield the packets of a folder."""
    for row in read_index(folder):
        path = folder / row["packet"]
        truth = json.loads(path.with_suffix(".json").read_text(encoding="utf-8"))
        starts = tuple(segment["start"] for segment in truth["segments"])
        pages = tuple(pages_of(path, DocumentLimits().max_pages, recogniser))
        yield Packet(row["packet"], pages, starts)
