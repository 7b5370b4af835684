"""Reading with PDFium: fast, and the first choice."""

from __future__ import annotations

import ctypes
import math
from typing import TYPE_CHECKING

import pypdfium2.raw as pdfium
from pypdfium2 import internal as _loaded  # noqa: F401 - importing the package starts the library

from docsort_server.documents.model import PageContent
from docsort_server.documents.parsed import Handle, PageError, Picture, Refused
from docsort_server.documents.pdf.drawing import draw
from docsort_server.documents.pdf.fields import fields
from docsort_server.documents.pdf.filling import Filling
from docsort_server.documents.pdf.objects import Survey
from docsort_server.documents.text import fitted

if TYPE_CHECKING:
    from collections.abc import Sequence

    from docsort_server.documents.mapping import Mapping
    from docsort_server.documents.pdf.fields import Filled

_PAGES_PER_OPENING = 100
# A page with fewer characters and images over more of it counts as a scan.
_SCAN_CHARS, _SCAN_SHARE = 50, 0.5
_ENCRYPTED = (pdfium.FPDF_ERR_PASSWORD, pdfium.FPDF_ERR_SECURITY)


class PdfiumDocument:
    """A document open in PDFium, which wants the mapping to outlive it.

    PDFium keeps what it parsed of every page until the document is closed, so the document is
    closed and opened again every so many pages: memory stays the same however long it is.
    """

    reader = "pdfium"

    def __init__(self, mapping: Mapping, password: str | None, page_chars: int) -> None:
        self._mapping = mapping
        self._secrets = _secrets(password)
        self._page_chars = page_chars
        self._left = _PAGES_PER_OPENING
        self._handle = self._open()
        self.pages: int = pdfium.FPDF_GetPageCount(self._handle)

    def read(self, number: int) -> PageContent:
        """Return the page; raises PageError where PDFium cannot load it."""
        self._refresh()
        page = pdfium.FPDF_LoadPage(self._handle, number - 1)
        if not page:
            raise PageError("the page cannot be loaded")
        try:
            return self._content(page, number)
        finally:
            pdfium.FPDF_ClosePage(page)

    def picture(self, number: int, pixels: int) -> Picture:
        """Return the page drawn; raises PageError as `drawing.draw` does, or here."""
        self._refresh()
        page = pdfium.FPDF_LoadPage(self._handle, number - 1)
        if not page:
            raise PageError("the page cannot be loaded")
        try:
            return draw(page, pixels)
        finally:
            pdfium.FPDF_ClosePage(page)

    def close(self) -> None:
        """Close the document, before its mapping."""
        handle, self._handle = self._handle, None
        pdfium.FPDF_CloseDocument(handle)

    def _open(self) -> Handle | None:
        for secret in self._secrets:
            handle = pdfium.FPDF_LoadMemDocument64(self._mapping.array, self._mapping.size, secret)
            if handle:
                return handle  # type: ignore[no-any-return]
            error = pdfium.FPDF_GetLastError()
        raise Refused(f"PDFium error {error}", encrypted=error in _ENCRYPTED)

    def _refresh(self) -> None:
        self._left -= 1
        if self._left < 0:
            self.close()
            self._mapping.trim()
            self._handle = self._open()
            self._left = _PAGES_PER_OPENING - 1

    def _content(self, page: Handle, number: int) -> PageContent:
        width, height = pdfium.FPDF_GetPageWidthF(page), pdfium.FPDF_GetPageHeightF(page)
        if not (0 < width < math.inf and 0 < height < math.inf):
            raise PageError("the page has no size")
        drawing, form = Survey(page).run(), fields(page)
        text = _text(page, form.filled, drawing.image_share)
        text, truncated = fitted(text, self._page_chars)
        return PageContent(
            number=number,
            text=text,
            width=round(width, 2),
            height=round(height, 2),
            words=len(text.split()),
            images=drawing.images,
            paths=drawing.paths,
            image_share=drawing.image_share,
            max_font_size=drawing.max_font_size,
            fields=form.count,
            truncated=truncated,
        )


def _secrets(password: str | None) -> tuple[bytes | None, ...]:
    """Return a password as newer and as older writers encode it."""
    if not password:
        return (None,)
    forms = (password.encode(), password.encode("latin-1", "replace"))
    return tuple(dict.fromkeys(forms))


def _text(page: Handle, values: Sequence[Filled], image_share: float) -> str:
    text_page = pdfium.FPDFText_LoadPage(page)
    if not text_page:
        raise PageError("the page's text cannot be loaded")
    try:
        text = _characters(text_page)
        # The picture of a scan shows what was filled in as well, and with it alone is not read.
        if not values or (image_share > _SCAN_SHARE and len(text) < _SCAN_CHARS):
            return text
        return Filling(text_page, text).filled(values)
    finally:
        pdfium.FPDFText_ClosePage(text_page)


def _characters(text_page: Handle) -> str:
    count = pdfium.FPDFText_CountChars(text_page)
    if count <= 0:
        return ""
    # Asking for fewer characters than there are can overrun the buffer (pdfium issue 2079). Sizes
    # are powers of two because ctypes makes, and keeps for long, a type for every size.
    buffer = (ctypes.c_ushort * (1 << count.bit_length()))()
    written = pdfium.FPDFText_GetText(text_page, 0, count, buffer)
    return bytes(memoryview(buffer).cast("B")[: 2 * max(0, written - 1)]).decode(
        "utf-16-le", "replace"
    )
