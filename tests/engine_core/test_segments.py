"""Runs of pages that belong together."""

from collections.abc import Sequence
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st
from page_values import LETTERS

from docsort_server.engine.consensus import consensus
from docsort_server.engine.labels import NONE_FITS, PageLabel
from docsort_server.engine.model import Outcome, Question
from docsort_server.engine.outcome import Bound, Shortfall, decide
from docsort_server.engine.packet.traits import WORD, Look, PageTraits, packed
from docsort_server.engine.result import BoundaryReason, Segment
from docsort_server.engine.segments import split

START = BoundaryReason.DOCUMENT_START
CHANGE = BoundaryReason.LABEL_CHANGE
GAP = BoundaryReason.PAGE_GAP
SHEET = BoundaryReason.SEPARATOR


def labelled(text: str, first: int = 1) -> list[PageLabel]:
    """Return pages from a letter each.

    A capital is a category that matched, a small letter one that is ambiguous, `?` a page that
    fits none (the nearest is the first), `-` a blank page, a space a gap.
    """
    return [page(number, mark) for number, mark in enumerate(text, first) if mark != " "]


def page(number: int, mark: str) -> PageLabel:
    """Return one page of `labelled`."""
    if mark == "-":
        return PageLabel(number, Outcome.BLANK, None)
    if mark == "?":
        return PageLabel(number, Outcome.NO_MATCH, 0, {0: 0.1, NONE_FITS: 0.9})
    outcome, score = (Outcome.MATCHED, 0.5) if mark.isupper() else (Outcome.AMBIGUOUS, 0.2)
    label = ord(mark.upper()) - ord("A")
    return PageLabel(number, outcome, label, {label: score, label + 2: 0.15, NONE_FITS: 0.1})


def shape(segments: tuple[Segment, ...]) -> list[tuple[str, int, int, BoundaryReason]]:
    """Return what tells segments apart."""
    return [
        (
            "-" if s.label is None else chr(ord("A") + s.label),
            s.first_page,
            s.last_page,
            s.boundary_reason,
        )
        for s in segments
    ]


def with_threshold(threshold: float) -> Question:
    """Return the categories, of which the first has a threshold."""
    first, *others = LETTERS.categories
    return replace(LETTERS, categories=(replace(first, threshold=threshold), *others))


@pytest.mark.parametrize(
    ("pages", "expected"),
    [
        ("", []),
        ("A", [("A", 1, 1, START)]),
        ("AAB", [("A", 1, 2, START), ("B", 3, 3, CHANGE)]),
        ("ABA", [("A", 1, 1, START), ("B", 2, 2, CHANGE), ("A", 3, 3, CHANGE)]),
        ("A-A", [("A", 1, 3, START)]),
        ("A-B", [("A", 1, 2, START), ("B", 3, 3, CHANGE)]),
        ("--AB", [("A", 1, 3, START), ("B", 4, 4, CHANGE)]),
        ("AA--", [("A", 1, 4, START)]),
        ("---", [("-", 1, 3, START)]),
        ("AA AA", [("A", 1, 2, START), ("A", 4, 5, GAP)]),
        ("A B", [("A", 1, 1, START), ("B", 3, 3, GAP)]),
        ("A --", [("A", 1, 1, START), ("-", 3, 4, GAP)]),
        ("A??A", [("A", 1, 1, START), ("-", 2, 3, CHANGE), ("A", 4, 4, CHANGE)]),
        ("?-A", [("-", 1, 2, START), ("A", 3, 3, CHANGE)]),
    ],
)
def test_boundaries(pages: str, expected: list[tuple[str, int, int, BoundaryReason]]) -> None:
    """A change of category or a gap splits; a blank back side joins the run before it."""
    assert shape(split(labelled(pages), LETTERS)) == expected


