"""Packets composed of labelled documents: which documents and pages follow one another."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import random
    from collections.abc import Iterator, Sequence

_FEWEST, _MOST = 2, 7
# Most documents are taken whole, unless they are longer than this.
_WHOLE, _LONGEST = 0.75, 8
_TAKES = (1, 2, 3, 4, 6)
# How often a document follows one of its class, of its family, of its source; else it is any.
_OF_CLASS, _OF_FAMILY, _OF_GROUP = 0.35, 0.10, 0.15
_WITHOUT_FIRST_PAGE = 0.12
_BLANK_AFTER = 0.06


@dataclass(frozen=True, slots=True)
class Source:
    """A document that packets are composed of; near-duplicates share a `family`."""

    path: str
    label: str
    family: str
    group: str
    pages: int


@dataclass(frozen=True, slots=True)
class Bundle:
    """Pages by their document and their place in it, from 0; None for a blank page.

    `starts` are the places in the bundle, from 0, at which a document starts.
    """

    pages: tuple[tuple[str, int] | None, ...]
    starts: frozenset[int]


def compose(sources: Sequence[Source], count: int, chance: random.Random) -> Iterator[Bundle]:
    """Yield so many packets: two to seven documents each, often relatives next to one another.

    There must be two sources at least. Of a document the first pages are taken, now and then later
    ones, and now and then a blank page follows it.
    """
    drawer = _Drawer(sources, chance)
    for _ in range(count):
        pages: list[tuple[str, int] | None] = []
        starts: list[int] = []
        for source in drawer.sequence(chance.randint(_FEWEST, _MOST)):
            starts.append(len(pages))
            pages += _taken(source, chance)
            if chance.random() < _BLANK_AFTER:
                pages.append(None)
        yield Bundle(tuple(pages), frozenset(starts))


def _taken(source: Source, chance: random.Random) -> list[tuple[str, int]]:
    whole = source.pages <= _LONGEST and chance.random() < _WHOLE
    take = source.pages if whole else min(source.pages, chance.choice(_TAKES))
    left = source.pages - take
    later = left and chance.random() < _WITHOUT_FIRST_PAGE
    first = chance.randint(1, left) if later else 0
    return [(source.path, place) for place in range(first, first + take)]


class _Drawer:
    """Draws documents with their relatives behind them."""

    def __init__(self, sources: Sequence[Source], chance: random.Random) -> None:
        self._sources = sources
        self._chance = chance
        self._relatives: dict[tuple[str, str], list[Source]] = defaultdict(list)
        for source in sources:
            for kin in _kin(source):
                self._relatives[kin].append(source)

    def sequence(self, count: int) -> Iterator[Source]:
        """Yield so many documents, none of them twice in a row."""
        drawn = self._chance.choice(self._sources)
        yield drawn
        for _ in range(count - 1):
            drawn = self._next(drawn)
            yield drawn

    def _next(self, drawn: Source) -> Source:
        dice = self._chance.random()
        for kin, share in zip(_kin(drawn), (_OF_CLASS, _OF_FAMILY, _OF_GROUP), strict=True):
            if dice < share:
                others = [each for each in self._relatives[kin] if each is not drawn]
                if others:
                    return self._chance.choice(others)
                break
            dice -= share
        return self._chance.choice([each for each in self._sources if each is not drawn])


def _kin(source: Source) -> tuple[tuple[str, str], ...]:
    return ("class", source.label), ("family", source.family), ("group", source.group)
