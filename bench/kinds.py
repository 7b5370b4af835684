"""What a page of each kind of document costs to open, read and classify, in this process.

    python -m bench.kinds [--pages 20] [--runs 5] [--scans 3]

The text is the same in all kinds. A scan is read off its picture by the recogniser that servers
take by default. CPU milliseconds a page, the median of the runs; the ratio is against PDF.
"""

from __future__ import annotations

import argparse
import io
import random
import sys
import time
from contextlib import closing
from email.message import EmailMessage
from statistics import median
from typing import TYPE_CHECKING

import docx
import openpyxl
import pptx
from PIL import Image, ImageDraw, ImageFont

from bench.drawing import KINDS, categories, drawn
from bench.engine_corpus import recognised
from bench.figures import Figure, spread, table
from docsort_server.documents.limits import DocumentLimits
from docsort_server.documents.mapping import Mapping
from docsort_server.documents.ocr.rapid import RapidRecogniser
from docsort_server.documents.opening import open_document
from docsort_server.documents.terms import terms_of
from docsort_server.engine.local.engine import classify_page
from docsort_server.engine.model import Category, Outcome, Question

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from docsort_server.documents.ocr.model import Recogniser

_LIMITS = DocumentLimits()
_SCAN_SIZE = (1_240, 1_754)


def main() -> int:
    """Measure what the arguments say."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--pages", type=int, default=20)
    parser.add_argument("--runs", type=int, default=5)
    parser.add_argument("--scans", type=int, default=3, help="pages that are pictures")
    asked = parser.parse_args()
    texts = pages(asked.pages)
    made = {name: make(texts) for name, make in MAKERS.items()}
    made["PDF"] = drawn(asked.pages).read_bytes()
    scans = {name: made_scan(texts[: asked.scans], name) for name in ("TIFF", "PNG")}
    recogniser = RapidRecogniser()
    base = _times(made.pop("PDF"), recogniser, asked.runs)
    found = [_figure("PDF", base, base)]
    found += [
        _figure(name, _times(content, recogniser, asked.runs), base)
        for name, content in {**made, **scans}.items()
    ]
    print(table(found))
    return 0


def pages(count: int) -> list[list[str]]:
    """Return the lines of so many pages, as the drawn PDF has them."""
    chance, kinds = random.Random(1), list(KINDS.values())
    return [kinds[number // 3 % len(kinds)](chance, number + 1) for number in range(count)]


def word(texts: Sequence[Sequence[str]]) -> bytes:
    """Return a DOCX with page breaks."""
    document = docx.Document()
    for number, lines in enumerate(texts):
        if number:
            document.add_page_break()  # type: ignore[no-untyped-call]
        for line in lines:
            document.add_paragraph(line)
    return _saved(document.save)


def slides(texts: Sequence[Sequence[str]]) -> bytes:
    """Return a PPTX with a slide for each page."""
    show = pptx.Presentation()
    for lines in texts:
        slide = show.slides.add_slide(show.slide_layouts[1])
        slide.shapes.title.text, slide.placeholders[1].text = lines[0], "\n".join(lines[1:])
    return _saved(show.save)


def sheets(texts: Sequence[Sequence[str]]) -> bytes:
    """Return an XLSX with a sheet for each page and a word in each cell."""
    book = openpyxl.Workbook()
    del book[book.sheetnames[0]]
    for number, lines in enumerate(texts):
        sheet = book.create_sheet(f"Sheet {number + 1}")
        for line in lines:
            sheet.append(line.split())
    return _saved(book.save)


def page(texts: Sequence[Sequence[str]]) -> bytes:
    """Return an HTML page of all lines."""
    lines = "".join(f"<p>{line}</p>" for lines in texts for line in lines)
    return f"<!DOCTYPE html><html><body>{lines}</body></html>".encode()


def text(texts: Sequence[Sequence[str]]) -> bytes:
    """Return plain text, a form feed between pages."""
    return "\f".join("\n".join(lines) for lines in texts).encode()


def mail(texts: Sequence[Sequence[str]]) -> bytes:
    """Return a mail with the other pages as a PDF attached."""
    message = EmailMessage()
    message["From"], message["To"], message["Subject"] = "a@example.com", "b@example.com", "Papers"
    message.set_content("\n".join(texts[0]))
    message.add_attachment(drawn(len(texts) - 1).read_bytes(), "application", "pdf", filename="a")
    return bytes(message)


def made_scan(texts: Sequence[Sequence[str]], form: str) -> bytes:
    """Return pictures of pages: all in one TIFF, or the first as a PNG."""
    font = ImageFont.load_default(20)
    images = []
    for lines in texts:
        image = Image.new("L", _SCAN_SIZE, 255)
        draw = ImageDraw.Draw(image)
        for number, line in enumerate(lines):
            draw.text((90, 100 + 28 * number), line, fill=0, font=font)
        images.append(image)
    more = {"save_all": True, "append_images": images[1:]} if form == "TIFF" else {}
    return _saved(lambda file: images[0].save(file, form, **more))


MAKERS: dict[str, Callable[[Sequence[Sequence[str]]], bytes]] = {
    "DOCX": word,
    "PPTX": slides,
    "XLSX": sheets,
    "HTML": page,
    "text": text,
    "mail with a PDF": mail,
}


def _saved(save: Callable[[io.BytesIO], object]) -> bytes:
    file = io.BytesIO()
    save(file)
    return file.getvalue()


def _times(content: bytes, recogniser: Recogniser, runs: int) -> list[float]:
    """Return CPU seconds a page of each run; what is loaded at first use counts for none."""
    _once(content, recogniser)
    return [_once(content, recogniser) for _ in range(runs)]


def _once(content: bytes, recogniser: Recogniser) -> float:
    question = Question(tuple(Category(each.name, each.description) for each in categories()))
    started = time.process_time()
    with closing(open_document(Mapping.of(content), terms_of(_LIMITS))) as document:
        for number in range(1, document.pages + 1):
            read = document.read(number)
            if classify_page(read, question).outcome is Outcome.UNREADABLE:
                classify_page(recognised(document, read, recogniser), question)
        return (time.process_time() - started) / document.pages


def _figure(name: str, seconds: list[float], base: list[float]) -> Figure:
    values = [1_000 * each for each in seconds]
    return Figure(
        f"{name}, a page",
        median(values),
        "ms",
        "PDF ms",
        1_000 * median(base),
        None,
        spread(values),
    )


if __name__ == "__main__":
    sys.exit(main())
