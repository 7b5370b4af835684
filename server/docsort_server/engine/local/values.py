"""Tell how plainly a page gives the value that a criterion asks for."""

from __future__ import annotations

import itertools
import re
from enum import IntEnum
from functools import lru_cache
from typing import TYPE_CHECKING, NamedTuple

from docsort_server.engine.local import text as t
from docsort_server.engine.local.forms import FORMS
from docsort_server.engine.local.sheet import Sheet

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from docsort_server.engine.local.numerals import Count
    from docsort_server.engine.local.reading import Reading
    from docsort_server.engine.local.sheet import Spot

    _ByLine = Mapping[int, Sequence[Spot]]

# A label and its value stand at most so many characters apart on a line.
_REACH = 70
# A value may stand so many lines below its label.
_BELOW = 2
# A number below its label stands at the start of a line.
_MARGIN = 3
# Between a label and a number there is nothing but these.
_JOINT = re.compile(r"[\W_]*(?:(?:nos?|nr|number|num|ids?|n|code|numer|nummer|is)\b[\W_]*)?")
_LABELS_KEPT = 1_024


class Grade(IntEnum):
    """How a page gives a value, from not at all to beyond doubt; the place among `GRADES`."""

    NOTHING = 0
    UNNAMED = 1  # a value of the form, without the words that name the one asked for
    NAMED = 2  # the words without any value
    APART = 3  # words and value, far from each other; or what only looks like the value
    BELOW = 4  # the value on the lines under the words, or before them
    BESIDE = 5  # the value behind the words, or one that its form proves
    FEWER = 6  # another number of them than asked for
    ENOUGH = 7  # as many as asked for


GRADES = tuple(grade.name.lower() for grade in Grade if grade)


class Label(NamedTuple):
    """Where the words that name a value stand."""

    line: int
    start: int
    end: int


class Found(NamedTuple):
    """A grade and the line that shows it."""

    grade: Grade
    line: int


