"""Which documents may go through unseen: the threshold, its rate and what it is worth."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st
from labelled_parts import graded

from docsort._evaluate.auto_rate import Ranking

ANSWERS = st.lists(st.tuples(st.floats(0, 1), st.booleans()), min_size=1, max_size=40)


def ranking(*answers: tuple[float | None, bool], outcome: str = "matched") -> Ranking:
    """Return a ranking of documents with these confidences, right or not."""
    return Ranking(
        [
            graded("Invoice", "Invoice" if right else "Letter", said, outcome=outcome, name=str(at))
            for at, (said, right) in enumerate(answers)
        ]
    )


def test_as_many_as_the_precision_allows() -> None:
    """The threshold lies between the last that may go and the next; it is short."""
    found = ranking((0.99, True), (0.95, True), (0.912, True), (0.5, False), (0.4, True))
    strict, loose = found.auto_rate(1.0), found.auto_rate(0.75)
    assert (strict.rate.value, strict.threshold) == (0.6, 0.91)
    assert (loose.rate.value, loose.threshold) == (1.0, 0.4)
    assert strict.precision.value == 1.0


def test_equal_confidences_go_together() -> None:
    """No threshold parts documents of the same confidence."""
    found = ranking((0.9, True), (0.9, False)).auto_rate(1.0)
    assert (found.threshold, found.rate.value) == (None, 0.0)
    assert found.precision.n == 0


def test_only_what_matched_goes_through() -> None:
    """However sure, an ambiguous document is for a person; one without confidence is too."""
    assert ranking((0.99, True), outcome="ambiguous").auto_rate(0.5).threshold is None
    assert ranking((None, True)).auto_rate(0.5).rate.value == 0.0


def test_held_out_figures_see_no_document_they_chose_by() -> None:
    """With one wrong document at the top, what was chosen without it lets it through."""
    answers = [(0.99, False)] + [(0.5 + place / 100, True) for place in range(40)]
    found = ranking(*answers).auto_rate(1.0)
    assert found.threshold is None
    assert found.held_out_precision.value is not None
    assert found.held_out_precision.value < 1.0


@given(ANSWERS)
def test_the_threshold_keeps_its_promise(answers: list[tuple[float, bool]]) -> None:
    """Whatever the documents: those at or above the threshold have the wished precision."""
    found = ranking(*answers).auto_rate(0.8)
    if found.threshold is None:
        return
    through = [right for said, right in answers if said >= found.threshold]
    assert sum(through) / len(through) >= 0.8
    assert found.rate.value == pytest.approx(len(through) / len(answers))


def test_errors_are_found_among_the_least_sure() -> None:
    """Looking at a fifth of the pages finds all errors where they are the least sure fifth."""
    answers = [(0.9 - place / 100, True) for place in range(8)] + [(0.2, False), (0.1, False)]
    by_pages = {each.pages: each for each in ranking(*answers).review()}
    assert by_pages[0.1].caught.value == 0.5
    assert (by_pages[0.2].caught.value, by_pages[0.2].caught.n) == (1.0, 2)


def test_a_sure_rejection_is_looked_at_late() -> None:
    """Documents that surely fit nothing do not stand before doubtful ones in the review."""
    none = graded("other", "Invoice", 0.01, outcome="no_match", name="none")
    answer = replace(none.answer, no_match_score=0.99)
    doubtful = graded("Letter", "Invoice", 0.5, outcome="ambiguous")
    found = Ranking([type(none)(none.truth, answer, none.choice), doubtful]).review()
    assert next(each for each in found if each.pages == 0.5).caught.value == 1.0


def test_coverage_ends_where_confidence_does() -> None:
    """The table has no line for more documents than may go through at all."""
    found = ranking(*[(0.9, True)] * 5, *[(None, True)] * 5).coverage()
    assert [each.coverage for each in found] == [0.1, 0.2, 0.3, 0.4, 0.5]
