"""Find the words that name a value, wherever they stand on a page."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import TYPE_CHECKING, NamedTuple

from docsort_server.engine.local import text as t

if TYPE_CHECKING:
    from collections.abc import Iterable

    from docsort_server.engine.local.criteria.sheet import Sheet

# Of a word so many letters tell whether the page may hold it at all.
_HEAD = 4
# Names of so many letters may go on as a compound or an inflection, shorter ones must end.
_OPEN = 7
_KEPT = 4_096
# "Due: 3 May" names a due date, "total due" none.
_ALONE = "^"


class Label(NamedTuple):
    """Where the words that name a value stand: a line, and columns of it."""

    line: int
    start: int
    end: int


class Labels:
    """Finds names on one page; those whose first word the page lacks cost a look into a set."""

    def __init__(self, sheet: Sheet, words: Iterable[str]) -> None:
        self._sheet = sheet
        heads = {word[:_HEAD] for word in words}
        self._heads = {head[:length] for head in heads for length in range(1, _HEAD + 1)}
        self._found: dict[tuple[str, ...], list[Label]] = {}

    def find(self, names: tuple[str, ...]) -> list[Label]:
        """Return where any of the names stands, at the start of a word, in the page's order.

        A name that ends in `*` is a stem, one that begins with `^` stands behind no other word.
        """
        if names not in self._found:
            found = {
                label
                for head, pattern, alone in _spelled(names)
                if head in self._heads
                for label in self._one(pattern, alone=alone)
            }
            self._found[names] = sorted(found)
        return self._found[names]

    def _one(self, pattern: re.Pattern[str], *, alone: bool) -> list[Label]:
        text = self._sheet.folded
        return [
            Label(spot.line, spot.start, spot.end)
            for found in pattern.finditer(text)
            if not _in_word(text, found.start())
            if not (alone and _follows_word(text, found.start()))
            for spot in (self._sheet.spot(found),)
        ]


def _in_word(text: str, place: int) -> bool:
    before = text[place - 1] if place else " "
    return before.isalnum() or before == "_"


def _follows_word(text: str, place: int) -> bool:
    return text[max(0, place - 2) : place].strip(" ")[-1:].isalpha()


@lru_cache(maxsize=_KEPT)
def _spelled(names: tuple[str, ...]) -> tuple[tuple[str, re.Pattern[str], bool], ...]:
    """Return of each name the first letters, an expression, and whether it stands behind no word.

    Criteria come again on every page: what they ask for is spelled out once.
    """
    return tuple(
        (*_expression(name.removeprefix(_ALONE)), name.startswith(_ALONE)) for name in names
    )


def _expression(name: str) -> tuple[str, re.Pattern[str]]:
    """Return the first letters of a name and an expression for it, however it is spaced.

    It begins with those letters and not with a look behind: that makes it many times faster.
    """
    words = t.words(name)
    if words and name.endswith("*"):
        return _stemmed(words[0])
    joined = r"[\W_]{0,3}".join(map(re.escape, words))
    if sum(map(len, words)) < _OPEN:
        joined += r"(?!\w)"
    return (words[0][:_HEAD] if words else ""), re.compile(joined)


def _stemmed(stem: str) -> tuple[str, re.Pattern[str]]:
    # A stem ends in "i" where its words end in "y" or "ies".
    cut = stem.removesuffix("i") or stem
    end = "[iy]" if cut != stem else ""
    return cut[:_HEAD], re.compile(rf"{re.escape(cut)}{end}\w{{0,4}}(?!\w)")
