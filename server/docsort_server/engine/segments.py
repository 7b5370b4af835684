"""Split a document into runs of pages by their labels and by what else they show."""

from __future__ import annotations

from itertools import pairwise
from typing import TYPE_CHECKING

from docsort_server.engine.consensus import consensus
from docsort_server.engine.criteria import met_together
from docsort_server.engine.model import Outcome
from docsort_server.engine.packet.borders import INSIDE, Border, border
from docsort_server.engine.packet.features import Neighbour
from docsort_server.engine.result import BoundaryReason, Segment

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from docsort_server.engine.labels import PageLabel
    from docsort_server.engine.model import Question


def split(labels: Sequence[PageLabel], question: Question) -> tuple[Segment, ...]:
    """Return the segments of pages given in page order."""
    return parted(labels, borders_of(labels), question)


def parted(
    labels: Sequence[PageLabel], borders: Sequence[Border], question: Question
) -> tuple[Segment, ...]:
    """Return the segments between the borders of pages.

    A segment's answer is that of its pages together, found and bounded as a document's is.
    """
    starts = [(place, border.reason) for place, border in enumerate(borders) if border.reason]
    ends = [start for start, _ in starts[1:]] + [len(labels)]
    return tuple(
        _segment(labels[start:end], reason, question)
        for (start, reason), end in zip(starts, ends, strict=False)
    )


def borders_of(labels: Sequence[PageLabel]) -> list[Border]:
    """Return for each of the pages, given in page order, what tells whether a document starts.

    One starts where `packet.borders` finds more that speaks for it than against it. Pages that do
    not vote (blank, unreadable, failed) join the run before them, or the run after them at the
    start of the document, so that an empty back side does not split a document. Where a document
    starts behind a divider, it starts with the divider. Pages that do not follow one another, or
    are of files with different names, are never of one document.
    """
    found = [INSIDE] * len(labels)
    for first, run, reason in _unbroken(labels):
        found[first] = Border(1.0, reason)
        voting = [index for index, page in enumerate(run) if page.key is not None]
        neighbours = [
            _neighbour(run, index, after)
            for after, index in zip([-1, *voting], voting, strict=False)
        ]
        for place in range(1, len(neighbours)):
            told = border(neighbours, place)
            between = range(voting[place - 1] + 1, voting[place])
            divider = next((each for each in between if run[each].divides), None)
            if divider is not None and told.reason not in (None, BoundaryReason.ATTACHMENT):
                found[first + divider] = Border(told.probability, BoundaryReason.SEPARATOR)
            else:
                found[first + voting[place]] = told
    return found


def _unbroken(
    labels: Sequence[PageLabel],
) -> Iterator[tuple[int, Sequence[PageLabel], BoundaryReason]]:
    """Yield the runs of pages of one file that follow one another, each with its place."""
    breaks = [(0, BoundaryReason.DOCUMENT_START)] if labels else []
    for place, (before, page) in enumerate(pairwise(labels), 1):
        if page.page != before.page + 1:
            breaks.append((place, BoundaryReason.PAGE_GAP))
        elif page.attachment != before.attachment:
            breaks.append((place, BoundaryReason.ATTACHMENT))
    ends = [place for place, _ in breaks[1:]] + [len(labels)]
    for (first, reason), end in zip(breaks, ends, strict=False):
        yield first, labels[first:end], reason


def _neighbour(run: Sequence[PageLabel], index: int, after: int) -> Neighbour:
    """Return a page as borders see it; `after` is the place of the voting page before it."""
    page = run[index]
    between = run[after + 1 : index]
    blanks = sum(each.outcome is Outcome.BLANK or each.divides for each in between)
    scores = page.belief if page.outcome is Outcome.MATCHED else {}
    return Neighbour(page.traits, page.key, page.outcome is not Outcome.AMBIGUOUS, blanks, scores)


def _segment(pages: Sequence[PageLabel], reason: BoundaryReason, question: Question) -> Segment:
    found = consensus(pages, question)
    return Segment(
        first_page=pages[0].page,
        last_page=pages[-1].page,
        label=found.label,
        confidence=found.confidence,
        outcome=found.outcome,
        boundary_reason=reason,
        shortfall=found.shortfall,
        criteria_met=_met(pages, found.label, question),
    )


def _met(pages: Sequence[PageLabel], label: int | None, question: Question) -> tuple[bool, ...]:
    if label is None:
        return ()
    return met_together(question, label, [page.met for page in pages if page.key is not None])
