"""What types of the lexicon a page is of: its cues, title and looks, and what its words mean."""

from __future__ import annotations

from typing import TYPE_CHECKING

from docsort_server.engine.local import evidence
from docsort_server.engine.local.type_head import TypeHead

if TYPE_CHECKING:
    from collections.abc import Mapping

    from docsort_server.engine.local.lexicon import Lexicon
    from docsort_server.engine.local.reading import Reading
    from docsort_server.engine.local.weights import Weights


class TypeModel:
    """The types of one lexicon, with the weights of what speaks for them."""

    def __init__(self, lexicon: Lexicon, numbers: Weights) -> None:
        self._lexicon = lexicon
        self._weights = numbers.types
        self._head = TypeHead(numbers.head, lexicon.types)

    def strengths(self, reading: Reading, looks: Mapping[str, float]) -> list[float]:
        """Return the `evidence.strengths` of each type on a page with these layout facts."""
        seen = evidence.gather(reading, looks, self._lexicon)
        said = self._head.evidence(reading, looks)
        return evidence.strengths(seen, self._weights, self._lexicon.forms, said)
