"""Which pages a job is about."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from docsort_server.documents.selection import Ranges, select, spans
from docsort_server.faults import Fault, Reason


@pytest.mark.parametrize(
    ("asked", "selected", "beyond"),
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
def test_selection(asked: Ranges, selected: Ranges, beyond: bool) -> None:
    """Ranges come in order, merged, cut at the end; nothing asked means everything."""
    assert select(asked, 10) == (selected, beyond)


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
