"""Fit a multinomial logistic model, with a ridge towards another model."""

from __future__ import annotations

import importlib
from typing import TYPE_CHECKING, TypeAlias

import numpy as np
from numpy.typing import NDArray

if TYPE_CHECKING:
    from collections.abc import Sequence

Numbers: TypeAlias = NDArray[np.float64]

_ROUNDS = 600
# A bias is as free as its few pages let it be.
_BIAS_RIDGE = 1e-4


def fit(
    rows: Sequence[Sequence[float]],
    labels: Sequence[int],
    weights: Sequence[float],
    toward: Sequence[Sequence[float]],
    ridge: float,
) -> list[list[float]]:
    """Return a row of weights for each class, as near to its row of `toward` as `ridge` says.

    Rows begin with a 1 for the bias; `labels` are numbers of classes. The loss is the sum over rows
    of -weight * log(chance of the label), and half the ridge times the squared distance, by L-BFGS.
    """
    x, y, w = np.array(rows), np.array(labels), np.array(weights)
    start = np.array(toward)
    ridges = np.full(x.shape[1], ridge)
    ridges[0] = _BIAS_RIDGE
    truth = np.zeros((len(y), len(start)))
    truth[np.arange(len(y)), y] = 1.0

    def loss(flat: Numbers) -> tuple[float, Numbers]:
        model = flat.reshape(start.shape)
        scores = x @ model.T
        scores -= scores.max(axis=1, keepdims=True)
        logs = scores - np.log(np.exp(scores).sum(axis=1, keepdims=True))
        away = model - start
        value = -(w @ (logs * truth).sum(axis=1)) + 0.5 * (ridges * away * away).sum()
        slope = ((np.exp(logs) - truth) * w[:, None]).T @ x + ridges * away
        return float(value), slope.ravel()

    options = {"maxiter": _ROUNDS}
    minimize = importlib.import_module("scipy.optimize").minimize
    found = minimize(loss, start.ravel(), jac=True, method="L-BFGS-B", options=options)
    fitted: list[list[float]] = found.x.reshape(start.shape).tolist()
    return fitted
