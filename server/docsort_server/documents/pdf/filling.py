"""Put what a form's fields hold into the text of their page, near the words that name them."""

from __future__ import annotations

import ctypes
from typing import TYPE_CHECKING

import pypdfium2.raw as pdfium

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from docsort_server.documents.parsed import Handle
    from docsort_server.documents.pdf.fields import Filled

# How far, in points, the words may end before a field, and stand above it, that name it.
_BEFORE, _ABOVE = 120.0, 14.0
# Words may reach so far into the field they stand before.
_INTO = 3.0
# Letters looked at for one value, and places compared with letters for all values of a page: more
# of them stand only where somebody wants to keep readers busy, and take longer than a page may.
_LETTERS, _COMPARED = 200, 50_000_000


class Filling:
    """Finds places in one page's text, which is as PDFium tells it."""

    def __init__(self, text_page: Handle, text: str) -> None:
        self._page = text_page
        self._text = text
        self._count = pdfium.FPDFText_CountChars(text_page)
        self._looks = _COMPARED // max(1, self._count)
        self._pieces: dict[int, list[str]] = {}
        # One for all letters: making them costs more than asking.
        self._box = tuple(ctypes.c_double() for _ in range(4))

    def filled(self, values: Sequence[Filled]) -> str:
        """Return the text with the values: behind the words before a field, or below those above.

        What no words name stays with the row of fields above it, or comes last.
        """
        place = len(self._text)
        for row in _rows(values):
            left = [value for value in row if not self._put_beside(value)]
            if left:
                above = max(map(self._above, left))
                place = above if above >= 0 else place
                line = " ".join(value.value for value in left)
                self._pieces.setdefault(place, []).append(f"\n{line}")
        return self._joined()

    def _joined(self) -> str:
        parts, start = [], 0
        for place in sorted(self._pieces):
            parts += [self._text[start:place], *self._pieces[place]]
            start = place
        return "".join([*parts, self._text[start:]])

    def _put_beside(self, value: Filled) -> bool:
        """Put a value behind the words before its field, on the same line; tell whether any are."""
        height = value.top - value.bottom
        middle = (value.top + value.bottom) / 2
        first = self._near(value.left - _BEFORE / 2, middle, _BEFORE, height)
        place = self._place(self._last_before(first, value))
        if place >= 0:
            self._pieces.setdefault(place, []).append(f" {value.value}")
        return place >= 0

    def _last_before(self, first: int, value: Filled) -> int:
        """Return the last letter before a field, on a line from any such letter on; -1 for none."""
        if first < 0:
            return -1
        last = -1
        for letter in range(first, min(first + _LETTERS, self._count)):
            code = pdfium.FPDFText_GetUnicode(self._page, letter)
            if code in (0x0A, 0x0D):
                break
            if chr(code).isspace():
                continue
            if not self._is_before(letter, value):
                break
            last = letter
        return last

    def _is_before(self, letter: int, value: Filled) -> bool:
        _, right, bottom, top = self._bounds(letter)
        return right <= value.left + _INTO and bottom < value.top and top > value.bottom

    def _above(self, value: Filled) -> int:
        """Return the end of the line right above a field; -1 without any."""
        place = self._place(self._near(value.left + _INTO, value.top + _ABOVE / 2, _BEFORE, _ABOVE))
        if place < 0:
            return -1
        end = self._text.find("\n", place)
        end = end if end >= 0 else len(self._text)
        return end - self._text[:end].endswith("\r")

    def _near(self, x: float, y: float, wide: float, high: float) -> int:
        """Return the letter nearest to a place, at most half of `wide` and `high` off, or -1.

        It is compared with every letter of the page, so values beyond the first find none on a page
        of very many.
        """
        if self._looks <= 0:
            return -1
        self._looks -= 1
        return int(pdfium.FPDFText_GetCharIndexAtPos(self._page, x, y, wide, high))

    def _bounds(self, letter: int) -> tuple[float, ...]:
        """Return a letter's left, right, bottom and top."""
        pdfium.FPDFText_GetCharBox(self._page, letter, *self._box)
        return tuple(side.value for side in self._box)

    def _place(self, letter: int) -> int:
        """Return where the text goes on behind a letter of the page; -1 where that is unknown."""
        if letter < 0:
            return -1
        place = int(pdfium.FPDFText_GetTextIndexFromCharIndex(self._page, letter))
        return place + 1 if 0 <= place < len(self._text) else -1


def _rows(values: Iterable[Filled]) -> list[list[Filled]]:
    """Return values by rows from above, each from the left."""
    rows: list[list[Filled]] = []
    for value in sorted(values, key=lambda each: (-(each.top + each.bottom), each.left)):
        middle = (value.top + value.bottom) / 2
        if rows and rows[-1][0].bottom < middle < rows[-1][0].top:
            rows[-1].append(value)
        else:
            rows.append([value])
    return [sorted(row, key=lambda each: each.left) for row in rows]
