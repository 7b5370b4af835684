"""Turn pages in a row into the rows that the weights of borders are fitted on."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from docsort_server.engine.labels import NONE_FITS
from docsort_server.engine.model import Outcome
from docsort_server.engine.packet import rules
from docsort_server.engine.packet.features import Neighbour, measure
from docsort_server.engine.packet.reading import traits_of
from docsort_server.engine.packet.traits import NO_TRAITS, PageTraits
from docsort_server.engine.result import best

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence

    from docsort_server.documents.model import PageContent
    from docsort_server.engine.local.engine import Engine
    from docsort_server.engine.local.question import CompiledQuestion


@dataclass(frozen=True, slots=True)
class Seen:
    """A page as an engine answered it; `belief` is as in `PageLabel`."""

    outcome: Outcome = Outcome.BLANK
    label: int | None = None
    traits: PageTraits = NO_TRAITS
    belief: dict[int, float] = field(default_factory=dict)

    @property
    def key(self) -> int | None:
        """What tells runs apart, as in `PageLabel`."""
        return NONE_FITS if self.outcome is Outcome.NO_MATCH else self.label


@dataclass(frozen=True, slots=True)
class Place:
    """A place between two pages: what is measured there, and whether a document starts.

    `textless` places are decided by whether the label `changes`. Of others some are borders by
    rule, whatever the weights are: they are `ruled`.
    """

    row: tuple[float, ...]
    truth: bool
    textless: bool
    changes: bool
    ruled: bool


def seen(page: PageContent, engine: Engine, question: CompiledQuestion) -> Seen:
    """Ask an engine about a page."""
    verdict = engine.classify(page, question)
    belief = {**dict(enumerate(verdict.scores)), NONE_FITS: verdict.no_match_score or 0.0}
    label = best(verdict.scores)
    return Seen(verdict.outcome, label, traits_of(page), {} if label is None else belief)


def places(pages: Sequence[Seen], starts: Collection[int]) -> list[Place]:
    """Measure between all pages that vote, as `engine.segments` does; `starts` count from 0."""
    voting = [index for index, page in enumerate(pages) if page.key is not None]
    neighbours = [_neighbour(pages, *pair) for pair in zip([-1, *voting], voting, strict=False)]
    return [
        _place(
            neighbours, n, any(each in starts for each in range(voting[n - 1] + 1, voting[n] + 1))
        )
        for n in range(1, len(neighbours))
    ]


def _place(neighbours: Sequence[Neighbour], index: int, truth: bool) -> Place:
    before, after, row = neighbours[index - 1], neighbours[index], measure(neighbours, index)
    return Place(
        row=row,
        truth=truth,
        textless=not (before.traits.length and after.traits.length),
        changes=before.key != after.key,
        ruled=rules.start(before, after, row) is not None,
    )


def _neighbour(pages: Sequence[Seen], before: int, index: int) -> Neighbour:
    page = pages[index]
    blanks = sum(each.outcome is Outcome.BLANK for each in pages[before + 1 : index])
    sure = page.outcome is not Outcome.AMBIGUOUS
    scores = page.belief if page.outcome is Outcome.MATCHED else {}
    return Neighbour(page.traits, page.key, sure, blanks, scores)
