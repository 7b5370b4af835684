"""Figures with their number of observations and a 95 % interval."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, Final, TypeAlias

import numpy as np
import numpy.typing as npt

from docsort._evaluate import libraries

Floats: TypeAlias = npt.NDArray[np.float64]
# From weights, a row a draw and a column a document, to a value a row.
Statistic: TypeAlias = Callable[[Floats], Floats]

_DRAWS: Final = 1000
_SEED: Final = 20
_EDGES: Final = (2.5, 97.5)


@dataclass(frozen=True, slots=True)
class Estimate:
    """Give a figure out of `n` observations; without any it is None."""

    value: float | None
    low: float | None
    high: float | None
    n: int


NOTHING: Final = Estimate(None, None, None, 0)


class Resampler:
    """Draw documents anew, families as a whole: near-duplicates are no independent evidence."""

    def __init__(self, families: Sequence[str]) -> None:
        self.n = len(families)
        names, group = np.unique(np.asarray(families, dtype=str), return_inverse=True)
        self.families = len(names)
        self._group = group
        if not self.n:
            self._weights = np.zeros((0, 0))
            return
        generator = np.random.default_rng(_SEED)
        even = np.full(self.families, 1.0 / self.families)
        self._weights = generator.multinomial(self.families, even, size=_DRAWS)[:, group].astype(
            np.float64
        )

    def estimate(self, statistic: Statistic, *, biased: bool = False) -> Estimate:
        """Return a statistic with the percentiles of its draws.

        For one that is biased upwards by noise, such as a calibration error, the percentiles are
        mirrored at the value (basic bootstrap), which takes the bias out.
        """
        if not self.n:
            return NOTHING
        value = float(statistic(np.ones((1, self.n)))[0])
        drawn = statistic(self._weights)
        drawn = drawn[np.isfinite(drawn)]
        if not np.isfinite(value) or not drawn.size:
            return Estimate(None, None, None, self.n)
        low, high = (float(edge) for edge in np.percentile(drawn, _EDGES))
        if biased:
            low, high = max(0.0, 2 * value - high), max(0.0, 2 * value - low)
        return Estimate(value, min(low, value), max(high, value), self.n)

    def families_of(self, flags: Sequence[bool]) -> int:
        """Return of how many families the flagged documents are."""
        return len(np.unique(self._group[np.asarray(flags, dtype=np.bool_)]))

    def share(self, flags: Sequence[bool]) -> Estimate:
        """Return how many of the documents are so."""
        values = np.asarray(flags, dtype=np.float64)
        found = self.estimate(lambda weights: weights @ values / weights.sum(axis=1))
        return doubted(found, self.families)


def doubted(found: Estimate, families: int) -> Estimate:
    """Return a share with the exact interval of so many families where it is all or nothing.

    All draws are alike then, which does not mean that there is no doubt.
    """
    if found.value not in (0.0, 1.0) or not families:
        return found
    low, high = _exact(round(found.value * families), families)
    return Estimate(found.value, low, high, found.n)


def share(flags: Sequence[bool], families: Sequence[str]) -> Estimate:
    """Return how many are so, with its interval."""
    return Resampler(families).share(flags)


def plain(value: Estimate) -> dict[str, Any]:
    """Return a figure as JSON has it."""
    edges = {"value": value.value, "low": value.low, "high": value.high}
    rounded = {name: None if each is None else round(each, 6) for name, each in edges.items()}
    return {**rounded, "n": value.n}


def _exact(right: int, of: int) -> tuple[float, float]:
    interval = libraries.exact_test(right, of).proportion_ci(method="exact")
    return float(interval.low), float(interval.high)
