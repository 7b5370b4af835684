"""What reads pages in worker processes and tells their traits with them."""

from __future__ import annotations

from docsort_server.documents.ocr import handler
from docsort_server.documents.reader import Reader
from docsort_server.engine.packet.reading import traits_of
from docsort_server.engine.packet.wire import to_text


def reader() -> Reader:
    """Make the handler that reads documents."""
    return Reader(lambda page: to_text(traits_of(page)))


def rapidocr() -> handler.PageRecogniser:
    """Make the handler that reads pictures with RapidOCR."""
    return handler.rapidocr(lambda page: to_text(traits_of(page)))


def tesseract() -> handler.PageRecogniser:
    """Make the handler that reads pictures with Tesseract."""
    return handler.tesseract(lambda page: to_text(traits_of(page)))
