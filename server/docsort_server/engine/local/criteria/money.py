"""Find amounts of money: numerals with the sign of a currency, or with two decimals."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from docsort_server.engine.local.criteria.quantities import NUMERAL

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from docsort_server.engine.local.criteria.sheet import Sheet, Spot

_NUMERAL = re.compile(
    r"(?<![\d.,'/])(?:\d{1,3}(?: \d{3}(?!\d)){1,4}(?:[.,]\d{1,2}(?!\d))?"
    r"|\d{1,12}(?:[.,']\d{1,3}){0,5})"
)
_ANY_NUMERAL = re.compile(rf"(?<![\w.,/:-]){NUMERAL}(?![\w/:]| ?%)")
_WHOLE = re.compile(r"[\d.,']+")
_SIGNS = {
    "euros": r"€|eur|euros?",
    "dollars": r"\$|usd|dollars?|dolares",
    "pounds": r"£|gbp|pounds?|pfund",
    "": r"¥|₹|chf|pln|z[łl]|sek|dkk|nok|jpy|inr|rs\.?|cad|aud|dem|kr|fr\.|r\$",
}
_ANY = "|".join(f"(?P<{name or 'others'}>{signs})" for name, signs in _SIGNS.items())
# The sign at the end of one line is none of the number that begins the next.
_BEFORE = re.compile(rf"(?<![^\W\d_])(?:{_ANY}) ?[-+(]{{0,2}}\Z")
_AFTER = re.compile(rf"(?:,-)? ?(?:{_ANY})(?![^\W_])(?! ?\d)")
# How far before a numeral its sign may begin, and how far behind it may end.
_LOOK = 11
_DECIMALS = re.compile(r"[.,]\d\d$")
_NO_MONEY = re.compile(r" ?%|[.,/:-]\d|\d")
CURRENCY = r"[$€£¥₹]|\b(?:eur|euros?|usd|dollars?|gbp|chf|pln|sek|dkk|nok|jpy|inr|dem)\b"


def find(currency: str | None) -> Callable[[Sheet], Iterator[Spot]]:
    """Make a finder of amounts; without a `currency` of any, those without a sign among them."""

    def amounts(sheet: Sheet) -> Iterator[Spot]:
        text = sheet.folded
        for numeral in apart(_NUMERAL, sheet):
            sign = _sign(text, numeral)
            if sign is not None and currency in (None, sign):
                yield sheet.spot(numeral)
            elif currency is None and sign is None and _is_decimal(text, numeral):
                yield sheet.spot(numeral, sure=False)

    return amounts


def apart(pattern: re.Pattern[str], sheet: Sheet) -> Iterator[re.Match[str]]:
    """Yield the numerals of a page, those of neighbouring columns one by one."""
    for found in pattern.finditer(sheet.folded):
        for start, end in sheet.columns.parts(found):
            # The span is of one numeral: its own ends are where the match must end.
            piece = (
                found if (start, end) == found.span() else _WHOLE.match(found.string, start, end)
            )
            if piece is not None:
                yield piece


def numerals(sheet: Sheet) -> Iterator[Spot]:
    """Yield the numerals of a page: amounts where words say so."""
    for found in apart(_ANY_NUMERAL, sheet):
        yield sheet.spot(found, sure=False)


def _sign(text: str, numeral: re.Match[str]) -> str | None:
    before = text[max(0, numeral.start() - _LOOK) : numeral.start()]
    found = _BEFORE.search(before) or _AFTER.match(text, numeral.end(), numeral.end() + _LOOK)
    return None if found is None else str(found.lastgroup)


def _is_decimal(text: str, numeral: re.Match[str]) -> bool:
    return _DECIMALS.search(numeral[0]) is not None and _NO_MONEY.match(text, numeral.end()) is None
