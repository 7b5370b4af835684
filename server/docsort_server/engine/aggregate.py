"""Make the document's answer from its pages, with each page's weight and the reasons."""

from __future__ import annotations

from array import array
from collections import Counter
from dataclasses import dataclass, replace
from itertools import takewhile
from typing import TYPE_CHECKING, NamedTuple

from docsort_server.engine.consensus import dissent, without_votes
from docsort_server.engine.criteria import bits
from docsort_server.engine.labels import NONE_FITS, PageLabel
from docsort_server.engine.model import Fallback, Outcome
from docsort_server.engine.outcome import Bound
from docsort_server.engine.packet.traits import NO_TRAITS
from docsort_server.engine.result import DocumentResult, Exclusion, PageWeight, TextSource
from docsort_server.engine.segments import borders_of, parted
from docsort_server.engine.smoothing import agreeing, revised, settled
from docsort_server.engine.sources import Sources
from docsort_server.engine.suggestions import Suggestions
from docsort_server.engine.tally import FIRST_PAGE_WEIGHT, Standing, Tally
from docsort_server.engine.warnings import PageCounts, category_warnings, page_warnings
from docsort_server.faults import Reason

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from docsort_server.engine.model import EngineIdentity, Question
    from docsort_server.engine.packet.borders import Border
    from docsort_server.engine.packet.traits import PageTraits
    from docsort_server.engine.result import PageResult, ResultWarning, RevisedPage, Segment

# Where a page's picture was looked at.
_LOOKED_AT = (TextSource.OCR, TextSource.IMAGE)
_EXCLUSIONS = {
    Outcome.BLANK: Exclusion.BLANK,
    Outcome.UNREADABLE: Exclusion.UNREADABLE,
    Outcome.FAILED: Exclusion.FAILED,
}


@dataclass(frozen=True, slots=True)
class _Page:
    """What is kept of a page: a few numbers, however long its results are.

    `scores` take eight bytes a category, `met` a bit for each criterion.
    """

    outcome: Outcome
    label: int | None
    votes: bool
    scores: array[float]
    no_match_score: float
    traits: PageTraits
    attachment: str
    met: int
    exclusion: Exclusion | None = None


class _Neighbours(NamedTuple):
    """What the pages are alone and among one another, and where documents start."""

    alone: Sequence[PageLabel]
    labels: Sequence[PageLabel]
    borders: Sequence[Border]
    revised: tuple[RevisedPage, ...]


