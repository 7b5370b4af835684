"""The words that speak of each document type, for categories with unfamiliar names."""

from __future__ import annotations

import math
from functools import cached_property
from typing import TYPE_CHECKING

from docsort_server.engine.local import text as t

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from docsort_server.engine.local.doctype import DocumentType

_ALIAS, _WORD, _ABOUT, _CUE = 1.0, 0.8, 0.7, (0.0, 0.15, 0.3, 0.45)
# One word of a name of several says little by itself: a letter is no "letter of attorney".
_PART = 0.3
_PREFIX, _COMPOUND = 0.75, 0.6
_SHORTEST = 5
# Longer words are no words of any language; looking for their parts costs their length squared.
_LONGEST = 40
# How telling a word outside the vocabulary is of a page, as part of the rarest word's rarity.
_UNSEEN = 0.35


class Vocabulary:
    """Stems with the types they speak of (0..1 each) and their rarity among types.

    Words it does not hold are matched to those that begin alike, or as compounds to those they
    begin or end with ("Kassenbeleg" to "Beleg").
    """

    def __init__(self, types: Sequence[DocumentType]) -> None:
        self._entries = types
        self._count = len(types)

    # Made when a name is asked for that no type has: most processes never are.
    @cached_property
    def _types(self) -> dict[str, dict[int, float]]:
        types: dict[str, dict[int, float]] = {}
        for number, entry in enumerate(self._entries):
            for text, weight in _texts(entry):
                for stem in t.content_stems(text):
                    known = types.setdefault(stem, {})
                    known[number] = max(known.get(number, 0.0), weight)
        return types

    @cached_property
    def _starts(self) -> dict[str, list[str]]:
        starts: dict[str, list[str]] = {}
        for stem in self._types:
            starts.setdefault(stem[:_SHORTEST], []).append(stem)
        return starts

    def rarity(self, stem: str) -> float:
        """Return how telling a stem is: log of the types over those it speaks of."""
        spread = sum(self._types.get(stem, {}).values())
        if not spread:
            return _UNSEEN * math.log(self._count + 1)
        return math.log((self._count + 1) / max(1.0, spread))

    def match(self, stem: str) -> Mapping[int, float]:
        """Return the types a stem speaks of, by itself or through the most alike stem."""
        exact = self._types.get(stem)
        if exact is not None:
            return exact
        return self._alike(stem)

    def weight(self, stem: str) -> float:
        """Return what a word of a category's name weighs: the rarity of what it is matched through.

        One that speaks of no type weighs as much as the rarest: a "bee diary" is about bees.
        """
        if stem in self._types:
            return self.rarity(stem)
        alike = self._nearest(stem)
        return self.rarity(alike[0]) if alike else math.log(self._count + 1)

    def _alike(self, stem: str) -> Mapping[int, float]:
        alike = self._nearest(stem)
        if alike is None:
            return {}
        other, closeness = alike
        return {number: closeness * power for number, power in self._types[other].items()}

    def _nearest(self, stem: str) -> tuple[str, float] | None:
        if not _SHORTEST <= len(stem) <= _LONGEST:
            return None
        similar = [
            (_common(stem, other) / max(len(stem), len(other)), other)
            for other in self._starts.get(stem[:_SHORTEST], ())
        ]
        if similar and max(similar)[0] >= 0.6:
            return max(similar)[1], _PREFIX
        for length in range(len(stem) - 1, _SHORTEST - 2, -1):
            for part in (t.stem(stem[-length:]), stem[:length]):
                if part in self._types and len(part) >= _SHORTEST - 1:
                    return part, _COMPOUND
        return None


def _common(one: str, other: str) -> int:
    count = 0
    for a, b in zip(one, other, strict=False):
        if a != b:
            break
        count += 1
    return count


def _texts(entry: DocumentType) -> Iterable[tuple[str, float]]:
    yield entry.about, _ABOUT
    for alias in entry.aliases:
        yield alias, _ALIAS if len(t.content_stems(alias)) == 1 else _PART
    for word in entry.words:
        yield word, _WORD
    for cue, weight, _ in entry.cues:
        yield cue, _CUE[weight]
