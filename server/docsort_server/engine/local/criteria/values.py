"""Tell how plainly a page gives the value that a criterion asks for."""

from __future__ import annotations

import itertools
import re
from enum import IntEnum
from functools import cached_property
from typing import TYPE_CHECKING, NamedTuple

from docsort_server.engine.local.criteria import literal as literals
from docsort_server.engine.local.criteria import numbers, people
from docsort_server.engine.local.criteria.forms import FORMS
from docsort_server.engine.local.criteria.labels import Labels
from docsort_server.engine.local.criteria.sheet import Sheet, Spot

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from docsort_server.engine.counts import Count
    from docsort_server.engine.local.criteria.labels import Label
    from docsort_server.engine.local.reading import Reading

    _ByLine = Mapping[int, Sequence[Spot]]

# A label and its value stand at most so many characters apart on a line.
REACH = 70
# A value may stand so many lines below its label.
BELOW = 2
# How many lines are the head of a short page, and how many words behind a value say nothing of it.
_HEAD, _FEW = 12, 3
# Before a date: letters other than those of a day of the week or a time.
_NAMED = re.compile(
    r"(?!\b(?:mon|tue|wed|thu|fri|sat|sun|mo|di|mi|do|fr|sa|so|lun|mar|mer|jeu|ven|sam|dim|mie|jue"
    r"|vie|sab|dom|gio|ma|wo|vr|za|zo|am|pm|uhr|h)\b|\w*(?:day|tag|woch|di|dag|feira)\b)\b[^\W\d_]"
)


class Grade(IntEnum):
    """How a page gives a value, from not at all to beyond doubt."""

    NOTHING = 0
    UNNAMED = 1  # a value of the form, without the words that name the one asked for
    NAMED = 2  # the words without any value
    APART = 3  # words and value, far from each other; or what only looks like the value
    BELOW = 4  # the value on the lines under the words, or before them
    BESIDE = 5  # the value behind the words, or one that its form proves
    FEWER = 6  # another number of them than asked for
    ENOUGH = 7  # as many as asked for


class Found(NamedTuple):
    """A grade and the line that shows it, -1 where none are enough."""

    grade: Grade
    line: int


