"""A criterion prepared for pages: the concepts it speaks of and its remaining words."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from docsort_server.engine.local import text as t

if TYPE_CHECKING:
    from docsort_server.engine.local.concepts import Concepts


_EITHER = frozenset({"or", "oder", "ou", "such"})


@dataclass(frozen=True, slots=True)
class CompiledCriterion:
    """Numbers of the concepts meant and the stems that carry meaning, each once.

    `loose` are the stems that no concept stands for; with `either` one concept is enough.
    """

    concepts: tuple[int, ...]
    stems: tuple[str, ...]
    loose: frozenset[str]
    either: bool


def compile_criterion(text: str, concepts: Concepts) -> CompiledCriterion:
    """Find the concepts of a criterion; one whose words another's include is left out."""
    stems = tuple(dict.fromkeys(t.content_stems(text)))
    meant = _meant(frozenset(stems), concepts)
    kept = tuple(
        number
        for number, said in meant.items()
        if not any(said < other for other in meant.values())
    )
    telling = tuple(stem for stem in stems if stem not in concepts.fillers) or stems
    spoken = frozenset().union(*(meant[number] for number in kept))
    either = not _EITHER.isdisjoint(t.words(text))
    return CompiledCriterion(kept, telling, frozenset(telling) - spoken, either)


def _meant(stems: frozenset[str], concepts: Concepts) -> dict[int, frozenset[str]]:
    """Return the concepts meant, each with all the words that mean it."""
    said = {
        number: frozenset().union(*(says for says in concept.says if says <= stems))
        for number, concept in enumerate(concepts.entries)
    }
    return {number: words for number, words in said.items() if words}
