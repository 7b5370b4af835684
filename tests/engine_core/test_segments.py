"""Runs of pages that belong together."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from docsort_server.engine.model import Outcome
from docsort_server.engine.result import BoundaryReason, Segment
from docsort_server.engine.segments import PageLabel, split

START = BoundaryReason.DOCUMENT_START
CHANGE = BoundaryReason.LABEL_CHANGE
GAP = BoundaryReason.PAGE_GAP


def labelled(text: str, first: int = 1) -> list[PageLabel]:
    """Return pages from a letter each.

    A capital is a category that matched, a small letter one that is ambiguous, `?` a page that
    fits none (the nearest is the first), `-` a blank page, a space a gap.
    """
    return [page(number, mark) for number, mark in enumerate(text, first) if mark != " "]


def page(number: int, mark: str) -> PageLabel:
    """Return one page of `labelled`."""
    if mark == "-":
        return PageLabel(number, Outcome.BLANK, None, None)
    if mark == "?":
        return PageLabel(number, Outcome.NO_MATCH, 0, 0.1)
    outcome = Outcome.MATCHED if mark.isupper() else Outcome.AMBIGUOUS
    return PageLabel(number, outcome, ord(mark.upper()) - ord("A"), 0.5)


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
    assert shape(split(labelled(pages))) == expected


def test_confidence_is_the_mean_of_scored_pages() -> None:
    """Pages without a category do not pull a segment's confidence down."""
    pages = [
        PageLabel(1, Outcome.MATCHED, 0, 0.9),
        PageLabel(2, Outcome.BLANK, None, None),
        PageLabel(3, Outcome.MATCHED, 0, 0.7),
    ]
    (segment,) = split(pages)
    assert segment.confidence == pytest.approx(0.8)


@pytest.mark.parametrize(
    ("pages", "outcome"),
    [
        ("A", Outcome.MATCHED),
        ("Aa-", Outcome.MATCHED),
        ("Aaa", Outcome.AMBIGUOUS),
        ("??", Outcome.NO_MATCH),
        ("--", Outcome.BLANK),
    ],
)
def test_a_segment_says_how_far_it_may_be_trusted(pages: str, outcome: Outcome) -> None:
    """Matched where half of its scored pages are; what fits nothing has no category either."""
    (segment,) = split(labelled(pages))
    assert segment.outcome is outcome
    assert (segment.label is None) == (outcome in (Outcome.NO_MATCH, Outcome.BLANK))


@given(st.text("ABa?- ", max_size=30))
def test_segments_cover_every_page_once(pages: str) -> None:
    """Whatever the pages, each is in exactly one segment, in order."""
    labels = labelled(pages)
    covered = [
        number
        for segment in split(labels)
        for number in range(segment.first_page, segment.last_page + 1)
    ]
    assert covered == [page.page for page in labels]
