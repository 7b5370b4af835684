"""The running answer for a document: a fold over page results in any order."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from docsort_server.engine.criteria import CriteriaTally
from docsort_server.engine.model import Outcome
from docsort_server.engine.outcome import NO_MATCH_FROM, Bound, Shortfall, decide, shortfall
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
    """The answer as the tally has it after `pages` voting pages.

    `scores` and `no_match_score` are unset where no page has scores. `label` is the leading
    category; None where all that was voted for is that none fits. `shortfall` is what keeps an
    answer that is AMBIGUOUS from being MATCHED.
    """

    scores: tuple[float, ...]
    no_match_score: float | None
    label: int | None
    outcome: Outcome
    pages: int
    shortfall: Shortfall | None = None

    @property
    def confidence(self) -> float | None:
        """The score of the leading category; None without scores."""
        return None if self.label is None or not self.scores else self.scores[self.label]


def disagreement(share: float) -> Shortfall | None:
    """Return what is missed where the pages of a category have this share of the weight."""
    return Shortfall(Bound.AGREEMENT, AGREEMENT, share) if share < AGREEMENT else None


class Tally:
    """Fold pages' scores into the document's: memory is two numbers per category.

    The document's scores, and its belief that nothing fits, are the weighted means of those of
    the pages that have scores, so together they add up to 1 as well. The lowest-numbered voting
    page weighs `FIRST_PAGE_WEIGHT`, every other page 1: the answer does not depend on the order in
    which pages arrive. The outcome follows from the scores, with one rule more: where the pages
    that agree with the answer have less than `AGREEMENT` of the weight, as in a packet of several
    documents, MATCHED becomes AMBIGUOUS. At the end `Aggregate` asks that again of pages as they
    are among their neighbours.

    Where no page has scores, the answer is the label with the most weight, and NO_MATCH where at
    least half of the weight is on pages that none of the categories fits.

    A category that requires a criterion which the document does not meet is out: what spoke for it
    speaks for none of the categories. `criteria` tells which criteria the document meets so far.
    """

    def __init__(self, question: Question) -> None:
        self._question = question
        self._scores = [0.0] * len(question.categories)
        self._votes = [0.0] * len(question.categories)
        self._no_match = 0.0
        self._pages = 0
        self._scored = 0
        self._first: PageResult | None = None
        self.criteria = CriteriaTally(question)

    def add(self, page: PageResult) -> None:
        """Count a page, if it votes."""
        if not page.votes:
            return
        self._pages += 1
        self.criteria.add(page.criteria)
        if page.label is not None:
            self._votes[page.label] += 1
        if page.scores:
            self._scored += 1
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
        return self._by_scores(first) if self._scored else self._by_labels(first)

    def decided(self, unseen: int, *, earlier: bool = False) -> bool:
        """Tell whether the label stays, whatever `unseen` more pages hold.

        `earlier` tells that one of them comes before the first page that voted, and would take its
        extra weight. The worst that a page can do is to give all of its weight to a rival. Pages
        without scores are taken to be followed by such. Nothing is decided before the end where
        criteria are required.
        """
        if self._first is None or self.criteria.requires:
            return False
        totals, extra = self._totals(self._first)
        weights = [total + each for total, each in zip(totals, extra, strict=True)]
        label = best(tuple(weights))
        assert label is not None
        others = [index for index in range(len(weights)) if index != label]
        if any(weights[label] <= weights[other] + unseen for other in others):
            return not unseen
        most = unseen + FIRST_PAGE_WEIGHT - 1.0
        return not (earlier and any(totals[label] <= totals[other] + most for other in others))

    def _totals(self, first: PageResult) -> tuple[list[float], list[float]]:
        """Return what speaks for each label, and what the first page adds to that."""
        extra = FIRST_PAGE_WEIGHT - 1.0
        if not self._scored:
            firsts = [extra * (first.label == label) for label in range(len(self._votes))]
            return self._votes, firsts
        return self._scores, [extra * score for score in first.scores or [0.0] * len(self._scores)]

    def _by_scores(self, first: PageResult) -> Standing:
        extra = FIRST_PAGE_WEIGHT - 1.0 if first.scores else 0.0
        weight = self._scored + extra
        # Without scores the first page adds nothing to those of the others.
        firsts = first.scores or self._scores
        scores = tuple(
            (total + extra * score) / weight
            for total, score in zip(self._scores, firsts, strict=True)
        )
        no_match = (self._no_match + extra * (first.no_match_score or 0.0)) / weight
        barred = self.criteria.barred()
        no_match += sum(scores[index] for index in barred)
        scores = tuple(0.0 if index in barred else each for index, each in enumerate(scores))
        label = best(scores)
        outcome = decide(scores, no_match, self._question)
        if outcome is Outcome.NO_MATCH:
            return Standing(scores, no_match, label, outcome, self._pages)
        missed = shortfall(scores, no_match, self._question)
        missed = missed or disagreement(self._agreement(label, first))
        outcome = Outcome.AMBIGUOUS if missed else Outcome.MATCHED
        return Standing(scores, no_match, label, outcome, self._pages, missed)

    def _by_labels(self, first: PageResult) -> Standing:
        barred = self.criteria.barred()
        shares = [
            0.0 if label in barred else self._agreement(label, first)
            for label in range(len(self._votes))
        ]
        label = best(tuple(shares)) if any(shares) else None
        if 1.0 - sum(shares) >= NO_MATCH_FROM:
            return Standing((), None, label, Outcome.NO_MATCH, self._pages)
        missed = disagreement(max(shares))
        outcome = Outcome.AMBIGUOUS if missed else Outcome.MATCHED
        return Standing((), None, label, outcome, self._pages, missed)

    def _agreement(self, label: int | None, first: PageResult) -> float:
        """Return the share of the weight that lies on pages with a label."""
        assert label is not None
        extra = FIRST_PAGE_WEIGHT - 1.0
        votes = self._votes[label] + (extra if first.label == label else 0.0)
        return votes / (self._pages + extra)
