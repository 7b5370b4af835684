"""The rules for single criteria."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from docsort_server.engine.criteria import PatternError, compiled
from docsort_server.faults import Violation
from docsort_server.validate.rules import text_rule, too_long, unknown

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from docsort.v1 import classification_pb2 as classification

MAX_CRITERION = 500
MAX_PATTERN = 500
# Each of them takes some milliseconds of a page at worst.
MAX_PATTERNS = 200
MAX_WEIGHT = 100.0


def criterion_rule(path: str, criterion: classification.Criterion) -> Iterator[Violation]:
    """Check a criterion by itself."""
    yield from text_rule(f"{path}.text", criterion.text, MAX_CRITERION)
    if criterion.HasField("weight") and not (
        math.isfinite(criterion.weight) and 0.0 < criterion.weight <= MAX_WEIGHT
    ):
        text = f"must be above 0 and at most {MAX_WEIGHT:g}, is {criterion.weight:g}"
        yield Violation(f"{path}.weight", text)
    yield from _pattern(f"{path}.pattern", criterion.pattern)
    yield from unknown(path, criterion)


def patterns_rule(categories: Sequence[classification.Category]) -> Iterator[Violation]:
    """Bound the patterns of a request."""
    count = sum(bool(c.pattern) for category in categories for c in category.criteria)
    if count > MAX_PATTERNS:
        text = f"must have at most {MAX_PATTERNS} criteria with a pattern in all, have {count}"
        yield Violation("categories", text)


def _pattern(path: str, pattern: str) -> Iterator[Violation]:
    if len(pattern) > MAX_PATTERN:
        yield too_long(path, pattern, MAX_PATTERN)
    elif pattern:
        try:
            compiled(pattern)
        except PatternError as error:
            yield Violation(path, f"must be a regular expression of RE2: {error}")
