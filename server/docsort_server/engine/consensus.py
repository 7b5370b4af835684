"""The answer of pages that are one document, by the rule of whole documents."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, NamedTuple

from docsort_server.engine.labels import NONE_FITS
from docsort_server.engine.model import Outcome
from docsort_server.engine.outcome import NO_MATCH_FROM, decide, shortfall
from docsort_server.engine.result import best
from docsort_server.engine.tally import FIRST_PAGE_WEIGHT, disagreement

if TYPE_CHECKING:
    from collections.abc import Sequence

    from docsort_server.engine.labels import PageLabel
    from docsort_server.engine.model import Question
    from docsort_server.engine.outcome import Shortfall

    # A page with its weight.
    Weighed = tuple[PageLabel, float]


class Consensus(NamedTuple):
    """What pages are together; no label where none fits, no confidence without scores."""

    label: int | None
    confidence: float | None
    outcome: Outcome
    shortfall: Shortfall | None = None


def consensus(pages: Sequence[PageLabel], question: Question) -> Consensus:
    """Return the answer of a document's pages: by their scores, without any by their labels.

    Pages that have nothing to say are left out, and the first of the others counts twice. The
    outcome follows from the mean of the pages' scores as a page's does from its own, and what is
    MATCHED is AMBIGUOUS where less than `AGREEMENT` of the weight is on pages of the category.
    `smoothing.settled` makes pages what they are among their neighbours.
    """
    weighed = _weighed(pages)
    if not weighed:
        return Consensus(None, None, without_votes(Counter(page.outcome for page in pages)))
    if any(page.belief for page, _ in weighed):
        return _by_scores(weighed, question)
    return _by_labels(weighed)


def _by_scores(weighed: Sequence[Weighed], question: Question) -> Consensus:
    scored = [(page.belief, weight) for page, weight in weighed if page.belief]
    total = sum(weight for _, weight in scored)
    means = [
        sum(weight * belief.get(key, 0.0) for belief, weight in scored) / total
        for key in range(NONE_FITS, len(question.categories))
    ]
    no_match, scores = means[0], tuple(means[1:])
    outcome = decide(scores, no_match, question)
    label = best(scores)
    if outcome is Outcome.NO_MATCH or label is None:
        return Consensus(None, None, Outcome.NO_MATCH)
    missed = shortfall(scores, no_match, question) or disagreement(_share(weighed, label))
    return Consensus(label, scores[label], Outcome.AMBIGUOUS if missed else outcome, missed)


def _by_labels(weighed: Sequence[Weighed]) -> Consensus:
    # In the order of the pages: the first of equals is the answer.
    shares = {page.label: _share(weighed, page.label) for page, _ in weighed}
    if shares.pop(None, 0.0) >= NO_MATCH_FROM:
        return Consensus(None, None, Outcome.NO_MATCH)
    label = max((label for label in shares if label is not None), key=shares.__getitem__)
    missed = disagreement(shares[label])
    return Consensus(label, None, Outcome.AMBIGUOUS if missed else Outcome.MATCHED, missed)


def dissent(pages: Sequence[PageLabel], label: int | None) -> Shortfall | None:
    """Return what is missed where too few of a document's pages are of its category."""
    return disagreement(_share(_weighed(pages), label))


def _weighed(pages: Sequence[PageLabel]) -> list[Weighed]:
    voting = [page for page in pages if page.key is not None]
    return [(page, 1.0 if place else FIRST_PAGE_WEIGHT) for place, page in enumerate(voting)]


def _share(weighed: Sequence[Weighed], label: int | None) -> float:
    """Return the share of the weight that is on pages of a label."""
    total = sum(weight for _, weight in weighed)
    return sum(weight for page, weight in weighed if page.label == label) / total


def without_votes(outcomes: Counter[Outcome]) -> Outcome:
    """Name the outcome of pages of which none has a category."""
    for outcome in (Outcome.NO_MATCH, Outcome.UNREADABLE, Outcome.FAILED, Outcome.BLANK):
        if outcomes[outcome]:
            return outcome
    return Outcome.FAILED
