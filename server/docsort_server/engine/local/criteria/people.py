"""Count the people that a page lists under a heading, such as those who attended."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from docsort_server.engine.expression import expression
from docsort_server.engine.local import text as t
from docsort_server.engine.local.criteria.personal_names import is_person, starts_with_name
from docsort_server.engine.local.criteria.sheet import Spot

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

# A heading has at most so many words before its colon, or on its line.
_MOST_WORDS = 4
_JOINTS = re.compile(r"[,;•|/&]|\b(?:and|und|et|y|e|en)\b")
_BULLET = re.compile(r"\W{0,3}(?:\(?\d{1,2}[.)] ?)?")
_ENTRY = expression(
    r"(?:(?:Mr|Mrs|Ms|Dr|Prof|Herr|Frau|Mme|Mlle|Sra?|Sig|Hon|M)\.? )?"
    r"[A-ZÀ-Ý][\w'\u2019.-]{0,20}(?: (?:[a-z]{1,3} )?[A-ZÀ-Ý][\w'\u2019.-]{0,20}){0,3}"
)
_ABSENT = re.compile(
    r"\W{0,3}(?:absen|apolog|excus|abwesend|entschuld|ausen|assen|afwezig)", re.IGNORECASE
)
# "Finch, Ada" is one name.
_TURNED = re.compile(r"[A-ZÀ-Ý][\w'\u2019-]{1,20}, (?:[A-ZÀ-Ý][\w'\u2019.-]{0,20} ?){1,2}")
_ASIDE = re.compile("\\([^)]{0,60}\\)|[\u2013\u2014:].*|\\s-\\s.*")


def under(lines: Sequence[str], headings: Iterable[int]) -> Iterator[Spot]:
    """Yield the people listed under the headings among lines, equal names with one key.

    Those who were absent count where nobody else is listed.
    """
    present = {number for number in headings if not _ABSENT.match(lines[number])}
    for heading in sorted(present or set(headings)):
        start = _start(lines[heading])
        if start is None:
            continue
        yield from _entries(lines[heading][start:], heading, alone=False)
        for number in range(heading + 1, len(lines)):
            found = list(_entries(lines[number], number, alone=True))
            if not found:
                break
            yield from found


def _start(line: str) -> int | None:
    """Return where the names begin on the line of a heading; None where it is none."""
    head, colon, _ = line.partition(":")
    if len(head.split()) > _MOST_WORDS:
        return None
    return len(head) + len(colon)


def _entries(line: str, number: int, *, alone: bool) -> Iterator[Spot]:
    bullet = _BULLET.match(line)
    text = line[bullet.end() if bullet else 0 :].strip()
    if alone and _TURNED.fullmatch(text):
        yield _spot(text, number)
        return
    if alone and ":" in text and not starts_with_name(text):
        # Another heading.
        return
    pieces = [_ASIDE.sub("", piece).strip(" .*") for piece in _JOINTS.split(text)]
    found = [piece for piece in pieces if _ENTRY.fullmatch(piece) and is_person(piece)]
    # A first name alone is one among others; what the people are is said behind their names.
    if found and (len(found) > 1 or starts_with_name(found[0])) and found[0] == pieces[0]:
        full = [piece for piece in found if starts_with_name(piece)]
        yield from (_spot(piece, number) for piece in full or found)


def _spot(name: str, number: int) -> Spot:
    return Spot(number, 0, 0, " ".join(t.words(name)))
