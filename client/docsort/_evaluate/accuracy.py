"""How right the classes are: accuracy, precision, recall, F1, and what is taken for what."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np

from docsort._evaluate import libraries
from docsort._evaluate.estimate import Estimate, Floats, Resampler, doubted
from docsort._evaluate.graded import Graded, families

_FIGURES: Final = ("precision", "recall", "f1")


@dataclass(frozen=True, slots=True)
class ClassFigures:
    """Tell how well one class is found; `n` documents are of it, `answered` were said to be."""

    label: str
    n: int
    answered: int
    precision: Estimate
    recall: Estimate
    f1: Estimate


@dataclass(frozen=True, slots=True)
class Confusion:
    """Count answers by truth, a row each; columns are all that was answered."""

    labels: tuple[str, ...]
    answers: tuple[str, ...]
    counts: tuple[tuple[int, ...], ...]


def macro_f1(documents: Sequence[Graded]) -> Estimate:
    """Return the mean F1 of the classes that occur in the truth, each with the same weight."""
    counts = _Counts(documents)
    resampler = Resampler(families(documents))
    found = resampler.estimate(lambda weights: _mean(counts.f1(weights)))
    return doubted(found, resampler.families)


def per_class(documents: Sequence[Graded]) -> list[ClassFigures]:
    """Return precision, recall and F1 of each class that occurs in the truth."""
    if not documents:
        return []
    counts = _Counts(documents)
    resampler = Resampler(families(documents))
    values = libraries.scores().precision_recall_fscore_support(
        counts.truth, counts.answered, labels=counts.labels, zero_division=np.nan
    )
    found = []
    for column, label in enumerate(counts.labels):
        precision, recall, f1 = (
            _with_value(resampler, counts, name, column, float(values[place][column]))
            for place, name in enumerate(_FIGURES)
        )
        said = counts.answered.count(label)
        found.append(ClassFigures(label, int(values[3][column]), said, precision, recall, f1))
    return found


def confusion(documents: Sequence[Graded]) -> Confusion:
    """Return what was taken for what."""
    truth = [each.label or "" for each in documents]
    answered = [each.chosen for each in documents]
    rows = sorted(set(truth))
    columns = rows + sorted(set(answered) - set(rows))
    counts = Counter(zip(truth, answered, strict=True))
    table = tuple(tuple(counts[row, column] for column in columns) for row in rows)
    return Confusion(tuple(rows), tuple(columns), table)


class _Counts:
    """Count what is right by class under any weights of the documents."""

    def __init__(self, documents: Sequence[Graded]) -> None:
        self.truth = [each.label or "" for each in documents]
        self.answered = [each.chosen for each in documents]
        self.labels = sorted(set(self.truth))
        kinds = np.asarray(self.labels)
        self._of = (np.asarray(self.truth)[:, None] == kinds).astype(np.float64)
        self._said = (np.asarray(self.answered)[:, None] == kinds).astype(np.float64)

    def precision(self, weights: Floats) -> Floats:
        """Return a row a draw and a column a class; NaN where nothing was said to be of it."""
        return _ratio(weights @ (self._of * self._said), weights @ self._said)

    def recall(self, weights: Floats) -> Floats:
        """Return the same for recall; NaN where nothing is of the class."""
        return _ratio(weights @ (self._of * self._said), weights @ self._of)

    def f1(self, weights: Floats) -> Floats:
        """Return the same for F1; NaN where nothing is of the class."""
        of = weights @ self._of
        both = 2 * (weights @ (self._of * self._said))
        return np.where(of > 0, _ratio(both, of + weights @ self._said), np.nan)


def _with_value(
    resampler: Resampler, counts: _Counts, name: str, column: int, value: float
) -> Estimate:
    """Return the library's value with the interval of the draws around it."""
    statistic = getattr(counts, name)
    found = resampler.estimate(lambda weights: statistic(weights)[:, column])
    concerned = counts.answered if name == "precision" else counts.truth
    of = [label == counts.labels[column] for label in concerned]
    known = None if np.isnan(value) else value
    return doubted(Estimate(known, found.low, found.high, sum(of)), resampler.families_of(of))


def _ratio(part: Floats, whole: Floats) -> Floats:
    return np.divide(part, whole, out=np.full_like(part, np.nan), where=whole > 0)


def _mean(values: Floats) -> Floats:
    """Return the mean of each row, of what is a number there."""
    known = np.isfinite(values)
    return _ratio(np.where(known, values, 0.0).sum(axis=1), known.sum(axis=1).astype(np.float64))
