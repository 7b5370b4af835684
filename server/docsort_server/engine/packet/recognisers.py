"""What reads pictures in worker processes and tells the traits of their pages with them."""

from __future__ import annotations

from docsort_server.documents.ocr import handler
from docsort_server.engine.packet.reading import traits_of
from docsort_server.engine.packet.wire import to_text


def rapidocr() -> handler.PageRecogniser:
    """Make the handler that reads pictures with RapidOCR."""
    return handler.rapidocr(lambda page: to_text(traits_of(page)))


def tesseract() -> handler.PageRecogniser:
    """Make the handler that reads pictures with Tesseract."""
    return handler.tesseract(lambda page: to_text(traits_of(page)))
