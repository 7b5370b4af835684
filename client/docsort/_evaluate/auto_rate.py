"""Which documents may go through unseen, and what reviewing the others finds.

A document goes through when it is MATCHED with at least the threshold's confidence, which is what
the server's option `min_confidence` makes of it. All others are for a person to look at.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
import numpy.typing as npt

from docsort._evaluate import libraries
from docsort._evaluate.estimate import NOTHING, Estimate, Floats, Resampler, doubted, share
from docsort._evaluate.graded import Graded, families

WISHES: Final = (0.9, 0.95, 0.98, 0.99, 1.0)
_COVERAGES: Final = tuple(step / 10 for step in range(1, 11))
_REVIEWS: Final = (0.05, 0.1, 0.2, 0.3, 0.4, 0.5, 0.75, 1.0)
_FOLDS: Final = 5
_DIGITS: Final = 6
# A count of documents that were right is compared with a wish for a share of them.
_SLACK: Final = 1e-9


@dataclass(frozen=True, slots=True)
class AutoRate:
    """Tell how many documents may go through at a precision, and by which threshold.

    `threshold` is None where none reaches it. `precision` is that of the documents above it. The
    held-out figures are for thresholds chosen on other families than those they are tried on, so
    they show what the choice is worth on documents that come.
    """

    wish: float
    threshold: float | None
    rate: Estimate
    precision: Estimate
    held_out_rate: Estimate
    held_out_precision: Estimate


@dataclass(frozen=True, slots=True)
class Coverage:
    """Tell how right the surest documents are."""

    coverage: float
    threshold: float
    accuracy: Estimate


@dataclass(frozen=True, slots=True)
class Review:
    """Tell which part of the errors is found by looking at the least sure documents first."""

    pages: float
    documents: float
    caught: Estimate


class Ranking:
    """Order documents by how sure they are; those that may not go through come last."""

    def __init__(self, documents: Sequence[Graded]) -> None:
        self._documents = documents
        self._families = families(documents)
        self._scores = np.asarray(
            [-1.0 if each.score is None else each.score for each in documents], dtype=np.float64
        )
        self._right = np.asarray([each.right for each in documents], dtype=np.float64)
        self._order = np.argsort(-self._scores, kind="stable")

    def auto_rate(self, wish: float) -> AutoRate:
        """Return the most documents that may go through with at least the wished precision."""
        if not self._documents:
            return AutoRate(wish, None, NOTHING, NOTHING, NOTHING, NOTHING)
        order = self._order
        last = _last(self._scores[order], self._right[order], wish)
        threshold = None if last is None else _between(self._scores[order], last)
        resampler = Resampler(self._families)
        rate = doubted(
            resampler.estimate(lambda weights: self._rates(weights, wish)), resampler.families
        )
        tried = self._held_out(wish)
        return AutoRate(
            wish,
            threshold,
            rate,
            self._precision(self._above(threshold)),
            share([bool(each) for each in tried], self._families),
            self._precision(tried),
        )

    def coverage(self) -> list[Coverage]:
        """Return the accuracy of the surest tenth, two tenths and so on."""
        found = []
        scored = int((self._scores >= 0).sum())
        for wanted in _COVERAGES:
            count = round(wanted * len(self._documents))
            if not 0 < count <= scored:
                continue
            chosen = self._order[:count]
            accuracy = share(
                [bool(self._right[index]) for index in chosen],
                [self._families[index] for index in chosen],
            )
            found.append(Coverage(wanted, float(self._scores[chosen[-1]]), accuracy))
        return found

    def review(self) -> list[Review]:
        """Return what is found by looking at so many of all pages, the least sure ones first.

        How sure a rejection is counts too: that nothing fits may be beyond doubt.
        """
        order = np.argsort([each.sureness for each in self._documents], kind="stable")
        pages = np.asarray([max(each.answer.total_pages, 1) for each in self._documents])[order]
        if not len(order):
            return []
        read = np.cumsum(pages) / pages.sum()
        errors = 1.0 - self._right[order]
        names = [self._families[index] for index in order if not self._right[index]]
        found = []
        for wanted in _REVIEWS:
            inside = read <= wanted + _SLACK
            caught = [bool(flag) for flag, wrong in zip(inside, errors, strict=True) if wrong]
            found.append(Review(wanted, float(inside.mean()), share(caught, names)))
        return found

    def curve(self) -> tuple[Floats, Floats]:
        """Return coverage and accuracy at each document that may go through, the surest first."""
        scored = int((self._scores >= 0).sum())
        counts = np.arange(1, scored + 1)
        right = np.cumsum(self._right[self._order][:scored])
        return counts / max(len(self._documents), 1), right / counts

    def _above(self, threshold: float | None) -> npt.NDArray[np.bool_]:
        return self._scores >= (math.inf if threshold is None else threshold)

    def _precision(self, through: npt.NDArray[np.bool_]) -> Estimate:
        chosen = np.flatnonzero(through)
        return share(
            [bool(self._right[index]) for index in chosen],
            [self._families[index] for index in chosen],
        )

    def _rates(self, weights: Floats, wish: float) -> Floats:
        scores, right = self._scores[self._order], self._right[self._order]
        drawn = weights[:, self._order]
        passed = np.cumsum(drawn, axis=1)
        good = np.cumsum(drawn * right, axis=1) >= wish * passed - _SLACK
        fits = good & _ends(scores) & (passed > 0)
        rates = np.where(fits, passed, 0.0).max(axis=1) / weights.sum(axis=1)
        return np.asarray(rates, dtype=np.float64)

    def _held_out(self, wish: float) -> npt.NDArray[np.bool_]:
        through = np.zeros(len(self._documents), dtype=np.bool_)
        folds = min(_FOLDS, len(set(self._families)))
        if folds < 2:
            return through
        splitter = libraries.family_folds(folds)
        for fit, tried in splitter.split(self._scores, groups=self._families):
            order = fit[np.argsort(-self._scores[fit], kind="stable")]
            last = _last(self._scores[order], self._right[order], wish)
            if last is not None:
                through[tried] = self._scores[tried] >= _between(self._scores[order], last)
        return through


def _ends(scores: Floats) -> npt.NDArray[np.bool_]:
    """Tell where a threshold may be: after the last of equal scores, of documents that have one."""
    return np.append(scores[1:] < scores[:-1], [True]) & (scores >= 0)


def _last(scores: Floats, right: Floats, wish: float) -> int | None:
    """Return the place of the last document that may go through; None where none may."""
    passed = np.arange(1, len(scores) + 1)
    fits = np.flatnonzero((np.cumsum(right) >= wish * passed - _SLACK) & _ends(scores))
    return int(fits[-1]) if len(fits) else None


def _between(scores: Floats, last: int) -> float:
    """Return the shortest number that parts the document at `last` from the next one."""
    score = float(scores[last])
    below = float(scores[last + 1]) if last + 1 < len(scores) else -1.0
    for digits in range(2, _DIGITS + 1):
        scale = 10.0**digits
        rounded = math.floor(score * scale) / scale
        if rounded > below:
            return rounded
    return score
