"""Read a page's traits off its text: its first and last lines, and the words in between."""

from __future__ import annotations

import re
from heapq import nsmallest
from itertools import pairwise
from typing import TYPE_CHECKING
from zlib import crc32

from docsort_server.engine.language import language_of
from docsort_server.engine.local.text import STOP_WORDS, fold, is_unspaced
from docsort_server.engine.packet import cues
from docsort_server.engine.packet.numbering import numbering
from docsort_server.engine.packet.traits import (
    LINE,
    NAME,
    NOTHING,
    UNSPACED,
    WORD,
    Look,
    PageTraits,
    packed,
)

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from docsort_server.documents.model import PageContent

# Characters that are looked at from the start of a page and from its end: a page of print.
_HEAD, _TAIL = 4_000, 3_000
# Lines that are looked at from either end, and those of them that may run through a document.
_LINES, _TOP, _EDGE = 16, 10, 4
_LONGEST_LINE, _MOST_LINES = 200, 200
# Of a running line so many letters are left without its digits; a shorter one says nothing.
_FEWEST_LETTERS = 5
# Points beyond which no page is told from another.
_LONGEST_SIDE = 65_535
_HEADLINES, _FEWEST_CAPITALS = 4, 8
_TITLE_LINES, _TITLE_CHARS, _BLOCK_CHARS = 8, 70, 80
_MID_CHARS = 40
_MOST_NAMES, _MOST_WORDS = 10, 40
_WORD_LETTERS = 5
# Hashes are cut to what takes four and two bytes in a record.
_NUMBER_BITS, _SHORT_BITS = 2**28 - 1, 2**16 - 1
_DIGITS = re.compile(r"\d+")
_NAME = re.compile(r"\b[a-z\d][a-z\d/-]{4,}\b")
_WORD = re.compile(r"[^\W\d_]+")
_LOWER_START = re.compile(r"^[a-z(,;][^)]")
_ENDS_OPEN = re.compile(r"(?:[a-z]{2}|,|-)$")
# Korean has spaces; folded, its syllables are letters.
_HANGUL = re.compile("[\u1100-\u11ff]")


def traits_of(page: PageContent) -> PageTraits:
    """Return the traits of a page; of a blank one they are its size alone."""
    size = _points(page.width), _points(page.height)
    lines = _lines(page.text)
    if not lines:
        return PageTraits(*size, look=_attached(page))
    # Folding makes ten letters and more of some.
    folded = [line[:_LONGEST_LINE] for line in _folded(lines)]
    bottom = [] if page.top_only else folded[-_LINES:]
    told = numbering([*folded[:6], *bottom[-6:]])
    words = [word for line in folded for word in _WORD.findall(line)]
    unspaced = [word for word in words if is_unspaced(word) and not _HANGUL.match(word)]
    return PageTraits(
        *size,
        length=min(page.words, 9_999),
        look=_look(page, lines, folded, bottom),
        number=told.number,
        total=told.total,
        loose=told.loose,
        lines=packed(_running([*folded[:_EDGE], *bottom[-_EDGE:]]), LINE),
        reference=_printed(cues.REFERENCE, [*folded[:_LINES], *bottom[-_EDGE:]]),
        form=_printed(cues.FORM, [*folded[:_EDGE], *bottom[-_EDGE:]]),
        names=packed(_names(folded), NAME),
        words=packed(_sketch(_terms(words, unspaced)), WORD),
        language=_language(words, unspaced),
        font=_points(page.max_font_size),
    )


def _points(length: float) -> int:
    """Return whole points; 0 for what is none, as a broken file may have it."""
    return round(min(length, _LONGEST_SIDE)) if length > 0.0 else 0


def _lines(text: str) -> list[str]:
    """Return the lines that are looked at: none is empty."""
    if len(text) > _HEAD + _TAIL:
        text = f"{text[:_HEAD]}\n{text[-_TAIL:]}"
    lines = [line for each in text.split("\n") if (line := each.strip())]
    half = _MOST_LINES // 2
    return lines if len(lines) <= _MOST_LINES else [*lines[:half], *lines[-half:]]


def _folded(lines: Iterable[str]) -> list[str]:
    return fold("\n".join(line[:_LONGEST_LINE] for line in lines)).split("\n")


def _attached(page: PageContent) -> Look:
    return Look.ATTACHED if page.number == page.part > 1 else NOTHING


