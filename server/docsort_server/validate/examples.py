"""The rules for texts of pages that show what belongs to a category."""

from __future__ import annotations

from typing import TYPE_CHECKING

from docsort_server.faults import Violation
from docsort_server.validate.rules import text_rule

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from docsort.v1 import classification_pb2 as classification

MAX_EXAMPLES = 20
MAX_EXAMPLE = 8_000
# Leaves room for all else in a request.
MAX_EXAMPLES_BYTES = 160 * 1024


def examples_rule(path: str, examples: Sequence[str]) -> Iterator[Violation]:
    """Check the examples of one category."""
    if len(examples) > MAX_EXAMPLES:
        text = f"must have at most {MAX_EXAMPLES} entries, has {len(examples)}"
        yield Violation(f"{path}.examples", text)
        return
    for index, example in enumerate(examples):
        yield from text_rule(f"{path}.examples[{index}]", example, MAX_EXAMPLE)


def examples_size_rule(categories: Sequence[classification.Category]) -> Iterator[Violation]:
    """Bound the examples of a request."""
    size = sum(len(each.encode()) for category in categories for each in category.examples)
    if size > MAX_EXAMPLES_BYTES:
        text = f"must have at most {MAX_EXAMPLES_BYTES} bytes of examples in all, have {size}"
        yield Violation("categories", text)
