"""Tell text that a font's map made of other letters: it reads as no language."""

from __future__ import annotations

import math
import re
from collections import Counter
from itertools import pairwise
from typing import TYPE_CHECKING

from docsort_server.engine.local import text as t

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from docsort_server.documents.model import PageContent

# How often letters are in a thousand or so, near the mean of languages written in them, rare ones
# raised to what some language has. Letters by chance cost 3.65 nats each, text in a language less,
# some 3. What is here of languages tests/engine/test_garbled.py holds against pages in many.
_LETTERS = "abcdefghijklmnopqrstuvwxyz"
_OFTEN = (
    *(88, 14, 32, 42, 140, 14, 18, 25, 74, 6, 15, 44, 28),
    *(72, 62, 22, 5, 64, 66, 66, 40, 15, 12, 3, 11, 12),
)
_COST = {
    letter: math.log(sum(_OFTEN) / often) for letter, often in zip(_LETTERS, _OFTEN, strict=True)
}
# Of two letters that follow one another one is a vowel in most pairs of a language; of letters by
# chance, in 36 of a hundred. Where few follow one another, as in codes, that tells nothing.
_VOWELS = frozenset("aeiouy")
_WORDS, _FEWEST_PAIRS, _USUAL = re.compile("[a-z]+"), 15, 0.65
# What costs less than this, each pair in ten with a vowel taken for 0.15 nats less, is a language;
# letters put in another's place mostly cost more. Codes do as well.
_ALTERNATION, _NO_LANGUAGE = 1.5, 2.6
_MAY_HOLD_SOME = 3.0
# Fewer letters tell nothing: of a page, and of lines that are judged together.
_FEWEST, _CHUNK = 60, 40
# The part of the letters that must be in lines of no language.
_MOST = 0.6
# What is put in another's place is as long, and as often the same, as before: in a language, longer
# words have more of the letters than this, and two letters are equal more often. Codes, parts, keys
# and abbreviations are short, or their letters even: of 26 as frequent ones 4 of 100 pairs are.
_LONG_WORD, _LONG_SHARE, _EQUAL = 5, 0.22, 0.05
_HEAD = 6_000
# Letters blacked out, and leaders.
_RUN = re.compile(r"([^\W\d_]|[^\w\s])\1{2,}", re.IGNORECASE)
# Fonts whose letters are numbered as they come make signs of the first ones, of all kinds. Those
# of amounts are left out, lists in brackets have few kinds, and programs have letters.
_SIGNS = "!#&*+;<=>?@[\\]^`{}~\ufffd"
_SIGNS_SHARE, _KINDS, _LETTERS_SHARE = 0.1, 6, 0.5
# Of expressions and programs, as many of these close as open, and no few.
_BRACKETS, _FEWEST_BRACKETS = (("[", "]"), ("{", "}")), 3
_SHORTEST_WORD = 3
_SMALL = frozenset(word for word in t.STOP_WORDS if len(word) >= _SHORTEST_WORD)


def is_garbled(page: PageContent) -> bool:
    """Tell whether the text of a page's fonts is not what its picture shows.

    Languages in Latin letters are told by how often they use each; of others nothing is said, nor
    of text that no font drew, such as that of files of text, and of what was read off a picture.
    """
    if page.recognised or not page.max_font_size:
        return False
    text = _RUN.sub(" ", page.text[:_HEAD])
    return _is_of_signs(text) or _is_of_no_language(t.fold(text))


def _is_of_signs(text: str) -> bool:
    visible = "".join(text.split())
    counts = Counter(visible)
    found = [counts[sign] for sign in _SIGNS if counts[sign] > 1]
    if len(visible) < _FEWEST or len(found) < _KINDS or _is_bracketed(counts):
        return False
    letters = sum(number for each, number in counts.items() if each.isalpha())
    most = _LETTERS_SHARE * len(visible)
    return sum(found) > _SIGNS_SHARE * len(visible) and letters < most


def _is_bracketed(counts: Mapping[str, int]) -> bool:
    return any(_FEWEST_BRACKETS <= counts[one] == counts[other] for one, other in _BRACKETS)


def _is_of_no_language(folded: str) -> bool:
    counts = Counter(folded)
    letters = sum(counts[each] for each in _LETTERS)
    others = sum(number for each, number in counts.items() if each.isalpha()) - letters
    if letters < max(_FEWEST, others):
        return False
    if sum(counts[each] * cost for each, cost in _COST.items()) < _MAY_HOLD_SOME * letters:
        return False
    chunks = [words for chunk, words in _chunks(folded) if _reads_as_none(chunk, words)]
    wrong = [word for words in chunks for word in words]
    return sum(map(len, wrong)) >= _MOST * letters and not _are_codes(wrong)


def _chunks(folded: str) -> Iterator[tuple[str, list[str]]]:
    """Yield the letters of lines, short ones joined, and the words that they make."""
    words: list[str] = []
    letters = ""
    for line in folded.splitlines():
        words += _WORDS.findall(line)
        letters = "".join(words)
        if len(letters) >= _CHUNK:
            yield letters, words
            words, letters = [], ""
    if letters:
        yield letters, words


def _reads_as_none(letters: str, words: Sequence[str]) -> bool:
    cost = sum(map(_COST.__getitem__, letters)) / len(letters)
    return cost - _ALTERNATION * _alternation(words) >= _NO_LANGUAGE and _SMALL.isdisjoint(words)


def _are_codes(words: Sequence[str]) -> bool:
    """Tell what never was a text, by its index of coincidence (Friedman, 1922) and long words."""
    counts = Counter("".join(words))
    letters = sum(counts.values())
    if sum(len(word) for word in words if len(word) >= _LONG_WORD) < _LONG_SHARE * letters:
        return True
    equal = sum(number * (number - 1) for number in counts.values())
    return equal < _EQUAL * letters * (letters - 1)


def _alternation(words: Sequence[str]) -> float:
    """Return the share of pairs of letters of which one is a vowel."""
    pairs = [
        (one in _VOWELS) != (other in _VOWELS) for word in words for one, other in pairwise(word)
    ]
    return sum(pairs) / len(pairs) if len(pairs) >= _FEWEST_PAIRS else _USUAL
