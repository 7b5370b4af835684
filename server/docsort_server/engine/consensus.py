"""The answer of pages that are one document, by the rule of whole documents."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, NamedTuple

from docsort_server.engine.labels import NONE_FITS
from docsort_server.engine.model import Outcome
from docsort_server.engine.outcome import NO_MATCH_FROM, decide
from docsort_server.engine.result import best
from docsort_server.engine.tally import AGREEMENT

if TYPE_CHECKING:
    from collections.abc import Sequence

    from docsort_server.engine.labels import PageLabel
    from docsort_server.engine.model import Question


class Consensus(NamedTuple):
    """What pages are together; no label where none fits, no confidence without scores."""

    label: int | None
    confidence: float | None
    outcome: Outcome


def consensus(pages: Sequence[PageLabel], question: Question) -> Consensus:
    """Return the answer of a document's pages: by their scores, without any by their labels.

    Pages that have nothing to say are left out. The outcome follows from the mean of the pages'
    scores as a page's does from its own, and what is MATCHED is AMBIGUOUS where less than
    `AGREEMENT` of the pages have the category.
    """
    voting = [page for page in pages if page.key is not None]
    if not voting:
        return Consensus(None, None, without_votes(Counter(page.outcome for page in pages)))
    scored = [page for page in voting if page.belief]
    return _by_scores(voting, scored, question) if scored else _by_labels(voting)


def _by_scores(
    voting: Sequence[PageLabel], scored: Sequence[PageLabel], question: Question
) -> Consensus:
    means = [
        sum(page.belief.get(key, 0.0) for page in scored) / len(scored)
        for key in range(NONE_FITS, len(question.categories))
    ]
    no_match, scores = means[0], tuple(means[1:])
    outcome = decide(scores, no_match, question)
    label = best(scores)
    if outcome is Outcome.NO_MATCH or label is None:
        return Consensus(None, None, Outcome.NO_MATCH)
    if outcome is Outcome.MATCHED and _share(voting, label) < AGREEMENT:
        outcome = Outcome.AMBIGUOUS
    return Consensus(label, scores[label], outcome)


def _by_labels(voting: Sequence[PageLabel]) -> Consensus:
    counts = Counter(page.label for page in voting if page.label is not None)
    if len(voting) - counts.total() >= NO_MATCH_FROM * len(voting):
        return Consensus(None, None, Outcome.NO_MATCH)
    label = max(counts, key=counts.__getitem__)
    enough = _share(voting, label) >= AGREEMENT
    return Consensus(label, None, Outcome.MATCHED if enough else Outcome.AMBIGUOUS)


def _share(voting: Sequence[PageLabel], label: int) -> float:
    return sum(page.label == label for page in voting) / len(voting)


def without_votes(outcomes: Counter[Outcome]) -> Outcome:
    """Name the outcome of pages of which none has a category."""
    for outcome in (Outcome.UNREADABLE, Outcome.FAILED, Outcome.BLANK):
        if outcomes[outcome]:
            return outcome
    return Outcome.FAILED
