"""What the command reads: documents and categories."""

import importlib.util
import json
import sys
from pathlib import Path

from docsort._categories import CategoriesError, read_document_of_categories
from docsort._models import Category


class UsageError(Exception):
    """Say in one sentence what is wrong with the command line or with a file it names."""


def read_document(name: str) -> bytes | Path:
    """Return what `name` stands for: standard input for "-", else the path."""
    return sys.stdin.buffer.read() if name == "-" else Path(name)


def read_categories_file(name: str) -> list[Category]:
    """Return the categories of a YAML or JSON file; raises UsageError."""
    path = Path(name)
    try:
        text = path.read_text(encoding="utf-8")
        return read_document_of_categories(_parsed(path, text))
    except OSError as error:
        raise UsageError(f"{name}: {error.strerror}") from None
    except (CategoriesError, UnicodeDecodeError) as error:
        raise UsageError(f"{name}: {error}") from None


def _parsed(path: Path, text: str) -> object:
    if path.suffix.lower() != ".json":
        return _yaml(path, text)
    try:
        return json.loads(text)
    except json.JSONDecodeError as error:
        raise UsageError(f"{path}: not JSON: {error}") from None


def _yaml(path: Path, text: str) -> object:
    if importlib.util.find_spec("yaml") is None:
        raise UsageError(
            f"{path}: reading YAML needs PyYAML: pip install 'docsort[cli]', or write JSON"
        )
    import yaml  # noqa: PLC0415 - an extra, needed here only

    try:
        return yaml.safe_load(text)
    except yaml.YAMLError as error:
        raise UsageError(f"{path}: not YAML: {' '.join(str(error).split())}") from None
