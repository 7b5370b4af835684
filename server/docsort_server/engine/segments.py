"""Split a document into runs of pages by their labels."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING

from docsort_server.engine.model import Outcome
from docsort_server.engine.result import BoundaryReason, Segment

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

# The key of pages that fit none of the categories: they make a segment of their own.
_NONE_FITS = -1


@dataclass(frozen=True, slots=True)
class PageLabel:
    """A page's outcome, category and confidence; None where it has none."""

    page: int
    outcome: Outcome
    label: int | None
    confidence: float | None

    @property
    def key(self) -> int | None:
        """What tells runs apart; None for a page that has nothing to say."""
        return _NONE_FITS if self.outcome is Outcome.NO_MATCH else self.label


def split(labels: Sequence[PageLabel]) -> tuple[Segment, ...]:
    """Return the segments of pages given in page order.

    Pages that do not vote (blank, unreadable, failed) join the run before them, or the run after
    them at the start of the document, so that an empty back side does not split a document.
    Pages that fit none of the categories form runs without a label. Pages that do not follow
    one another never share a segment.
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
    """Give each page without a key that of the page before, the first ones the first key."""
    current = next((page.key for page in labels if page.key is not None), None)
    for page in labels:
        current = current if page.key is None else page.key
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


def _segment(pages: Sequence[PageLabel], key: int | None, reason: BoundaryReason) -> Segment:
    confidences = [page.confidence for page in pages if page.confidence is not None]
    labelled = key != _NONE_FITS and any(page.label is not None for page in pages)
    return Segment(
        first_page=pages[0].page,
        last_page=pages[-1].page,
        label=key if labelled else None,
        confidence=sum(confidences) / len(confidences) if labelled and confidences else None,
        outcome=_outcome(Counter(page.outcome for page in pages)),
        boundary_reason=reason,
    )


def _outcome(outcomes: Counter[Outcome]) -> Outcome:
    """Name a run's outcome: matched where most of its scored pages are."""
    if outcomes[Outcome.NO_MATCH]:
        return Outcome.NO_MATCH
    if outcomes[Outcome.MATCHED] or outcomes[Outcome.AMBIGUOUS]:
        matched = outcomes[Outcome.MATCHED] >= outcomes[Outcome.AMBIGUOUS]
        return Outcome.MATCHED if matched else Outcome.AMBIGUOUS
    return without_votes(outcomes)


def without_votes(outcomes: Counter[Outcome]) -> Outcome:
    """Name the outcome of pages of which none has a category."""
    for outcome in (Outcome.UNREADABLE, Outcome.FAILED, Outcome.BLANK):
        if outcomes[outcome]:
            return outcome
    return Outcome.FAILED
