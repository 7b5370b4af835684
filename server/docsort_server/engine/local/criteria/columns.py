"""Tell a space that parts thousands, "1 234,50", from one between columns: "2 145.00"."""

from __future__ import annotations

import re
from functools import cached_property
from typing import TYPE_CHECKING

from docsort_server.engine.local.criteria.currencies import beside as codes_beside
from docsort_server.engine.local.criteria.quantities import number

if TYPE_CHECKING:
    from collections.abc import Iterator

# Spaces that do not break a line are typed for nothing else.
_FIXED = re.compile(r"(?<!\d)\d{1,3}(?:[\u00a0\u202f\u2007\u2009]\d{3})+(?!\d)")
# A comma before one or two decimals, and a point or another mark that parts thousands.
_COMMA = re.compile(r"(?<![\d.,])\d{1,3}(?:[. ']?\d{3})*,\d\d(?![\d.,])")
_POINT = re.compile(r"(?<![\d.,])\d{1,3}(?:[, ']?\d{3})*\.\d\d(?![\d.,])")
_MARKED = re.compile(
    r"(?<![\d.,'])(?:\d{1,3}(?:[.,']\d{3})+[.,]\d\d|\d{1,3}(?:'\d{3})+|\d{4,9}[.,]\d\d)(?![\d.,])"
)
_NUMERAL = re.compile(r"(?<![\w.,])\d{1,12}(?:[.,']\d{1,3}){0,5}(?!\w)")
_EXACT = 0.006


class Columns:
    """How one page parts thousands; `lines` are its own, with the spaces that it has."""

    def __init__(self, lines: tuple[str, ...]) -> None:
        self._text = "\n".join(lines)

    def parts(self, found: re.Match[str]) -> Iterator[tuple[int, int]]:
        """Yield from where to where the numerals reach that a match of one with spaces holds."""
        if " " not in found[0] or self._is_one(found):
            yield found.span()
            return
        start = found.start()
        for piece in found[0].split(" "):
            yield start, start + len(piece)
            start += len(piece) + 1

    def _is_one(self, found: re.Match[str]) -> bool:
        if _is_product(found):
            return False
        if self._fixed:
            return True
        if self._marked:
            return False
        decimals = found[0][-3:-2]
        if decimals in (".", ","):
            return decimals == "," and self._comma
        # "1 200 000" is one; whole numbers in a row may be columns.
        if found[0].count(" ") > 1:
            return True
        return not self._point and (_is_paid(found) or not _has_others(found))

    @cached_property
    def _fixed(self) -> bool:
        return _FIXED.search(self._text) is not None

    @cached_property
    def _marked(self) -> bool:
        """Whether the page parts thousands by a mark, or not at all."""
        return _MARKED.search(self._text) is not None

    @cached_property
    def _comma(self) -> bool:
        """Whether decimals stand behind a comma, as they do where spaces part thousands."""
        return _COMMA.search(self._text) is not None and not self._point

    @cached_property
    def _point(self) -> bool:
        return _POINT.search(self._text) is not None


def _line(found: re.Match[str]) -> tuple[str, str]:
    """Return what stands before and after a match on its line."""
    text = found.string
    start = text.rfind("\n", 0, found.start()) + 1
    end = text.find("\n", found.end())
    return text[start : found.start()], text[found.end() : end if end >= 0 else len(text)]


def _has_others(found: re.Match[str]) -> bool:
    return any(_NUMERAL.search(side) for side in _line(found))


def _is_paid(found: re.Match[str]) -> bool:
    """Tell whether the sign of a currency stands beside."""
    before, after = _line(found)
    return bool(codes_beside(f"{before}{found[0]}{after}", len(before), len(before + found[0])))


def _is_product(found: re.Match[str]) -> bool:
    """Tell whether the pieces are a quantity, a price and what they come to, or the first two."""
    _, after = _line(found)
    values = [number(piece) for piece in found[0].split(" ")]
    following = _NUMERAL.search(after)
    values += [number(following[0])] if following else []
    return any(
        abs(first * second - third) < _EXACT
        for first, second, third in zip(values, values[1:], values[2:], strict=False)
    )
