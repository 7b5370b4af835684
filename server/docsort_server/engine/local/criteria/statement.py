"""A criterion's sentence taken apart: what it states, what it denies, and how many it counts."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from docsort_server.engine.denial import TURN, find_denial, folded
from docsort_server.engine.local import text as t
from docsort_server.engine.numerals import find_count

if TYPE_CHECKING:
    from docsort_server.engine.numerals import Count

# Folded, it would be the German article.
_EIN = re.compile(r"\bEIN\b")
# A mailing address is another thing.
_MAIL = re.compile(r"\be[- ]mail")
_AND = re.compile(r"\b(?:and|und|et|y|e|en|ed|oraz|i)\b|,")
_WITHOUT = re.compile(r"(?:without|lacking|ohne|sans|sin|senza|zonder|sem|bez)\b")
# Words that introduce a page: "a letter that does not" denies.
_HEAD_TEXT = """
document documents page pages letter invoice form text file paper dokument seite page documento
pagina documenti document brief rechnung facture factura fattura factuur fatura contract statement
report one kind
"""
_HEADS = frozenset(t.stem(word) for word in _HEAD_TEXT.split())
# Where something is denied these deny it once more: "ne ... pas", "no contiene ningún".
_ONCE_MORE = re.compile(r"\bne\b|\bn'|\b(?:pas|aucune?|ningun[ao]?|nessun[ao]?|nenhuma?)\b")
_NEITHER = re.compile(r"\b(?:neither|weder|nor|noch|ni|ne)\b")


@dataclass(frozen=True, slots=True)
class Part:
    """What a part of a criterion says, without the words that deny and count.

    `negated`: the part holds where this is not on the page; `count`: how many are asked for;
    `either`: one of the things named is enough.
    """

    text: str
    negated: bool
    count: Count | None
    either: bool


def parts_of(criterion: str) -> tuple[Part, ...]:
    """Take a criterion apart; all of its parts must hold."""
    text = folded(_EIN.sub("employer identification number", criterion))
    text = _MAIL.sub("email", text)
    return tuple(_part(each) for clause in _clauses(text) for each in _divided(clause))


def _clauses(text: str) -> list[str]:
    pieces = [piece for piece in TURN.split(text) if _says(piece)]
    return pieces if len(pieces) > 1 and any(map(find_denial, pieces)) else [text]


def _divided(clause: str) -> list[str]:
    """Cut "an amount and no date" and "a form without a date" in two."""
    found = find_denial(clause)
    if found is None:
        return [clause]
    before = clause[: found.start]
    if _WITHOUT.match(clause, found.start):
        return [before, clause[found.start :]] if _says(before) else [clause]
    joints = list(_AND.finditer(before))
    if joints and _says(before[: joints[-1].start()]) and not _says(before[joints[-1].end() :]):
        return [before[: joints[-1].start()], clause[joints[-1].end() :]]
    return [clause]


def _says(text: str) -> bool:
    """Tell whether a text says more than that it is about a page."""
    return not set(t.content_stems(text)) <= _HEADS


def _part(clause: str) -> Part:
    found = find_denial(clause)
    rest = clause
    if found is not None:
        rest = _ONCE_MORE.sub(" ", f"{clause[: found.start]} {clause[found.end :]}")
    count, rest = find_count(rest)
    either = _NEITHER.search(clause) is not None
    return Part(rest, found is not None, count, either)
