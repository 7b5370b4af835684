"""How much a page is like the examples of a category, by the words they have in common."""

from __future__ import annotations

import math
from collections import Counter
from typing import TYPE_CHECKING, TypeAlias

from docsort_server.engine.local import text as t

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping, Sequence

    from docsort_server.engine.local.reading import Reading

# Stems with their weights, of length 1.
Vector: TypeAlias = dict[str, float]
Rarity: TypeAlias = "Callable[[str], float]"

# Cosines of a page and the examples of a category: nine in ten of other classes are below the
# lower one, and one in ten of its own class is above the higher one.
_UNLIKE, _ALIKE = 0.1, 0.45


def compile_examples(texts: Sequence[str], rarity: Rarity) -> Vector | None:
    """Return the middle of some texts, each of which counts the same; None without any words.

    `rarity` tells how telling a stem is. Numbers are left out: they differ from page to page.
    """
    middle: Counter[str] = Counter()
    for text in texts:
        middle.update(_vector(t.content_stems(text), rarity))
    return _unit(middle) or None


def page_vector(reading: Reading, rarity: Rarity) -> Vector:
    """Return a page as `likeness` takes it."""
    return _vector(t.content_stems_of(reading.tokens), rarity)


def likeness(page: Vector, examples: Vector | None) -> float:
    """Return how much a page is like examples (0..1): 0 for most pages of other kinds.

    The cosine of both, stretched. Without examples it is 0.
    """
    if not examples:
        return 0.0
    small, large = sorted((page, examples), key=len)
    cosine = sum(weight * large.get(stem, 0.0) for stem, weight in small.items())
    return min(1.0, max(0.0, (cosine - _UNLIKE) / (_ALIKE - _UNLIKE)))


def _vector(stems: Iterable[str], rarity: Rarity) -> Vector:
    counts = Counter(stem for stem in stems if not any(map(str.isdigit, stem)))
    return _unit({s: (1.0 + math.log(count)) * rarity(s) for s, count in counts.items()})


def _unit(weights: Mapping[str, float]) -> Vector:
    length = math.sqrt(sum(weight * weight for weight in weights.values()))
    return {stem: weight / length for stem, weight in weights.items()} if length else {}
