"""Split a document into runs of pages by their labels."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from docsort_server.engine.result import BoundaryReason, Segment

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence


@dataclass(frozen=True, slots=True)
class PageLabel:
    """A page's best category and its confidence; both None for a page without scores."""

    page: int
    label: int | None
    confidence: float | None


def split(labels: Sequence[PageLabel]) -> tuple[Segment, ...]:
    """Return the segments of pages given in page order.

    Pages without a label (blank, unreadable, failed) join the run before them, or the run after
    them at the start of the document, so that an empty back side does not split a document.
    Pages that do not follow one another never share a segment.
    """
    if not labels:
        return ()
    filled = list(_filled(labels))
    starts = list(_starts(labels, filled))
    ends = [start for start, _ in starts[1:]] + [len(labels)]
    return tuple(
        _segment(labels[start:end], filled[start], reason)
        for (start, reason), end in zip(starts, ends, strict=True)
    )


def _filled(labels: Sequence[PageLabel]) -> Iterator[int | None]:
    """Give each page without a label that of the page before, the first ones the first label."""
    current = next((page.label for page in labels if page.label is not None), None)
    for page in labels:
        current = current if page.label is None else page.label
        yield current


def _starts(
    labels: Sequence[PageLabel], filled: Sequence[int | None]
) -> Iterator[tuple[int, BoundaryReason]]:
    yield 0, BoundaryReason.DOCUMENT_START
    for index in range(1, len(labels)):
        if labels[index].page != labels[index - 1].page + 1:
            yield index, BoundaryReason.PAGE_GAP
        elif filled[index] != filled[index - 1]:
            yield index, BoundaryReason.LABEL_CHANGE


def _segment(pages: Sequence[PageLabel], label: int | None, reason: BoundaryReason) -> Segment:
    confidences = [page.confidence for page in pages if page.confidence is not None]
    return Segment(
        first_page=pages[0].page,
        last_page=pages[-1].page,
        label=label if confidences else None,
        confidence=sum(confidences) / len(confidences) if confidences else None,
        boundary_reason=reason,
    )
