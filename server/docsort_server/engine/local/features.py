"""What speaks for each category of a question on one page, as numbers."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from docsort_server.engine.local.evidence import softmax

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from docsort_server.engine.local.question import CompiledCategory, CompiledQuestion
    from docsort_server.engine.local.reading import Reading
    from docsort_server.engine.local.weights import CategoryWeights

NAMES = ("types", "words", "title", "unknown", "name_only")

_LEAST_MASS = 1e-3
# A category the lexicon does not know gets the mass of a type that is one in so many: enough to
# lead where all others are ruled out, while `rejection` asks what speaks for it.
_UNKNOWN_MASS = 0.03
# Words on the page that weigh this much leave a chance of 1/e that they stand there by accident.
_CHANCE_WORDS = 0.4


def measure(
    reading: Reading, question: CompiledQuestion, types: Sequence[float]
) -> list[tuple[float, ...]]:
    """Return the features of `NAMES` for each category; `types` is the type posterior.

    types: log of the linked types' probability; words: stemmed overlap, saturating; title: the
    name among the first lines; unknown: the part of the category the lexicon does not know;
    name_only: the overlap of the name alone where the category is unknown.
    """
    counts = {stem: len(lines) for stem, lines in reading.stems.items()}
    titles = question.names.scan(reading)
    rows: list[tuple[float, ...]] = []
    for number, category in enumerate(question.categories):
        title = 0.0
        # A name without any telling word, such as "A", is in every title.
        if number in titles and category.name_words:
            title = reading.title_strength(titles[number], question.name_letters[number])
        unknown = 1.0 - category.known
        rows.append(
            (
                math.log(mass(category, types) + _UNKNOWN_MASS * unknown + _LEAST_MASS),
                overlap(category.words, category.word_norm, counts),
                title,
                unknown,
                unknown * overlap(category.name_words, category.name_norm, counts),
            )
        )
    return rows


def worded(words: float) -> float:
    """Return how surely (0..1) words found, the sum of overlap and title, are no accident."""
    return 1.0 - math.exp(-words / _CHANCE_WORDS)


def mass(category: CompiledCategory, types: Sequence[float]) -> float:
    """Return the probability of the types a category is linked to."""
    return sum(power * types[number] for number, power in category.links)


def overlap(words: Sequence[tuple[str, float]], norm: float, counts: Mapping[str, int]) -> float:
    """Return sum(w * tf / (tf + 1.2)) / sqrt(sum(w) + 4) over a category's words."""
    total = 0.0
    for stem, weight in words:
        count = counts.get(stem)
        if count:
            total += weight * count / (count + 1.2)
    return total / norm


def score(rows: Sequence[Sequence[float]], weights: CategoryWeights) -> list[float]:
    """Return the categories' probabilities: softmax of the weighted features."""
    logits = [sum(w * x for w, x in zip(weights.values, row, strict=True)) for row in rows]
    return softmax([logit / weights.temperature for logit in logits])
