"""A page of a PDF as a picture, drawn by PDFium."""

from __future__ import annotations

import ctypes
import importlib  # Pillow is needed for few documents only
import math
from typing import TYPE_CHECKING

import pypdfium2.raw as pdfium

from docsort_server.documents.parsed import PageError

if TYPE_CHECKING:
    from docsort_server.documents.parsed import Handle, Picture

# Pixels to a point, so that a stamp is not blown up to a poster: 288 dots per inch.
_LARGEST_SCALE = 4.0
_WHITE = 0xFFFFFFFF


def draw(page: Handle, pixels: int) -> Picture:
    """Return the page drawn, its longer side at most `pixels` pixels.

    Raises PageError where the page has no size or cannot be drawn.
    """
    width, height = pdfium.FPDF_GetPageWidthF(page), pdfium.FPDF_GetPageHeightF(page)
    if not (0 < width < math.inf and 0 < height < math.inf):
        raise PageError("the page has no size")
    return _drawn(page, *_size(width, height, pixels))


def _size(width: float, height: float, pixels: int) -> tuple[int, int]:
    scale = min(_LARGEST_SCALE, pixels / max(width, height))
    return max(1, round(width * scale)), max(1, round(height * scale))


def _drawn(page: Handle, width: int, height: int) -> Picture:
    bitmap = pdfium.FPDFBitmap_Create(width, height, 0)
    if not bitmap:
        raise PageError("the page cannot be drawn")
    try:
        pdfium.FPDFBitmap_FillRect(bitmap, 0, 0, width, height, _WHITE)
        pdfium.FPDF_RenderPageBitmap(bitmap, page, 0, 0, width, height, 0, pdfium.FPDF_ANNOT)
        stride = pdfium.FPDFBitmap_GetStride(bitmap)
        held = ctypes.string_at(pdfium.FPDFBitmap_GetBuffer(bitmap), stride * height)
        module = importlib.import_module("PIL.Image")
        return module.frombuffer("RGB", (width, height), held, "raw", "BGRX", stride, 1)
    finally:
        pdfium.FPDFBitmap_Destroy(bitmap)
