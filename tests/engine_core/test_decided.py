"""When the pages that are left can change a document's category no more."""

import itertools

from hypothesis import given, settings
from hypothesis import strategies as st
from page_values import QUESTION, chosen, silent, voting

from docsort_server.engine.aggregate import Aggregate
from docsort_server.engine.model import Outcome
from docsort_server.engine.result import PageResult

# Shares of a page's weight in quarters: few enough to try all that may follow.
QUARTERS = [split for split in itertools.product(range(5), repeat=3) if sum(split) == 4]
WORST = [(4, 0, 0), (0, 4, 0), (0, 0, 4), (0, 0, 0)]


def scored(number: int, quarters: tuple[int, ...]) -> PageResult:
    """Return a page with such scores."""
    return voting(number, *(each / 4 for each in quarters))


def fold(*pages: PageResult) -> Aggregate:
    """Return the answer after some pages."""
    aggregate = Aggregate(QUESTION)
    for page in pages:
        aggregate.add(page)
    return aggregate


def label_of(*pages: PageResult) -> int | None:
    """Return the category after some pages."""
    standing = fold(*pages).standing()
    return standing.label if standing else None


@settings(max_examples=200)
@given(
    st.lists(st.sampled_from(QUARTERS), min_size=1, max_size=5),
    st.sets(st.integers(1, 7), min_size=1, max_size=2),
)
def test_what_is_decided_stays(seen: list[tuple[int, ...]], left: set[int]) -> None:
    """Whatever the pages hold that are left, and whether or not they vote."""
    total = len(seen) + len(left)
    left = {number for number in left if number <= total}
    numbers = [number for number in range(1, total + 1) if number not in left][: len(seen)]
    pages = [scored(number, split) for number, split in zip(numbers, seen, strict=True)]
    selected = sorted({*numbers, *left})
    if not fold(*pages).decided(selected, len(left)):
        return
    label = label_of(*pages)
    for outcome in itertools.product([*WORST, None], repeat=len(left)):
        more = [
            silent(number, Outcome.BLANK) if split is None else scored(number, split)
            for number, split in zip(left, outcome, strict=True)
        ]
        assert label_of(*pages, *more) == label


@settings(max_examples=200)
@given(st.lists(st.sampled_from([0, 1, 2]), min_size=1, max_size=6), st.integers(1, 3))
def test_what_is_decided_by_labels_stays(seen: list[int], left: int) -> None:
    """The same of pages without scores."""
    pages = [chosen(number, label) for number, label in enumerate(seen, 1)]
    total = len(seen) + left
    if not fold(*pages).decided(range(1, total + 1), left):
        return
    label = label_of(*pages)
    for labels in itertools.product(range(3), repeat=left):
        more = [chosen(number, each) for number, each in enumerate(labels, len(seen) + 1)]
        assert label_of(*pages, *more) == label


def test_it_is_decided_as_soon_as_it_can_be() -> None:
    """The first page counts twice, so that three pages of five are enough, and two are not."""
    pages = [scored(number, (4, 0, 0)) for number in range(1, 6)]
    assert not fold(*pages[:1]).decided(range(1, 6), 4)
    assert not fold(*pages[:2]).decided(range(1, 6), 3)
    assert fold(*pages[:3]).decided(range(1, 6), 2)


def test_a_first_page_that_is_left_may_change_more() -> None:
    """It would take the weight of the first one from the page that has it so far."""
    pages = [scored(number, (4, 0, 0)) for number in (2, 3)]
    assert fold(*pages).decided(range(2, 5), 1)
    assert not fold(*pages).decided([1, 2, 3], 1)


def test_nothing_is_decided_before_a_vote() -> None:
    """Blank pages decide nothing."""
    assert not fold(silent(1, Outcome.BLANK)).decided(range(1, 3), 1)
