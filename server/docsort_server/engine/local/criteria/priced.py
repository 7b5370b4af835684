"""Find rows that each name something with its price, and that come to the sum below them."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from docsort_server.engine.expression import expression
from docsort_server.engine.local.criteria.currencies import SIGN
from docsort_server.engine.local.criteria.quantities import number

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from docsort_server.engine.local.criteria.sheet import Sheet

_PRICE = expression(
    rf"(?P<name>.*?)(?<![\d.,])(?:(?:{SIGN}) ?)?(?P<minus>[-\u2212]?)"
    r"(?P<price>\d{1,3}(?: \d{3}){1,3},\d\d|\d{1,3}(?:[.,']\d{3}){1,3}[.,]\d\d"
    r"|\d{1,9}[.,]\d\d)\D{0,24}"
)
_NAMED = re.compile(r"[^\W\d_]{2}")
# What every price ends with, in so many letters: hardly any other line has it, and is soon told.
_CENTS, _END = re.compile(r"[.,]\d\d\D{0,24}\Z"), 27
# Fewer than so many rows come to nothing, and a sum is this near.
_FEWEST, _NEAR = 2, 0.005


def rows(sheet: Sheet, is_summary: Callable[[str], bool]) -> Iterator[int]:
    """Yield the numbers of such rows, one below the other.

    The tax, the shipping and the like may stand between them and the sum.
    """
    run: list[tuple[int, float]] = []
    sums: list[float] = []
    for place, line in enumerate(sheet.folded_lines):
        price = _price(line)
        if price is None:
            if line.strip():
                run, sums = [], []
        elif not is_summary(line):
            run = [(place, price)] if sums else [*run, (place, price)]
            sums = []
        elif len(run) >= _FEWEST and _comes_to(price, sum(each for _, each in run), sum(sums)):
            yield from (each for each, _ in run)
            run = []
        else:
            sums.append(price)


def _comes_to(price: float, rows: float, others: float) -> bool:
    """Tell whether rows come to a sum, with what stands between or, as a tax within, without."""
    return min(abs(rows - price), abs(rows + others - price)) < _NEAR


def _price(line: str) -> float | None:
    """Return the amount that a line ends with behind a name; None without one."""
    found = _PRICE.fullmatch(line) if _CENTS.search(line[-_END:]) else None
    if found is None or not _NAMED.search(found["name"]):
        return None
    return -number(found["price"]) if found["minus"] else number(found["price"])
