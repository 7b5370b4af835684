"""What was filled into the fields of a form, which is no part of a page's own text."""

from __future__ import annotations

import ctypes
import math
from dataclasses import dataclass
from typing import TYPE_CHECKING

import pypdfium2.raw as pdfium

if TYPE_CHECKING:
    from collections.abc import Iterator

    from docsort_server.documents.parsed import Handle

_ANNOTATIONS = 2_000  # beyond, nothing is looked for
_VALUES = 500  # no more values are read of one page
_VALUE_BYTES = 1 << 20  # of UTF-16; no page has room for a value that is longer
_VALUE_CHARS = 32_768  # of each
# Filled in, but not for the reader's eyes.
_UNSEEN = pdfium.FPDF_ANNOT_FLAG_HIDDEN | pdfium.FPDF_ANNOT_FLAG_NOVIEW
_PASSWORD = 1 << 13  # of the field's flags "Ff", ISO 32000-1, table 228


@dataclass(frozen=True, slots=True)
class Filled:
    """A value, on one line, and where its field begins, in points from the lower left."""

    value: str
    left: float
    bottom: float
    top: float


@dataclass(frozen=True, slots=True)
class Fields:
    """How many fields a page has, buttons and signatures among them, and the texts in them."""

    count: int
    filled: tuple[Filled, ...]


def fields(page: Handle) -> Fields:
    """Return the fields among the first 2,000 annotations of a page, with the first 500 values."""
    count = 0
    filled: list[Filled] = []
    for widget in _widgets(page):
        count += 1
        found = _filled(widget) if len(filled) < _VALUES else None
        if found is not None:
            filled.append(found)
    return Fields(count, tuple(filled))


def _widgets(page: Handle) -> Iterator[Handle]:
    for index in range(min(pdfium.FPDFPage_GetAnnotCount(page), _ANNOTATIONS)):
        annotation = pdfium.FPDFPage_GetAnnot(page, index)
        if not annotation:
            continue
        try:
            if pdfium.FPDFAnnot_GetSubtype(annotation) == pdfium.FPDF_ANNOT_WIDGET:
                yield annotation
        finally:
            pdfium.FPDFPage_CloseAnnot(annotation)


def _filled(widget: Handle) -> Filled | None:
    """Return what is written in a field; None for boxes, buttons, signatures and empty ones."""
    if pdfium.FPDFAnnot_GetValueType(widget, b"V") != pdfium.FPDF_OBJECT_STRING:
        return None
    if pdfium.FPDFAnnot_GetFlags(widget) & _UNSEEN or _flags(widget) & _PASSWORD:
        return None
    value, rect = " ".join(_value(widget)[:_VALUE_CHARS].split()), pdfium.FS_RECTF()
    if not (value and pdfium.FPDFAnnot_GetRect(widget, rect)):
        return None
    bottom, top = sorted((rect.bottom, rect.top))
    return Filled(value, min(rect.left, rect.right), bottom, top)


def _value(widget: Handle) -> str:
    size = pdfium.FPDFAnnot_GetStringValue(widget, b"V", None, 0)
    if not 0 < size <= _VALUE_BYTES:
        return ""
    # Sizes are powers of two, as of all buffers of a process that reads many documents.
    buffer = (ctypes.c_ushort * (1 << size.bit_length()))()
    pdfium.FPDFAnnot_GetStringValue(widget, b"V", buffer, size)
    return bytes(memoryview(buffer).cast("B")[: size - 2]).decode("utf-16-le", "replace")


def _flags(widget: Handle) -> int:
    number = ctypes.c_float()
    known = pdfium.FPDFAnnot_GetNumberValue(widget, b"Ff", number)
    # What is written there may be more than a number of that size can be.
    return int(number.value) if known and math.isfinite(number.value) else 0
