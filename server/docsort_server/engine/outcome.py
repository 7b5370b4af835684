"""The rule that turns scores into an outcome, the same for pages and documents."""

from __future__ import annotations

from typing import TYPE_CHECKING

from docsort_server.engine.model import Outcome

if TYPE_CHECKING:
    from collections.abc import Sequence

    from docsort_server.engine.model import Question

MIN_CONFIDENCE = 0.4
MIN_MARGIN = 0.05
NO_MATCH_FROM = 0.5


def decide(scores: Sequence[float], no_match_score: float | None, question: Question) -> Outcome:
    """Return NO_MATCH, AMBIGUOUS or MATCHED; scores and `no_match_score` add up to 1.

    NO_MATCH when `no_match_score` is at least 0.5. AMBIGUOUS when the best score is below
    `min_confidence` (default 0.4) or leads the second by less than `min_margin` (default 0.05).
    """
    if not scores or (no_match_score is not None and no_match_score >= NO_MATCH_FROM):
        return Outcome.NO_MATCH
    best, second = sorted([*scores, 0.0], reverse=True)[:2]
    if best < _or_default(question.min_confidence, MIN_CONFIDENCE):
        return Outcome.AMBIGUOUS
    if best - second < _or_default(question.min_margin, MIN_MARGIN):
        return Outcome.AMBIGUOUS
    return Outcome.MATCHED


def _or_default(value: float | None, default: float) -> float:
    return default if value is None else value
