"""The handler that reads pages off their pictures inside a worker process."""

from __future__ import annotations

import importlib  # each library is loaded by the handler that uses it
import os
import sys
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from docsort_server.documents.model import PageContent
from docsort_server.documents.ocr.joining import with_reading
from docsort_server.documents.ocr.model import Part
from docsort_server.documents.ocr.pages import read_page
from docsort_server.documents.reader import Reader, page_failure, undescribed
from docsort_server.documents.text import clean
from docsort_server.documents.wire import reading_frame, unread_frame

if TYPE_CHECKING:
    from collections.abc import Iterator

    from docsort_server.documents.ocr.model import Recogniser
    from docsort_server.documents.reader import Describe

# By the names of the setting `ocr`.
HANDLERS = {
    "rapidocr": "docsort_server.documents.ocr.handler:rapidocr",
    "tesseract": "docsort_server.documents.ocr.handler:tesseract",
}


class PageRecogniser:
    """Draws pages of documents and reads them.

    Requests are those of `Reader`, and `{"op": "recognise", "page": 1, "pixels": 2000, "part":
    "TOP", "turned": None, "seen": {...}}` answers with the text of that part, see
    `pages.read_page`, and with the traits that `describe` tells of the page as it was seen before
    with that text.
    """

    def __init__(self, recogniser: Recogniser, describe: Describe = undescribed) -> None:
        self._recogniser = recogniser
        self._describe = describe
        self._reader = Reader()

    def handle(self, request: dict[str, Any], fd: int | None) -> Iterator[dict[str, Any]]:
        """Answer one request. Raises the Faults of `open_document`."""
        document = self._reader.document(request, fd)
        number, part = request["page"], Part(request["part"])
        try:
            picture = document.picture(number, request["pixels"])
            reading = read_page(self._recogniser, picture, part, request["turned"])
            chars = request["terms"]["page_chars"]
            reading = replace(reading, text=clean(reading.text, chars))
            page = with_reading(PageContent(**request["seen"]), reading, part, chars)
            reading = replace(reading, traits=self._describe(page))
        except Exception as error:  # noqa: BLE001 - a damaged page raises anything; its text stays here
            yield unread_frame(
                number, page_failure(error, "read off its picture", "ocr_memory_bytes")
            )
            return
        yield reading_frame(number, reading)

    def rest(self) -> None:
        """Close all documents."""
        self._reader.rest()


def rapidocr(describe: Describe = undescribed) -> PageRecogniser:
    """Make the handler that reads with RapidOCR."""
    # Read when the library is loaded: it would report about itself, were there a network.
    os.environ["ORT_DISABLE_TELEMETRY"] = "1"
    module = importlib.import_module("docsort_server.documents.ocr.rapid")
    return PageRecogniser(module.RapidRecogniser(), describe)


def tesseract(describe: Describe = undescribed) -> PageRecogniser:
    """Make the handler that reads with Tesseract."""
    # Read when the library is loaded: threads of one page would only take turns with other pages.
    os.environ["OMP_THREAD_LIMIT"] = "1"
    module = importlib.import_module("docsort_server.documents.ocr.tesseract")
    recogniser = module.TesseractRecogniser()
    _hush()
    return PageRecogniser(recogniser, describe)


def _hush() -> None:
    """Let native libraries print to nowhere: the server would log it as what a process died of.

    Tesseract and what it is built on remark on specks, resolutions and lines. What Python itself
    has to say still arrives.
    """
    sys.stderr = os.fdopen(os.dup(2), "w", buffering=1)
    nowhere = os.open(os.devnull, os.O_WRONLY)
    os.dup2(nowhere, 2)
    os.close(nowhere)
