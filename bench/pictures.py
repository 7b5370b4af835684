"""Print what it costs to draw pages as pictures for models.

Run from the project root: `python -m bench.pictures FOLDER [--pixels 1568]`. The first page of each
PDF below the folder is drawn in this process; those that PDFium does not open are left out.
"""

from __future__ import annotations

import argparse
import time
from pathlib import Path
from statistics import median, quantiles

import pypdfium2

from docsort_server.documents.parsed import PageError
from docsort_server.documents.pdf.drawing import draw
from docsort_server.documents.picture import jpeg


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--pixels", type=int, default=1_568, help="longer side of a picture")
    arguments = parser.parse_args()
    drawn = [
        found
        for path in sorted(arguments.folder.rglob("*.pdf"))
        if (found := picture(path, arguments.pixels))
    ]
    milliseconds, sizes = zip(*drawn, strict=True)
    for name, values in (("ms", milliseconds), ("KiB", sizes)):
        late = quantiles(values, n=20)[-1]
        print(f"{name:4} median {median(values):.1f}  p95 {late:.1f}  largest {max(values):.1f}")
    print(f"n={len(drawn)} pages, {arguments.pixels} pixels")


def picture(path: Path, pixels: int) -> tuple[float, float] | None:
    """Return milliseconds and KiB of a first page; None where it cannot be drawn."""
    try:
        document = pypdfium2.PdfDocument(path)
        page = document[0]
        started = time.perf_counter()
        encoded = jpeg(lambda size: draw(page.raw, size), pixels)
        return 1_000 * (time.perf_counter() - started), len(encoded) / 1024
    except (pypdfium2.PdfiumError, PageError):
        return None


if __name__ == "__main__":
    main()
