"""The running answer for a document."""

import math
from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from page_values import QUESTION, chosen, documents, silent, voting

from docsort_server.engine.model import Outcome
from docsort_server.engine.outcome import Bound, Shortfall
from docsort_server.engine.result import PageResult
from docsort_server.engine.tally import AGREEMENT, Standing, Tally


def standing(*pages: PageResult) -> Standing | None:
    """Return the answer after some pages."""
    tally = Tally(QUESTION)
    for page in pages:
        tally.add(page)
    return tally.standing()


def test_nothing_stands_before_a_vote() -> None:
    """No page, or none that votes, gives no answer."""
    assert standing() is None
    assert standing(silent(1, Outcome.BLANK), silent(2, Outcome.FAILED)) is None


def test_one_page_is_the_answer() -> None:
    """The answer for a single page is that page's."""
    answer = standing(voting(7, 0.5, 0.2, 0.1, no_match=0.2))
    assert answer is not None
    assert answer.scores == pytest.approx((0.5, 0.2, 0.1))
    assert (answer.label, answer.pages, answer.outcome) == (0, 1, Outcome.MATCHED)
    assert answer.no_match_score == pytest.approx(0.2)


def test_scores_are_the_weighted_mean() -> None:
    """Two pages: two thirds of the first and one of the second."""
    first, second = (0.6, 0.3, 0.1), (0.2, 0.7, 0.1)
    answer = standing(voting(1, *first), voting(2, *second))
    assert answer is not None
    expected = [(2 * a + b) / 3 for a, b in zip(first, second, strict=True)]
    assert answer.scores == pytest.approx(expected)


@pytest.mark.parametrize(
    ("labels", "outcome"),
    [
        ("A", Outcome.MATCHED),
        ("AB", Outcome.AMBIGUOUS),
        ("ABB", Outcome.AMBIGUOUS),
        ("AAAB", Outcome.MATCHED),
        ("ABBBB", Outcome.AMBIGUOUS),
        ("AAAAAB", Outcome.MATCHED),
        ("AABBCC", Outcome.AMBIGUOUS),
    ],
)
def test_pages_that_disagree_make_a_document_ambiguous(labels: str, outcome: Outcome) -> None:
    """However sure each page is, less than four fifths of the weight do not speak for all."""
    rows = {"A": (0.98, 0.01, 0.01), "B": (0.01, 0.98, 0.01), "C": (0.01, 0.01, 0.98)}
    answer = standing(*(voting(page, *rows[label]) for page, label in enumerate(labels, 1)))
    assert answer is not None
    assert answer.outcome is outcome


def test_a_document_does_not_match_what_none_fits_leads() -> None:
    """Its pages agree, and the belief that none fits is below a half, but above their category."""
    pages = (voting(page, 0.43, 0.05, 0.04, no_match=0.48) for page in (1, 2, 3))
    answer = standing(*pages)
    assert answer is not None
    assert answer.outcome is Outcome.AMBIGUOUS


def test_the_first_page_counts_twice() -> None:
    """Of two opposite pages the first wins, whichever arrives first."""
    pages = voting(1, 0.8, 0.1, 0.1), voting(2, 0.1, 0.8, 0.1)
    for order in (pages, pages[::-1]):
        answer = standing(*order)
        assert answer is not None
        assert answer.label == 0


def test_the_first_voting_page_stands_in_for_a_blank_one() -> None:
    """Behind a blank cover the next page counts twice."""
    answer = standing(silent(1, Outcome.BLANK), voting(3, 0.1, 0.8, 0.1), voting(2, 0.8, 0.1, 0.1))
    assert answer is not None
    assert (answer.label, answer.pages) == (0, 2)


def test_no_match_is_the_weighted_mean() -> None:
    """The belief that nothing fits is averaged with the same weights."""
    answer = standing(voting(1, 0.1, 0.0, 0.0, no_match=0.9), voting(2, 0.4, 0.3, 0.3))
    assert answer is not None
    assert answer.no_match_score == pytest.approx(0.6)
    assert answer.outcome is Outcome.NO_MATCH


def test_one_page_has_no_veto() -> None:
    """A score of zero on one page does not rule a category out for the document."""
    pages = [voting(number, 0.9, 0.05, 0.05) for number in range(2, 12)]
    answer = standing(voting(1, 0.0, 1.0, 0.0), *pages)
    assert answer is not None
    assert answer.label == 0


@settings(max_examples=50)
@given(documents(), st.randoms(use_true_random=False))
def test_the_order_does_not_matter(pages: list[PageResult], random: Random) -> None:
    """Any order of the same pages gives the same answer."""
    shuffled = random.sample(pages, len(pages))
    one, other = standing(*pages), standing(*shuffled)
    if one is None or other is None:
        assert one is other is None
        return
    assert one.scores == pytest.approx(other.scores, abs=1e-12)
    assert one.no_match_score == pytest.approx(other.no_match_score)
    assert (one.label is None) == (other.label is None)
    assert one.pages == other.pages


@settings(max_examples=50)
@given(documents())
def test_scores_stay_probabilities(pages: list[PageResult]) -> None:
    """Scores and the belief that none fits add up to 1; none is negative or not a number."""
    answer = standing(*pages)
    if answer is None:
        return
    if not answer.scores:
        assert answer.no_match_score is None
        return
    assert answer.no_match_score is not None
    assert math.isclose(sum(answer.scores) + answer.no_match_score, 1.0, rel_tol=1e-9)
    assert all(0.0 <= score <= 1.0 for score in answer.scores)


def test_labels_stand_where_nothing_has_scores() -> None:
    """The label with most weight is the answer; the first page counts twice here too."""
    answer = standing(chosen(1, 2), chosen(2, 0), chosen(3, 2), chosen(4, 2))
    assert answer is not None
    assert (answer.label, answer.outcome, answer.pages) == (2, Outcome.MATCHED, 4)
    assert (answer.scores, answer.no_match_score, answer.confidence) == ((), None, None)
    missed = Shortfall(Bound.AGREEMENT, AGREEMENT, 2 / 3)
    apart = Standing((), None, 0, Outcome.AMBIGUOUS, 2, missed)
    assert standing(chosen(1, 0), chosen(2, 1)) == apart


def test_pages_that_fit_nothing_vote_for_that() -> None:
    """Half of the weight makes it NO_MATCH; with no label at all there is no leader."""
    assert standing(chosen(1, None)) == Standing((), None, None, Outcome.NO_MATCH, 1)
    answer = standing(chosen(1, None), chosen(2, 1), chosen(3, 1))
    assert answer is not None
    assert (answer.label, answer.outcome) == (1, Outcome.NO_MATCH)


def test_a_label_without_scores_counts_for_agreement_alone() -> None:
    """It leaves the scores as they are, and makes a document ambiguous as any vote does."""
    votes = [voting(number, 0.9, 0.05, 0.05) for number in (2, 3, 4)]
    alone, beside = standing(*votes), standing(*votes, chosen(5, 1), chosen(6, 1))
    assert alone is not None
    assert beside is not None
    assert beside.scores == pytest.approx(alone.scores)
    assert (alone.outcome, beside.outcome) == (Outcome.MATCHED, Outcome.AMBIGUOUS)
    first = standing(*votes, chosen(1, 0))
    assert first is not None
    assert (first.outcome, first.pages) == (Outcome.MATCHED, 4)
