"""Turn pages in a row into the rows that the weights of borders are fitted on."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from docsort_server.engine.model import Outcome
from docsort_server.engine.packet.features import Leaf, measure
from docsort_server.engine.packet.reading import traits_of
from docsort_server.engine.packet.traits import NO_TRAITS, PageTraits
from docsort_server.engine.result import best
from docsort_server.engine.segments import NONE_FITS

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence

    from docsort_server.documents.model import PageContent
    from docsort_server.engine.local.engine import Engine
    from docsort_server.engine.local.question import CompiledQuestion


@dataclass(frozen=True, slots=True)
class Seen:
    """A page as an engine answered it."""

    outcome: Outcome = Outcome.BLANK
    key: int | None = None
    traits: PageTraits = NO_TRAITS


@dataclass(frozen=True, slots=True)
class Place:
    """A place between two pages: what is measured there, and whether a document starts.

    `textless` places are decided by whether the label `changes`.
    """

    row: tuple[float, ...]
    truth: bool
    textless: bool
    changes: bool


def seen(page: PageContent, engine: Engine, question: CompiledQuestion) -> Seen:
    """Ask an engine about a page."""
    verdict = engine.classify(page, question)
    rejected = verdict.outcome is Outcome.NO_MATCH
    key = NONE_FITS if rejected else best(verdict.scores)
    return Seen(verdict.outcome, key, traits_of(page))


def places(pages: Sequence[Seen], starts: Collection[int]) -> list[Place]:
    """Measure between all pages that vote, as `engine.segments` does; `starts` count from 0."""
    voting = [index for index, page in enumerate(pages) if page.key is not None]
    leaves = [_leaf(pages, *pair) for pair in zip([-1, *voting], voting, strict=False)]
    return [
        Place(
            row=measure(leaves, n),
            truth=any(place in starts for place in range(voting[n - 1] + 1, voting[n] + 1)),
            textless=not (leaves[n - 1].traits.length and leaves[n].traits.length),
            changes=leaves[n - 1].key != leaves[n].key,
        )
        for n in range(1, len(leaves))
    ]


def _leaf(pages: Sequence[Seen], before: int, index: int) -> Leaf:
    page = pages[index]
    blanks = sum(each.outcome is Outcome.BLANK for each in pages[before + 1 : index])
    return Leaf(page.traits, page.key, page.outcome is not Outcome.AMBIGUOUS, blanks)