class Aggregate:
    """Fold page results, in any order and each page once, into the document's result."""

    def __init__(self, question: Question) -> None:
        self._question = question
        self._tally = Tally(question)
        self._sources = Sources()
        self._suggestions = Suggestions()
        self._left_out = 0
        self._unseen = 0
        self._pages: dict[int, _Page] = {}

    def add(self, page: PageResult) -> None:
        """Count a page."""
        left_out = page.failure is not None and page.failure.reason is Reason.BUDGET_SPENT
        exclusion = Exclusion.BUDGET_SPENT if left_out else None
        if page.says_little:
            exclusion = Exclusion.FEW_WORDS
        self._left_out += left_out
        self._unseen += page.outcome is Outcome.UNREADABLE and page.text_source not in _LOOKED_AT
        self._pages[page.page] = _Page(
            outcome=page.outcome,
            label=page.label,
            votes=page.votes,
            scores=array("d", page.scores),
            no_match_score=page.no_match_score or 0.0,
            traits=page.traits or NO_TRAITS,
            attachment=page.attachment,
            met=bits(page.criteria),
            exclusion=exclusion,
        )
        self._tally.add(page)
        self._sources.add(page)
        self._suggestions.add(page)

    def standing(self) -> Standing | None:
        """Return the answer so far; None before any page voted."""
        return self._tally.standing()

    def settled(self) -> Standing | None:
        """Return the answer with pages counted as what they are among their neighbours.

        A page that says little of its own, in a document whose pages hold together, is no sign of
        a second document.
        """
        standing = self._tally.standing()
        seen = self._among_neighbours() if _disagree(standing) else None
        return _settled(standing, seen)

    def decided(self, selected: Iterable[int], unseen: int) -> bool:
        """Tell whether the category stays, whatever the selected pages hold that are left."""
        return self._tally.decided(unseen) and not (
            # Looked for only where all else is decided: it takes a walk through the pages.
            self._awaits_first(selected) and not self._tally.decided(unseen, earlier=True)
        )

    def _awaits_first(self, selected: Iterable[int]) -> bool:
        """Tell whether a page is left before the first one that voted."""
        first = self._tally.first_page or 0
        before = takewhile(lambda number: number < first, selected)
        return any(number not in self._pages for number in before)

    @property
    def all_failed(self) -> bool:
        """Whether there are pages and every one of them failed."""
        return bool(self._pages) and all(
            page.outcome is Outcome.FAILED for page in self._pages.values()
        )

    def result(
        self,
        *,
        selected: Iterable[int],
        total_pages: int,
        segments: bool,
        identity: EngineIdentity,
        warnings: tuple[ResultWarning, ...] = (),
        left: Exclusion = Exclusion.NOT_PROCESSED,
    ) -> DocumentResult:
        """Return the document's answer; `selected` pages without a result are told as `left`."""
        numbers = list(selected)
        standing = self._tally.standing()
        outcomes = Counter(page.outcome for page in self._pages.values())
        unjudged = outcomes[Outcome.FAILED] + outcomes[Outcome.UNREADABLE]
        seen = self._among_neighbours() if segments or _disagree(standing) else None
        standing = _settled(standing, seen)
        outcome = standing.outcome if standing else without_votes(outcomes)
        parts = self._parts(seen) if seen and segments else ()
        return DocumentResult(
            outcome=outcome,
            total_pages=total_pages,
            processed_pages=len(self._pages) - unjudged,
            engine_pages=len(self._pages) - outcomes[Outcome.FAILED],
            scores=standing.scores if standing else (),
            no_match_score=standing.no_match_score if standing else None,
            criteria_met=self._tally.criteria.met(),
            segments=parts,
            revised=agreeing(seen.revised, seen.alone, parts) if seen and segments else (),
            shortfall=standing.shortfall if standing else None,
            weights=tuple(self._weight(number, left) for number in numbers),
            warnings=(
                *warnings,
                *page_warnings(self._counts(outcomes)),
                *category_warnings(self._unfamiliar()),
            ),
            identity=identity,
            chosen=standing.label if standing and not standing.scores else None,
            confidence_source=self._sources.confidence,
            models=self._sources.models(),
            local_pages=self._sources.local,
            cached_pages=self._sources.cached,
            suggestion=self._suggestions.best() if outcome is Outcome.NO_MATCH else None,
        )

    def _counts(self, outcomes: Counter[Outcome]) -> PageCounts:
        return PageCounts(
            failed=outcomes[Outcome.FAILED] - self._left_out,
            unreadable=outcomes[Outcome.UNREADABLE],
            unseen=self._unseen,
            left_out=self._left_out,
            local_instead=self._sources.fallbacks(Fallback.BUDGET_SPENT),
            others_instead=self._sources.fallbacks(Fallback.MODEL_UNAVAILABLE),
        )

    def _unfamiliar(self) -> list[str]:
        categories = self._question.categories
        return [categories[index].name for index in sorted(self._sources.unfamiliar)]

    def _among_neighbours(self) -> _Neighbours:
        labels = [_label(number, page) for number, page in sorted(self._pages.items())]
        borders = borders_of(labels)
        others = revised(labels, borders, self._question)
        return _Neighbours(labels, settled(labels, others), borders, others)

    def _parts(self, seen: _Neighbours) -> tuple[Segment, ...]:
        """Return the documents in the file."""
        return tuple(
            replace(part, attachment=self._pages[part.first_page].attachment)
            for part in parted(seen.labels, seen.borders, self._question)
        )

    def _weight(self, number: int, left: Exclusion) -> PageWeight:
        page = self._pages.get(number)
        if page is None:
            return PageWeight(number, 0.0, left)
        if not page.votes:
            return PageWeight(number, 0.0, page.exclusion or _EXCLUSIONS[page.outcome])
        return PageWeight(number, FIRST_PAGE_WEIGHT if number == self._tally.first_page else 1.0)


def _label(number: int, page: _Page) -> PageLabel:
    scores = page.scores if page.votes else ()
    belief = {**dict(enumerate(scores)), NONE_FITS: page.no_match_score} if scores else {}
    return PageLabel(
        page=number,
        outcome=page.outcome,
        label=page.label,
        belief=belief,
        traits=page.traits,
        attachment=page.attachment,
        votes=page.votes,
        met=page.met,
    )


def _disagree(standing: Standing | None) -> bool:
    missed = standing.shortfall if standing else None
    return missed is not None and missed.bound is Bound.AGREEMENT


def _settled(standing: Standing | None, seen: _Neighbours | None) -> Standing | None:
    if standing is None or seen is None or not _disagree(standing):
        return standing
    missed = dissent(seen.labels, standing.label)
    outcome = Outcome.AMBIGUOUS if missed else Outcome.MATCHED
    return replace(standing, shortfall=missed, outcome=outcome)
