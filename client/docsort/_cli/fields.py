"""The paths of fields as people count: from 1, with categories by their names."""

import dataclasses
import re
from collections.abc import Iterable, Sequence
from typing import Final, TypeVar

from docsort._categories import CategoryLike, category_at, read_categories
from docsort._cli.texts import printable
from docsort._errors import DocsortError

_Error = TypeVar("_Error", bound=DocsortError)

_CATEGORY: Final = r"\bcategories\[(?P<category>\d+)\]"
_IN_TEXT: Final = re.compile(_CATEGORY)
_IN_PATH: Final = re.compile(rf"(?:{_CATEGORY}|\[(?P<place>\d+)\])(?P<dot>\.?)")
# Samples are named before this, by their files.
_SAMPLE: Final = "sample"


def by_name(error: _Error, categories: Iterable[CategoryLike] = ()) -> _Error:
    """Return an error whose violations name fields as the errors of category files do.

    The contract's paths count from 0: `categories[0].criteria[1].pattern` is
    `category "Invoice", criteria[2], pattern`.
    """
    if error.violations:
        names = [printable(category.name) for category in read_categories(categories)]
        error.violations = tuple(
            dataclasses.replace(
                each, field=_path(each.field, names), description=_text(each.description, names)
            )
            for each in error.violations
        )
    return error


def _path(field: str, names: Sequence[str]) -> str:
    if field.startswith(_SAMPLE):
        return field

    def step(found: re.Match[str]) -> str:
        place = found["place"]
        told = f"[{int(place) + 1}]" if place else _category(found, names)
        return f"{told}, " if found["dot"] else told

    return _IN_PATH.sub(step, field)


def _text(description: str, names: Sequence[str]) -> str:
    return _IN_TEXT.sub(lambda found: _category(found, names), description)


def _category(found: re.Match[str], names: Sequence[str]) -> str:
    place = int(found["category"])
    return category_at(place + 1, names[place] if place < len(names) else "")
