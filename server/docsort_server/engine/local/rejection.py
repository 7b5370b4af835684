"""The belief that none of the categories fits a page."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from docsort_server.engine.local import features
from docsort_server.engine.local.criteria.chances import logistic
from docsort_server.engine.local.question import CLEAR

if TYPE_CHECKING:
    from collections.abc import Sequence

    from docsort_server.engine.local.question import CompiledCategory, CompiledQuestion
    from docsort_server.engine.local.weights import Logistic

NAMES = ("unclaimed", "best_mass", "words", "unknown", "fewness")

# A type of this strength leaves a chance of 1/e that what speaks for it stands there by accident.
_CHANCE_STRENGTH = 2.0
# A likeness from which a page is taken to belong to a category with examples.
_LIKE = 0.5
# Keeps the order of the categories where nothing at all speaks for any of them.
_LEAST_GROUNDS = 1e-3


def belief(
    row: tuple[float, ...], grounds: float, weights: Logistic, likeness: float = 0.0
) -> float:
    """Return the belief (0..1): 1 without grounds, the fitted model's where they are sure.

    What is like examples (`likeness`, 0..1) is rejected the less, whatever the model says: it knows
    of no examples.
    """
    fitted = logistic(row, weights) * (1.0 - likeness)
    return 1.0 - (1.0 - fitted) * max(grounds, _LEAST_GROUNDS)


def likeness(rows: Sequence[Sequence[float]], chances: Sequence[float]) -> float:
    """Return how surely (0..1) the page is like examples of the categories that may be right.

    The mean of the categories' likeness, weighed by their `chances`.
    """
    like = sum(c * features.liked(row) for c, row in zip(chances, rows, strict=True))
    return min(1.0, like / _LIKE)


def grounds(
    question: CompiledQuestion,
    strengths: Sequence[float],
    rows: Sequence[Sequence[float]],
    chances: Sequence[float],
) -> float:
    """Return how surely (0..1) anything on the page speaks for the categories that may be right.

    The mean of the categories' grounds, weighed by their `chances`, which add up to 1: what a
    category gains because the others are ruled out counts only as far as the page speaks for it.
    `strengths` are those of the types. A catch-all needs nothing to speak for it.
    """
    return sum(
        chance * _ground(category, strengths, row)
        for category, row, chance in zip(question.categories, rows, chances, strict=True)
    )


def _ground(category: CompiledCategory, strengths: Sequence[float], row: Sequence[float]) -> float:
    if category.rest:
        return 1.0
    # Doubtful links count less, as they do in the category's mass.
    typed = max(
        (min(1.0, power / CLEAR) * strengths[n] for n, power in category.links), default=0.0
    )
    by_accident = math.exp(-max(typed, 0.0) / _CHANCE_STRENGTH)
    return 1.0 - by_accident * (1.0 - features.worded(features.spoken(row)))


def measure(
    question: CompiledQuestion,
    types: Sequence[float],
    none: float,
    rows: Sequence[Sequence[float]],
) -> tuple[float, ...]:
    """Return what tells that no category fits, in the order of `NAMES`.

    `types` and `none` are those of `features.measure`. unclaimed: log-odds of the types that no
    category is about, less what pages of no type leave to unfamiliar categories; best_mass: log of
    the best category's mass; words: the best word overlap; unknown: how surely words speak for an
    unfamiliar category, or examples for any; fewness: minus the log of how many categories there
    are.
    """
    share = sum(types[number] * part for number, part in question.unclaimed)
    share *= 1.0 - none * max(row[3] for row in rows)
    share = min(max(share, 1e-4), 1.0 - 1e-4)
    like = max(map(features.liked, rows))
    unknown = max(like, *(row[3] * features.worded(features.spoken(row)) for row in rows))
    return (
        math.log(share / (1.0 - share)) * (1.0 - like),
        max(row[0] for row in rows),
        max(map(features.spoken, rows)),
        unknown,
        -math.log(len(question.categories)),
    )
