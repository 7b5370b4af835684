"""Open any document with the reader of its kind."""

from __future__ import annotations

import importlib  # each library is loaded when the first document of its kind comes
from typing import TYPE_CHECKING, Any

from docsort_server.documents.kinds import Kind, kind_of
from docsort_server.documents.parsed import ParsedDocument, Refused
from docsort_server.documents.sniff import unsupported
from docsort_server.faults import Fault, Reason

if TYPE_CHECKING:
    from collections.abc import Callable

    from docsort_server.documents.mapping import Mapping
    from docsort_server.documents.terms import Terms

_ROOM = "docsort_server.documents"
# Where the reader of a kind is: it takes the mapping and the terms.
_READERS = {
    Kind.PDF: "pdf.opening:PdfDocument",
    Kind.DOCX: "office.word:open_docx",
    Kind.PPTX: "office.slides:open_pptx",
    Kind.XLSX: "office.sheets:open_xlsx",
    Kind.ODT: "office.opendocument:open_odt",
    Kind.RTF: "office.rich:open_rtf",
    Kind.HTML: "web:open_html",
    Kind.TEXT: "plain:open_text",
}
# These also take what opens the documents within them.
_MAILS = {Kind.MAIL: "mail.mime:open_mail", Kind.OUTLOOK: "mail.outlook:open_outlook"}


def open_document(mapping: Mapping, terms: Terms) -> ParsedDocument:
    """Return a document open in the reader of its kind; the mapping is the document's from now on.

    Raises the Faults UNSUPPORTED_DOCUMENT for a kind without a reader here, CORRUPT_DOCUMENT,
    ENCRYPTED_DOCUMENT, WRONG_PASSWORD, EMPTY_DOCUMENT, and DOCUMENT_TOO_LARGE for what would
    unpack to too much.
    """
    try:
        return Opening(terms.max_attachments).open(mapping, terms)
    except BaseException:
        mapping.close()
        raise


class Opening:
    """The opening of one document, with those within it: an `Opener`."""

    def __init__(self, attachments: int) -> None:
        self._left = attachments

    def take(self) -> bool:
        """Count one more attachment; tell whether it may be opened."""
        self._left -= 1
        return self._left >= 0

    def open(self, mapping: Mapping, terms: Terms) -> ParsedDocument:
        """Return a document open. Raises the Faults of `open_document`."""
        kind = kind_of(mapping.sample())
        if kind is None:
            raise unsupported()
        return self.made(kind, lambda: self._read(kind, mapping, terms))

    def made(self, kind: Kind, make: Callable[[], ParsedDocument]) -> ParsedDocument:
        """Return what `make` makes of a document; raise its errors as those of `open_document`."""
        try:
            return _with_pages(make())
        except Refused as refused:
            if refused.encrypted:
                text = "the document is encrypted"
                raise Fault(Reason.ENCRYPTED_DOCUMENT, text) from refused
            raise _corrupt(kind) from refused
        except (Fault, MemoryError, TimeoutError):
            raise
        except Exception as error:
            raise _corrupt(kind) from error

    def _read(self, kind: Kind, mapping: Mapping, terms: Terms) -> ParsedDocument:
        if kind in _READERS:
            opened: ParsedDocument = _load(kind, _READERS[kind])(mapping, terms)
        elif kind in _MAILS:
            opened = _load(kind, _MAILS[kind])(mapping, terms, self)
        else:
            opened = _load(kind, "images:ImageDocument")(mapping, terms, kind)
        return opened


def _load(kind: Kind, place: str) -> Any:  # noqa: ANN401 - a class or function of that module
    module, _, name = place.partition(":")
    try:
        return getattr(importlib.import_module(f"{_ROOM}.{module}"), name)
    except ImportError:
        text = f"{kind} documents are read with the extra docsort[office], which is not installed"
        raise Fault(Reason.UNSUPPORTED_DOCUMENT, text) from None


def _with_pages(document: ParsedDocument) -> ParsedDocument:
    if document.pages > 0:
        return document
    document.close()
    raise Fault(Reason.EMPTY_DOCUMENT, "the document has no page")


def _corrupt(kind: Kind) -> Fault:
    return Fault(Reason.CORRUPT_DOCUMENT, f"no reader can open the document, of the kind {kind}")
