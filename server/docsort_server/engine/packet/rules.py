"""Tell a document's start by rule, where the weights of what is measured do not tell it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from docsort_server.engine.packet.features import FEATURES, share_lines
from docsort_server.engine.packet.traits import UNSPACED
from docsort_server.engine.result import BoundaryReason

if TYPE_CHECKING:
    from collections.abc import Sequence

    from docsort_server.engine.packet.features import Neighbour

# A page is surely of its category with such a score, where the other page's has no more than so.
_SURE, _FAINT = 0.7, 0.1
# Pages share hardly a word from here on. Where too few are known to tell, they are as far apart.
_WORDS_APART = 0.8
# What ties pages together, though they are of two categories.
_TIES = (
    *("number_follows", "number_inside", "count_incomplete", "loose_follows"),
    *("continued", "goes_on", "sentence_goes_on", "reference_same", "form_same", "names_shared"),
)
_TIED = tuple(map(FEATURES.index, _TIES))
_LINES, _APART = FEATURES.index("lines_shared"), FEATURES.index("words_apart")


def start(before: Neighbour, after: Neighbour, row: Sequence[float]) -> BoundaryReason | None:
    """Return why a document starts between two pages of text; None where no rule tells.

    `row` is what is measured between them.
    """
    if _counted_out(before, after):
        return BoundaryReason.PAGE_NUMBER
    return BoundaryReason.LABEL_CHANGE if _parted(before, after, row) else None


def _counted_out(before: Neighbour, after: Neighbour) -> bool:
    """Tell whether a page is the last that its document counts, and the next one a first."""
    last = before.traits.total is not None and before.traits.number == before.traits.total
    return last and after.traits.number == 1


def _parted(before: Neighbour, after: Neighbour, row: Sequence[float]) -> bool:
    """Tell whether pages match two categories and nothing ties them together.

    Openings and words are known in some languages only: elsewhere the categories alone tell.
    """
    if before.key == after.key or not (before.scores and after.scores):
        return False
    if any(row[place] for place in _TIED) or (row[_LINES] and share_lines(before, after)):
        return False
    if not {before.traits.language, after.traits.language} - {"", UNSPACED}:
        return True
    return row[_APART] >= _WORDS_APART and _surely(before, after) and _surely(after, before)


def _surely(page: Neighbour, other: Neighbour) -> bool:
    """Tell whether a page is surely of its category, and hardly of another page's."""
    assert page.key is not None
    assert other.key is not None
    return page.scores.get(page.key, 0.0) >= _SURE and page.scores.get(other.key, 0.0) <= _FAINT
