"""The truth about criteria that is set by hand."""

from __future__ import annotations

from collections import Counter

import pytest

from bench import criteria
from docsort_server.engine.model import CriterionMark


def test_the_truth_is_whole() -> None:
    """Every kind, both verdicts and both halves; a document is of one half, a pair stands once."""
    truths = criteria.read_truth()
    kinds = Counter((truth.half, truth.kind, truth.met) for truth in truths)
    assert set(kinds) == {
        (half, kind, met)
        for half in criteria.HALVES
        for kind in criteria.KINDS
        for met in (True, False)
    }
    halves = {(truth.path, truth.half) for truth in truths}
    assert len(halves) == len({truth.path for truth in truths})
    assert len({(truth.path, truth.page, truth.criterion) for truth in truths}) == len(truths)


def judged(path: str, *, met: bool, said: bool, confidence: float = 0.9) -> criteria.Judged:
    """Return one judgement."""
    truth = criteria.Truth(path, 1, "development", "plain", "x", met)
    return criteria.Judged(truth, CriterionMark(said, confidence))


def test_figures_are_those_of_the_definitions() -> None:
    """Balanced accuracy is the mean of two recalls, the error that of confidence and rightness."""
    sheet = [
        judged("a", met=True, said=True),
        judged("a", met=True, said=True),
        judged("b", met=True, said=False),
        judged("b", met=False, said=False),
    ]
    assert criteria.balanced(sheet) == pytest.approx((2 / 3 + 1) / 2)
    assert criteria.calibration_error(sheet) == pytest.approx(abs(0.9 - 3 / 4))
    low, high = criteria.interval(sheet)
    assert low <= criteria.balanced(sheet) <= high


def test_a_line_for_each_half_and_kind_that_was_judged() -> None:
    """And one for all of a half."""
    told = list(criteria.lines([judged("a", met=True, said=True)]))
    assert [line.split()[:2] for line in told] == [["development", "plain"], ["development", "all"]]
