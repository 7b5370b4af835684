"""Categories in every form that callers have them in."""

import difflib
from collections.abc import Iterable, Mapping, Sequence
from typing import Final, TypeAlias

from docsort._errors import CategoriesError
from docsort._models import Category, Criterion

CategoryLike: TypeAlias = str | Category | Mapping[str, object]

_NAME_KEYS: Final = ("name", "category")
_KEYS: Final = (*_NAME_KEYS, "description", "criteria", "threshold", "examples")
# Keys that belong to the caller: they are passed over, since they change no answer.
_CALLERS_KEYS: Final = ("id",)
_CRITERION_KEYS: Final = ("text", "required", "negative", "weight", "pattern")
# Letters of a name in an error.
_NAME_WIDTH: Final = 40
_WRAPPERS: Final = ("categories", "classification_schema")


def read_categories(entries: Iterable[CategoryLike]) -> list[Category]:
    """Return categories for names, categories and mappings of either vendor's form.

    Raises CategoriesError, a ValueError, for what is none of these.
    """
    if isinstance(entries, str):
        raise CategoriesError("categories: give a list of names, not a single string")
    if isinstance(entries, Mapping) or not isinstance(entries, Iterable):
        raise CategoriesError(f"categories: give a list, found {_kind(entries)}")
    return [_category(number, entry) for number, entry in enumerate(entries, 1)]


def read_document_of_categories(content: object) -> list[Category]:
    """Return the categories of a parsed YAML or JSON file.

    The file is a list of categories, or a mapping that holds one under `categories` or
    `classification_schema`. Raises CategoriesError.
    """
    if isinstance(content, Mapping):
        content = _unwrapped(content)
    if not isinstance(content, list):
        raise CategoriesError(f"expected a list of categories, found {_kind(content)}")
    if not content:
        raise CategoriesError("the list of categories is empty")
    return read_categories(content)


def category_at(number: int, name: object = "") -> str:
    """Return how errors call a category: by its name where it has one, else by its place from 1."""
    if not isinstance(name, str) or not name.strip():
        return f"category {number}"
    return f'category "{name if len(name) <= _NAME_WIDTH else name[: _NAME_WIDTH - 1] + "…"}"'


def _unwrapped(content: Mapping[object, object]) -> object:
    keys = [key for key in _WRAPPERS if key in content]
    if len(keys) == 1:
        return content[keys[0]]
    near = [key for key in content if difflib.get_close_matches(str(key), _WRAPPERS, n=1)]
    found = f"; did you mean that by '{near[0]}'?" if near and not keys else ""
    raise CategoriesError(
        f"expected one key 'categories' (or 'classification_schema') with a list{found}"
    )


def _category(number: int, entry: object) -> Category:
    where = category_at(number)
    if isinstance(entry, Category):
        return entry
    if isinstance(entry, str):
        return Category(entry)
    if not isinstance(entry, Mapping):
        raise CategoriesError(f"{where}: expected a name or a mapping, found {_kind(entry)}")
    where = category_at(number, entry.get("name") or entry.get("category"))
    _check_keys(where, entry, (*_KEYS, *_CALLERS_KEYS))
    return Category(
        name=_name(where, entry),
        description=_text(where, "description", entry.get("description")),
        criteria=tuple(_criteria(where, entry.get("criteria"))),
        threshold=_threshold(where, entry.get("threshold")),
        examples=tuple(_examples(where, entry.get("examples"))),
    )


def _check_keys(where: str, entry: Mapping[object, object], known: Sequence[str]) -> None:
    told = [key for key in known if key not in _CALLERS_KEYS]
    for key in entry:
        if key in known:
            continue
        near = difflib.get_close_matches(str(key), told, n=1)
        hint = f"did you mean '{near[0]}'?" if near else f"known are {', '.join(told)}"
        raise CategoriesError(f"{where}: unknown key '{key}'; {hint}")


def _name(where: str, entry: Mapping[object, object]) -> str:
    keys = [key for key in _NAME_KEYS if key in entry]
    if len(keys) != 1:
        found = "both 'name' and 'category'" if keys else "no 'name'"
        raise CategoriesError(f"{where}: {found}; give one of them")
    return _text(where, keys[0], entry[keys[0]])


def _text(where: str, key: str, value: object) -> str:
    if value is None:
        return ""
    if not isinstance(value, str):
        raise CategoriesError(f"{where}: '{key}' must be text, found {_kind(value)}")
    return value


def _criteria(where: str, value: object) -> Iterable[Criterion]:
    for key, item in _listed(where, "criteria", value):
        yield _criterion(where, key, item)


def _examples(where: str, value: object) -> Iterable[str]:
    for key, item in _listed(where, "examples", value):
        yield _text(where, key, item)


def _listed(where: str, key: str, value: object) -> Iterable[tuple[str, object]]:
    """Yield the entries of a list with their names in errors."""
    if value is None:
        return
    if not isinstance(value, list | tuple):
        raise CategoriesError(f"{where}: '{key}' must be a list, found {_kind(value)}")
    for number, item in enumerate(value, 1):
        yield f"{key}[{number}]", item


def _criterion(where: str, key: str, item: object) -> Criterion:
    if isinstance(item, Criterion):
        return item
    if isinstance(item, Mapping):
        return _criterion_of(f"{where}, {key}", item)
    if not isinstance(item, str):
        raise CategoriesError(f"{where}: '{key}' must be text or a mapping, found {_kind(item)}")
    return Criterion(item)


def _criterion_of(where: str, item: Mapping[object, object]) -> Criterion:
    _check_keys(where, item, _CRITERION_KEYS)
    pattern = _text(where, "pattern", item.get("pattern"))
    # Most patterns say well enough what they stand for.
    text = _text(where, "text", item.get("text")) or pattern
    if not text:
        raise CategoriesError(f"{where}: no 'text'")
    return Criterion(
        text=text,
        required=_flag(where, "required", item.get("required")),
        negative=_flag(where, "negative", item.get("negative")),
        weight=_number(where, "weight", item.get("weight")),
        pattern=pattern,
    )


def _flag(where: str, key: str, value: object) -> bool:
    if value is None or isinstance(value, bool):
        return bool(value)
    raise CategoriesError(f"{where}: '{key}' must be true or false, found {_kind(value)}")


def _threshold(where: str, value: object) -> float | None:
    threshold = _number(where, "threshold", value)
    if threshold is None or 0 <= threshold <= 1:
        return threshold
    raise CategoriesError(f"{where}: 'threshold' must be from 0 to 1, found {threshold:g}")


def _number(where: str, key: str, value: object) -> float | None:
    if value is None or (isinstance(value, int | float) and not isinstance(value, bool)):
        return value
    raise CategoriesError(f"{where}: '{key}' must be a number, found {_kind(value)}")


def _kind(value: object) -> str:
    if value is None:
        return "nothing"
    if isinstance(value, Mapping):
        return "a mapping"
    return {bool: "true or false", int: "a number", float: "a number", str: "text"}.get(
        type(value), "a list" if isinstance(value, list) else type(value).__name__
    )
