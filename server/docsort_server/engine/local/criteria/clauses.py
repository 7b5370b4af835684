"""Find the numbered clauses, sections and paragraphs of a page: lines whose numbers rise."""

from __future__ import annotations

import re
from dataclasses import replace
from itertools import pairwise
from typing import TYPE_CHECKING

from docsort_server.engine.local.criteria import tallies
from docsort_server.engine.local.criteria.sheet import Spot

if TYPE_CHECKING:
    from collections.abc import Iterator

    from docsort_server.engine.local.criteria.sheet import Sheet

_Number = tuple[int, ...]

_NAME = (
    r"(?:§{1,2}|art(?:icle|ikel|icolo|iculo|igo)?\.?|sections?|sec\.|clauses?|paragraphs?|abschnitt"
    r"|ziffer|absatz|clausula|clausola|seccion|sezione|secao|afdeling)"
)
# "1. Services", "1.1 The supplier", "2) Fees", "§ 3 Term", "Article 4"; a bare "2 scones" is none,
# nor is a day and month, "02.03 Rent".
_DECIMAL = re.compile(
    rf"\s*(?:(?P<name>{_NAME}) ?(?P<named>[1-9]\d{{0,2}}(?:\.[1-9]\d?){{0,3}})[.):]?(?!\w)"
    r"|(?P<nested>[1-9]\d?(?:\.[1-9]\d?){1,3})[.):]?\s+\W?[^\W\d_]"
    r"|\(?(?P<plain>[1-9]\d?)[.)]\s+\W?[^\W\d_])"
)
# "1 Introduction": a heading of a few words that begins with a capital and says no other number.
_HEADING = re.compile(r"\s*(?P<bare>[1-9]\d?)\s+(?P<capital>[^\W\d_])(?:[^\W\d_]|[ ,&'-]){2,60}$")
_LETTER = re.compile(r"\s*(?:\((?P<both>[a-z])\)|(?P<behind>[a-z])\))\s+\W?[^\W\d_]{2}")
_ROMAN = re.compile(r"\s*\(?(?P<roman>[ivx]{1,5})[.)]\s+\W?[^\W\d_]{2}")
_ROMAN_TEXT = "i ii iii iv v vi vii viii ix x xi xii xiii xiv xv xvi xvii xviii xix xx"
_ROMANS = tuple(_ROMAN_TEXT.split())
# Numbers of clauses that stand within a line are passed over.
_STEP = 3
# Two in a row may be anything.
_SURE = 3


def numbered(sheet: Sheet) -> Iterator[Spot]:
    """Yield the lines that begin with rising numbers, sure from the third on, rows of items not."""
    lines = sheet.folded_lines
    rows = {spot.line for spot in tallies.items(sheet)}
    own = sheet.cased.split("\n")
    for read, text in ((_decimal, lines), (_heading, own), (_letter, lines), (_roman, lines)):
        marked = [(n, read(line)) for n, line in enumerate(text) if n not in rows]
        yield from _rising([(n, number) for n, number in marked if number], lines)


def _rising(marked: list[tuple[int, _Number]], lines: list[str]) -> Iterator[Spot]:
    run: list[Spot] = []
    for (_, before), (line, number) in pairwise([(-1, ()), *marked]):
        if run and not _follows(before, number):
            yield from _told(run)
            run = []
        run.append(Spot(line, 0, len(lines[line]), f"{line}"))
    yield from _told(run)


def _told(run: list[Spot]) -> Iterator[Spot]:
    if len(run) > 1:
        yield from (replace(spot, sure=len(run) >= _SURE) for spot in run)


def _follows(before: _Number, number: _Number) -> bool:
    """Tell whether a number comes next: 1.2 or 2 after 1.1, and 1.1 after 1."""
    for one, other in zip(before, number, strict=False):
        if one != other:
            return 0 < other - one <= _STEP
    return len(number) > len(before) and number[len(before)] <= _STEP


def _decimal(line: str) -> _Number:
    found = _DECIMAL.match(line)
    if found is None:
        return ()
    text = found["named"] or found["nested"] or found["plain"]
    return tuple(map(int, text.split(".")))


def _heading(line: str) -> _Number:
    found = _HEADING.match(line)
    return (int(found["bare"]),) if found and found["capital"].isupper() else ()


def _letter(line: str) -> _Number:
    found = _LETTER.match(line)
    return () if found is None else (ord(found["both"] or found["behind"]),)


def _roman(line: str) -> _Number:
    found = _ROMAN.match(line)
    if found is None or found["roman"] not in _ROMANS:
        return ()
    return (_ROMANS.index(found["roman"]) + 1,)
