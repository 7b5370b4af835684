"""Letters and numerals of names that tell them apart, as in "Schedule A" and "Annex II"."""

from __future__ import annotations

import re
from typing import NamedTuple

from docsort_server.engine.local import text as t

_WORD = re.compile(r"[^\W_]+")
_NUMERAL = re.compile(r"[ivx]+|\d+")
_APOSTROPHES = "'`\u2019\u02bc"


class Marks(NamedTuple):
    """Letters and numerals of a name: those that may be marks, and those that are.

    "a" in "Letter to a client" may be one; in "Schedule A" and "Vitamin A report" it is.
    """

    possible: tuple[str, ...]
    sure: frozenset[str]

    def differ(self, other: Marks) -> bool:
        """Tell whether they tell two names apart that are otherwise the same."""
        both = self.possible and other.possible
        return self.sure != other.sure or bool(both and self.possible != other.possible)


def marks(name: str) -> Marks:
    """Return the marks of a name: letters, numerals, and words such as IT in capitals."""
    found = list(_WORD.finditer(name))
    shouted = name.isupper()
    possible, sure = [], set()
    for place, match in enumerate(found):
        word = t.fold(match[0])
        capital = match[0].isupper() and not shouted
        if _elided(name, match) or not _is_mark(word, capital=capital):
            continue
        possible.append(word)
        last = 0 < place == len(found) - 1
        # "A letter" begins with an article, "K-1 form" with no word at all.
        if last or (capital and place) or word not in t.STOP_WORDS:
            sure.add(word)
    return Marks(tuple(possible), frozenset(sure))


def _is_mark(word: str, *, capital: bool) -> bool:
    if _NUMERAL.fullmatch(word):
        return True
    # Longer words are stems of the name, unless they mean nothing in other letters.
    return len(word) == 1 or (capital and word in t.STOP_WORDS)


def _elided(name: str, match: re.Match[str]) -> bool:
    """Tell whether it is what an apostrophe leaves of a word, as in "driver's" or "d'identité"."""
    around = name[max(0, match.start() - 1) : match.start()], name[match.end() : match.end() + 1]
    return any(each and each in _APOSTROPHES for each in around)
