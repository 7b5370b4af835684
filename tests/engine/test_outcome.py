"""The rule that turns scores into an outcome."""

from __future__ import annotations

import pytest

from docsort_server.engine.model import Category, Outcome, Question
from docsort_server.engine.outcome import decide

_ASKED = Question((Category("Invoice"), Category("Letter"), Category("Report")))


@pytest.mark.parametrize(
    ("scores", "no_match", "outcome"),
    [
        ((0.7, 0.1, 0.1), 0.1, Outcome.MATCHED),
        ((0.4, 0.05, 0.05), 0.5, Outcome.NO_MATCH),
        ((0.39, 0.31, 0.2), 0.1, Outcome.AMBIGUOUS),
        ((0.44, 0.40, 0.06), 0.1, Outcome.AMBIGUOUS),
        ((0.5, 0.44, 0.06), None, Outcome.MATCHED),
        ((), None, Outcome.NO_MATCH),
    ],
)
def test_default_thresholds(
    scores: tuple[float, ...], no_match: float | None, outcome: Outcome
) -> None:
    """No match first, then confidence, then the margin to the second."""
    assert decide(scores, no_match, _ASKED) is outcome


def test_thresholds_of_the_question_win() -> None:
    """A caller may ask for more, or for nothing at all."""
    scores = (0.6, 0.3, 0.1)
    strict = Question(_ASKED.categories, min_confidence=0.7)
    wide = Question(_ASKED.categories, min_margin=0.5)
    lax = Question(_ASKED.categories, min_confidence=0.0, min_margin=0.0)
    assert decide(scores, 0.0, strict) is Outcome.AMBIGUOUS
    assert decide(scores, 0.0, wide) is Outcome.AMBIGUOUS
    assert decide((0.35, 0.35, 0.3), 0.0, lax) is Outcome.MATCHED


def test_one_category_is_decided_by_the_belief_in_no_match() -> None:
    """With one category the score is what that belief leaves."""
    only = Question((Category("Invoice"),))
    assert decide((0.8,), 0.2, only) is Outcome.MATCHED
    assert decide((0.1,), 0.9, only) is Outcome.NO_MATCH
