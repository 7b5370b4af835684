"""Scores that say how often they are right."""

from __future__ import annotations

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from docsort_server.engine.local.calibration import calibrated
from docsort_server.engine.outcome import NO_MATCH_FROM

_WEIGHTS = st.lists(st.floats(1e-6, 1.0), min_size=1, max_size=30)


@given(weights=_WEIGHTS, belief=st.floats(0.0, 1.0), known=st.floats(0.0, 1.0))
def test_what_is_the_answer_stays_so(weights: list[float], belief: float, known: float) -> None:
    """All adds up to 1, categories keep their order, and NO_MATCH neither wins nor loses by it."""
    chances = [weight / sum(weights) for weight in weights]
    scores, after = calibrated(chances, belief, known)
    assert math.isclose(sum(scores) + after, 1.0)
    assert all(score >= 0.0 for score in scores)
    assert (after >= NO_MATCH_FROM) == (belief >= NO_MATCH_FROM)
    order = sorted(range(len(chances)), key=chances.__getitem__)
    assert [scores[i] for i in order] == sorted(scores)


def test_a_leading_category_leads_by_more_and_equal_ones_stay_equal() -> None:
    """Temperature sharpens differences and makes none."""
    scores, _ = calibrated([0.6, 0.3, 0.1], 0.0, 1.0)
    assert scores[0] > 0.68
    assert calibrated([0.25] * 4, 0.0, 1.0)[0] == pytest.approx((0.25,) * 4)


def test_a_belief_that_does_not_win_takes_little_from_the_scores() -> None:
    """A winning one is told as it is."""
    assert calibrated([1.0], 0.3, 1.0)[1] == pytest.approx(0.073, abs=0.001)
    scores, belief = calibrated([1.0], 0.8, 1.0)
    assert belief == 0.8
    assert scores[0] == pytest.approx(0.2)


def test_what_is_unfamiliar_is_told_as_it_is() -> None:
    """Its scores are right as often as they say, so nothing is made surer."""
    scores, belief = calibrated([0.7, 0.3], 0.4, 0.0)
    assert (*scores, belief) == pytest.approx((0.42, 0.18, 0.4))
