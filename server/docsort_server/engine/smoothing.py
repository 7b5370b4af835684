"""What pages are among their neighbours: each takes evidence of those it shares a document with."""

from __future__ import annotations

from typing import TYPE_CHECKING

from docsort_server.engine.labels import NONE_FITS
from docsort_server.engine.model import Outcome
from docsort_server.engine.outcome import decide, shortfall
from docsort_server.engine.result import RevisedPage, best

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from docsort_server.engine.labels import PageLabel
    from docsort_server.engine.model import Question
    from docsort_server.engine.packet.borders import Border

    # A page's belief that none fits, then its scores; a page without scores has zeros.
    Row = list[float]

# How often a page counts that surely opens a document: it names it more often than later ones do.
# So often a page counts for itself beside its document: it may be an annex. Both lie on a plateau;
# docs/benchmarks.md tells how they were measured.
OPENING_WEIGHT, OWN_WEIGHT = 3.0, 1.5


def revised(
    labels: Sequence[PageLabel], borders: Sequence[Border], question: Question
) -> tuple[RevisedPage, ...]:
    """Return the pages, in order, whose answer among their neighbours is another than alone.

    `borders` tell of each page how likely a document starts at it. Pages without a category of
    their own, such as blank ones, have that of their document. Pages that were given a category
    without scores stay as they are.
    """
    if not labels:
        return ()
    found = zip(labels, _smoothed(labels, borders, question), strict=True)
    return tuple(answer for page, row in found if (answer := _answer(page, row, question)))


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
    missed = shortfall(scores, question) if outcome is Outcome.AMBIGUOUS else None
    return RevisedPage(page.page, label, scores[label], no_match, outcome, missed)


def _smoothed(
    labels: Sequence[PageLabel], borders: Sequence[Border], question: Question
) -> Iterator[Row]:
    """Yield the weighted sums of what pages believe that are of one document with each page.

    Every page counts with the chance that no document starts between: a mean over documents as
    they may lie, the sum rule of combining classifiers (Kittler and others, 1998). Two passes, as
    of the forward-backward algorithm, make it linear in the number of pages.
    """
    keys = range(NONE_FITS, len(question.categories))
    rows = [[page.belief.get(key, 0.0) for key in keys] for page in labels]
    weighed = [
        [weight * each for each in row]
        for row, weight in zip(rows, _weights(labels, borders), strict=True)
    ]
    together = [1.0 - border.probability for border in borders]
    before = _passed(weighed, together)
    after = _passed(weighed[::-1], [0.0, *together[:0:-1]])[::-1]
    for row, own, left, right in zip(rows, weighed, before, after, strict=True):
        share = (OWN_WEIGHT - 1.0) if any(own) else 0.0
        yield [
            a + b - both + share * alone
            for alone, both, a, b in zip(row, own, left, right, strict=True)
        ]


def _weights(labels: Sequence[PageLabel], borders: Sequence[Border]) -> Iterator[float]:
    """Yield what each page counts; what is blank before a document's first page opens nothing."""
    opens = 0.0
    for page, border in zip(labels, borders, strict=True):
        opens = max(opens, border.probability)
        yield 1.0 + (OPENING_WEIGHT - 1.0) * opens
        if page.key is not None:
            opens = 0.0


def _passed(rows: Sequence[Row], together: Sequence[float]) -> list[Row]:
    """Return each row with what is left of those before it."""
    passed: list[Row] = []
    so_far = [0.0] * len(rows[0]) if rows else []
    for row, share in zip(rows, together, strict=True):
        so_far = [each + share * old for each, old in zip(row, so_far, strict=True)]
        passed.append(so_far)
    return passed
