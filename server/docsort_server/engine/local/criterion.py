"""A criterion prepared for pages: the concepts it speaks of and its remaining words."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from docsort_server.engine.local import text as t

if TYPE_CHECKING:
    from docsort_server.engine.local.concepts import Concepts


@dataclass(frozen=True, slots=True)
class CompiledCriterion:
    """Numbers of the concepts meant and the stems that carry meaning, each once.

    `loose` are the stems that no concept stands for.
    """

    concepts: tuple[int, ...]
    stems: tuple[str, ...]
    loose: frozenset[str]


def compile_criterion(text: str, concepts: Concepts) -> CompiledCriterion:
    """Find the concepts of a criterion; of two, the one that says all the other says wins."""
    stems = tuple(dict.fromkeys(t.content_stems(text)))
    present = frozenset(stems)
    meant = {
        number: max((says for says in concept.says if says and says <= present), key=len)
        for number, concept in enumerate(concepts.entries)
        if any(says and says <= present for says in concept.says)
    }
    kept = tuple(
        number
        for number, says in meant.items()
        if not any(says < other for other in meant.values())
    )
    telling = tuple(stem for stem in stems if stem not in concepts.fillers) or stems
    spoken = frozenset().union(*(meant[number] for number in kept))
    return CompiledCriterion(kept, telling, frozenset(telling) - spoken)
