"""Example pages that a categories file names by their files."""

from collections.abc import Mapping
from pathlib import Path
from typing import Final

from docsort._categories import category_at
from docsort._errors import CategoriesError

# What the server takes of one.
_CHARS: Final = 8_000
_WRAPPERS: Final = ("categories", "classification_schema")


def with_texts(content: object, folder: Path) -> object:
    """Return a parsed categories file with the texts of `{file: NAME}` in place of the names.

    Files are text in UTF-8, relative to `folder`; of a long one the first 8,000 characters are
    taken. Anything else is left as it is, for the reader of categories to judge. Raises
    CategoriesError.
    """
    if isinstance(content, Mapping):
        return {
            key: _categories(value, folder) if key in _WRAPPERS else value
            for key, value in content.items()
        }
    return _categories(content, folder)


def _categories(content: object, folder: Path) -> object:
    if not isinstance(content, list):
        return content
    return [_category(number, entry, folder) for number, entry in enumerate(content, 1)]


def _category(number: int, entry: object, folder: Path) -> object:
    if not isinstance(entry, Mapping) or not isinstance(entry.get("examples"), list):
        return entry
    where = category_at(number, entry.get("name") or entry.get("category"))
    texts = [
        _text(f"{where}, examples[{place}]", each, folder)
        for place, each in enumerate(entry["examples"], 1)
    ]
    return {**entry, "examples": texts}


def _text(where: str, example: object, folder: Path) -> object:
    if not isinstance(example, Mapping):
        return example
    name = example.get("file")
    if set(example) != {"file"} or not isinstance(name, str):
        raise CategoriesError(f"{where}: expected a text, or a mapping with 'file' alone")
    try:
        with (folder / name).open(encoding="utf-8-sig") as file:
            return file.read(_CHARS)
    except OSError as error:
        raise CategoriesError(f"{where}: {name}: {error.strerror}") from None
    except UnicodeDecodeError:
        raise CategoriesError(f"{where}: {name}: not a text file in UTF-8") from None
    except ValueError as error:  # a name that no file can have
        raise CategoriesError(f"{where}: {name!r}: {error}") from None
