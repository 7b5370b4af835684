"""Draw the sample packet: nine kinds of documents in one PDF, as they come out of a scanner.

    python -m examples.sample_packet packet.pdf

Every run writes the same bytes. All companies, people and numbers are invented.
"""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import TYPE_CHECKING, Any

from reportlab.pdfgen.canvas import Canvas

from examples.packet import article, contract, invoice, letter, order, receipt, resume, statement
from examples.packet.sheet import Sheet

if TYPE_CHECKING:
    from collections.abc import Callable


def blank(canvas: Canvas) -> None:
    """Leave a page empty, as the back of a sheet is."""
    Sheet(canvas).finish()


# The packet in order: category (empty for the blank page), number of pages, who draws them.
CONTENTS: tuple[tuple[str, int, Callable[[Any], None]], ...] = (
    ("Invoice", 2, invoice.draw),
    ("Receipt", 1, receipt.draw),
    ("Contract", 2, contract.draw),
    ("Bank statement", 1, statement.draw),
    ("Letter", 1, letter.draw),
    ("", 1, blank),
    ("Scientific article", 2, article.draw),
    ("Purchase order", 1, order.draw),
    ("Resume", 1, resume.draw),
)


def draw(path: Path) -> None:
    """Write the packet to `path`."""
    canvas = Canvas(str(path), invariant=1)
    canvas.setTitle("Sample packet")
    canvas.setAuthor("docsort")
    for _, _, pages in CONTENTS:
        pages(canvas)
    canvas.save()


def main() -> int:
    """Parse the arguments and draw."""
    parser = argparse.ArgumentParser(description="Draw the sample packet as PDF.")
    parser.add_argument("path", type=Path, help="file to write")
    path: Path = parser.parse_args().path
    draw(path)
    print(path)
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
