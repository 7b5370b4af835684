"""Fit the weights of borders: a logistic model of known signs, drawn to values set by hand."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from scipy.optimize import minimize

from docsort_server.engine.packet.borders import Weights
from docsort_server.engine.packet.features import FEATURES

if TYPE_CHECKING:
    from collections.abc import Sequence

    import numpy.typing as npt

    Floats = npt.NDArray[np.float64]

# What each sign is expected to say in log-odds: where documents tell little of it, this stays. What
# speaks for a border is not to be fitted as speaking against one.
EXPECTED = {
    "label_differs": 1.0,
    "label_sure": 1.0,
    "label_holds": 1.0,
    "label_returns": -1.0,
    "number_starts": 1.0,
    "number_follows": -3.0,
    "total_same": -1.0,
    "number_inside": -2.0,
    "number_clashes": 1.0,
    "count_complete": 0.5,
    "count_incomplete": -0.5,
    "loose_follows": -2.0,
    "loose_starts": 0.5,
    "lines_shared": -1.0,
    "lines_lost": 0.5,
    "title": 1.0,
    "headline": 1.0,
    "salutation": 1.0,
    "date": 1.0,
    "contact": 1.0,
    "numbered": 0.5,
    "continued": -1.0,
    "font_grows": 1.0,
    "closing": 0.5,
    "total": 0.5,
    "goes_on": -1.0,
    "sentence_goes_on": -1.0,
    "tail": -0.5,
    "reference_differs": 1.0,
    "reference_same": -1.0,
    "form_new": 1.0,
    "form_same": -1.0,
    "names_shared": -1.0,
    "names_apart": 0.5,
    "words_apart": 3.0,
    "words_valley": 1.0,
    "size_differs": 3.0,
    "source_differs": 1.0,
    "language_differs": 1.0,
    "separator": 0.5,
}
RIDGE = 15.0


def fit(rows: Sequence[Sequence[float]], truth: Sequence[bool], shares: Sequence[float]) -> Weights:
    """Return the likeliest weights; `shares` are what each row counts."""
    table = np.hstack([np.ones((len(rows), 1)), np.asarray(rows, dtype=np.float64)])
    is_border = np.asarray(truth, dtype=np.float64)
    counts = np.asarray(shares, dtype=np.float64)
    expected = np.asarray([0.0, *(EXPECTED[name] for name in FEATURES)])

    def loss(values: Floats) -> tuple[float, Floats]:
        odds = table @ values
        off = values - expected
        # The bias is free.
        off[0] = 0.0
        missed = np.logaddexp(0.0, odds) - is_border * odds
        slope = table.T @ (counts * (1.0 / (1.0 + np.exp(-odds)) - is_border)) + RIDGE * off
        return float(counts @ missed + RIDGE / 2.0 * off @ off), slope

    bounds = [(None, None), *((0.0, None) if e > 0 else (None, 0.0) for e in expected[1:])]
    found = minimize(loss, expected, jac=True, method="L-BFGS-B", bounds=bounds)
    values = [round(float(value), 3) for value in found.x]
    return Weights(values[0], tuple(values[1:]))
