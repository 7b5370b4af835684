"""Make finders of values by expressions, and join them."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import TYPE_CHECKING

from docsort_server.engine.expression import expression

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from docsort_server.engine.local.criteria.sheet import Sheet, Spot


def plain(_: re.Match[str]) -> bool:
    """Take any match for one."""
    return True


def doubtful(_: re.Match[str]) -> bool:
    """Take no match for sure."""
    return False


def search(
    pattern: str,
    check: Callable[[re.Match[str]], bool | None] = plain,
    *,
    cased: bool = False,
    placed: bool = False,
) -> Callable[[Sheet], Iterator[Spot]]:
    """Make a finder of all matches.

    `check` tells whether a match is surely one; None leaves it out. `cased` looks at the page's
    own letters, not folded ones. `placed`: equal ones at two places are two.
    """
    compiled = expression(pattern, re.MULTILINE)

    def find(sheet: Sheet) -> Iterator[Spot]:
        text = sheet.cased if cased else sheet.folded
        for found in compiled.finditer(text):
            sure = check(found)
            if sure is not None:
                spot = sheet.spot(found, sure=sure, cased=cased)
                yield replace(spot, key=f"{spot.line}:{spot.start}") if placed else spot

    return find


def either(*finders: Callable[[Sheet], Iterator[Spot]]) -> Callable[[Sheet], Iterator[Spot]]:
    """Make a finder of what any of them finds."""

    def find(sheet: Sheet) -> Iterator[Spot]:
        for finder in finders:
            yield from finder(sheet)

    return find


def first(*finders: Callable[[Sheet], Iterator[Spot]]) -> Callable[[Sheet], Iterator[Spot]]:
    """Make a finder of what the first finds that finds anything."""

    def find(sheet: Sheet) -> Iterator[Spot]:
        yield from next(filter(None, (list(finder(sheet)) for finder in finders)), ())

    return find


def beyond(
    finder: Callable[[Sheet], Iterator[Spot]], proven: Callable[[Sheet], Iterator[Spot]]
) -> Callable[[Sheet], Iterator[Spot]]:
    """Leave out what lies in values that another form proves, as the groups of an IBAN."""

    def find(sheet: Sheet) -> Iterator[Spot]:
        others: dict[int, list[Spot]] = {}
        for spot in filter(_is_sure, proven(sheet)):
            others.setdefault(spot.line, []).append(spot)
        for spot in finder(sheet):
            near = others.get(spot.line, ())
            if not any(spot.start < other.end and other.start < spot.end for other in near):
                yield spot

    return find


def _is_sure(spot: Spot) -> bool:
    return spot.sure