class Values:
    """What values a page holds; each form is looked for once, and only when asked for."""

    def __init__(self, reading: Reading) -> None:
        self.sheet = Sheet(reading)
        self._reading = reading
        self._spots: dict[str, tuple[Spot, ...]] = {}

    @cached_property
    def labels(self) -> Labels:
        """The names of values on the page."""
        return Labels(self.sheet, self._reading.tokens)

    def spots(self, form: str) -> tuple[Spot, ...]:
        """Return the values of a form. Raises KeyError for an unknown one."""
        if form not in self._spots:
            self._spots[form] = tuple(FORMS[form](self.sheet))
        return self._spots[form]

    def alone(self, form: str, names: tuple[str, ...], count: Count | None) -> Found:
        """Grade a value that its form tells, such as an e-mail address."""
        spots = self.spots(form)
        labels = self.labels.find(names)
        pairs = [(Grade.BESIDE, spot) for spot in spots if spot.sure]
        if not pairs:
            pairs = [pair for pair in self._pairs(labels, spots) if pair[0] >= Grade.BELOW]
        if count is not None:
            return _counted([spot for _, spot in pairs], count)
        if pairs:
            return self._plainest(pairs)
        if spots:
            return Found(Grade.APART if labels else Grade.UNNAMED, spots[0].line)
        return Found(Grade.NAMED, labels[0].line) if labels else Found(Grade.NOTHING, 0)

    def named(self, form: str, names: tuple[str, ...], count: Count | None) -> Found:
        """Grade a value that the words near it tell, such as a due date."""
        labels = self.labels.find(names)
        if form == "number":
            return self._numbered(labels, count)
        spots = self.spots(form)
        if not labels:
            return Found(Grade.UNNAMED if spots else Grade.NOTHING, spots[0].line if spots else 0)
        pairs = self._pairs(labels, spots)
        if count is not None:
            return _counted([spot for _, spot in pairs], count)
        if pairs:
            return self._plainest(pairs)
        apart = any(map(self._by_itself, labels)) and any(map(self._by_itself, spots))
        return Found(Grade.APART if apart else Grade.NAMED, labels[0].line)

    def _numbered(self, labels: list[Label], count: Count | None) -> Found:
        """Grade a number: one looks like any other, so only what follows its name is meant."""
        pairs = list(self._numbers(labels))
        if count is not None:
            return _counted([spot for _, spot in pairs], count)
        if pairs:
            return self._plainest(pairs)
        if not labels:
            return Found(Grade.NOTHING, 0)
        apart = any(map(self._by_itself, labels)) and numbers.lonely(self.sheet)
        return Found(Grade.APART if apart else Grade.NAMED, labels[0].line)

    def _numbers(self, labels: list[Label]) -> Iterator[tuple[Grade, Spot]]:
        for label in labels:
            if number := numbers.beside(self.sheet, label):
                yield Grade.BESIDE, Spot(label.line, label.end, label.end, number)
            elif number := numbers.below(self.sheet, label):
                yield Grade.BELOW, Spot(label.line + 1, 0, 0, number)

    def stands(
        self, literal: str, names: tuple[str, ...], stems: tuple[str, ...], *, alone: bool
    ) -> bool | None:
        """Tell whether a number or code stands where its name does; None where it does not at all.

        `names` are labels, `stems` other words that may name it. With `alone` it must be the number
        right behind a name.
        """
        pattern = literals.pattern(literal)
        lines = {n for n, line in enumerate(self.sheet.folded_lines) if pattern.search(line)}
        if not lines:
            return None
        labels = self.labels.find(names)
        if alone and labels:
            return any(literals.same(literal, spot.key) for _, spot in self._numbers(labels))
        named = {label.line for label in labels}
        named |= {line for stem in stems for line in self._reading.stems.get(stem, ())}
        return any(line - above in named for line in lines for above in range(BELOW + 1))

    def heading(self, form: str) -> Spot | None:
        """Return a value that begins a line near the head of the page and that nothing names."""
        lines = self.sheet.folded_lines
        head = max(_HEAD, len(lines) // 3)
        for spot in self.spots(form):
            line = lines[spot.line]
            alone = not _NAMED.search(line[: spot.start]) and len(line[spot.end :].split()) <= _FEW
            if spot.line < head and alone:
                return spot
        return None

    def words(self, names: tuple[str, ...]) -> Found:
        """Grade words alone, where a form asks somebody for the value."""
        labels = self.labels.find(tuple(name for name in names if not name.startswith("^")))
        return Found(Grade.BESIDE, labels[0].line) if labels else Found(Grade.NOTHING, 0)

    def _by_itself(self, place: Label | Spot) -> bool:
        """Tell whether something is all there is on its line, as where columns were torn apart."""
        line = self.sheet.folded_lines[place.line].strip(" .:#")
        return place.end - place.start >= max(4, len(line) - 1)

    def _pairs(self, labels: Iterable[Label], spots: Iterable[Spot]) -> list[tuple[Grade, Spot]]:
        """Return the value that each label names, where there is one."""
        by_line: dict[int, list[Spot]] = {}
        for spot in spots:
            by_line.setdefault(spot.line, []).append(spot)
        return [pair for label in labels for pair in _near(label, by_line)]

    def _plainest(self, pairs: list[tuple[Grade, Spot]]) -> Found:
        """Return the best grade on the shortest line, the first of equals."""
        lines = self.sheet.folded_lines
        grade, spot = max(
            pairs, key=lambda pair: (pair[0], -len(lines[pair[1].line]), -pair[1].line)
        )
        return Found(grade, spot.line)

    def tally(self, form: str, count: Count) -> Found:
        """Grade how many there are of what takes a form."""
        return _counted(self.spots(form), count)

    def people(self, headings: Iterable[int], count: Count) -> Found:
        """Grade how many people stand under headings on these lines, or on the page without any."""
        listed = tuple(people.under(self.sheet.cased.split("\n"), headings))
        return _counted(listed or self.spots("person"), count)


def _counted(spots: Iterable[Spot], count: Count) -> Found:
    lines = {spot.key: spot.line for spot in reversed(list(spots))}
    # None of them stands on any line.
    first = min(lines.values(), default=-1)
    return Found(Grade.ENOUGH if count.holds(len(lines)) else Grade.FEWER, first)


def _near(label: Label, by_line: _ByLine) -> Iterator[tuple[Grade, Spot]]:
    here = by_line.get(label.line, ())
    below = range(label.line + 1, label.line + BELOW + 1)
    yield from itertools.islice(
        itertools.chain(
            ((Grade.BESIDE, spot) for spot in here if _behind(label, spot)),
            ((Grade.BELOW, spot) for spot in here if 0 <= label.start - spot.end <= REACH // 2),
            ((Grade.BELOW, spot) for line in below for spot in by_line.get(line, ())),
        ),
        1,
    )


def _behind(label: Label, spot: Spot) -> bool:
    """Tell whether a value follows the words, or holds them, as a date does its year."""
    return -3 <= spot.start - label.end <= REACH or spot.start <= label.start < spot.end
