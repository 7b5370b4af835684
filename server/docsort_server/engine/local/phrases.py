"""Find thousands of phrases in one pass over a page."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, NamedTuple

from docsort_server.engine.local import text as t

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from docsort_server.engine.local.reading import Reading

_LONG = 8
_MARKS = ":#"


class _Ask(NamedTuple):
    """What a phrase asks of its surroundings."""

    anchored: bool
    marked: re.Pattern[str] | None

    def met(self, place: int, reading: Reading) -> bool:
        """Tell whether what surrounds the phrase at word `place` is so."""
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
        self.phrases = tuple(phrases)
        # Of each phrase the number, under how it begins. There are tens of thousands: no object
        # for each.
        self._long: dict[str, list[int]] = {}
        self._short: dict[str, list[int]] = {}
        self._unspaced: list[int] = []
        self._letters: list[str] = []
        self._words: dict[int, tuple[str, ...]] = {}
        self._asks: dict[int, _Ask] = {}
        for number, folded in enumerate(_folded(self.phrases)):
            letters, words = folded.replace(" ", ""), folded
            # Hardly any has more than letters and spaces, and nothing else is so quickly split.
            if not letters.isalnum():
                found = t.split(folded)
                letters, words = "".join(found), " ".join(found)
                self._ask(number, found)
            self._letters.append(letters)
            if len(letters) >= _LONG and letters.isascii():
                self._long.setdefault(letters[:_LONG], []).append(number)
            elif letters:
                self._add(number, letters, words.split())

    def _add(self, number: int, letters: str, words: Sequence[str]) -> None:
        if t.is_unspaced(letters):
            self._unspaced.append(number)
        elif len(letters) >= _LONG:
            self._long.setdefault(letters[:_LONG], []).append(number)
        else:
            self._words[number] = tuple(words)
            self._short.setdefault(words[0], []).append(number)

    def _ask(self, number: int, words: Sequence[str]) -> None:
        phrase = self.phrases[number]
        ask = _Ask(phrase.startswith("^"), _marked(phrase, words) if words else None)
        if ask != (False, None):
            self._asks[number] = ask

    def _fits(self, number: int, place: int, reading: Reading) -> bool:
        ask = self._asks.get(number)
        return ask is None or ask.met(place, reading)

    def letters(self, number: int) -> int:
        """Count the letters of a phrase."""
        return len(self._letters[number])

    def scan(self, reading: Reading) -> Mapping[int, int]:
        """Return the phrases found, each with the first line it starts on."""
        hits: dict[int, int] = {}
        self._scan_long(reading, hits)
        self._scan_short(reading, hits)
        if t.is_unspaced(reading.squeezed):
            self._scan_unspaced(reading, hits)
        return hits

    def _scan_long(self, reading: Reading, hits: dict[int, int]) -> None:
        squeezed, letters, lookup = reading.squeezed, self._letters, self._long.get
        for place, offset in enumerate(reading.offsets):
            numbers = lookup(squeezed[offset : offset + _LONG])
            if numbers is None:
                continue
            for number in numbers:
                if number in hits or not squeezed.startswith(letters[number], offset):
                    continue
                if self._fits(number, place, reading):
                    hits[number] = reading.lines_of[place]

    def _scan_short(self, reading: Reading, hits: dict[int, int]) -> None:
        tokens, lookup = reading.tokens, self._short.get
        for place, token in enumerate(tokens):
            numbers = lookup(token)
            if numbers is None:
                continue
            for number in numbers:
                if number in hits:
                    continue
                words = self._words[number]
                if tokens[place : place + len(words)] != words:
                    continue
                if self._fits(number, place, reading):
                    hits[number] = reading.lines_of[place]

    def _scan_unspaced(self, reading: Reading, hits: dict[int, int]) -> None:
        for line_number, line in enumerate(reading.words):
            joined = "".join(line)
            for number in self._unspaced:
                letters = self._letters[number]
                if number in hits or letters not in joined:
                    continue
                ask = self._asks.get(number)
                if ask is None or not ask.anchored or joined.startswith(letters):
                    hits[number] = line_number


def _folded(phrases: Iterable[str]) -> list[str]:
    """Return the phrases folded, all in one go; what breaks a line in them becomes a space."""
    return t.fold("\n".join(phrase.replace("\n", " ") for phrase in phrases)).split("\n")


def _marked(phrase: str, words: Iterable[str]) -> re.Pattern[str] | None:
    mark = phrase.rstrip()[-1]
    if mark not in _MARKS:
        return None
    return re.compile(r"[\W_]*".join(words) + rf"\s*{mark}")
