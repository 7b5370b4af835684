"""When an answer may be trusted."""

import pytest

from docsort_server.engine.model import Category, Outcome, PageVerdict, Question
from docsort_server.engine.outcome import Bound, Shortfall, decide, decided_anew, shortfall

TWO = (Category("a"), Category("b"))


@pytest.mark.parametrize(
    ("scores", "no_match", "outcome"),
    [
        ((0.8, 0.2), 0.1, Outcome.MATCHED),
        ((0.8, 0.2), 0.499, Outcome.MATCHED),
        ((0.8, 0.2), 0.5, Outcome.NO_MATCH),
        ((0.8, 0.2), None, Outcome.MATCHED),
        ((0.526, 0.474), 0.0, Outcome.MATCHED),
        ((0.52, 0.48), 0.0, Outcome.AMBIGUOUS),
        ((0.39, 0.31, 0.3), 0.0, Outcome.AMBIGUOUS),
        ((0.4, 0.3, 0.3), 0.0, Outcome.MATCHED),
        ((0.43, 0.08), 0.49, Outcome.AMBIGUOUS),
        ((0.46, 0.08), 0.46, Outcome.AMBIGUOUS),
        ((0.48, 0.08), 0.44, Outcome.AMBIGUOUS),
        ((0.5, 0.06), 0.44, Outcome.MATCHED),
        ((1.0,), 0.1, Outcome.MATCHED),
        ((1.0,), 0.5, Outcome.NO_MATCH),
        ((), None, Outcome.NO_MATCH),
    ],
)
def test_defaults(scores: tuple[float, ...], no_match: float | None, outcome: Outcome) -> None:
    """No match from 0.5; else matched with 0.4 at least and 0.05 ahead; one category matches.

    That none fits counts as one of those that it has to be ahead of.
    """
    assert decide(scores, no_match, Question(TWO)) is outcome


@pytest.mark.parametrize(
    ("confidence", "margin", "outcome"),
    [
        (0.7, 0.0, Outcome.AMBIGUOUS),
        (0.6, 0.2, Outcome.MATCHED),
        (0.0, 0.3, Outcome.AMBIGUOUS),
        (0.0, 0.0, Outcome.MATCHED),
        (1.0, None, Outcome.AMBIGUOUS),
        (None, 1.0, Outcome.AMBIGUOUS),
    ],
)
def test_the_caller_sets_the_bounds(
    confidence: float | None, margin: float | None, outcome: Outcome
) -> None:
    """`min_confidence` and `min_margin` replace the defaults, zero included."""
    question = Question(TWO, min_confidence=confidence, min_margin=margin)
    assert decide((0.6, 0.4 - 1e-9), 0.0, question) is outcome


@pytest.mark.parametrize(
    ("scores", "outcome"),
    [
        ((0.6, 0.3), Outcome.AMBIGUOUS),
        ((0.7, 0.2), Outcome.MATCHED),
        ((0.1, 0.6), Outcome.MATCHED),
        ((0.2, 0.4), Outcome.AMBIGUOUS),
    ],
)
def test_a_category_has_its_own_bound(scores: tuple[float, ...], outcome: Outcome) -> None:
    """Its threshold takes the place of `min_confidence`, above it and below."""
    categories = (Category("a", threshold=0.7), Category("b"))
    assert decide(scores, 0.1, Question(categories, min_confidence=0.5)) is outcome
    lenient = Question((Category("a", threshold=0.0), Category("b")), min_confidence=0.9)
    assert decide((0.4, 0.3), 0.3, lenient) is Outcome.MATCHED


def test_a_verdict_is_decided_anew_by_other_bounds() -> None:
    """By its scores; one without scores has no confidence to be bound by."""
    strict = Question((Category("a", threshold=0.9), Category("b")))
    scored = PageVerdict(Outcome.MATCHED, (0.7, 0.2), no_match_score=0.1)
    assert decided_anew(scored, strict).outcome is Outcome.AMBIGUOUS
    chosen = PageVerdict(Outcome.MATCHED, label=0)
    assert decided_anew(chosen, strict) == chosen


def test_equal_scores_match_without_a_margin() -> None:
    """With a margin of zero a tie is no longer ambiguous."""
    assert decide((0.5, 0.5), 0.0, Question(TWO)) is Outcome.AMBIGUOUS
    assert decide((0.5, 0.5), 0.0, Question(TWO, min_margin=0.0)) is Outcome.MATCHED


@pytest.mark.parametrize(
    ("scores", "no_match", "missed"),
    [
        ((0.6, 0.3), None, Shortfall(Bound.THRESHOLD, 0.7, 0.6)),
        ((0.7, 0.2), None, None),
        ((0.2, 0.3), 0.4, Shortfall(Bound.MIN_CONFIDENCE, 0.5, 0.3)),
        ((0.1, 0.5), 0.4, None),
        ((0.5, 0.5), None, Shortfall(Bound.THRESHOLD, 0.7, 0.5)),
        ((0.46875, 0.5), None, Shortfall(Bound.MIN_MARGIN, 0.05, 0.03125)),
        ((0.0, 0.5), 0.484375, Shortfall(Bound.MIN_MARGIN, 0.05, 0.015625)),
        ((0.0, 0.5), 0.53125, Shortfall(Bound.MIN_MARGIN, 0.05, -0.03125)),
    ],
)
def test_the_bound_that_is_missed_is_named(
    scores: tuple[float, ...], no_match: float | None, missed: Shortfall | None
) -> None:
    """The category's own threshold, the request's confidence, or the lead; the first of them.

    The lead is that over the second category or over the belief that none fits.
    """
    question = Question((Category("a", threshold=0.7), Category("b")), min_confidence=0.5)
    assert shortfall(scores, no_match, question) == missed


@pytest.mark.parametrize("no_match", [0.41, 0.49])
def test_what_is_likelier_to_fit_none_never_matches(no_match: float) -> None:
    """Not even where the caller asks for no confidence and no lead."""
    question = Question(TWO, min_confidence=0.0, min_margin=0.0)
    assert decide((0.4, 0.1), no_match, question) is Outcome.AMBIGUOUS
