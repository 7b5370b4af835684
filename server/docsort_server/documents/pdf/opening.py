"""Choose the library that opens a PDF."""

from __future__ import annotations

import importlib  # pypdf takes longer to import than most documents to read
from typing import TYPE_CHECKING, TypeVar

from docsort_server.documents.alarm import within
from docsort_server.documents.parsed import PageError, ParsedDocument, Refused
from docsort_server.documents.pdf.pdfium import PdfiumDocument
from docsort_server.faults import Fault, Reason
from docsort_server.sandbox.limits import MIB

if TYPE_CHECKING:
    from collections.abc import Callable

    from docsort_server.documents.mapping import Mapping
    from docsort_server.documents.model import PageContent
    from docsort_server.documents.parsed import Picture
    from docsort_server.documents.pdf.fallback import PypdfDocument
    from docsort_server.documents.terms import Terms

_Answer = TypeVar("_Answer")
_HEADER = b"%PDF-"
_LOOKED_AT = 1_000  # where PDFium finds a header behind junk
_WRAPPER = 64 * 1024  # what a print job, a signature or a transfer may put before it
_BYTES_PER_PAGE = 16  # next to nothing, even for empty pages in compressed objects
_FALLBACK_BYTES = 32 * MIB  # pypdf wants a copy, and time that grows with the size
_FALLBACK_SECONDS = 8.0
_FALLBACK_PAGES = 10_001  # more than any limit allows: enough to tell that there are too many


class _Pageless(Refused):
    """PDFium opened the document and found no page in it."""


class PdfDocument:
    """A PDF open in PDFium, in pypdf, or in both.

    PDFium reads first; pypdf is asked when PDFium refuses the document or one of its pages. The
    mapping is the document's from now on.

    Raises the Faults ENCRYPTED_DOCUMENT when a password is needed, WRONG_PASSWORD when another than
    the one given is, EMPTY_DOCUMENT when there is no page, and CORRUPT_DOCUMENT when no library
    opens it. `pages` is how many there are.
    """

    def __init__(self, mapping: Mapping, terms: Terms) -> None:
        mapping.skip(_junk(mapping))
        self._mapping = mapping
        self._terms = terms
        self._second: PypdfDocument | None = None
        self._hopeless = False
        try:
            self._main: ParsedDocument = self._open()
            self.pages = self._count()
        except BaseException:
            mapping.close()
            raise

    @property
    def reader(self) -> str:
        """The library that opened it."""
        return self._main.reader

    def read(self, number: int) -> PageContent:
        """Return one page; raises whatever the libraries raise."""
        return self._asked(number, lambda library: library.read(number))

    def picture(self, number: int, pixels: int) -> Picture:
        """Return one page drawn; raises whatever the libraries raise."""
        return self._asked(number, lambda library: library.picture(number, pixels))

    def close(self) -> None:
        """Close the libraries, then unmap the file."""
        self._main.close()
        if self._second is not None and self._second is not self._main:
            self._second.close()
        self._mapping.close()

    def _asked(self, number: int, ask: Callable[[ParsedDocument], _Answer]) -> _Answer:
        """Return what the library that opened the document answers, or else the second one."""
        try:
            return ask(self._main)
        except PageError:
            second = self._spare()
            if second is None or number > second.pages:
                raise
        with within(_FALLBACK_SECONDS):
            return ask(second)

    def _open(self) -> ParsedDocument:
        try:
            first = PdfiumDocument(self._mapping, self._terms.password, self._terms.page_chars)
        except Refused as refused:
            return self._rescue(refused)
        if first.pages > 0:
            return first
        first.close()
        return self._rescue(_Pageless("the document has no pages"))

    def _rescue(self, refused: Refused) -> ParsedDocument:
        """Open with pypdf what PDFium refused, or say why neither can."""
        try:
            second = self._fall_back()
        except Exception as error:
            if refused.encrypted or (isinstance(error, Refused) and error.encrypted):
                raise self._locked() from error
            raise _corrupt() from error
        if second.pages > 0:
            return second
        if isinstance(refused, _Pageless):
            raise Fault(Reason.EMPTY_DOCUMENT, str(refused))
        raise _corrupt()

    def _locked(self) -> Fault:
        if self._terms.password is None:
            return Fault(Reason.ENCRYPTED_DOCUMENT, "the document needs a password to be read")
        return Fault(Reason.WRONG_PASSWORD, "the password does not open the document")

    def _count(self) -> int:
        """Return how many pages there are; where that is hard to believe, pypdf counts them."""
        told = self._main.pages
        if told * _BYTES_PER_PAGE <= self._mapping.size:
            return told
        spare = self._spare()
        return min(told, spare.pages) if spare is not None and spare.pages else told

    def _spare(self) -> ParsedDocument | None:
        """Return pypdf's view of a document that PDFium opened, if it can have one."""
        if self._hopeless or self._second is self._main:
            return None
        if self._second is None:
            try:
                self._second = self._fall_back()
            except Exception:  # noqa: BLE001 - a damaged file raises anything; PDFium's word stands
                self._hopeless = True
        return self._second

    def _fall_back(self) -> PypdfDocument:
        if self._mapping.size > _FALLBACK_BYTES:
            raise Refused("too large for the second reader")
        module = importlib.import_module("docsort_server.documents.pdf.fallback")
        with within(_FALLBACK_SECONDS):
            self._second = module.PypdfDocument(self._mapping.copy(), self._terms, _FALLBACK_PAGES)
        return self._second


def _junk(mapping: Mapping) -> int:
    """Return how many bytes lie before a PDF, where PDFium would not look for it any more."""
    at = mapping.find(_HEADER, _WRAPPER)
    return at if at > _LOOKED_AT else 0


def _corrupt() -> Fault:
    return Fault(Reason.CORRUPT_DOCUMENT, "no reader can open the document")