def test_confidence_is_the_mean_of_scored_pages() -> None:
    """The first counts twice; pages without a category do not pull the confidence down."""
    pages = [
        PageLabel(1, Outcome.MATCHED, 0, {0: 0.9}),
        PageLabel(2, Outcome.BLANK, None),
        PageLabel(3, Outcome.MATCHED, 0, {0: 0.6}),
    ]
    (segment,) = split(pages, LETTERS)
    assert segment.confidence == pytest.approx(0.8)


@pytest.mark.parametrize(
    ("pages", "outcome"),
    [
        ("A", Outcome.MATCHED),
        ("AAAAa-", Outcome.MATCHED),
        ("Aaa", Outcome.AMBIGUOUS),
        ("??", Outcome.NO_MATCH),
        ("--", Outcome.BLANK),
    ],
)
def test_a_segment_says_how_far_it_may_be_trusted(pages: str, outcome: Outcome) -> None:
    """By the mean of its scores; what fits nothing has no category either."""
    (segment,) = split(labelled(pages), LETTERS)
    assert segment.outcome is outcome
    assert (segment.label is None) == (outcome in (Outcome.NO_MATCH, Outcome.BLANK))


def held(*beliefs: dict[int, float]) -> list[PageLabel]:
    """Return pages with these scores, which nothing but their order tells apart."""
    traits = PageTraits(595, 842, 90, names=b"same", words=packed(range(40), WORD))
    return [
        PageLabel(n, Outcome.MATCHED, max(each, key=each.__getitem__), each, traits)
        for n, each in enumerate(beliefs, 1)
    ]


NEAR = {0: 0.46, 1: 0.45, NONE_FITS: 0.0}
FAR = {0: 0.60, 1: 0.30, NONE_FITS: 0.0}


@pytest.mark.parametrize(
    ("asked", "pages", "outcome"),
    [
        (LETTERS, (FAR, FAR), Outcome.MATCHED),
        (LETTERS, (NEAR, NEAR), Outcome.AMBIGUOUS),
        (replace(LETTERS, min_margin=0.005), (NEAR, NEAR), Outcome.MATCHED),
        (replace(LETTERS, min_confidence=0.7), (FAR, FAR), Outcome.AMBIGUOUS),
        (with_threshold(0.7), (FAR, FAR), Outcome.AMBIGUOUS),
        (with_threshold(0.55), (FAR, FAR), Outcome.MATCHED),
        (LETTERS, ({0: 0.6}, {0: 0.6}, {0: 0.3, 1: 0.4}), Outcome.AMBIGUOUS),
        (LETTERS, ({0: 0.35, NONE_FITS: 0.55},) * 2, Outcome.NO_MATCH),
    ],
)
def test_a_segment_is_bound_as_a_page_and_a_document_are(
    asked: Question, pages: Sequence[dict[int, float]], outcome: Outcome
) -> None:
    """By confidence, threshold and lead of its mean scores, and by how many pages agree."""
    (segment,) = split(held(*pages), asked)
    assert segment.outcome is outcome


def test_a_segment_tells_which_bound_it_misses() -> None:
    """Of its scores first, then of its pages."""
    pages = held({0: 0.6}, {0: 0.6}, {0: 0.3, 1: 0.4})
    (segment,) = split(pages, LETTERS)
    assert segment.shortfall == Shortfall(Bound.AGREEMENT, 0.8, 0.75)
    (segment,) = split(pages, replace(LETTERS, min_confidence=0.9))
    assert segment.shortfall
    assert (segment.shortfall.bound, segment.shortfall.required) == (Bound.MIN_CONFIDENCE, 0.9)
    assert segment.shortfall.reached == pytest.approx(0.525)
    (segment,) = split(pages[:2], LETTERS)
    assert segment.shortfall is None


def test_a_segment_of_one_page_has_that_page_s_answer() -> None:
    """Whatever its scores."""
    for scores in ((0.46, 0.45, 0.0), (0.3, 0.2, 0.1), (0.6, 0.3, 0.0), (0.2, 0.1, 0.1)):
        outcome = decide(scores, 1.0 - sum(scores), LETTERS)
        belief = {**dict(enumerate(scores)), NONE_FITS: 1.0 - sum(scores)}
        (segment,) = split([PageLabel(1, outcome, 0, belief)], LETTERS)
        assert segment.outcome is outcome


