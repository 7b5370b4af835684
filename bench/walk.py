"""What PDFium takes to reach the last page of a document, in a process of its own.

Run as `python -m bench.walk FILE`; prints by how many MiB resident memory grows from the first page
to the last when nothing between is read. PDFium walks there page by page, and keeps the dictionary
of each until the document is closed.
"""

from __future__ import annotations

import os
import sys

import pypdfium2

from bench.processes import Process

_MIB = 1024 * 1024


def main() -> None:
    """Load the first page, then the last, and tell the difference."""
    document = pypdfium2.PdfDocument(sys.argv[1])
    document[0].close()
    before = Process(os.getpid()).resident
    document[len(document) - 1].close()
    print((Process(os.getpid()).resident - before) / _MIB)


if __name__ == "__main__":
    main()
