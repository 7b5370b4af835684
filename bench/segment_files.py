"""Write composed packets as PDFs."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pypdfium2 as pdfium

from bench.truth import Item

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from bench.segment_bundles import Bundle

_A4 = 595, 842


def write_bundle(bundle: Bundle, labels: Mapping[str, str], folder: Path, path: Path) -> Item:
    """Write a packet's pages into one PDF; return it with the classes of all but blank pages."""
    packet = pdfium.PdfDocument.new()
    for page in bundle.pages:
        if page is None:
            packet.new_page(*_A4)
            continue
        source = pdfium.PdfDocument(folder / page[0])
        packet.import_pages(source, [page[1]])
        source.close()
    packet.save(path)
    packet.close()
    pages = tuple(
        (number, labels[page[0]]) for number, page in enumerate(bundle.pages, 1) if page is not None
    )
    starts = tuple(sorted(place + 1 for place in bundle.starts))
    return Item(path, None, pages=pages, starts=starts)
