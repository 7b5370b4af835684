"""A page as the engine reads it: lines, folded words, and where they stand."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

from docsort_server.engine.language import language_of
from docsort_server.engine.local import text as t

if TYPE_CHECKING:
    from docsort_server.documents.model import PageContent

READ_CHARS = 12_000
LINE_CHARS = 200
_TITLE_LINES = 12
_HEADING_WORDS = 6


@dataclass(frozen=True)
class Reading:
    """The part of a page that is looked at, split into lines of at most `LINE_CHARS`.

    `lines` are exact pieces of the page's text. `squeezed` holds all words without spaces;
    `offsets[i]` is where word i starts in it and `lines_of[i]` the line it stands on.
    """

    page: PageContent
    lines: tuple[str, ...]
    words: tuple[tuple[str, ...], ...]
    squeezed: str
    offsets: tuple[int, ...]
    lines_of: tuple[int, ...]
    firsts: frozenset[int]

    @cached_property
    def tokens(self) -> tuple[str, ...]:
        """All words in order."""
        return tuple(word for line in self.words for word in line)

    @cached_property
    def language(self) -> str:
        """The code of the language it is in; "" where none stands out."""
        return language_of(word for word in self.tokens if word.isalpha())

    @cached_property
    def stems(self) -> dict[str, list[int]]:
        """Each stem's line numbers, one entry per occurrence."""
        places: dict[str, list[int]] = {}
        for number, line in enumerate(self.words):
            for word in line:
                places.setdefault(t.stem(word), []).append(number)
        if t.is_unspaced(self.squeezed):
            self._add_pairs(places)
        return places

    def _add_pairs(self, places: dict[str, list[int]]) -> None:
        for number, line in enumerate(self.words):
            for word in line:
                if t.is_unspaced(word):
                    for i in range(max(1, len(word) - 1)):
                        places.setdefault(word[i : i + 2], []).append(number)

    def folded(self, place: int) -> str:
        """Return the folded line of word `place`."""
        return t.fold(self.lines[self.lines_of[place]])

    def title_strength(self, line: int, letters: int) -> float:
        """Tell how much a phrase of `letters` letters looks like a title on that line.

        1.0 alone on one of the first lines, 0.8 on a short line, 0.4 inside a sentence, 0 below.
        """
        if line >= _TITLE_LINES:
            return 0.0
        size = sum(map(len, self.words[line]))
        if letters >= 0.75 * size:
            return 1.0
        return 0.8 if len(self.words[line]) <= _HEADING_WORDS else 0.4


def read(page: PageContent) -> Reading:
    """Split, fold and index the first `READ_CHARS` characters of a page."""
    lines = tuple(_pieces(page.text[:READ_CHARS]))
    split = [tuple(line) for line in _folded_words(lines)]
    offsets: list[int] = []
    lines_of: list[int] = []
    firsts: set[int] = set()
    place = 0
    for number, line in enumerate(split):
        firsts.add(place)
        for word in line:
            offsets.append(place)
            lines_of.append(number)
            place += len(word)
    squeezed = "".join(word for line in split for word in line)
    return Reading(
        page, lines, tuple(split), squeezed, tuple(offsets), tuple(lines_of), frozenset(firsts)
    )


def _folded_words(lines: tuple[str, ...]) -> list[list[str]]:
    # Folding the whole page at once is several times cheaper than line by line.
    folded = t.fold("\n".join(lines)).split("\n")
    return [t.split(line) for line in folded]


def _pieces(text: str) -> list[str]:
    pieces: list[str] = []
    for raw in text.replace("\r", "\n").split("\n"):
        line = raw.strip()
        while len(line) > LINE_CHARS:
            cut = line.rfind(" ", 1, LINE_CHARS)
            cut = cut if cut > 0 else LINE_CHARS
            pieces.append(line[:cut].rstrip())
            line = line[cut:].lstrip()
        if line:
            pieces.append(line)
    return pieces
