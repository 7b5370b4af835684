"""What pages are among their neighbours: each takes evidence of those it shares a document with."""

from __future__ import annotations

from array import array
from dataclasses import replace
from typing import TYPE_CHECKING

from docsort_server.engine.labels import NONE_FITS
from docsort_server.engine.model import Outcome
from docsort_server.engine.outcome import decide, shortfall
from docsort_server.engine.result import RevisedPage, best

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from docsort_server.engine.labels import PageLabel
    from docsort_server.engine.model import Question
    from docsort_server.engine.packet.borders import Border
    from docsort_server.engine.result import Segment

    # A page's belief that none fits, then its scores; a page without scores has zeros.
    Row = list[float]

# How often a page counts that surely opens a document: it names it more often than later ones do.
# So often a page counts for itself beside its document: it may be an annex. Both are set by
# hand; docs/benchmarks.md tells what prints how many pages are right with them.
OPENING_WEIGHT, OWN_WEIGHT = 3.0, 1.5
# With such a score a page is certain by itself: its neighbours give it another answer or none, and
# no doubt.
_CERTAIN = 0.95


def revised(
    labels: Sequence[PageLabel], borders: Sequence[Border], question: Question
) -> tuple[RevisedPage, ...]:
    """Return the pages, in order, whose answer among their neighbours is another than alone.

    `borders` tell of each page how likely a document starts at it. Pages without a category of
    their own, such as blank ones, have that of their document. Pages that were given a category
    without scores stay as they are, and so do those certain of it that would end AMBIGUOUS.
    """
    if not labels:
        return ()
    found = zip(labels, _smoothed(labels, borders, question), strict=True)
    return tuple(answer for page, row in found if (answer := _answer(page, row, question)))


def settled(labels: Sequence[PageLabel], others: Iterable[RevisedPage]) -> list[PageLabel]:
    """Return the pages with the answers that `revised` gave to some of them.

    What they believe, and whether they vote, stays.
    """
    answers = {other.page: other for other in others}
    return [
        replace(page, outcome=answer.outcome, label=answer.label)
        if (answer := answers.get(page.page))
        else page
        for page in labels
    ]


def agreeing(
    others: Iterable[RevisedPage], labels: Sequence[PageLabel], segments: Iterable[Segment]
) -> tuple[RevisedPage, ...]:
    """Return the revised pages without those that name a category where nothing else does.

    A page without a category of its own, in a segment that fits none, is near a border that is not
    certain: what lies beyond it is of another document.
    """
    without = {page.page for page in labels if page.key in (None, NONE_FITS)}
    for each in segments:
        if each.label is not None:
            without -= set(range(each.first_page, each.last_page + 1))
    return tuple(
        page for page in others if page.outcome is Outcome.NO_MATCH or page.page not in without
    )


def _answer(page: PageLabel, row: Row, question: Question) -> RevisedPage | None:
    total = sum(row)
    if not total or (page.key is not None and not page.belief):
        return None
    no_match, *scores = (each / total for each in row)
    label = best(tuple(scores))
    assert label is not None
    outcome = decide(scores, no_match, question)
    key = NONE_FITS if outcome is Outcome.NO_MATCH else label
    if (key, outcome) == (page.key, page.outcome):
        return None
    if outcome is Outcome.AMBIGUOUS and _is_certain(page):
        return None
    missed = shortfall(scores, no_match, question) if outcome is Outcome.AMBIGUOUS else None
    return RevisedPage(page.page, label, scores[label], no_match, outcome, missed)


def _is_certain(page: PageLabel) -> bool:
    if page.outcome is not Outcome.MATCHED or page.label is None:
        return False
    return page.belief.get(page.label, 0.0) >= _CERTAIN


def _smoothed(
    labels: Sequence[PageLabel], borders: Sequence[Border], question: Question
) -> Iterator[Row]:
    """Yield the weighted sums of what pages believe that are of one document with each page.

    Every page counts with the chance that no document starts between: a mean over documents as
    they may lie, the sum rule of combining classifiers (Kittler and others, 1998). Two passes, as
    of the forward-backward algorithm, make it linear in the number of pages.
    """
    keys = range(NONE_FITS, len(question.categories))
    weights = list(_weights(labels, borders))
    together = [1.0 - border.probability for border in borders]
    after = list(_passed(reversed(labels), reversed(weights), (0.0, *together[:0:-1]), keys))
    before = _passed(labels, weights, together, keys)
    for page, weight, left in zip(labels, weights, before, strict=True):
        right = after.pop()
        # On both sides it is counted once, and for itself once more.
        share = OWN_WEIGHT - 1.0 - weight if page.belief else 0.0
        yield [
            a + b + share * page.belief.get(key, 0.0)
            for key, a, b in zip(keys, left, right, strict=True)
        ]


def _weights(labels: Sequence[PageLabel], borders: Sequence[Border]) -> Iterator[float]:
    """Yield what each page counts; what is blank before a document's first page opens nothing."""
    opens = 0.0
    for page, border in zip(labels, borders, strict=True):
        opens = max(opens, border.probability)
        yield 1.0 + (OPENING_WEIGHT - 1.0) * opens
        if page.key is not None:
            opens = 0.0


def _passed(
    pages: Iterable[PageLabel], weights: Iterable[float], together: Iterable[float], keys: range
) -> Iterator[array[float]]:
    """Yield what each page believes, weighed, with what is left of those before it.

    Arrays, since boxed numbers of thousands of pages and hundreds of categories fill memory.
    """
    so_far = array("d", bytes(8 * len(keys)))
    for page, weight, share in zip(pages, weights, together, strict=True):
        own = page.belief
        so_far = array(
            "d",
            (
                weight * own.get(key, 0.0) + share * old
                for key, old in zip(keys, so_far, strict=True)
            ),
        )
        yield so_far
