"""The peer of the service: PDFium's text and the engine in one process, nothing else.

Run as `python -m bench.bare FILE...`; prints the CPU seconds and pages of each file as JSON.
"""

from __future__ import annotations

import json
import sys
import time
from pathlib import Path

import pypdfium2

from bench.drawing import categories
from docsort_server.documents.model import PageContent
from docsort_server.engine.local.engine import classify_page
from docsort_server.engine.model import Category, Question


def question() -> Question:
    """Return what the service is asked, in the engine's own terms."""
    return Question(
        tuple(
            Category(each.name, each.description, tuple(str(c) for c in each.criteria))
            for each in categories()
        )
    )


def loop(path: Path, asked: Question) -> int:
    """Read and classify every page; return how many there are."""
    document = pypdfium2.PdfDocument(path.read_bytes())
    for number, page in enumerate(document, 1):
        text_page = page.get_textpage()
        text = text_page.get_text_range()
        width, height = page.get_size()
        content = PageContent(number, text, width, height, len(text.split()), 0, 0, 0.0)
        classify_page(content, asked)
        text_page.close()
        page.close()
    pages = len(document)
    document.close()
    return pages


def main() -> None:
    """Measure every file given; the first one is read once more before, to warm up."""
    asked = question()
    paths = [Path(name) for name in sys.argv[1:]]
    loop(paths[0], asked)
    for path in paths:
        started = time.process_time()
        pages = loop(path, asked)
        print(json.dumps({"cpu": time.process_time() - started, "pages": pages}), flush=True)


if __name__ == "__main__":
    main()
