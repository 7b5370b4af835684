"""Page numbers as documents print them, in folded text."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, NamedTuple
from unicodedata import normalize

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

_PAGE = (
    r"page|pages|pag|pagina|pagine|pg|seite|seiten|blatt|sivu|strona|strana|side|sida|folha|hoja"
    r"|feuille|feuillet|sheet|oldal|sayfa|p|s"
)
_OF = r"of|out of|von|de|sur|di|van|af|av|z|ze|su|sobre|/|\|"
_OF_TOTAL = re.compile(
    rf"\b(?:{_PAGE})\b[.:]?\s*(?:n[or]?\b\.?)?\s*[#(]?(\d{{1,4}})\s*(?:{_OF})\s*(\d{{1,4}})\b"
)
_CJK_TOTAL = re.compile(r"第\s*(\d{1,4})\s*[页頁][^\d]{0,4}共\s*(\d{1,4})\s*[页頁]")
# Folding takes letters apart.
_CJK = re.compile(normalize("NFKD", r"第\s*(\d{1,4})\s*[页頁]|(\d{1,4})\s*(?:ページ|頁|페이지|쪽)"))
# Without a total the word has to be spelt out, and to stand at an end of its line.
_WORDED = re.compile(
    r"^\W*(?:page|pagina|seite|blatt|sivu|strona|side|sida|folha|hoja|sheet)\b[.:]?\s*(\d{1,4})\b"
    r"|\b(?:page|pagina|seite|blatt|sivu|strona|side|sida|folha|hoja|sheet)[.:]?\s*(\d{1,4})"
    r"(?:\s*(?:of|von|de|sur|di|/))?\W*$"
)
_FRACTION = re.compile(r"^\W*(\d{1,3})\s*(?:of|von|de|sur|di|/)\s*(\d{1,3})\W*$")
_ALONE = re.compile(r"^\W*(\d{1,4})\W*$")
_AT_AN_END = re.compile(r"^\W{0,3}(\d{1,4})\s+\D|\D\s+(\d{1,4})\W{0,3}$")
_NOTHING_ELSE = re.compile(
    rf"\W*(?:(?:{_PAGE})\b\W*)?(?:n[or]?\b\W*)?(?:\d{{1,4}}|[ivxl]{{1,7}})"
    rf"(?:\W*(?:{_OF})\W*\d{{1,4}})?\W*"
)
_LONGEST = 100
_MOST_LOOSE = 4


class Numbering(NamedTuple):
    """What a page says of its number: for sure, and in numbers that may be anything."""

    number: int | None = None
    total: int | None = None
    loose: tuple[int, ...] = ()


def numbering(lines: Sequence[str]) -> Numbering:
    """Read the page's number from folded lines of its top and bottom."""
    loose = tuple(dict.fromkeys(_loose(lines)))[:_MOST_LOOSE]
    sure = next(_of_total(lines), None) or next(_worded(lines), None)
    number, total = sure or (None, None)
    return Numbering(number, total, loose)


def only_numbering(line: str) -> bool:
    """Tell whether a folded line says nothing but a page's number, such as `- 3 -` or `p. 3 of 7`.

    Numbers of pages before the first are Roman ones.
    """
    bare = line.strip()
    return bool(
        len(bare) <= _LONGEST
        and (_NOTHING_ELSE.fullmatch(bare) or _CJK.fullmatch(bare) or _CJK_TOTAL.fullmatch(bare))
    )


def _of_total(lines: Sequence[str]) -> Iterator[tuple[int, int | None]]:
    for line in lines:
        found = _OF_TOTAL.search(line) or _CJK_TOTAL.search(line) or _FRACTION.search(line)
        if found and 0 < int(found[1]) <= int(found[2]):
            yield int(found[1]), int(found[2])


def _worded(lines: Sequence[str]) -> Iterator[tuple[int, int | None]]:
    for line in lines:
        found = _WORDED.search(line) if len(line) <= _LONGEST else None
        found = found or _CJK.search(line)
        if found:
            yield int(found[1] or found[2]), None


def _loose(lines: Sequence[str]) -> Iterator[int]:
    for line in lines:
        if found := _ALONE.search(line):
            yield int(found[1])
    for line in (*lines[:2], *lines[-2:]):
        if len(line) <= _LONGEST and (found := _AT_AN_END.search(line)):
            yield int(found[1] or found[2])
