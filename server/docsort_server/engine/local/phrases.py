"""Find thousands of phrases in one pass over a page."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, NamedTuple

from docsort_server.engine.local import text as t

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from docsort_server.engine.local.reading import Reading

_LONG = 8
_MARKS = ":#"


# Named tuples, which are made several times as quick as frozen dataclasses: there are 30,000.
class _Entry(NamedTuple):
    number: int
    letters: str
    words: tuple[str, ...]
    anchored: bool
    marked: re.Pattern[str] | None

    def fits(self, place: int, reading: Reading) -> bool:
        """Tell whether what surrounds the phrase at word `place` is as it asks."""
        if self.anchored and reading.offsets[place] not in reading.firsts:
            return False
        return self.marked is None or self.marked.search(reading.folded(place)) is not None


class PhraseIndex:
    """An index of phrases.

    A leading `^` asks that the phrase starts a line, a final `:` or `#` that this mark follows.
    Phrases of eight letters or more match from a word's start whatever the spacing
    ("I N V O I C E", "InvoiceNumber") and may end inside a word; shorter ones match whole words.
    """

    def __init__(self, phrases: Iterable[str]) -> None:
        self._long: dict[str, list[_Entry]] = {}
        self._short: dict[str, list[_Entry]] = {}
        self._unspaced: list[_Entry] = []
        self.phrases = tuple(phrases)
        self._letters = [0] * len(self.phrases)
        for number, phrase in enumerate(self.phrases):
            self._add(number, phrase)

    def _add(self, number: int, phrase: str) -> None:
        words = tuple(t.words(phrase))
        if not words:
            return
        letters = "".join(words)
        self._letters[number] = len(letters)
        entry = _Entry(number, letters, words, phrase.startswith("^"), _marked(phrase, words))
        if t.is_unspaced(entry.letters):
            self._unspaced.append(entry)
        elif len(entry.letters) >= _LONG:
            self._long.setdefault(entry.letters[:_LONG], []).append(entry)
        else:
            self._short.setdefault(words[0], []).append(entry)

    def letters(self, number: int) -> int:
        """Count the letters of a phrase."""
        return self._letters[number]

    def scan(self, reading: Reading) -> Mapping[int, int]:
        """Return the phrases found, each with the first line it starts on."""
        hits: dict[int, int] = {}
        self._scan_long(reading, hits)
        self._scan_short(reading, hits)
        if t.is_unspaced(reading.squeezed):
            self._scan_unspaced(reading, hits)
        return hits

    def _scan_long(self, reading: Reading, hits: dict[int, int]) -> None:
        squeezed, lookup = reading.squeezed, self._long.get
        for place, offset in enumerate(reading.offsets):
            entries = lookup(squeezed[offset : offset + _LONG])
            if entries is None:
                continue
            for entry in entries:
                if entry.number in hits or not squeezed.startswith(entry.letters, offset):
                    continue
                if entry.fits(place, reading):
                    hits[entry.number] = reading.lines_of[place]

    def _scan_short(self, reading: Reading, hits: dict[int, int]) -> None:
        tokens, lookup = reading.tokens, self._short.get
        for place, token in enumerate(tokens):
            entries = lookup(token)
            if entries is None:
                continue
            for entry in entries:
                if entry.number in hits:
                    continue
                if tokens[place : place + len(entry.words)] != entry.words:
                    continue
                if entry.fits(place, reading):
                    hits[entry.number] = reading.lines_of[place]

    def _scan_unspaced(self, reading: Reading, hits: dict[int, int]) -> None:
        for number, line in enumerate(reading.words):
            joined = "".join(line)
            for entry in self._unspaced:
                if entry.number in hits or entry.letters not in joined:
                    continue
                if not entry.anchored or joined.startswith(entry.letters):
                    hits[entry.number] = number


def _marked(phrase: str, words: tuple[str, ...]) -> re.Pattern[str] | None:
    mark = phrase.rstrip()[-1]
    if mark not in _MARKS:
        return None
    return re.compile(r"[\W_]*".join(words) + rf"\s*{mark}")
