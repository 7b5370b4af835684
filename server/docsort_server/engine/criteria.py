"""What criteria mean beyond their statements: patterns, negation, weight and what is required.

Engines judge plain statements. Here a question is turned into those, and what an engine said is
turned back into what the caller asked for, so that all engines mean the same by a criterion.
"""

from __future__ import annotations

from dataclasses import replace
from functools import lru_cache, reduce
from operator import and_, or_
from typing import TYPE_CHECKING

import re2

from docsort_server.engine.model import PLAIN, CriterionMark, Terms

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from docsort_server.engine.model import Category, PageVerdict, Question

# Bytes of memory that a pattern may take: RE2 is slower, never wrong, where it would need more.
PATTERN_MEMORY = 1 << 20
# Characters of a line that is quoted.
_QUOTE = 200
# Patterns that stay compiled.
_COMPILED = 1_024


class PatternError(ValueError):
    """A pattern that RE2 does not take; the text says why."""


@lru_cache(maxsize=64)
def asked(question: Question) -> Question:
    """Return the question as engines are asked it: plain statements, without patterns.

    One of plain statements alone is returned as it is. Of the terms it is told which statements
    speak against their category, since they do not describe it.
    """
    if not any(category.terms for category in question.categories):
        return question
    return replace(question, categories=tuple(map(_statements, question.categories)))


async def judged(question: Question, text: str, verdict: PageVerdict) -> PageVerdict:
    """Return a verdict on `asked(question)` as one on the question, given the page's text.

    Patterns are matched in a thread, one after the other.
    """
    if not verdict.criteria or not any(category.terms for category in question.categories):
        return verdict
    # Processes of the embedded engine load this module too, and have no event loop.
    import asyncio  # noqa: PLC0415

    found = await asyncio.to_thread(_found, question, text)
    rows = zip(question.categories, verdict.criteria, strict=True)
    marks = tuple(tuple(_marks(category, row, found)) for category, row in rows)
    return replace(verdict, criteria=marks)


def compiled(pattern: str) -> re2._Regexp:
    """Return a pattern ready to be searched for. Raises `PatternError`."""
    try:
        return _compiled(pattern)
    except re2.error as error:
        said = error.args[0] if error.args else ""
        raise PatternError(said.decode() if isinstance(said, bytes) else str(said)) from None


class CriteriaTally:
    """Fold pages' marks into a document's: memory is a number per criterion.

    A criterion is met where any page meets it; one that nothing meets too, such as a denial or
    "at most one date", where every page does, and there is one. So the order of the pages does
    not matter.
    """

    def __init__(self, question: Question) -> None:
        self._terms, self._throughout = _folding(question)
        self._met = [[0] * len(row) for row in self._terms]
        self._pages = 0
        self.requires = any(terms.required for row in self._terms for terms in row)

    def add(self, marks: Iterable[tuple[CriterionMark, ...]]) -> None:
        """Count a page that was judged."""
        self._pages += 1
        for counts, row in zip(self._met, marks, strict=False):
            for index, mark in enumerate(row):
                counts[index] += mark.met

    def met(self) -> tuple[tuple[bool, ...], ...]:
        """Tell for every criterion whether the document meets it."""
        return tuple(
            tuple(
                bool(self._pages) and (count == self._pages if throughout else count > 0)
                for count, throughout in zip(counts, row, strict=True)
            )
            for counts, row in zip(self._met, self._throughout, strict=True)
        )

    def barred(self) -> set[int]:
        """Return the categories that the document cannot be of: one they require is not met."""
        if not self.requires:
            return set()
        return {
            number
            for number, (met, row) in enumerate(zip(self.met(), self._terms, strict=True))
            if any(terms.required and not each for each, terms in zip(met, row, strict=True))
        }


def bits(marks: Iterable[tuple[CriterionMark, ...]]) -> int:
    """Return which criteria a page meets: a bit for each, the lowest for the first."""
    digits = ["01"[mark.met] for row in marks for mark in row]
    return int("".join(reversed(digits)) or "0", base=2)


def met_together(question: Question, label: int, pages: Sequence[int]) -> tuple[bool, ...]:
    """Tell for a category's criteria whether pages, as `bits` of each, meet them as a document."""
    throughout = _folding(question)[1]
    first = sum(map(len, throughout[:label]))
    on_any, on_all = reduce(or_, pages, 0), reduce(and_, pages, -1) if pages else 0
    return tuple(
        bool((on_all if always else on_any) >> place & 1)
        for place, always in enumerate(throughout[label], first)
    )


def fraction(category: Category, met: Iterable[bool]) -> float:
    """Return the share (0..1) of the category's criteria that are met, by their weights."""
    weights = [terms.weight for terms in _terms(category)]
    return sum(w for w, each in zip(weights, met, strict=True) if each) / sum(weights)


@lru_cache(maxsize=64)
def _folding(question: Question) -> tuple[list[list[Terms]], list[list[bool]]]:
    """Return the terms of all criteria, and whether each must be met throughout a document.

    Kept, since every watcher of a job folds its pages.
    """
    terms = [_terms(category) for category in question.categories]
    throughout = [
        [each.throughout(text) for text, each in zip(category.criteria, row, strict=True)]
        for category, row in zip(question.categories, terms, strict=True)
    ]
    return terms, throughout


def _statements(category: Category) -> Category:
    kept = [
        (text, terms)
        for text, terms in zip(category.criteria, _terms(category), strict=True)
        if not terms.pattern
    ]
    signs = tuple(Terms(negative=terms.negative) for _, terms in kept)
    return replace(
        category,
        criteria=tuple(text for text, _ in kept),
        terms=signs if any(each.negative for each in signs) else (),
    )


def _terms(category: Category) -> list[Terms]:
    """Return the terms of every criterion."""
    return list(category.terms) or [PLAIN] * len(category.criteria)


def _marks(
    category: Category, row: Iterable[CriterionMark], found: dict[str, str | None]
) -> Iterator[CriterionMark]:
    said = iter(row)
    for terms in _terms(category):
        mark = _matched(found[terms.pattern]) if terms.pattern else next(said)
        yield replace(mark, met=not mark.met) if terms.negative else mark


def _matched(line: str | None) -> CriterionMark:
    return CriterionMark(line is not None, 1.0, line or "")


def _found(question: Question, text: str) -> dict[str, str | None]:
    """Return for each pattern the line where it was found; empty without evidence."""
    patterns = {each.pattern for category in question.categories for each in _terms(category)}
    lines = {pattern: _line(pattern, text) for pattern in patterns if pattern}
    return {
        pattern: line if line is None or question.evidence else ""
        for pattern, line in lines.items()
    }


def _line(pattern: str, text: str) -> str | None:
    match = compiled(pattern).search(text)
    if match is None:
        return None
    start = text.rfind("\n", 0, match.start()) + 1
    end = text.find("\n", match.start())
    line = text[start : end if end >= 0 else len(text)]
    # Of a long line the part that begins with what was found.
    return (line if len(line) <= _QUOTE else text[match.start() :][:_QUOTE]).strip()


@lru_cache(maxsize=_COMPILED)
def _compiled(pattern: str) -> re2._Regexp:
    options = re2.Options()
    options.max_mem = PATTERN_MEMORY
    options.log_errors = False
    return re2.compile(pattern, options)
