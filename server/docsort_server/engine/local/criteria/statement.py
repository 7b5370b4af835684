"""A criterion's sentence taken apart: what it states, what it denies, and how many it counts."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from docsort_server.engine.counts import find_count
from docsort_server.engine.denial import TURN, find_denial, folded
from docsort_server.engine.local import text as t
from docsort_server.engine.local.criteria import comparison_patterns as patterns
from docsort_server.engine.local.criteria import (
    comparisons,
    connectives,
    literal,
    number_words,
    quantifiers,
)

if TYPE_CHECKING:
    from collections.abc import Iterator

    from docsort_server.engine.counts import Count
    from docsort_server.engine.local.criteria.comparisons import Comparison
    from docsort_server.engine.local.criteria.conditions import Condition

# Folded, it would be the German article.
_EIN = re.compile(r"\bEIN\b")
# In Italian and Portuguese that is a date.
_DATA = re.compile(r"\bdata\b(?! (?:d[aio]|d?el|della|fattura|ordine)\b)")
_ENGLISH = re.compile(
    r"\b(?:the|of|such|as|and|with|is|are|has|for|about|lists?|contains?|shows?|states?|mentions?"
    r"|includes?|describes?|gives?|asks)\b"
)
# A mailing address is another thing.
_MAIL = re.compile(r"\be[- ]mail")
# "Gültig" alone says that it holds, and the words behind it carry no meaning themselves.
_VALID_UNTIL = re.compile(r"\b(?:gultig|geldig) (bis|tot)\b")
# Nor is it a check.
_CHECK_IN, _CHECK_OUT = (re.compile(rf"\bcheck[ -]?{way}\b") for way in ("in", "out"))
_AND = re.compile(r"\b(?:and|und|et|y|e|en|ed|oraz|i)\b|,")
# "The total and the deposit are above 500" says it of both.
PLURAL = re.compile(r"^[^,]{0,60}\b(?:are|both|sind|sont|son|sono|zijn|sao)\b")
_WITHOUT = re.compile(r"(?:without|lacking|ohne|sans|sin|senza|zonder|sem|bez)\b")
# Words that introduce a page: "a letter that does not" denies.
_HEAD_TEXT = """
document documents page pages letter invoice form text file paper dokument seite documento pagina
documenti brief rechnung facture factura fattura factuur fatura contract statement report one kind
"""
HEADS = frozenset(t.stem(word) for word in _HEAD_TEXT.split())
# Where something is denied these deny it once more: "ne ... pas", "no contiene ningún".
_ONCE_MORE = re.compile(r"\bne\b|\bn'|\b(?:pas|aucune?|ningun[ao]?|nessun[ao]?|nenhuma?)\b")
_NEITHER = re.compile(r"\b(?:neither|weder|nor|noch|ni|ne)\b")


@dataclass(frozen=True, slots=True)
class Unread:
    """Words of a part that compare, and that nothing is held against; empty without any.

    `comparison` is one that cannot be read, `turn` what turns those that are, `rest` a comparison
    or part of a number in what they leave.
    """

    comparison: str = ""
    turn: str = ""
    rest: str = ""


@dataclass(frozen=True, slots=True)
class Part:
    """What a part of a criterion says, without the words that deny, count and compare.

    `negated`: the part holds where this is not on the page; `count`: how many are asked for;
    `either`: one of the things named is enough. `conditions` are comparisons, `compared` the words
    of the first, `bare` those left without any, `unread` those that are not understood.
    With `alternative` one of the conditions is enough; `every` is a word by which all values must
    meet them. `literals` are numbers and codes that the page must have, `weakly` those within
    comparisons that may be of no value; `refused`: they must not be what the page has.
    `lacking`: of several signatures one is missing.
    """

    text: str
    negated: bool
    count: Count | None
    either: bool
    conditions: tuple[Condition, ...] = ()
    unread: Unread = Unread()
    bare: str = ""
    compared: str = ""
    alternative: bool = False
    every: str = ""
    literals: tuple[str, ...] = ()
    weakly: tuple[str, ...] = ()
    refused: bool = False
    lacking: bool = False


def parts_of(criterion: str) -> tuple[Part, ...]:
    """Take a criterion apart; all of its parts must hold."""
    text = folded(_EIN.sub("employer identification number", criterion))
    if _ENGLISH.search(text):
        text = _DATA.sub("records", text)
    text = number_words.figures(_MAIL.sub("email", text))
    text = _VALID_UNTIL.sub(r"expiry date \1", text)
    text = _CHECK_OUT.sub("departure", _CHECK_IN.sub("arrival", text))
    return tuple(
        _part(each)
        for clause in _clauses(text)
        for part in _compared(clause)
        for each in _divided(part)
    )


def _clauses(text: str) -> list[str]:
    pieces = [piece for piece in TURN.split(text) if _says(piece)]
    return pieces if len(pieces) > 1 and any(map(find_denial, pieces)) else [text]


def _compared(clause: str) -> Iterator[str]:
    """Cut "an address and a total above 500" in two, so that each comparison has its subject."""
    found = comparisons.find(clause)
    start = 0
    for joint, nearby in _joints(clause, found) if found else ():
        before, after = clause[start : joint.start()], clause[joint.end() :]
        apart = _subject(before, found, start) and _subject(after, found, joint.end())
        if nearby and apart and PLURAL.search(after) is None:
            yield before
            start = joint.end()
    yield clause[start:]


def _joints(clause: str, found: list[Comparison]) -> Iterator[tuple[re.Match[str], bool]]:
    """Yield the words that join, and whether what they join compares, on either side."""
    joints = [
        joint
        for joint in _AND.finditer(clause)
        if not any(each.start <= joint.start() < each.end for each in found)
    ]
    starts = (0, *(joint.end() for joint in joints))
    ends = (*(joint.start() for joint in joints[1:]), len(clause))
    for start, joint, end in zip(starts, joints, ends, strict=False):
        yield joint, any(start <= each.start < end for each in found)


def _subject(text: str, found: list[Comparison], offset: int) -> bool:
    """Tell whether more than comparisons is said."""
    return _says(_without(text, found, offset))


def _without(text: str, found: list[Comparison], offset: int = 0) -> str:
    for each in reversed(found):
        start, end = each.start - offset, each.end - offset
        if 0 <= start < len(text):
            text = f"{text[:start]} {text[end:]}"
    return text


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
    return not set(t.content_stems(text)) <= HEADS


def _part(clause: str) -> Part:
    lacking = quantifiers.lacking(clause)
    if lacking is not None:
        return Part(clause, not lacking, None, either=False, bare=clause, lacking=True)
    compared = comparisons.find(clause)
    unread = next((clause[each.start : each.end] for each in compared if not each.condition), "")
    conditions = tuple(each.condition for each in compared if each.condition)
    first = next((clause[each.start : each.end] for each in compared), "")
    bare = _without(clause, [each for each in compared if each.condition])
    rest = _without(clause, [each for each in compared if _is_said_by_itself(each, clause)])
    outside = _without(clause, compared)
    every = quantifiers.universal(bare) if compared else ""
    if every:
        bare, rest = (quantifiers.without(each) for each in (bare, rest))
    found = find_denial(rest)
    said = rest
    if found is not None:
        # What the whole part denies is not turned once more.
        conditions = tuple(
            replace(each, outside=each.outside and not each.weak) for each in conditions
        )
        rest = _ONCE_MORE.sub(" ", f"{rest[: found.start]} {rest[found.end :]}")
    literals, _ = literal.stated(outside)
    weakly, refused = literal.stated(clause)
    count, rest = _counted(rest, weakly)
    either = _NEITHER.search(said) is not None
    return Part(
        rest,
        found is not None,
        count,
        either,
        conditions,
        Unread(
            unread,
            connectives.turned(clause, compared) or quantifiers.doubtful(bare),
            ("" if count else connectives.unread(bare)) or number_words.left(bare),
        ),
        bare,
        first,
        connectives.alternative(clause, compared),
        every,
        literals,
        weakly,
        refused,
    )


def _is_said_by_itself(comparison: Comparison, clause: str) -> bool:
    """Tell whether the words of a comparison say nothing else: "two years old" asks for no year."""
    if comparison.condition is None:
        return patterns.AGE.fullmatch(clause, comparison.start, comparison.end) is not None
    return not comparison.condition.weak


def _counted(text: str, literals: tuple[str, ...]) -> tuple[Count | None, str]:
    """Find what is counted; the first group of "+49 30 410920" counts nothing."""
    count, rest = find_count(text)
    bare = text
    for each in literals:
        bare = bare.replace(each, " ")
    return (count, rest) if find_count(bare)[0] is not None else (None, text)
