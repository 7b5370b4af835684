"""Runs of pages that belong together."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from docsort_server.engine.result import BoundaryReason, Segment
from docsort_server.engine.segments import PageLabel, split

START = BoundaryReason.DOCUMENT_START
CHANGE = BoundaryReason.LABEL_CHANGE
GAP = BoundaryReason.PAGE_GAP


def labelled(text: str, first: int = 1) -> list[PageLabel]:
    """Return pages from a letter each: their category, `-` for none, a space for a gap."""
    return [
        PageLabel(number, None if letter == "-" else ord(letter) - ord("A"), confidence(letter))
        for number, letter in enumerate(text, first)
        if letter != " "
    ]


def confidence(letter: str) -> float | None:
    """Return a confidence for a page with a category."""
    return None if letter == "-" else 0.5


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
    ],
)
def test_boundaries(pages: str, expected: list[tuple[str, int, int, BoundaryReason]]) -> None:
    """A change of category or a gap splits; a blank back side joins the run before it."""
    assert shape(split(labelled(pages))) == expected


def test_confidence_is_the_mean_of_scored_pages() -> None:
    """Pages without a category do not pull a segment's confidence down."""
    (segment,) = split([PageLabel(1, 0, 0.9), PageLabel(2, None, None), PageLabel(3, 0, 0.7)])
    assert segment.confidence == pytest.approx(0.8)


@given(st.text("AB- ", max_size=30))
def test_segments_cover_every_page_once(pages: str) -> None:
    """Whatever the pages, each is in exactly one segment, in order."""
    labels = labelled(pages)
    covered = [
        number
        for segment in split(labels)
        for number in range(segment.first_page, segment.last_page + 1)
    ]
    assert covered == [page.page for page in labels]
