"""A page among the others of its file: what it adds to the document that it is of."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from docsort_server.engine.model import Outcome
from docsort_server.engine.packet.traits import NO_TRAITS, Look, PageTraits

if TYPE_CHECKING:
    from collections.abc import Mapping

# The key of pages that fit none of the categories: they make a segment of their own.
NONE_FITS = -1


@dataclass(frozen=True, slots=True)
class PageLabel:
    """A page's outcome and category, None where it has none.

    `belief` maps all categories, and `NONE_FITS`, to their scores; empty without scores.
    `votes` and `attachment` are as in `PageResult`. `met` are the criteria that it meets, as
    `criteria.bits` has them.
    """

    page: int
    outcome: Outcome
    label: int | None
    belief: Mapping[int, float] = field(default_factory=dict)
    traits: PageTraits = NO_TRAITS
    attachment: str = ""
    votes: bool = True
    met: int = 0

    @property
    def key(self) -> int | None:
        """What tells runs apart; None for a page that has nothing to say."""
        if not self.votes:
            return None
        return NONE_FITS if self.outcome is Outcome.NO_MATCH else self.label

    @property
    def divides(self) -> bool:
        """Whether it has nothing to say but that something else follows, as "Appendix B" does."""
        return self.key is None and Look.DIVIDER in self.traits.look
