"""Count pages that are right alone, and among their neighbours."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from docsort_server.engine.labels import PageLabel
from docsort_server.engine.model import Outcome
from docsort_server.engine.segments import borders_of, parted
from docsort_server.engine.smoothing import agreeing, revised, settled

if TYPE_CHECKING:
    from collections.abc import Sequence

    from docsort_server.engine.model import Question
    from scripts.segment_samples import Seen


@dataclass(frozen=True, slots=True)
class Pages:
    """How many pages are right alone and among their neighbours, of how many."""

    alone: int = 0
    among: int = 0
    of: int = 0

    def plus(self, other: Pages) -> Pages:
        """Return the sum."""
        return Pages(self.alone + other.alone, self.among + other.among, self.of + other.of)

    def __str__(self) -> str:
        """Return both shares, with the number."""
        of = max(1, self.of)
        return f"alone {self.alone / of:.3f}, among neighbours {self.among / of:.3f} (n={self.of})"


def right(
    pages: Sequence[Seen], truth: Sequence[str | None], labels: Sequence[str], asked: Question
) -> Pages:
    """Count right pages of those whose class is known; `labels` are those of the categories.

    What fits none of the categories has a class that is no label.
    """
    found = [
        PageLabel(number, page.outcome, page.label, page.belief, page.traits)
        for number, page in enumerate(pages, 1)
    ]
    alone = [_class(page.outcome, page.label, labels) for page in pages]
    among = list(alone)
    borders = borders_of(found)
    others = revised(found, borders, asked)
    parts = parted(settled(found, others), borders, asked)
    for page in agreeing(others, found, parts):
        among[page.page - 1] = _class(page.outcome, page.label, labels)
    known = [(place, label) for place, label in enumerate(truth) if label is not None]
    wanted = [(place, label if label in labels else "") for place, label in known]
    return Pages(
        sum(alone[place] == label for place, label in wanted),
        sum(among[place] == label for place, label in wanted),
        len(wanted),
    )


def _class(outcome: Outcome, label: int | None, labels: Sequence[str]) -> str | None:
    if outcome is Outcome.NO_MATCH:
        return ""
    return None if label is None else labels[label]
