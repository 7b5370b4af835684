"""What is drawn on a page besides text: images, paths, and the largest type."""

from __future__ import annotations

import ctypes
import math
from dataclasses import dataclass
from typing import TYPE_CHECKING

import pypdfium2.raw as pdfium

if TYPE_CHECKING:
    from docsort_server.documents.parsed import Handle

_OBJECTS = 2_000  # beyond, a map or a drawing is counted no further
_TEXTS = 32  # titles are drawn early; asking every text object would cost more than its text
_DEPTH = 3  # forms inside forms, as some scanners and stamps nest them

_Matrix = tuple[float, float, float, float, float, float]
_Box = tuple[float, float, float, float]
_IDENTITY: _Matrix = (1.0, 0.0, 0.0, 1.0, 0.0, 0.0)


@dataclass(frozen=True, slots=True)
class Drawing:
    """Counts of what was drawn; `image_share` is of the page's area, 0..1."""

    images: int
    paths: int
    image_share: float
    max_font_size: float


class Survey:
    """Walks the objects of one page, bounded in number and depth."""

    def __init__(self, page: Handle) -> None:
        self._page = page
        self._box = _page_box(page)
        self._left = _OBJECTS
        self._texts = _TEXTS
        self._images = 0
        self._paths = 0
        self._covered = 0.0
        self._font = 0.0
        self._size = ctypes.c_float()  # one for all texts: making them costs more than asking

    def run(self) -> Drawing:
        """Count, and return the counts."""
        for index in range(min(pdfium.FPDFPage_CountObjects(self._page), _OBJECTS)):
            self._see(pdfium.FPDFPage_GetObject(self._page, index), _IDENTITY, _DEPTH)
        left, bottom, right, top = self._box
        area = (right - left) * (top - bottom)
        share = min(1.0, self._covered / area) if area > 0 else 0.0
        return Drawing(self._images, self._paths, round(share, 4), round(self._font, 2))

    def _see(self, item: Handle, matrix: _Matrix, depth: int) -> None:
        if self._left <= 0:
            return
        self._left -= 1
        kind = pdfium.FPDFPageObj_GetType(item)
        if kind == pdfium.FPDF_PAGEOBJ_PATH:
            self._paths += 1
        elif kind == pdfium.FPDF_PAGEOBJ_TEXT:
            self._see_text(item, matrix)
        elif kind == pdfium.FPDF_PAGEOBJ_IMAGE:
            self._images += 1
            self._covered += _overlap(self._box, _bounds(item, matrix))
        elif kind == pdfium.FPDF_PAGEOBJ_FORM and depth:
            self._see_form(item, matrix, depth)

    def _see_form(self, form: Handle, matrix: _Matrix, depth: int) -> None:
        inner = _multiply(_matrix(form), matrix)
        for index in range(pdfium.FPDFFormObj_CountObjects(form)):
            if self._left <= 0:
                return
            self._see(pdfium.FPDFFormObj_GetObject(form, index), inner, depth - 1)

    def _see_text(self, item: Handle, matrix: _Matrix) -> None:
        if not self._texts:
            return
        self._texts -= 1
        pdfium.FPDFTextObj_GetFontSize(item, self._size)
        _, _, c, d, _, _ = _multiply(_matrix(item), matrix)
        points = self._size.value * math.hypot(c, d)
        if math.isfinite(points):
            self._font = max(self._font, points)


def _page_box(page: Handle) -> _Box:
    rect = pdfium.FS_RECTF()
    pdfium.FPDF_GetPageBoundingBox(page, rect)
    return (rect.left, rect.bottom, rect.right, rect.top)


def _matrix(item: Handle) -> _Matrix:
    m = pdfium.FS_MATRIX()
    if not pdfium.FPDFPageObj_GetMatrix(item, m):
        return _IDENTITY
    return (m.a, m.b, m.c, m.d, m.e, m.f)


def _multiply(first: _Matrix, second: _Matrix) -> _Matrix:
    if second is _IDENTITY:
        return first
    a, b, c, d, e, f = first
    g, h, i, j, k, m = second
    return (
        a * g + b * i,
        a * h + b * j,
        c * g + d * i,
        c * h + d * j,
        e * g + f * i + k,
        e * h + f * j + m,
    )


def _bounds(item: Handle, matrix: _Matrix) -> _Box:
    """Return the object's bounding box on the page."""
    left, bottom, right, top = (ctypes.c_float() for _ in range(4))
    pdfium.FPDFPageObj_GetBounds(item, left, bottom, right, top)
    a, b, c, d, e, f = matrix
    corners = [(x, y) for x in (left.value, right.value) for y in (bottom.value, top.value)]
    xs = [a * x + c * y + e for x, y in corners]
    ys = [b * x + d * y + f for x, y in corners]
    return (min(xs), min(ys), max(xs), max(ys))


def _overlap(page: _Box, item: _Box) -> float:
    width = min(page[2], item[2]) - max(page[0], item[0])
    height = min(page[3], item[3]) - max(page[1], item[1])
    return width * height if width > 0 and height > 0 else 0.0
