"""How honest the confidence is: reliability, expected calibration error, Brier score.

The question is whether the category with the best score is the true one, as often as its confidence
says. Bins hold equal numbers of documents. No widespread library without a deep learning framework
has a calibration error, let alone a debiased one, so those few lines are here.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
import numpy.typing as npt

from docsort._evaluate import libraries
from docsort._evaluate.estimate import NOTHING, Estimate, Floats, Resampler

_MOST_BINS: Final = 10
_LEAST_IN_BIN: Final = 10


@dataclass(frozen=True, slots=True)
class Bin:
    """Compare what was said with what is so, for documents of similar confidence."""

    least: float
    most: float
    confidence: float
    accuracy: Estimate


@dataclass(frozen=True, slots=True)
class Calibration:
    """Hold the figures of honesty; `ece` and `debiased` are 0 where all is honest.

    `debiased` is the root of the mean squared error with the part taken out that comes of bins
    being small (Kumar, Liang, Ma 2019, "Verified Uncertainty Calibration", section 4).
    """

    ece: Estimate
    debiased: Estimate
    brier: Estimate
    bins: tuple[Bin, ...]


def calibration(
    confidences: Sequence[float], right: Sequence[bool], families: Sequence[str]
) -> Calibration:
    """Return the figures for answers that have a confidence."""
    if not confidences:
        return Calibration(NOTHING, NOTHING, NOTHING, ())
    said, so = np.asarray(confidences), np.asarray(right, dtype=np.float64)
    bins = _bins(said)
    resampler = Resampler(families)
    squares = (said - so) ** 2
    brier = resampler.estimate(lambda weights: weights @ squares / weights.sum(axis=1))
    value = float(libraries.scores().brier_score_loss(so, said, pos_label=1))
    return Calibration(
        resampler.estimate(lambda weights: _ece(weights, said, so, bins), biased=True),
        resampler.estimate(lambda weights: _debiased(weights, said, so, bins), biased=True),
        Estimate(value, brier.low, brier.high, brier.n),
        tuple(_bin(chosen, said, so, families) for chosen in bins),
    )


def expected_calibration_error(confidences: Floats, right: Floats) -> float:
    """Return the mean distance of confidence and accuracy over bins."""
    return float(_ece(np.ones((1, len(right))), confidences, right, _bins(confidences))[0])


def _bins(said: Floats) -> list[npt.NDArray[np.intp]]:
    count = max(1, min(_MOST_BINS, len(said) // _LEAST_IN_BIN))
    return np.array_split(np.argsort(said, kind="stable"), count)


def _ece(weights: Floats, said: Floats, so: Floats, bins: list[npt.NDArray[np.intp]]) -> Floats:
    gaps = [np.abs(weights[:, chosen] @ (said - so)[chosen]) for chosen in bins]
    total: Floats = np.sum(gaps, axis=0) / weights.sum(axis=1)
    return total


def _debiased(
    weights: Floats, said: Floats, so: Floats, bins: list[npt.NDArray[np.intp]]
) -> Floats:
    total = np.zeros(len(weights))
    for chosen in bins:
        mass = weights[:, chosen].sum(axis=1)
        known = np.maximum(mass, 1.0)
        accuracy = weights[:, chosen] @ so[chosen] / known
        gap = weights[:, chosen] @ (said - so)[chosen] / known
        noise = accuracy * (1 - accuracy) / np.maximum(mass - 1, 1.0)
        total += mass * (gap**2 - noise)
    root: Floats = np.sqrt(np.maximum(total / weights.sum(axis=1), 0.0))
    return root


def _bin(chosen: npt.NDArray[np.intp], said: Floats, so: Floats, families: Sequence[str]) -> Bin:
    inside = said[chosen]
    resampler = Resampler([families[index] for index in chosen])
    accuracy = resampler.share([bool(flag) for flag in so[chosen]])
    return Bin(float(inside.min()), float(inside.max()), float(inside.mean()), accuracy)
