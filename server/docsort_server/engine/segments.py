"""Split a document into runs of pages by their labels and by what else they show."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from docsort_server.engine.model import Outcome
from docsort_server.engine.packet.borders import border
from docsort_server.engine.packet.features import Neighbour
from docsort_server.engine.packet.traits import NO_TRAITS, PageTraits
from docsort_server.engine.result import BoundaryReason, Segment

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

# The key of pages that fit none of the categories: they make a segment of their own.
NONE_FITS = -1
# Without scores a page is taken to be of its label alone.
_CERTAIN = 1.0


@dataclass(frozen=True, slots=True)
class PageLabel:
    """A page's outcome, category and confidence; None where it has none.

    `belief` maps its likeliest categories, and `NONE_FITS`, to their scores; empty without scores.
    """

    page: int
    outcome: Outcome
    label: int | None
    confidence: float | None
    belief: dict[int, float] = field(default_factory=dict)
    traits: PageTraits = NO_TRAITS

    @property
    def key(self) -> int | None:
        """What tells runs apart; None for a page that has nothing to say."""
        return NONE_FITS if self.outcome is Outcome.NO_MATCH else self.label

    @property
    def votes(self) -> dict[int, float]:
        """What the page adds to the run it is in."""
        if self.belief or self.key is None:
            return self.belief
        return {self.key: _CERTAIN if self.confidence is None else self.confidence}


def split(labels: Sequence[PageLabel]) -> tuple[Segment, ...]:
    """Return the segments of pages given in page order.

    A segment starts where `packet.borders` finds more that speaks for a new document than against
    it. Pages that do not vote (blank, unreadable, failed) join the run before them, or the run
    after them at the start of the document, so that an empty back side does not split a document.
    Pages that do not follow one another never share a segment. A segment's category is the one
    that its pages together believe in most.
    """
    if not labels:
        return ()
    starts = list(_starts(labels))
    ends = [start for start, _ in starts[1:]] + [len(labels)]
    return tuple(
        _segment(labels[start:end], reason)
        for (start, reason), end in zip(starts, ends, strict=True)
    )


def _starts(labels: Sequence[PageLabel]) -> Iterator[tuple[int, BoundaryReason]]:
    reason = BoundaryReason.DOCUMENT_START
    for first, run in _unbroken(labels):
        yield first, reason
        voting = [index for index, page in enumerate(run) if page.key is not None]
        neighbours = [
            _neighbour(run, index, after)
            for after, index in zip([-1, *voting], voting, strict=False)
        ]
        for place in range(1, len(neighbours)):
            if found := border(neighbours, place):
                yield first + voting[place], found
        reason = BoundaryReason.PAGE_GAP


def _unbroken(labels: Sequence[PageLabel]) -> Iterator[tuple[int, Sequence[PageLabel]]]:
    """Yield the runs of pages that follow one another, each with its place."""
    first = 0
    for index in range(1, len(labels)):
        if labels[index].page != labels[index - 1].page + 1:
            yield first, labels[first:index]
            first = index
    yield first, labels[first:]


def _neighbour(run: Sequence[PageLabel], index: int, after: int) -> Neighbour:
    """Return a page as borders see it; `after` is the place of the voting page before it."""
    page = run[index]
    blanks = sum(each.outcome is Outcome.BLANK for each in run[after + 1 : index])
    scores = page.votes if page.outcome is Outcome.MATCHED else {}
    return Neighbour(page.traits, page.key, page.outcome is not Outcome.AMBIGUOUS, blanks, scores)


def _segment(pages: Sequence[PageLabel], reason: BoundaryReason) -> Segment:
    key = _strongest(pages)
    label = None if key == NONE_FITS else key
    return Segment(
        first_page=pages[0].page,
        last_page=pages[-1].page,
        label=label,
        confidence=None if label is None else _confidence(pages, label),
        outcome=_outcome(pages, key),
        boundary_reason=reason,
    )


def _strongest(pages: Sequence[PageLabel]) -> int | None:
    """Return which of its pages' categories a run believes in most; None without any.

    The first of equals. What no page is of is not the run's, however much is left for it on each.
    """
    keys = dict.fromkeys(page.key for page in pages if page.key is not None)
    total = {key: sum(page.votes.get(key, 0.0) for page in pages) for key in keys}
    return max(total, key=total.__getitem__) if total else None


def _confidence(pages: Sequence[PageLabel], label: int) -> float | None:
    """Return the mean score of a category: pages of another one pull it down."""
    scores = [
        page.confidence if page.label == label else page.belief.get(label, 0.0)
        for page in pages
        if page.confidence is not None
    ]
    return sum(scores) / len(scores) if scores else None


def _outcome(pages: Sequence[PageLabel], key: int | None) -> Outcome:
    """Name a run's outcome: matched where at least half of its voting pages match its category."""
    if key is None:
        return without_votes(Counter(page.outcome for page in pages))
    if key == NONE_FITS:
        return Outcome.NO_MATCH
    voting = [page for page in pages if page.key is not None]
    matched = sum(page.key == key and page.outcome is Outcome.MATCHED for page in voting)
    return Outcome.MATCHED if 2 * matched >= len(voting) else Outcome.AMBIGUOUS


def without_votes(outcomes: Counter[Outcome]) -> Outcome:
    """Name the outcome of pages of which none has a category."""
    for outcome in (Outcome.UNREADABLE, Outcome.FAILED, Outcome.BLANK):
        if outcomes[outcome]:
            return outcome
    return Outcome.FAILED