class Values:
    """What values a page holds; each form is looked for once, and only when asked for."""

    def __init__(self, reading: Reading) -> None:
        self._sheet = Sheet(reading)
        self._spots: dict[str, tuple[Spot, ...]] = {}

    def spots(self, form: str) -> tuple[Spot, ...]:
        """Return the values of a form. Raises KeyError for an unknown one."""
        if form not in self._spots:
            self._spots[form] = tuple(FORMS[form](self._sheet))
        return self._spots[form]

    def alone(self, form: str, names: tuple[str, ...], count: Count | None) -> Found:
        """Grade a value that its form tells, such as an e-mail address."""
        spots = self.spots(form)
        sure = [spot for spot in spots if spot.sure]
        labels = self._labels(names)
        if not sure:
            sure = [spot for grade, spot in self._pairs(labels, spots) if grade == Grade.BESIDE]
        if count is not None:
            return _counted(sure, count)
        if sure:
            return self._plainest([(Grade.BESIDE, spot) for spot in sure])
        if spots:
            return Found(Grade.APART if labels else Grade.UNNAMED, spots[0].line)
        return Found(Grade.NAMED, labels[0].line) if labels else Found(Grade.NOTHING, 0)

    def named(self, form: str, names: tuple[str, ...], count: Count | None) -> Found:
        """Grade a value that the words near it tell, such as a due date."""
        spots, labels = self.spots(form), self._labels(names)
        if not labels:
            return Found(Grade.UNNAMED if spots else Grade.NOTHING, spots[0].line if spots else 0)
        pairs = self._pairs(labels, spots, joined=form == "number")
        if count is not None:
            return _counted([spot for _, spot in pairs], count)
        if pairs:
            return self._plainest(pairs)
        apart = any(map(self._by_itself, labels)) and any(map(self._by_itself, spots))
        return Found(Grade.APART if apart else Grade.NAMED, labels[0].line)

    def words(self, names: tuple[str, ...]) -> Found:
        """Grade words alone, where a form asks somebody for the value."""
        labels = self._labels(names)
        return Found(Grade.BESIDE, labels[0].line) if labels else Found(Grade.NOTHING, 0)

    def _by_itself(self, place: Label | Spot) -> bool:
        """Tell whether something is all there is on its line, as where columns were torn apart."""
        line = self._sheet.folded_lines[place.line].strip(" .:#")
        return place.end - place.start >= max(4, len(line) - 1)

    def _pairs(
        self, labels: Iterable[Label], spots: Iterable[Spot], *, joined: bool = False
    ) -> list[tuple[Grade, Spot]]:
        """Return the value that each label names, where there is one."""
        by_line: dict[int, list[Spot]] = {}
        for spot in spots:
            by_line.setdefault(spot.line, []).append(spot)
        find = self._joined if joined else self._near
        return [pair for label in labels for pair in find(label, by_line)]

    def _near(self, label: Label, by_line: _ByLine) -> Iterator[tuple[Grade, Spot]]:
        here = by_line.get(label.line, ())
        below = range(label.line + 1, label.line + _BELOW + 1)
        yield from itertools.islice(
            itertools.chain(
                ((Grade.BESIDE, spot) for spot in here if _behind(label, spot)),
                (
                    (Grade.BELOW, spot)
                    for spot in here
                    if 0 <= label.start - spot.end <= _REACH // 2
                ),
                ((Grade.BELOW, spot) for line in below for spot in by_line.get(line, ())),
            ),
            1,
        )

    def _joined(self, label: Label, by_line: _ByLine) -> Iterator[tuple[Grade, Spot]]:
        """Find a number that nothing but its label could name: any number looks like any other."""
        line = self._sheet.folded_lines[label.line]
        for spot in by_line.get(label.line, ()):
            if spot.start >= label.end and _JOINT.fullmatch(line, label.end, spot.start):
                yield Grade.BESIDE, spot
                return
        for spot in by_line.get(label.line + 1, ()):
            if spot.start < _MARGIN:
                yield Grade.BELOW, spot
                return

    def _plainest(self, pairs: list[tuple[Grade, Spot]]) -> Found:
        """Return the best grade on the shortest line, the first of equals."""
        lines = self._sheet.folded_lines
        grade, spot = max(
            pairs, key=lambda pair: (pair[0], -len(lines[pair[1].line]), -pair[1].line)
        )
        return Found(grade, spot.line)

    def tally(self, form: str, count: Count) -> Found:
        """Grade how many there are of what takes a form."""
        return _counted(self.spots(form), count)

    def _labels(self, names: tuple[str, ...]) -> list[Label]:
        pattern = _pattern(names)
        if pattern is None:
            return []
        return [
            Label(spot.line, spot.start, spot.end)
            for spot in map(self._sheet.spot, pattern.finditer(self._sheet.folded))
        ]


def _counted(spots: Iterable[Spot], count: Count) -> Found:
    lines = {spot.key: spot.line for spot in reversed(list(spots))}
    first = min(lines.values(), default=0)
    return Found(Grade.ENOUGH if count.holds(len(lines)) else Grade.FEWER, first)


def _behind(label: Label, spot: Spot) -> bool:
    """Tell whether a value follows the words, or holds them, as a date does its year."""
    return -3 <= spot.start - label.end <= _REACH or spot.start <= label.start < spot.end


@lru_cache(maxsize=_LABELS_KEPT)
def _pattern(names: tuple[str, ...]) -> re.Pattern[str] | None:
    """Return an expression for any of the names, at word starts, however they are spaced.

    A name that ends in `*` is a stem.
    """
    spelled = sorted({_spelled(name) for name in names} - {""}, key=len, reverse=True)
    return re.compile(rf"(?<!\w)(?:{'|'.join(spelled)})") if spelled else None


def _spelled(name: str) -> str:
    words = t.words(name)
    if name.endswith("*"):
        return rf"{re.escape(''.join(words))}\w{{0,4}}(?!\w)"
    joined = r"[\W_]{0,3}".join(map(re.escape, words))
    # Long names may go on as a compound or an inflection, short ones must end.
    return joined if sum(map(len, words)) >= 7 or not words else rf"{joined}(?!\w)"
