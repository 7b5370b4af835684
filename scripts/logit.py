"""Fit small logit models in plain Python: a conditional logit and a binary one."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence

Row = tuple[float, ...]

_ROUNDS = 80
_STEP = 0.2
_DECAY = (0.9, 0.999)


@dataclass(frozen=True, slots=True)
class Choice:
    """Rows of alternatives of which any of `right` is the answer; `weight` scales its loss."""

    rows: Sequence[Row]
    right: frozenset[int]
    weight: float = 1.0


@dataclass(frozen=True, slots=True)
class Case:
    """One row of a binary model with its truth."""

    row: Row
    truth: bool
    weight: float = 1.0


class _Adam:
    """Gradient steps with running moments (Kingma and Ba, 2015)."""

    def __init__(self, start: Sequence[float]) -> None:
        self.values = list(start)
        self._first = [0.0] * len(start)
        self._second = [0.0] * len(start)
        self._round = 0

    def step(self, slope: Sequence[float]) -> None:
        """Move against the slope."""
        self._round += 1
        slow, fast = _DECAY
        for i, g in enumerate(slope):
            self._first[i] = slow * self._first[i] + (1 - slow) * g
            self._second[i] = fast * self._second[i] + (1 - fast) * g * g
            mean = self._first[i] / (1 - slow**self._round)
            spread = self._second[i] / (1 - fast**self._round)
            self.values[i] -= _STEP * mean / (math.sqrt(spread) + 1e-8)


def fit_choices(
    choices: Sequence[Choice], start: Sequence[float], ridge: float
) -> tuple[float, ...]:
    """Fit softmax(weights . row) to the right alternatives; `ridge` pulls towards `start`."""
    adam = _Adam(start)
    total = sum(choice.weight for choice in choices)
    for _ in range(_ROUNDS):
        slope = [ridge * (v - s) for v, s in zip(adam.values, start, strict=True)]
        for choice in choices:
            _add_choice_slope(choice, adam.values, total, slope)
        adam.step(slope)
    return tuple(adam.values)


def _add_choice_slope(
    choice: Choice, weights: Sequence[float], total: float, slope: list[float]
) -> None:
    chances = probabilities(choice.rows, weights)
    mass = sum(chances[i] for i in choice.right)
    for i, (chance, row) in enumerate(zip(chances, choice.rows, strict=True)):
        target = chance / mass if i in choice.right and mass else 0.0
        push = (chance - target) * choice.weight / total
        if abs(push) > 1e-9:
            for j, x in enumerate(row):
                slope[j] += push * x


def probabilities(rows: Sequence[Row], weights: Sequence[float]) -> list[float]:
    """Return the softmax of the weighted rows."""
    scores = [sum(w * x for w, x in zip(weights, row, strict=True)) for row in rows]
    top = max(scores)
    raised = [math.exp(score - top) for score in scores]
    total = sum(raised)
    return [value / total for value in raised]


def fit_binary(
    cases: Sequence[Case], start: Sequence[float], ridge: float
) -> tuple[float, tuple[float, ...]]:
    """Fit a logistic model and return its bias and weights; the bias is not pulled."""
    adam = _Adam([0.0, *start])
    total = sum(case.weight for case in cases)
    for _ in range(_ROUNDS):
        pulled = zip(adam.values[1:], start, strict=True)
        slope = [0.0, *(ridge * (v - s) for v, s in pulled)]
        for case in cases:
            row = (1.0, *case.row)
            score = sum(w * x for w, x in zip(adam.values, row, strict=True))
            push = (sigmoid(score) - case.truth) * case.weight / total
            for j, x in enumerate(row):
                slope[j] += push * x
        adam.step(slope)
    return adam.values[0], tuple(adam.values[1:])


def sigmoid(score: float) -> float:
    """Return 1 / (1 + exp(-score)), safe for large scores."""
    return 1.0 / (1.0 + math.exp(-max(-30.0, min(30.0, score))))