def _look(
    page: PageContent, lines: Sequence[str], folded: Sequence[str], bottom: Sequence[str]
) -> Look:
    top = folded[:_TOP]
    blocks = [line for line in top if len(line) <= _BLOCK_CHARS]
    found = {
        Look.TITLE: _has_title(lines[:_TITLE_LINES]),
        Look.HEADLINE: any(_is_headline(line) for line in lines[:_HEADLINES]),
        Look.SALUTATION: _any(cues.SALUTATION, folded[:_LINES]),
        Look.DATE: _any(cues.DATE, blocks),
        Look.CONTACT: _any(cues.CONTACT, blocks),
        Look.NUMBERED: _any(cues.REFERENCE, blocks),
        Look.CONTINUED: _any(cues.CONTINUED, folded[:6]),
        Look.MID_SENTENCE: _starts_open(lines),
        Look.CLOSING: _any(cues.CLOSING, bottom),
        Look.TOTAL: _any(cues.TOTAL, bottom),
        Look.GOES_ON: _any(cues.GOES_ON, bottom[-6:]),
        Look.BROKEN_OFF: bool(bottom) and _ends_open(lines),
        Look.TOP_ONLY: page.top_only,
        Look.SCANNED: page.recognised,
        Look.DIVIDER: _is_divider(folded),
    }
    look = _attached(page)
    for flag, holds in found.items():
        look |= flag if holds else NOTHING
    return look


def _any(pattern: re.Pattern[str], lines: Iterable[str]) -> bool:
    return any(pattern.search(line) for line in lines)


def _is_divider(lines: Sequence[str]) -> bool:
    return len(lines) <= _EDGE and cues.DIVIDER.fullmatch(" ".join(lines)) is not None


def _has_title(lines: Sequence[str]) -> bool:
    """Tell whether a line names a kind of document, in letters as titles have them."""
    short = (line for line in lines if len(line) <= _TITLE_CHARS)
    return any(
        cues.TITLE.search(fold(line))
        for line in short
        if line[0].isupper() or not line[0].isalpha()
    )


def _is_headline(line: str) -> bool:
    short = len(line) <= _TITLE_CHARS and line.isupper()
    return short and sum(map(str.isalpha, line)) >= _FEWEST_CAPITALS


def _starts_open(lines: Sequence[str]) -> bool:
    """Tell whether the first line of text goes on with a sentence."""
    first = next((line for line in lines[:4] if len(line) >= _MID_CHARS), "")
    return bool(_LOWER_START.match(first))


def _ends_open(lines: Sequence[str]) -> bool:
    """Tell whether the last line of text breaks off within a sentence."""
    last = next((line for line in reversed(lines[-4:]) if len(line) >= _MID_CHARS), "")
    return bool(_ENDS_OPEN.search(last[-_MID_CHARS:]))


def _running(lines: Iterable[str]) -> Iterator[int]:
    """Yield a hash for each line that could run through a document, whatever numbers it has."""
    for line in dict.fromkeys(_DIGITS.sub("#", line) for line in lines):
        letters = "".join(_WORD.findall(line))
        if len(letters) >= _FEWEST_LETTERS or is_unspaced(letters):
            yield crc32(" ".join(line.split()).encode())


def _printed(pattern: re.Pattern[str], lines: Iterable[str]) -> int:
    """Return a hash of the first number that is found; 0 for none."""
    for line in lines:
        if found := pattern.search(line):
            return crc32(found[1].strip(".-/ ").encode()) & _NUMBER_BITS or 1
    return 0


def _names(lines: Sequence[str]) -> Iterator[int]:
    """Yield short hashes of what looks like the number of an account, a case or a phone."""
    numbered = (line for line in lines if _DIGITS.search(line))
    found = {name for line in numbered for name in _NAME.findall(line)}
    hashes = {
        crc32(name.encode()) & _SHORT_BITS for name in found if sum(map(str.isdigit, name)) >= 4
    }
    yield from nsmallest(_MOST_NAMES, hashes)


def _terms(words: Iterable[str], unspaced: Sequence[str]) -> set[str]:
    """Return the longer words; where nothing is between words, pairs of letters stand for them."""
    long = {word for word in words if len(word) >= _WORD_LETTERS} - STOP_WORDS
    pairs = (first + second for word in unspaced for first, second in pairwise(word))
    return long.difference(unspaced).union(pairs)


def _sketch(words: Iterable[str]) -> list[int]:
    """Return the smallest hashes of words, by which those of pages are compared.

    Of two sets, the share of common ones among the smallest of both is that among all (Bar-Yossef
    and others, 2002).
    """
    return nsmallest(_MOST_WORDS, {crc32(word.encode()) & _SHORT_BITS for word in words})


def _language(words: Sequence[str], unspaced: Sequence[str]) -> str:
    if 2 * sum(map(len, unspaced)) > sum(map(len, words)):
        return UNSPACED
    return language_of(words)
