"""How near two texts are in meaning, by vectors of their words: needs no word in common."""

from __future__ import annotations

import hashlib
import math
from collections import Counter
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, TypeAlias

from docsort_server.engine.local.text import STOP_WORDS

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

# Written by scripts/word_vectors.py: a word a line, and as many rows of `SIZE` signed bytes.
WORDS = Path(__file__).with_name("word_vectors.txt")
TABLE = Path(__file__).with_name("word_vectors.bin")
SIZE = 96

# Letters of the parts of a compound ("pay" and "slip"), and of the longest that is taken apart.
_SHORTEST, _LONGEST = 3, 30

# `SIZE` numbers, of length 1.
Meaning: TypeAlias = tuple[float, ...]


class WordVectors:
    """Vectors of folded words of seven languages; an average page's words add up to nothing."""

    def __init__(self, words: Sequence[str], table: bytes) -> None:
        """Take a row of `SIZE` bytes for each word. Raises ValueError where they do not agree."""
        if len(table) != len(words) * SIZE:
            raise ValueError(f"{len(words)} words need {len(words) * SIZE} bytes: {len(table)}")
        self._places = {word: place for place, word in enumerate(words)}
        self._table = memoryview(table).cast("b")

    def meaning(self, words: Iterable[str], *, compounds: bool = False) -> Meaning | None:
        """Return the direction of the words' mean; None where none of them is known.

        A word that comes n times counts 1 + log(n) times. With `compounds`, unknown words are
        taken for the two known ones they are made of, if any.
        """
        total = [0.0] * SIZE
        places: dict[int, int] = {}
        for word, count in Counter(words).items():
            for place in self._rows(word, compounds=compounds):
                places[place] = places.get(place, 0) + count
        by_count: dict[int, list[memoryview]] = {}
        for place, count in places.items():
            row = self._table[place * SIZE : (place + 1) * SIZE]
            by_count.setdefault(count, []).append(row)
        # Sums of whole numbers first, which is several times as quick, and exact in any order.
        for count in sorted(by_count):
            weight = 1.0 + math.log(count)
            sums = map(sum, zip(*by_count[count], strict=True))
            total = [old + weight * value for old, value in zip(total, sums, strict=True)]
        return unit(total)

    def known(self, words: Sequence[str]) -> float:
        """Return the share (0..1) of the letters of words, numbers left out, in known ones.

        Words that say nothing, such as "the" in several languages, are known as well.
        """
        counts = Counter(word for word in words if word.isalpha())
        letters = sum(len(word) * count for word, count in counts.items() if self._knows(word))
        return letters / max(1, sum(len(word) * count for word, count in counts.items()))

    def _knows(self, word: str) -> bool:
        return len(word) > 1 and (word in STOP_WORDS or bool(self._rows(word)))

    def _rows(self, word: str, *, compounds: bool = False) -> Sequence[int]:
        place = self._places.get(word)
        if place is None and word.endswith("s"):
            place = self._places.get(word[:-1])
        if place is not None:
            return (place,)
        return self._parts(word) if compounds else ()

    def _parts(self, word: str) -> Sequence[int]:
        if not 2 * _SHORTEST <= len(word) <= _LONGEST:
            return ()
        for cut in range(len(word) - _SHORTEST, _SHORTEST - 1, -1):
            parts = self._places.get(word[:cut]), self._places.get(word[cut:])
            if None not in parts:
                return [part for part in parts if part is not None]
        return ()


def unit(values: Sequence[float]) -> Meaning | None:
    """Return values at length 1; None for zeros."""
    length = math.sqrt(sum(value * value for value in values))
    return tuple(value / length for value in values) if length else None


def middle(meanings: Iterable[Meaning | None]) -> Meaning | None:
    """Return the direction of the mean of those that are known."""
    known = [meaning for meaning in meanings if meaning is not None]
    return unit([sum(column) for column in zip(*known, strict=True)])


def nearness(one: Meaning | None, other: Meaning | None) -> float:
    """Return the cosine of both, -1 to 1: about 0 where they have nothing to do with each other."""
    if one is None or other is None:
        return 0.0
    return sum(a * b for a, b in zip(one, other, strict=True))


def digest() -> str:
    """Return what tells these vectors from any others."""
    return hashlib.sha256(WORDS.read_bytes() + TABLE.read_bytes()).hexdigest()


@cache
def load() -> WordVectors:
    """Read the vectors that ship with docsort, once per process: some 30 ms and 10 MB."""
    return WordVectors(WORDS.read_text(encoding="ascii").split(), TABLE.read_bytes())
