"""What a document looks like that fits none of the categories: a fold over its pages."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import replace
from typing import TYPE_CHECKING

from docsort_server.engine.tally import FIRST_PAGE_WEIGHT

if TYPE_CHECKING:
    from docsort_server.engine.model import Suggestion
    from docsort_server.engine.result import PageResult

# The least belief at which a suggestion is made: the type is likelier than all others together.
LEAST = 0.5


class Suggestions:
    """Fold what pages look like: memory is a number per type.

    The belief in a type is the mean of the pages', weighed as in the document's scores. Pages that
    vote and look like nothing in particular count for no type.
    """

    def __init__(self) -> None:
        self._seen: dict[str, Suggestion] = {}
        self._beliefs: defaultdict[str, float] = defaultdict(float)
        self._pages = 0
        self._first: PageResult | None = None

    def add(self, page: PageResult) -> None:
        """Count a page, if it votes."""
        if not page.votes:
            return
        self._pages += 1
        if self._first is None or page.page < self._first.page:
            self._first = page
        if suggestion := page.suggestion:
            self._seen.setdefault(suggestion.type, suggestion)
            self._beliefs[suggestion.type] += suggestion.confidence

    def best(self) -> Suggestion | None:
        """Return the likeliest type; None where none is likelier than all others together."""
        if not self._seen or self._first is None:
            return None
        extra = FIRST_PAGE_WEIGHT - 1.0
        beliefs = dict(self._beliefs)
        if first := self._first.suggestion:
            beliefs[first.type] += extra * first.confidence
        # Of equals the same one in whatever order the pages came.
        kind = min(beliefs, key=lambda each: (-beliefs[each], each))
        belief = min(1.0, beliefs[kind] / (self._pages + extra))
        return replace(self._seen[kind], confidence=belief) if belief >= LEAST else None
