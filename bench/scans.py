"""Read the scans of a folder of labelled documents, in parts and whole, and compare.

    python -m bench.scans FOLDER [--categories FILE.json] [--recogniser tesseract] [--pages 1]

`bench/truth.py` says what the folder holds. Pages without a text of their own are read as the
service reads them, but in this process: once with the top third first and the rest only where the
engine is unsure, once all of a page at once. Prints CPU seconds a page, and how many pages are
given the class of their document.
"""

from __future__ import annotations

import argparse
import asyncio
import importlib
import sys
import time
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from statistics import mean, quantiles
from typing import TYPE_CHECKING

from bench.truth import REJECT, TruthError, read_categories, read_folder
from docsort_server.documents.limits import DocumentLimits
from docsort_server.documents.mapping import Mapping
from docsort_server.documents.ocr.choice import RAPIDOCR, TESSERACT
from docsort_server.documents.ocr.joining import with_reading
from docsort_server.documents.ocr.pages import read_page
from docsort_server.documents.opening import open_document
from docsort_server.documents.terms import terms_of
from docsort_server.engine.local.engine import classify_page
from docsort_server.engine.model import Category, Outcome, Question
from docsort_server.jobs.scans import verdict_of

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from bench.truth import Choice, Item
    from docsort_server.documents.model import PageContent
    from docsort_server.documents.ocr.model import Part, Recogniser
    from docsort_server.documents.parsed import ParsedDocument
    from docsort_server.engine.model import PageVerdict

_LIMITS = DocumentLimits()
# The class that makes each recogniser.
_CLASSES = {RAPIDOCR: "rapid:RapidRecogniser", TESSERACT: "tesseract:TesseractRecogniser"}


@dataclass(frozen=True, slots=True)
class Scan:
    """One page read in one way: its CPU seconds, and whether the answer was right."""

    seconds: float
    right: bool


def arguments() -> argparse.Namespace:
    """Parse the command line."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("folder", type=Path)
    parser.add_argument("--categories", type=Path, help="default: categories.json beside FOLDER")
    parser.add_argument("--recogniser", choices=tuple(_CLASSES), default=RAPIDOCR)
    parser.add_argument("--pages", type=int, default=1, help="the first so many of each document")
    return parser.parse_args()


def main() -> int:
    """Read, and print."""
    asked = arguments()
    try:
        items = [item for item in read_folder(asked.folder) if item.label]
        choice = read_categories(asked.categories or asked.folder.parent / "categories.json")
    except TruthError as error:
        print(f"scans: {error}", file=sys.stderr)
        return 2
    module, name = _CLASSES[asked.recogniser].split(":")
    room = importlib.import_module(f"docsort_server.documents.ocr.{module}")
    recogniser = getattr(room, name)()
    for in_parts in (True, False):
        scans = [
            scan
            for item in items
            for scan in read(item, choice, recogniser, asked.pages, in_parts=in_parts)
        ]
        print("top third first:" if in_parts else "all at once:    ", line(scans), flush=True)
    return 0


def read(
    item: Item, choice: Choice, recogniser: Recogniser, pages: int, *, in_parts: bool
) -> Iterator[Scan]:
    """Read the scans among the first pages of a document; what is no scan is left out."""
    mapping = Mapping.of(item.path.read_bytes())
    question = Question(tuple(Category(each.name, each.description) for each in choice.categories))
    with closing(open_document(mapping, terms_of(_LIMITS))) as document:
        for number in range(1, min(pages, document.pages) + 1):
            page = document.read(number)
            started = time.process_time()
            content, verdict = asyncio.run(
                _verdict(document, page, question, recogniser, in_parts=in_parts)
            )
            seconds = time.process_time() - started
            if content.recognised:
                yield Scan(seconds, _is_right(verdict, item, choice))


async def _verdict(
    document: ParsedDocument,
    page: PageContent,
    question: Question,
    recogniser: Recogniser,
    *,
    in_parts: bool,
) -> tuple[PageContent, PageVerdict]:
    async def ask(content: PageContent) -> PageVerdict:
        return classify_page(content, question)

    async def recognise(content: PageContent, part: Part) -> PageContent:
        turned = content.turned if content.recognised else None
        picture = document.picture(content.number, _LIMITS.ocr_pixels)
        reading = read_page(recogniser, picture, part, turned)
        return with_reading(content, reading, part, _LIMITS.page_chars)

    return await verdict_of(page, ask, recognise, in_parts=in_parts)


def _is_right(verdict: PageVerdict, item: Item, choice: Choice) -> bool:
    if item.label == REJECT:
        return verdict.outcome is Outcome.NO_MATCH
    best = max(range(len(verdict.scores)), key=verdict.scores.__getitem__, default=None)
    return best is not None and choice.classes[choice.categories[best].name] == item.label


def line(scans: Sequence[Scan]) -> str:
    """Return the figures of one way of reading."""
    seconds = [scan.seconds for scan in scans]
    points = quantiles(seconds, n=20)
    right = sum(scan.right for scan in scans)
    return (
        f"{len(scans)} scans, CPU seconds a page p50 {points[9]:.2f} p95 {points[18]:.2f} "
        f"mean {mean(seconds):.2f}; right {right}/{len(scans)} = {right / len(scans):.3f}"
    )


if __name__ == "__main__":
    raise SystemExit(main())