@pytest.mark.parametrize(
    ("labels", "found"),
    [
        ((0, 0, 0, 0, 1), (0, Outcome.MATCHED)),
        ((0, 0, 1), (0, Outcome.AMBIGUOUS)),
        ((0, 1), (0, Outcome.AMBIGUOUS)),
        ((1, 0, 0), (1, Outcome.AMBIGUOUS)),
        ((None, 0, 0), (None, Outcome.NO_MATCH)),
    ],
)
def test_pages_without_scores_are_counted(
    labels: Sequence[int | None], found: tuple[int | None, Outcome]
) -> None:
    """A model that tells no score chooses; four fifths of the pages make the answer."""
    pages = [
        PageLabel(n, Outcome.NO_MATCH if label is None else Outcome.MATCHED, label)
        for n, label in enumerate(labels, 1)
    ]
    answer = consensus(pages, LETTERS)
    assert (answer.label, answer.outcome) == found
    assert answer.confidence is None


@given(st.text("ABa?- ", max_size=30))
def test_segments_cover_every_page_once(pages: str) -> None:
    """Whatever the pages, each is in exactly one segment, in order."""
    labels = labelled(pages)
    covered = [
        number
        for segment in split(labels, LETTERS)
        for number in range(segment.first_page, segment.last_page + 1)
    ]
    assert covered == [page.page for page in labels]


LITTLE = PageTraits(595, 842, 2)
DIVIDER = replace(LITTLE, look=Look.DIVIDER)


def silent(number: int, traits: PageTraits) -> PageLabel:
    """Return a page of a word or two that fits nothing."""
    return PageLabel(number, Outcome.NO_MATCH, None, {}, traits, votes=False)


@pytest.mark.parametrize(
    ("pages", "expected"),
    [
        ("A|B", [("A", 1, 1, START), ("B", 2, 3, SHEET)]),
        ("A-|B", [("A", 1, 2, START), ("B", 3, 4, SHEET)]),
        ("A|-B", [("A", 1, 1, START), ("B", 2, 4, SHEET)]),
        ("A||B", [("A", 1, 1, START), ("B", 2, 4, SHEET)]),
        ("A.B", [("A", 1, 2, START), ("B", 3, 3, CHANGE)]),
        ("A.|B", [("A", 1, 2, START), ("B", 3, 4, SHEET)]),
        ("A|A", [("A", 1, 3, START)]),
        ("A|", [("A", 1, 2, START)]),
        ("|AB", [("A", 1, 2, START), ("B", 3, 3, CHANGE)]),
        ("A| B", [("A", 1, 2, START), ("B", 4, 4, GAP)]),
    ],
)
def test_a_divider_is_of_what_starts_behind_it(
    pages: str, expected: list[tuple[str, int, int, BoundaryReason]]
) -> None:
    """`|` is a divider, `.` another page of few words, which joins what is before it."""
    few = {"|": DIVIDER, ".": LITTLE}
    labels = [
        silent(number, few[mark]) if mark in few else page(number, mark)
        for number, mark in enumerate(pages, 1)
        if mark != " "
    ]
    assert shape(split(labels, LETTERS)) == expected


def test_pages_that_do_not_vote_join_the_document_before_them() -> None:
    """A page of a word or two fits nothing, and says nothing of what it stands in."""
    divider = PageLabel(2, Outcome.NO_MATCH, None, {}, votes=False)
    letter = PageLabel(1, Outcome.MATCHED, 0, {0: 0.9, NONE_FITS: 0.1})
    (segment,) = split([letter, divider], LETTERS)
    assert (segment.last_page, segment.label, segment.outcome) == (2, 0, Outcome.MATCHED)
    (alone,) = split([divider], LETTERS)
    assert (alone.label, alone.outcome) == (None, Outcome.NO_MATCH)
