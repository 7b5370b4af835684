"""Find amounts of money: numerals with the sign of a currency, or with two decimals."""

from __future__ import annotations

import itertools
import re
from dataclasses import replace
from typing import TYPE_CHECKING

from docsort_server.engine.expression import expression
from docsort_server.engine.local.criteria import currencies
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
# Neither a day and month, "04.09", nor references, "13,24,25".
_WITH_CENTS = r"(?:0|[1-9]\d{0,2}(?:[., ']\d{3}){1,4}|[1-9]\d{0,8})[.,]\d\d"
_DECIMALS = re.compile(_WITH_CENTS)
_SUM = re.compile(rf"{_WITH_CENTS}|\d{{1,3}}(?:[., ']\d{{3}}){{1,4}}|\d{{1,9}}")
_NO_MONEY = re.compile(r" ?%|[.,/:-]\d|\d")
# What has two decimals and is measured in these is no amount.
_UNIT = re.compile(
    r" ?(?:[ckm]?m[23]?|[km]?g|lbs?|oz|[cm]?l|[km]?wh?|[kmg]hz|[km]?v|ma|hrs?|h|hours?|std|stunden"
    r"|heures?|horas?|ore|uur|min|sec|s|x|px|pt|inch|in|ft|pages?)(?!\w)"
)
# Words for amounts of money; "total" and the like count other things as well.
_WORD = (
    r"(?:(?:unit |line |net |gross )?(?:amounts?|prices?)|sub-?total|balance|costs?|charges?|fees?"
    r"|salary|pay(?:ment)?s?|debits?|credits?|deposits?|withdrawals?"
    r"|\w{0,12}betrag|\w{0,12}preis|zwischensumme|gebuhr(?:en)?|kosten|soll|haben"
    r"|montants?|prix(?: unitaire)?|solde|couts?|debit|importes?|precios?|costes?|cargos?"
    r"|abonos?|import[oi]|prezz[oi]|cost[oi]|dare|avere|bedrag(?:en)?|prij(?:s|zen)"
    r"|precos?|custos?)"
)
_SPOKEN = expression(rf"(?<!\w){_WORD}(?!\w)")
# A label or the headings of columns have at most so many words.
_LABEL_WORDS = 10
_TAIL = re.compile(r"(?<![\d.,])\d{1,9}(?:[.,]\d{3}){0,3}[.,](\d{1,2}|\d{4,9})(?![\d.,])")
_LETTERS = re.compile(r"[^\W\d_]{2}")
# The heading of a last column of amounts: "Item Qty Amount", "Artikel Betrag (EUR)".
_HEADING = expression(rf"\D*(?<!\w){_WORD}[\s(]{{0,3}}(?:in )?(?:{currencies.SIGN})?\W*")


def find(currency: str | None) -> Callable[[Sheet], Iterator[Spot]]:
    """Make a finder of amounts in a `currency`, by its sign.

    Without one they may be in any, those without a sign among them, which are not sure.
    """
    codes = currencies.codes_of(currency or "")

    def amounts(sheet: Sheet) -> Iterator[Spot]:
        for numeral in apart(_NUMERAL, sheet):
            spot = sheet.spot(numeral)
            told = currencies.beside(sheet.folded_lines[spot.line], spot.start, spot.end)
            if told and (currency is None or told & codes):
                yield spot
            elif currency is None and not told and _is_decimal(sheet.folded, numeral):
                yield replace(spot, sure=False)

    return amounts


def all_amounts(sheet: Sheet) -> Iterator[Spot]:
    """Yield all that are amounts, where a page speaks of money those without a sign as well.

    These have two decimals, or stand in a last column whose heading says what they are.
    """
    signed = list(find(None)(sheet))
    spoken = any(spot.sure for spot in signed) or _speaks_of_money(sheet)
    found = [spot for spot in signed if spot.sure or spoken]
    taken = {(spot.line, spot.end) for spot in found}
    yield from found
    yield from (spot for spot in _in_columns(sheet) if (spot.line, spot.end) not in taken)


def _speaks_of_money(sheet: Sheet) -> bool:
    """Tell whether a heading or label names amounts, and most decimals are of two figures."""
    named = any(
        _SPOKEN.search(line) and len(line.split()) <= _LABEL_WORDS for line in sheet.folded_lines
    )
    tails = [found[1] for found in _TAIL.finditer(sheet.folded)] if named else []
    return sum(len(tail) == 2 for tail in tails) * 2 > len(tails)


def _in_columns(sheet: Sheet) -> Iterator[Spot]:
    lines = [line.rstrip() for line in sheet.folded_lines]
    last = {spot.line: spot for spot in numerals(sheet) if spot.end == len(lines[spot.line])}
    for number, line in enumerate(lines):
        if not _HEADING.fullmatch(line):
            continue
        rows = itertools.takewhile(last.__contains__, range(number + 1, len(lines)))
        column = [last[row] for row in rows if _LETTERS.search(lines[row])]
        sums = all(_SUM.fullmatch(lines[spot.line], spot.start, spot.end) for spot in column)
        yield from column if len(column) > 1 and sums else ()


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


def _is_decimal(text: str, numeral: re.Match[str]) -> bool:
    others = (_NO_MONEY.match(text, numeral.end()), _UNIT.match(text, numeral.end()))
    return _DECIMALS.fullmatch(numeral[0]) is not None and not any(others)
