"""Thresholds of categories that cannot do what they are for."""

from __future__ import annotations

from typing import TYPE_CHECKING

from docsort_server.engine.outcome import NO_MATCH_FROM
from docsort_server.engine.schema.findings import Finding, Kind, Place, Severity, quoted

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from docsort_server.engine.model import Category

# Confidences are rarely above it, even those of models.
_HARDLY_REACHED = 0.9999


def judge(categories: Sequence[Category]) -> Iterator[Finding]:
    """Yield at most one finding for each category with a threshold."""
    # The best of so many has that at least, where the belief that none fits is not NO_MATCH.
    least = (1.0 - NO_MATCH_FROM) / len(categories)
    for number, category in enumerate(categories):
        if category.threshold is None:
            continue
        if category.threshold >= _HARDLY_REACHED:
            yield _strict(number, category)
        elif category.threshold <= least:
            yield _idle(number, category, len(categories))


def _strict(number: int, category: Category) -> Finding:
    return Finding(
        Kind.EXTREME_THRESHOLD,
        Severity.WARNING,
        (Place(number),),
        f"Hardly any answer is as sure as {category.threshold:g}: nearly all that is "
        f"{quoted(category.name)} will be AMBIGUOUS.",
        "Take the threshold that `docsort evaluate` finds on documents of your own.",
    )


def _idle(number: int, category: Category, count: int) -> Finding:
    others = f"of {count} categories the best one" if count > 1 else "the only category"
    return Finding(
        Kind.EXTREME_THRESHOLD,
        Severity.NOTE,
        (Place(number),),
        f"The threshold {category.threshold:g} of {quoted(category.name)} holds nothing back: "
        f"{others} always reaches it.",
        "Raise it where wrong answers matter; this may be as you want it.",
    )
