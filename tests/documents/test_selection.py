"""Which pages a job is about."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from docsort_server.documents.selection import Ranges, beyond, select, spans
from docsort_server.faults import Fault, Reason


@pytest.mark.parametrize(
    ("asked", "selected", "past"),
    [
        ((), ((1, 10),), False),
        (((3, 5),), ((3, 5),), False),
        (((8, 12),), ((8, 10),), True),
        (((1, 1), (20, 30)), ((1, 1),), True),
        (((5, 7), (1, 2)), ((1, 2), (5, 7)), False),
        (((1, 5), (3, 4), (5, 6)), ((1, 6),), False),
        (((1, 2), (3, 4)), ((1, 4),), False),
    ],
)
def test_selection(asked: Ranges, selected: Ranges, past: bool) -> None:
    """Ranges come in order, merged, cut at the end; nothing asked means everything."""
    assert select(asked, 10) == (selected, past)


@pytest.mark.parametrize(
    ("asked", "told"),
    [
        (((5, 12),), "The document has 6 pages: pages 7 to 12 are beyond its end."),
        (((1, 2), (7, 7)), "The document has 6 pages: page 7 is beyond its end."),
        (((-1, 9), (20, 30)), "The document has 6 pages: pages 7 to 30 are beyond its end."),
    ],
)
def test_what_is_beyond_the_end_is_named(asked: Ranges, told: str) -> None:
    """The pages that are not there, not those that are."""
    assert beyond(asked, 6) == told


def test_nothing_left() -> None:
    """A selection wholly beyond the end cannot be worked on."""
    with pytest.raises(Fault) as caught:
        select(((11, 12),), 10)
    assert caught.value.reason is Reason.INVALID_REQUEST


ranges = st.lists(
    st.tuples(st.integers(1, 40), st.integers(0, 9)).map(lambda r: (r[0], r[0] + r[1])),
    min_size=1,
    max_size=8,
)


@given(ranges, st.integers(40, 45), st.integers(1, 7))
def test_spans_cover_what_was_asked_once(
    asked: list[tuple[int, int]], total: int, size: int
) -> None:
    """Whatever was asked, the spans name just those pages, each once, in order, none too long."""
    selected, _ = select(tuple(asked), total)
    chosen = list(spans(selected, size))
    pages = [number for first, last in chosen for number in range(first, last + 1)]
    wanted = {n for first, last in asked for n in range(first, last + 1) if n <= total}
    assert pages == sorted(wanted)
    assert all(last - first < size for first, last in chosen)
