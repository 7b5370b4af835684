"""Find what takes whole lines: rows of line items, dated entries, lone page numbers."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from docsort_server.engine.expression import expression
from docsort_server.engine.local.criteria import priced
from docsort_server.engine.local.criteria.dates import MONTHS
from docsort_server.engine.local.criteria.sheet import Spot

if TYPE_CHECKING:
    from collections.abc import Iterator

    from docsort_server.engine.local.criteria.sheet import Sheet

_AMOUNT = re.compile(r"\d[.,]\d\d(?!\d|[.,]\d)|(?:[$€£¥₹]|\brs\.?) ?\d|\d ?[€$£]")
_NUMBER = re.compile(r"(?<![\w.,])[$€£]? ?\d[\d.,]*")
_NAMED = re.compile(r"[^\W\d_]{2}|[^\W\d_]\d{2}")
_SUMMARY = re.compile(
    r"\W{0,9}(?:grand |sub[ -]?|total |sales |invoice )?(?:totals?|subtotal|tax|taxes|vat|mwst|ust"
    r"|tva|iva|btw|balance|amount|sum|summe|gesamt\w*|zwischensumme|somme|montant|net|netto|brutto"
    r"|razem|totale|totaal|importe|imponibile|previous|due|paid|change|shipping|payment|deposit"
    r"|stawka|rabatt|discount|nachlass|skonto|remise|descuento|sconto|korting|desconto)\b"
)
_DATED = expression(
    r"\W{0,9}(?:\d{1,4}[./-]\d{1,2}(?:[./-]\d{2,4})?"
    rf"|\d{{1,2}}\.? (?:{MONTHS})|(?:{MONTHS}) \d{{1,2}})\b"
)
_BOOKED = re.compile(r"\b(?:credit|debit|gutschrift|lastschrift)\b")
# What an account holds is no entry of it.
_HELD = re.compile(
    r"[\W\d]{0,12}(?:(?:opening|closing|starting|ending|previous|new|old|current|final|available"
    r"|beginning|alter|neuer|aktueller|ancien|nouveau|nuevo|saldo|vorig|nieuw)\s)?"
    r"(?:balance|(?:anfangs|end|schluss|anfangs|konto)?saldo|kontostand|\w*saldo|solde|ubertrag"
    r"|vortrag|carried forward|brought forward|report a nouveau)\b"
)
_LONE = re.compile(r"\W{0,3}(\d{1,4})\W{0,3}|(\d{1,3}) ?(?:/|of|von|de|di|van) ?\d{1,3}")
_EDGE = 3


def items(sheet: Sheet) -> Iterator[Spot]:
    """Yield the rows that name something with at least two numbers, one of them an amount.

    Where rows come to the sum below them an amount alone is enough.
    """
    in_sums = {spot.line for spot in summed(sheet)}
    for number, line in enumerate(sheet.folded_lines):
        if _SUMMARY.match(line) or not _AMOUNT.search(line) or not _NAMED.search(line):
            continue
        if number in in_sums or len(_NUMBER.findall(line)) >= 2:
            yield _row(number, line)


def summed(sheet: Sheet) -> Iterator[Spot]:
    """Yield the rows of prices that come to the sum below them."""
    for number in priced.rows(sheet, lambda line: _SUMMARY.match(line) is not None):
        yield _row(number, sheet.folded_lines[number])


def entries(sheet: Sheet) -> Iterator[Spot]:
    """Yield the rows of an account: a date or a name, and an amount."""
    for number, line in enumerate(sheet.folded_lines):
        dated = _DATED.match(line)
        if dated and _HELD.match(line, dated.end()):
            continue
        if (dated and len(line) > dated.end() + 1) or (
            _AMOUNT.search(line) and _BOOKED.search(line) and not _SUMMARY.match(line)
        ):
            yield _row(number, line)


def lone_numbers(sheet: Sheet) -> Iterator[Spot]:
    """Yield the numbers that stand alone on one of the first or last lines."""
    lines = sheet.folded_lines
    edges = (0, len(lines) - 1)
    for number in {*range(min(_EDGE, len(lines))), *range(max(0, len(lines) - _EDGE), len(lines))}:
        if _LONE.fullmatch(lines[number]):
            yield _row(number, lines[number], sure=number in edges)


def _row(number: int, line: str, *, sure: bool = True) -> Spot:
    return Spot(number, 0, len(line), f"{number}", sure)
