"""Which pages of a document a job is about, and the spans that they are worked on in."""

from __future__ import annotations

from typing import TYPE_CHECKING

from docsort_server.faults import Fault, Reason

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

Ranges = tuple[tuple[int, int], ...]


def select(asked: Ranges, total: int) -> tuple[Ranges, bool]:
    """Return the asked ranges in order, without overlap and within the document.

    Negative numbers count from the end: -1 is the last page. A range that begins before the first
    page begins there. Also tells whether anything asked for lies beyond the end. Nothing asked
    means all pages. Raises `Fault` INVALID_REQUEST where no page is left.
    """
    if not asked:
        return ((1, total),), False
    ranges = [(_counted(first, total), _counted(last, total)) for first, last in asked]
    within = ((max(1, first), min(last, total)) for first, last in ranges)
    merged = tuple(_merge((first, last) for first, last in within if first <= last))
    if not merged:
        message = f"The selection names no page of this document, which has {total}."
        raise Fault(Reason.INVALID_REQUEST, message, metadata={"total_pages": str(total)})
    return merged, any(last > total for _, last in ranges)


def beyond(asked: Ranges, total: int) -> str:
    """Return a sentence about the asked pages that a document of `total` pages does not have."""
    past = [(max(first, total + 1), last) for first, last in asked if last > total]
    first, last = min(each for each, _ in past), max(each for _, each in past)
    told = f"page {first} is" if first == last else f"pages {first} to {last} are"
    pages = "1 page" if total == 1 else f"{total} pages"
    return f"The document has {pages}: {told} beyond its end."


def count(selected: Ranges) -> int:
    """Return how many pages are selected."""
    return sum(last - first + 1 for first, last in selected)


def _counted(number: int, total: int) -> int:
    return number if number > 0 else total + 1 + number


def spans(selected: Ranges, size: int) -> Iterator[tuple[int, int]]:
    """Yield the selection as ranges of at most `size` pages."""
    for first, last in selected:
        for start in range(first, last + 1, size):
            yield start, min(start + size - 1, last)


def _merge(ranges: Iterable[tuple[int, int]]) -> Iterator[tuple[int, int]]:
    current: tuple[int, int] | None = None
    for first, last in sorted(ranges):
        if current and first <= current[1] + 1:
            current = (current[0], max(current[1], last))
            continue
        if current:
            yield current
        current = (first, last)
    if current:
        yield current
