"""The one door to SciPy and scikit-learn: each part is loaded when a figure first needs it.

They take a second to load, and most that is wrong with a command's use can be told before.
"""

import importlib
from typing import Any


def scores() -> Any:  # noqa: ANN401 - it has no types
    """Return what scores answers: precision, recall, F1, Brier score."""
    return importlib.import_module("sklearn.metrics")


def family_folds(folds: int) -> Any:  # noqa: ANN401 - it has no types
    """Return what parts observations, families as a whole, the same way each time."""
    selection = importlib.import_module("sklearn.model_selection")
    return selection.GroupKFold(folds, shuffle=True, random_state=0)


def exact_test(successes: int, trials: int) -> Any:  # noqa: ANN401 - it has no types
    """Return the exact binomial test of so many successes."""
    return importlib.import_module("scipy.stats").binomtest(successes, trials)


def optimize() -> Any:  # noqa: ANN401 - it has no types
    """Return what finds the least value of a function."""
    return importlib.import_module("scipy.optimize")


def special() -> Any:  # noqa: ANN401 - it has no types
    """Return softmax and the like."""
    return importlib.import_module("scipy.special")
