"""The rule that turns scores into an outcome, the same for pages and documents."""

from __future__ import annotations

from dataclasses import dataclass, replace
from enum import StrEnum
from typing import TYPE_CHECKING

from docsort_server.engine.model import Outcome

if TYPE_CHECKING:
    from collections.abc import Sequence

    from docsort_server.engine.model import PageVerdict, Question

MIN_CONFIDENCE = 0.4
MIN_MARGIN = 0.05
NO_MATCH_FROM = 0.5
# What a mean of equal numbers may be away from them in floating point, and more.
_HAIR = 1e-9


class Bound(StrEnum):
    """What an answer has to reach to be MATCHED."""

    MIN_CONFIDENCE = "MIN_CONFIDENCE"
    THRESHOLD = "THRESHOLD"
    MIN_MARGIN = "MIN_MARGIN"
    AGREEMENT = "AGREEMENT"


@dataclass(frozen=True, slots=True)
class Shortfall:
    """The bound that an AMBIGUOUS answer does not reach; both numbers are 0..1.

    `reached` is below 0 where it is a lead over the belief that none fits, and that one leads.
    """

    bound: Bound
    required: float
    reached: float


def decide(scores: Sequence[float], no_match_score: float | None, question: Question) -> Outcome:
    """Return NO_MATCH, AMBIGUOUS or MATCHED; scores and `no_match_score` add up to 1.

    NO_MATCH when `no_match_score` is at least 0.5. AMBIGUOUS when the best score is below its
    category's threshold, or without one below `min_confidence` (default 0.4); or leads the second,
    or `no_match_score`, by less than `min_margin` (default 0.05). Of equal scores the first is the
    best. A bound that is missed by a billionth is reached: pages and means of pages that are alike
    end alike.
    """
    if not scores or (no_match_score is not None and no_match_score >= NO_MATCH_FROM - _HAIR):
        return Outcome.NO_MATCH
    missed = shortfall(scores, no_match_score, question)
    return Outcome.AMBIGUOUS if missed else Outcome.MATCHED


def shortfall(
    scores: Sequence[float], no_match_score: float | None, question: Question
) -> Shortfall | None:
    """Return the first bound that scores, of which there are some, do not reach."""
    best, second = sorted([*scores, 0.0], reverse=True)[:2]
    # That none fits is an answer as well, which the best has to lead.
    lead = best - max(second, no_match_score or 0.0)
    threshold = question.categories[scores.index(best)].threshold
    bound = Bound.MIN_CONFIDENCE if threshold is None else Bound.THRESHOLD
    if threshold is None:
        threshold = _or_default(question.min_confidence, MIN_CONFIDENCE)
    if best < threshold - _HAIR:
        return Shortfall(bound, threshold, best)
    margin = _or_default(question.min_margin, MIN_MARGIN)
    return Shortfall(Bound.MIN_MARGIN, margin, lead) if lead < margin - _HAIR else None


def decided_anew(verdict: PageVerdict, question: Question) -> PageVerdict:
    """Return a verdict that was given when other bounds held, with the outcome by these ones."""
    if not verdict.scores:
        return verdict
    outcome = decide(verdict.scores, verdict.no_match_score, question)
    return replace(verdict, outcome=outcome)


def without_bounds(question: Question) -> Question:
    """Return a question without what decides nothing but the outcome."""
    categories = tuple(replace(each, threshold=None) for each in question.categories)
    return replace(question, categories=categories, min_confidence=None, min_margin=None)


def _or_default(value: float | None, default: float) -> float:
    return default if value is None else value
