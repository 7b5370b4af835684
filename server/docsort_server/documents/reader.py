"""The handler that reads PDFs inside a worker process."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from docsort_server.documents.mapping import Mapping
from docsort_server.documents.opening import OpenDocument
from docsort_server.documents.parsed import PageError
from docsort_server.documents.shelf import Shelf
from docsort_server.documents.wire import page_frame, picture_frame, unread_frame
from docsort_server.faults import Fault, Reason

if TYPE_CHECKING:
    from collections.abc import Iterator

HANDLER = "docsort_server.documents.reader:reader"


class Reader:
    """Opens documents and reads their pages.

    Requests name a document by `digest` and hand over its file:
    `{"op": "open"}` answers how many pages it has, `{"op": "read", "pages": [1, 2]}` the same and
    then a frame for every page asked for. `{"op": "draw", "page": 1, "pixels": 1568}` answers with
    a picture of the page. `password` and `page_chars` go with all. A document that is still open is
    not opened again.
    """

    def __init__(self) -> None:
        self._shelf = Shelf()

    def handle(self, request: dict[str, Any], fd: int | None) -> Iterator[dict[str, Any]]:
        """Answer one request; the Faults are those of `OpenDocument`."""
        document = self._shelf.get(request["digest"]) or self._open(request, fd)
        if request["op"] == "draw":
            yield _drawn(document, request["page"], request["pixels"])
            return
        yield {"pages": document.pages, "reader": document.reader}
        for number in request.get("pages", ()):
            yield _read(document, number)

    def rest(self) -> None:
        """Close all documents: their jobs have ended, or are waiting for something else."""
        self._shelf.clear()

    def _open(self, request: dict[str, Any], fd: int | None) -> OpenDocument:
        if fd is None:
            raise Fault(Reason.INTERNAL, "the document's file is missing")
        try:
            document = OpenDocument(Mapping(fd), request["password"], request["page_chars"])
        except MemoryError:
            raise _out_of_memory("the document") from None
        self._shelf.put(request["digest"], document)
        return document


def reader() -> Reader:
    """Make the handler."""
    return Reader()


def _read(document: OpenDocument, number: int) -> dict[str, Any]:
    try:
        return page_frame(document.read(number))
    except PageError as error:
        return unread_frame(number, Reason.CORRUPT_DOCUMENT, str(error))
    except TimeoutError:
        return unread_frame(number, Reason.PARSER_TIMEOUT, "the page takes too long to read")
    except MemoryError:
        return unread_frame(number, Reason.PARSER_CRASHED, _out_of_memory("the page").message)
    except Exception as error:  # noqa: BLE001 - a damaged page raises anything; its text stays here
        name = type(error).__name__
        return unread_frame(number, Reason.CORRUPT_DOCUMENT, f"the page cannot be read ({name})")


def _drawn(document: OpenDocument, number: int, pixels: int) -> dict[str, Any]:
    try:
        return picture_frame(number, document.draw(number, pixels))
    except Exception as error:  # noqa: BLE001 - as above; MemoryError among them
        text = f"the page cannot be drawn ({type(error).__name__})"
        return unread_frame(number, Reason.CORRUPT_DOCUMENT, text)


def _out_of_memory(what: str) -> Fault:
    message = f"{what} needs more memory than a parser may use"
    return Fault(Reason.PARSER_CRASHED, message, metadata={"limit": "memory_bytes"})
