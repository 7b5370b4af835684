"""The running answer for a document: a fold over page results in any order."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from docsort_server.engine.model import Outcome
from docsort_server.engine.outcome import decide
from docsort_server.engine.result import best

if TYPE_CHECKING:
    from docsort_server.engine.model import Question
    from docsort_server.engine.result import PageResult

# The first page names a document more often than any other: it counts twice.
FIRST_PAGE_WEIGHT = 2.0
# Below this share of the weight a label does not stand for the document, however sure its pages.
AGREEMENT = 0.8


@dataclass(frozen=True, slots=True)
class Standing:
    """The answer as the tally has it after `pages` voting pages."""

    scores: tuple[float, ...]
    no_match_score: float
    outcome: Outcome
    pages: int

    @property
    def label(self) -> int:
        """Index of the leading category."""
        label = best(self.scores)
        assert label is not None
        return label


class Tally:
    """Fold pages' scores into the document's: memory is two numbers per category.

    The document's scores, and its belief that nothing fits, are the weighted means of those of
    the voting pages, so together they add up to 1 as well. The lowest-numbered voting page weighs
    `FIRST_PAGE_WEIGHT`, every other page 1: the answer does not depend on the order in which
    pages arrive. The outcome follows from the scores, with one rule more: where the pages that
    agree with the answer have less than `AGREEMENT` of the weight, as in a packet of several
    documents, MATCHED becomes AMBIGUOUS.
    """

    def __init__(self, question: Question) -> None:
        self._question = question
        self._scores = [0.0] * len(question.categories)
        self._votes = [0] * len(question.categories)
        self._no_match = 0.0
        self._pages = 0
        self._first: PageResult | None = None

    def add(self, page: PageResult) -> None:
        """Count a page; pages without scores do not vote."""
        label = page.label
        if label is None:
            return
        self._pages += 1
        self._votes[label] += 1
        self._no_match += page.no_match_score or 0.0
        for index, score in enumerate(page.scores):
            self._scores[index] += score
        if self._first is None or page.page < self._first.page:
            self._first = page

    @property
    def first_page(self) -> int | None:
        """The page that counts as the first; None before any page voted."""
        return self._first.page if self._first else None

    def standing(self) -> Standing | None:
        """Return the answer so far; None before any page voted."""
        first = self._first
        if first is None:
            return None
        extra = FIRST_PAGE_WEIGHT - 1.0
        weight = self._pages + extra
        scores = tuple(
            (total + extra * score) / weight
            for total, score in zip(self._scores, first.scores, strict=True)
        )
        no_match = (self._no_match + extra * (first.no_match_score or 0.0)) / weight
        outcome = decide(scores, no_match, self._question)
        if outcome is Outcome.MATCHED and self._agreement(scores, first) < AGREEMENT:
            outcome = Outcome.AMBIGUOUS
        return Standing(scores, no_match, outcome, self._pages)

    def _agreement(self, scores: tuple[float, ...], first: PageResult) -> float:
        """Return the share of the weight that lies on pages with the answer's label."""
        label = best(scores)
        assert label is not None
        extra = FIRST_PAGE_WEIGHT - 1.0
        votes = self._votes[label] + (extra if first.label == label else 0.0)
        return votes / (self._pages + extra)
