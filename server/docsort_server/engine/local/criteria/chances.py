"""How likely what a criterion speaks of is on a page, from what was found there."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from docsort_server.engine.local.criteria.outcomes import Holds
from docsort_server.engine.local.criteria.values import Grade

if TYPE_CHECKING:
    from docsort_server.engine.local.criteria.criterion import Clause
    from docsort_server.engine.local.criteria.marks import Finding
    from docsort_server.engine.local.criteria.outcomes import Outcome
    from docsort_server.engine.local.weights import Logistic, Weights

# How likely, at most, what is asked for is there where some of it cannot be tested.
UNTESTED = 0.6


def presence(found: Finding, clause: Clause, weights: Weights) -> float:
    """Return how likely (0..1) the page holds all that a clause speaks of, or any with `either`."""
    chances = [worth(grade, weights.values) for grade in found.grades]
    chances += [_outcome(each, weights.values) for each in found.outcomes]
    if found.features is not None:
        chances.append(max(logistic(found.features, weights.criteria), found.least))
    chance = max(chances) if clause.either else min(chances)
    chance = min(chance, found.limit, 1.0 - UNTESTED if found.doubted else 1.0)
    if not clause.untested:
        return chance
    # A value that does not meet what was read may meet what was not.
    tried = any(each.grade and each.holds is Holds.NO for each in found.outcomes)
    return min(max(chance, 1.0 - UNTESTED) if tried else chance, UNTESTED)


def _outcome(outcome: Outcome, weights: Logistic) -> float:
    given = worth(outcome.grade, weights)
    return {
        Holds.YES: given,
        Holds.LIKELY: UNTESTED,
        Holds.OPEN: 1.0 - UNTESTED,
        Holds.UNLIKELY: 1.0 - UNTESTED,
        # What is given so vaguely may be another value.
        Holds.NO: min(given, 1.0 - given),
    }[outcome.holds]


def grade_row(grade: Grade) -> tuple[float, ...]:
    """Return the features of the model of values: one for each grade but `NOTHING`."""
    return tuple(float(grade == other) for other in Grade if other)


def worth(grade: Grade, weights: Logistic) -> float:
    """Return the probability that a value of this grade is there, as of its `grade_row`."""
    return _chance(weights.bias + (weights.values[grade - 1] if grade else 0.0))


def logistic(features: tuple[float, ...], weights: Logistic) -> float:
    """Return the probability of a logistic model."""
    score = weights.bias + sum(w * x for w, x in zip(weights.values, features, strict=True))
    return _chance(score)


def _chance(score: float) -> float:
    return 1.0 / (1.0 + math.exp(-max(-30.0, min(30.0, score))))
