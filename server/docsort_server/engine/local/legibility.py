"""Tell pages without anything to read from pages whose text cannot be trusted."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from docsort_server.engine.local import text as t
from docsort_server.engine.local.garbled import is_garbled
from docsort_server.engine.model import Outcome
from docsort_server.engine.packet.numbering import only_numbering

if TYPE_CHECKING:
    from docsort_server.documents.model import PageContent

_FEWEST_LETTERS = 10
_FEWEST_UNSPACED = 4
# What is no word has fewer letters: numbers, bullets, the marks of a stamp machine.
_SHORTEST_WORD = 3
_SHORTEST_UNSPACED = 2
_SCAN_CHARS = 50
_SCAN_SHARE = 0.5
_PICTURE_SHARE = 0.02
_DRAWN_PATHS = 40
_BROKEN_SHARE = 0.1
_BROKEN = re.compile("[\ufffd\ue000-\uf8ff]")
# Symbol fonts put their bullets and check boxes at U+F0xx: those are no sign of a broken layer.
_SYMBOLS = re.compile("[\uf020-\uf0ff]")
_LEFT_BLANK = re.compile(
    "intentionallyleft?blank|intentionallyblank|absichtlichfreigelassen|bleibtfrei"
    "|intentionnellementblanche|laisseeenblanc|intencionadamenteenblanco|lasciataintenzionalmente"
    "|opzettelijkleeg|intencionalmenteembranco"
)
# What is as short may say nothing but that, or the page's number.
_LEFT_BLANK_LETTERS = 120


def unread(page: PageContent) -> Outcome | None:
    """Return BLANK or UNREADABLE, or None for a page that can be classified.

    A scan has fewer than 50 characters and images over half of it; a broken text layer has
    more than a tenth replacement or private-use characters, or reads as no language. Nothing is on
    a BLANK page but its number or the sentence that it was left blank: one word, such as on a
    divider, is something.
    """
    visible = "".join(page.text.split())
    letters = t.squeeze(page.text[:4000])
    if _is_broken(visible) or is_garbled(page):
        return Outcome.UNREADABLE
    if len(visible) < _SCAN_CHARS and page.image_share > _SCAN_SHARE:
        return Outcome.UNREADABLE
    if len(letters) >= _LEFT_BLANK_LETTERS:
        return None
    if _LEFT_BLANK.search(letters):
        return Outcome.BLANK
    words = _words(page.text)
    # A word of a script without spaces is a character or two.
    fewest = _FEWEST_UNSPACED if t.is_unspaced(letters) else _FEWEST_LETTERS
    if sum(map(len, words)) >= fewest:
        return None
    if page.image_share > _PICTURE_SHARE or page.paths >= _DRAWN_PATHS:
        return Outcome.UNREADABLE
    return None if any(map(_is_word, words)) else Outcome.BLANK


def _words(text: str) -> list[str]:
    """Return the words of a page, folded, without its number."""
    lines = (t.fold(line) for line in text.splitlines())
    return [word for line in lines if not only_numbering(line) for word in t.split(line)]


def _is_word(word: str) -> bool:
    shortest = _SHORTEST_UNSPACED if t.is_unspaced(word) else _SHORTEST_WORD
    return len(word) >= shortest and word.isalpha()


def _is_broken(visible: str) -> bool:
    if len(visible) < _FEWEST_LETTERS or visible.isascii():
        return False
    broken = len(_BROKEN.findall(visible)) - len(_SYMBOLS.findall(visible))
    symbols_only = len(_SYMBOLS.findall(visible)) > len(visible) / 2
    return symbols_only or broken > _BROKEN_SHARE * len(visible)
