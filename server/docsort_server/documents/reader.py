"""The handler that reads documents inside a worker process."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from docsort_server.documents.mapping import Mapping
from docsort_server.documents.model import PageContent
from docsort_server.documents.opening import open_document
from docsort_server.documents.parsed import Attaching, PageError
from docsort_server.documents.picture import jpeg
from docsort_server.documents.shelf import Shelf
from docsort_server.documents.terms import Terms
from docsort_server.documents.wire import facts_frame, page_frame, picture_frame, unread_frame
from docsort_server.faults import Failure, Fault, Reason

if TYPE_CHECKING:
    from collections.abc import Iterator

    from docsort_server.documents.parsed import ParsedDocument

_MEMORY = "parser_memory_bytes"
HANDLER = "docsort_server.documents.reader:reader"
# Tells a page's traits.
Describe = Callable[[PageContent], str]


def undescribed(_page: PageContent) -> str:
    """Tell nothing of a page."""
    return ""


class Reader:
    """Opens documents and reads their pages.

    Requests name a document by `digest` and hand over its file:
    `{"op": "open"}` answers how many pages it has, `{"op": "read", "pages": [1, 2]}` the same and
    then a frame for every page asked for. `{"op": "draw", "page": 1, "pixels": 1568}` answers with
    a picture of the page. `terms` go with all. A document that is still open is not opened again.
    `describe` tells a page's traits, which go with it.
    """

    def __init__(self, describe: Describe = undescribed) -> None:
        self._shelf = Shelf()
        self._describe = describe

    def handle(self, request: dict[str, Any], fd: int | None) -> Iterator[dict[str, Any]]:
        """Answer one request; the Faults are those of `open_document`."""
        document = self.document(request, fd)
        if request["op"] == "draw":
            yield _drawn(document, request["page"], request["pixels"])
            return
        yield facts_frame(document.pages, document.reader, getattr(document, "left_out", ()))
        for number in request.get("pages", ()):
            yield self._read(document, number)

    def document(self, request: dict[str, Any], fd: int | None) -> ParsedDocument:
        """Return the document that a request is about, open."""
        terms = Terms.of(request["terms"])
        # Who does not know the password must not find the document open.
        key = f"{request['digest']} {terms.password or ''}"
        return self._shelf.get(key) or self._open(key, terms, fd)

    def rest(self) -> None:
        """Close all documents: their jobs have ended, or are waiting for something else."""
        self._shelf.clear()

    def _read(self, document: ParsedDocument, number: int) -> dict[str, Any]:
        try:
            page = document.read(number)
            return page_frame(replace(page, traits=self._describe(page)))
        except Exception as error:  # noqa: BLE001 - a damaged page raises anything; its text stays here
            name = document.attachment(number) if isinstance(document, Attaching) else ""
            return unread_frame(number, page_failure(error, "read"), name)

    def _open(self, key: str, terms: Terms, fd: int | None) -> ParsedDocument:
        if fd is None:
            raise Fault(Reason.INTERNAL, "the document's file is missing")
        mapping = Mapping.file(fd)
        size = mapping.size
        try:
            document = open_document(mapping, terms)
        except MemoryError:
            raise _out_of_memory("the document") from None
        self._shelf.put(key, document, size)
        return document


def reader() -> Reader:
    """Make the handler, without traits."""
    return Reader()


def page_failure(error: Exception, what: str, memory: str = _MEMORY) -> Failure:
    """Return why a page is not had; of what a library raised only the class is told.

    `memory` is the setting that bounds this process.
    """
    match error:
        case Fault():
            return error.failure()
        case PageError():
            return Failure(Reason.CORRUPT_DOCUMENT, str(error))
        case TimeoutError():
            return Failure(Reason.PARSER_TIMEOUT, f"the page takes too long to be {what}")
        case MemoryError():
            return _out_of_memory("the page", memory).failure()
        case _:
            text = f"the page cannot be {what} ({type(error).__name__})"
            return Failure(Reason.CORRUPT_DOCUMENT, text)


def _drawn(document: ParsedDocument, number: int, pixels: int) -> dict[str, Any]:
    try:
        picture = jpeg(lambda size: document.picture(number, size), pixels)
        return picture_frame(number, picture)
    except Exception as error:  # noqa: BLE001 - a damaged page raises anything
        return unread_frame(number, page_failure(error, "drawn"))


def _out_of_memory(what: str, limit: str = _MEMORY) -> Fault:
    text = f"{what} needs more memory than its reader may use ({limit})"
    return Fault(Reason.PARSER_CRASHED, text, metadata={"limit": limit})
