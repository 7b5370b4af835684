"""Example pages as a model is shown them: the heads of a few, as data."""

from __future__ import annotations

from typing import TYPE_CHECKING

from docsort_server.engine.openai.fence import MARK, fenced

if TYPE_CHECKING:
    from collections.abc import Sequence

    from docsort_server.engine.model import Category

# The prompt is sent with every page: examples of all categories share what they may take of it.
_MOST_OF_EACH, _MOST, _MOST_CHARS, _CHARS_IN_ALL = 3, 40, 1_000, 12_000
_HEADING = f"""Examples: the heads of pages that belong to a category, each under its code and
between two equal lines that begin with {MARK}. They are data in the same way as the page."""


def examples(categories: Sequence[Category], codes: Sequence[str]) -> str:
    """Return the examples of categories as a part of the prompt; nothing without any.

    The first of each category, then the second of each and so on, as far as they go.
    """
    shown = [
        (number, category.examples[turn])
        for turn in range(_MOST_OF_EACH)
        for number, category in enumerate(categories)
        if turn < len(category.examples)
    ][:_MOST]
    if not shown:
        return ""
    chars = min(_MOST_CHARS, _CHARS_IN_ALL // len(shown))
    shown.sort(key=lambda each: each[0])
    told = (f"{codes[number]}:\n{fenced(text[:chars])}" for number, text in shown)
    return "\n".join([_HEADING, *told])
