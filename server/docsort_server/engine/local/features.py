"""What speaks for each category of a question on one page, as numbers."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from docsort_server.engine.local.evidence import softmax
from docsort_server.engine.local.likeness import likeness, page_vector
from docsort_server.engine.local.word_vectors import nearness

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from docsort_server.engine.local.question import CompiledCategory, CompiledQuestion
    from docsort_server.engine.local.reading import Reading
    from docsort_server.engine.local.weights import CategoryWeights
    from docsort_server.engine.local.word_vectors import Meaning

NAMES = (
    *("types", "words", "title"),
    *("unknown", "unknown_name", "unknown_words", "unknown_title"),
    *("unknown_near", "unknown_top_near"),
)

# The weight of the likeness to examples, which only questions with examples have as a feature.
LIKENESS = 6.0
_LIKENESS = len(NAMES)
_NEAR = NAMES.index("unknown_near")
# The part of a likeness that does not count where the lexicon knows a category's name well: what
# it knows of a type tells more than a few examples do. Where examples alone tell the type, they are
# what tells two categories of one type apart.
_FAMILIAR_PART = 0.75
# What a likeness of 1 counts for beside words found.
_LIKE_WORDS = 2.0

_LEAST_MASS = 1e-3
# The words a page opens with, in which it tells more of what it is than in the others.
_TOP = 40
# Where a page has so few words, half of what they are near to is chance.
_FEW_WORDS = 10.0
# A nearness that pages often have to what they have nothing to do with.
_CHANCE_NEAR = 0.15
# Words on the page that weigh this much leave a chance of 1/e that they stand there by accident.
_CHANCE_WORDS = 0.4


def measure(
    reading: Reading, question: CompiledQuestion, types: Sequence[float], none: float
) -> list[tuple[float, ...]]:
    """Return the features of `NAMES` for each category.

    `types` is the type posterior, `none` the chance that the page is of none of them; categories
    that the lexicon does not know share that.

    types: log of the probability of the linked types, or of the share of `none`; words: stemmed
    overlap, saturating; title: the name among the first lines; unknown: the part of the category
    the lexicon does not know, and as parts of it the overlap of the name alone, both others, and
    how near the category is in meaning to the page and to its first words.
    Where categories have examples, one more: likeness, how much the page is like those of the
    category, which counts less where the lexicon knows its name.
    """
    counts = {stem: len(lines) for stem, lines in reading.stems.items()}
    titles = question.names.scan(reading)
    shared = none / max(1.0, sum(1.0 - category.known for category in question.categories))
    meanings = _meanings(reading, question)
    enough = len(reading.tokens) / (len(reading.tokens) + _FEW_WORDS)
    rows: list[tuple[float, ...]] = []
    for number, category in enumerate(question.categories):
        title = 0.0
        # A name without any telling word, such as "A", is in every title.
        if number in titles and category.name_words:
            title = reading.title_strength(titles[number], question.name_letters[number])
        unknown = 1.0 - category.known
        words = overlap(category.words, category.word_norm, counts)
        believed = mass(category, types) * (1.0 - none) + shared * unknown
        rows.append(
            (
                math.log(believed + _LEAST_MASS),
                words,
                title,
                unknown,
                unknown * overlap(category.name_words, category.name_norm, counts),
                unknown * words,
                unknown * title,
                *(unknown * enough * nearness(each, category.meaning) for each in meanings),
            )
        )
    if question.rarity is None:
        return rows
    page = page_vector(reading, question.rarity)
    return [
        (*row, likeness(page, category.examples) * (1.0 - _FAMILIAR_PART * category.named))
        for row, category in zip(rows, question.categories, strict=True)
    ]


def _meanings(reading: Reading, question: CompiledQuestion) -> tuple[Meaning | None, ...]:
    """Return where a page's words and the first of them point, if that counts."""
    if question.vectors is None:
        return None, None
    return tuple(map(question.vectors.meaning, (reading.tokens, reading.tokens[:_TOP])))


def spoken(row: Sequence[float]) -> float:
    """Return what words on the page say for a category: overlap, title, nearness, likeness.

    Nearness only counts as far as the lexicon does not know the category.
    """
    near = max(0.0, row[_NEAR] - _CHANCE_NEAR)
    return row[1] + row[2] + near + _LIKE_WORDS * liked(row)


def liked(row: Sequence[float]) -> float:
    """Return how much the page is like the examples of a category, 0..1."""
    return row[_LIKENESS] if len(row) > _LIKENESS else 0.0


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
    values = (*weights.values, LIKENESS) if len(rows[0]) > _LIKENESS else weights.values
    logits = [sum(w * x for w, x in zip(values, row, strict=True)) for row in rows]
    return softmax([logit / weights.temperature for logit in logits])
