"""Criteria that say the same, or that no page can answer."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from docsort_server.engine.local import text as t
from docsort_server.engine.local.criteria.criterion import compile_criterion
from docsort_server.engine.model import PLAIN
from docsort_server.engine.schema.findings import Finding, Kind, Place, Severity, quoted
from docsort_server.engine.schema.vagueness import is_vague

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from docsort_server.engine.counts import Count
    from docsort_server.engine.local.criteria.concepts import Concepts
    from docsort_server.engine.local.criteria.conditions import Trial
    from docsort_server.engine.local.criteria.criterion import CompiledCriterion
    from docsort_server.engine.model import Category

# Words that carry no meaning of their own and still turn that of a statement.
_TURNING_TEXT = """
before after over under above below from to more less most least first last only all any each every
or
"""
_TURNING = frozenset(_TURNING_TEXT.split())
# Only words that hardly occur in statements of fact: goods may be good, experience professional.
_OPINION = re.compile(
    r"\b(?:important|relevant|irrelevant|interesting|appropriate|suitable|reasonable|adequate|"
    r"looks? professional|professionally|properly|beautiful|useful|helpful|high quality|"
    r"low quality|trustworthy|suspicious|convincing|wichtig|angemessen|importante?|pertinent|"
    r"interessant)\b"
)
_UNSEEN = re.compile(
    r"\b(?:authentic|genuine|forged|fake|truthful|up to date|on time|still valid|legally binding|"
    r"correct|correctly|accurate|accurately|we know|as usual|echt|gefalscht|rechtzeitig)\b"
)
_HEDGES = re.compile(
    r"\b(?:usually|often|sometimes|typically|normally|probably|possibly|perhaps|maybe|"
    r"might|may (?:be|have|contain|include|show|also)|could (?:be|have|contain)|should|seems?|"
    r"more or less|and so on|etc|meistens|oft|manchmal|normalerweise|vielleicht|souvent|parfois|"
    r"generalmente|a veces)\b"
)


@dataclass(frozen=True, slots=True)
class _Meaning:
    """What a criterion asks for; equal ones ask for the same."""

    concepts: frozenset[int]
    stems: frozenset[str]
    turning: frozenset[str]
    counts: tuple[Count | None, ...]
    signs: tuple[bool, ...]
    trials: tuple[Trial, ...]
    untested: tuple[str, ...]
    literals: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class _Statement:
    place: Place
    text: str
    meaning: _Meaning
    against: bool


def judge(categories: Sequence[Category], concepts: Concepts) -> Iterator[Finding]:
    """Yield what is found; criteria with a pattern are decided by that, whatever their words."""
    known: dict[tuple[_Meaning, bool], list[_Statement]] = {}
    for number, category in enumerate(categories):
        mine: dict[_Meaning, _Statement] = {}
        for statement in _statements(number, category, concepts):
            unfit = _unfit(statement, concepts)
            if unfit:
                yield unfit
            elif any(statement.meaning.untested):
                yield _untested(statement)
            meaning = statement.meaning
            if not (meaning.concepts or meaning.stems):
                continue
            if meaning in mine:
                yield _again(category, mine[meaning], statement)
                continue
            mine[meaning] = statement
            # "Is signed" and "is unsigned" tell categories apart.
            known.setdefault((meaning, statement.against), []).append(statement)
    yield from map(_shared, (each for each in known.values() if len(each) > 1))


def _statements(number: int, category: Category, concepts: Concepts) -> Iterator[_Statement]:
    for place, text in enumerate(category.criteria):
        terms = category.terms[place] if category.terms else PLAIN
        if terms.pattern:
            continue
        compiled = compile_criterion(text, concepts)
        denied = all(clause.negated for clause in compiled.clauses)
        meaning = _meaning(compiled, frozenset(t.words(text)))
        yield _Statement(Place(number, place), text, meaning, terms.negative != denied)


def _meaning(compiled: CompiledCriterion, words: frozenset[str]) -> _Meaning:
    # Words that a concept stands for may be others for the same.
    kept = compiled.loose if compiled.concepts else frozenset(compiled.stems)
    clauses = compiled.clauses
    # One that affirms and denies says something else than one that does the contrary.
    signs = {clause.negated for clause in clauses}
    return _Meaning(
        concepts=frozenset(compiled.concepts),
        stems=kept,
        turning=words & _TURNING,
        counts=tuple(clause.count for clause in clauses),
        signs=tuple(clause.negated for clause in clauses) if len(signs) > 1 else (),
        trials=tuple(trial for clause in clauses for trial in clause.trials),
        untested=tuple(clause.untested for clause in clauses),
        literals=tuple(each for clause in clauses for each in clause.literals),
    )


def _unfit(statement: _Statement, concepts: Concepts) -> Finding | None:
    folded = " ".join(t.words(statement.text))
    for pattern, why, advice in (
        (_OPINION, "asks for an opinion", "Name what is to be seen on a page that has it."),
        (_UNSEEN, "asks for what no page shows by itself", "Name what is to be seen on the page."),
        (_HEDGES, "holds whether or not a page has it", "State it plainly, or leave it out."),
    ):
        if found := pattern.search(folded):
            reason = f"{quoted(statement.text)} {why} ({quoted(found[0])})."
            return _about(Kind.UNTESTABLE_CRITERION, statement, reason, advice)
    if not statement.meaning.concepts and is_vague(statement.text, concepts):
        reason = f"{quoted(statement.text)} holds for almost every document."
        return _about(Kind.VAGUE_CRITERION, statement, reason, "Say what exactly must be there.")
    return None


def _untested(statement: _Statement) -> Finding:
    words = next(filter(None, statement.meaning.untested))
    return Finding(
        Kind.QUALIFIER_NOT_TESTED,
        Severity.NOTE,
        (statement.place,),
        f"The embedded engine cannot test {quoted(words)} in {quoted(statement.text)}: where a "
        "page has such a value, it is sure neither that it holds nor that it does not.",
        "Compare with an amount, a date or a length of time, ask for words that the page has, or "
        "use a model.",
    )


def _about(kind: Kind, statement: _Statement, reason: str, suggestion: str) -> Finding:
    return Finding(kind, Severity.WARNING, (statement.place,), reason, suggestion)


def _again(category: Category, first: _Statement, second: _Statement) -> Finding:
    both = f"{quoted(first.text)} and {quoted(second.text)} of {quoted(category.name)}"
    places = (first.place, second.place)
    if first.against != second.against:
        return Finding(
            Kind.CONTRADICTING_CRITERIA,
            Severity.ERROR,
            places,
            f"{both} contradict each other: no page meets both.",
            "Keep the one that is meant.",
        )
    return Finding(
        Kind.DUPLICATE_CRITERIA,
        Severity.WARNING,
        places,
        f"{both} say the same, which therefore counts twice.",
        "Keep one of them; give it a weight where it is to count more.",
    )


def _shared(statements: list[_Statement]) -> Finding:
    return Finding(
        Kind.SHARED_CRITERION,
        Severity.NOTE,
        tuple(each.place for each in statements),
        f"{quoted(statements[0].text)} is asked for by {len(statements)} categories, and does not "
        "tell them apart.",
        "Replace it by what only one of them has, unless the answer itself is wanted.",
    )
