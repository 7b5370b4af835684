"""What reads pages in worker processes and tells their traits with them."""

from __future__ import annotations

from docsort_server.documents.ocr import handler
from docsort_server.documents.reader import Reader
from docsort_server.engine.packet.reading import traits_of
from docsort_server.engine.packet.wire import to_text

READER = "docsort_server.engine.packet.handler:reader"
# By the names of the setting `ocr`.
RECOGNISERS = {name: f"docsort_server.engine.packet.handler:{name}" for name in handler.HANDLERS}


def reader() -> Reader:
    """Make the handler that reads documents."""
    return Reader(lambda page: to_text(traits_of(page)))


def rapidocr() -> handler.PageRecogniser:
    """Make the handler that reads pictures with RapidOCR."""
    return handler.rapidocr(lambda page: to_text(traits_of(page)))


def tesseract() -> handler.PageRecogniser:
    """Make the handler that reads pictures with Tesseract."""
    return handler.tesseract(lambda page: to_text(traits_of(page)))
