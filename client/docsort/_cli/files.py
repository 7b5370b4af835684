"""What the command reads: documents and categories."""

import importlib.util
import json
import re
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Final

from docsort._categories import read_document_of_categories
from docsort._cli.examples import with_texts
from docsort._cli.extras import install
from docsort._errors import CategoriesError
from docsort._models import Category, RemoteDocument, UploadedDocument
from docsort._parcel import Document

if TYPE_CHECKING:
    from collections.abc import Iterator

    import yaml

# What the server is to fetch.
_REMOTE: Final = re.compile(r"[a-z][a-z0-9+.-]*://", re.IGNORECASE)


class UsageError(Exception):
    """Say in one sentence what is wrong with the command line or with a file it names."""


@dataclass(frozen=True, slots=True)
class Item:
    """Name a document of the command line, as a file or as one that was uploaded."""

    name: str
    document: Document


def items(files: Sequence[str], document_ids: Sequence[str] = ()) -> list[Item]:
    """Return what is asked for; "-" is standard input. Raises UsageError for nothing."""
    if files.count("-") > 1:
        raise UsageError("standard input can be read once only: give - once")
    found = [Item(name, _document(name)) for name in files]
    found += [Item(name, UploadedDocument(name)) for name in document_ids]
    if not found:
        raise UsageError("nothing to classify: give a FILE or --document-id ID")
    return found


def local_items(files: Sequence[str]) -> list[Item]:
    """Return the files that are to be sent. Raises UsageError for what the server would fetch."""
    found = items(files)
    for item in found:
        if isinstance(item.document, RemoteDocument):
            raise UsageError(f"{item.name}: upload sends files; classify takes it as it is")
    return found


def _document(name: str) -> Document:
    if name == "-":
        return sys.stdin.buffer
    return RemoteDocument(name) if _REMOTE.match(name) else Path(name)


def read_password(name: str | None) -> str | None:
    """Return the first line of a file, None without one. Raises UsageError."""
    if name is None:
        return None
    try:
        lines = Path(name).read_text(encoding="utf-8").splitlines()
    except OSError as error:
        why = error.strerror
    except UnicodeDecodeError:
        why = "not a text file in UTF-8"
    else:
        return lines[0] if lines else ""
    raise UsageError(f"--password-file: {name}: {why}")


def read_categories_file(name: str) -> list[Category]:
    """Return the categories of a YAML or JSON file; raises UsageError."""
    content = read_structured_file(name)
    try:
        return read_document_of_categories(content)
    except CategoriesError as error:
        raise UsageError(f"{name}: {error}") from None


def read_structured_file(name: str) -> object:
    """Return what a YAML or JSON file of categories holds, with the texts of their examples.

    Raises UsageError.
    """
    path = Path(name)
    try:
        return with_texts(parsed(path, path.read_text(encoding="utf-8")), path.parent)
    except OSError as error:
        raise UsageError(f"{name}: {error.strerror}") from None
    except UnicodeDecodeError:
        raise _no_text(name) from None
    except CategoriesError as error:
        raise UsageError(f"{name}: {error}") from None


def _no_text(name: str) -> UsageError:
    return UsageError(f"{name}: not a text file; categories are YAML or JSON in UTF-8")


def parsed(path: Path, text: str) -> object:
    """Return what a file's text holds, JSON or YAML by its name.

    Raises UsageError, and CategoriesError for a key given twice.
    """
    if "\0" in text:
        raise _no_text(str(path))
    if path.suffix.lower() != ".json":
        return _yaml(path, text)
    try:
        return json.loads(text, object_pairs_hook=_once)
    except json.JSONDecodeError as error:
        raise UsageError(f"{path}: not JSON: {error}") from None


def _yaml(path: Path, text: str) -> object:
    if importlib.util.find_spec("yaml") is None:
        raise UsageError(f"{path}: reading YAML needs PyYAML: {install('cli')}, or write JSON")
    import yaml  # noqa: PLC0415 - an extra, needed here only

    try:
        _check_keys(path, yaml.compose(text, yaml.SafeLoader))
        return yaml.safe_load(text)
    except yaml.YAMLError as error:
        raise UsageError(f"{path}: not YAML: {' '.join(str(error).split())}") from None


def _once(pairs: list[tuple[str, object]]) -> dict[str, object]:
    content = dict(pairs)
    if len(content) < len(pairs):
        names = [name for name, _ in pairs]
        twice = next(name for name in names if names.count(name) > 1)
        raise CategoriesError(f"the key '{twice}' is given twice in one mapping")
    return content


def _check_keys(path: Path, root: "yaml.Node | None") -> None:
    """Raise UsageError for a key given twice: YAML's reader would take the last."""
    for mapping in _mappings(root):
        seen: set[str] = set()
        for key, _ in mapping.value:
            if not isinstance(key.value, str):
                continue  # a mapping or list as a key, which the reader refuses
            if key.value in seen:
                line = key.start_mark.line + 1
                raise UsageError(f"{path}: line {line}: the key '{key.value}' is given twice")
            seen.add(key.value)


def _mappings(root: "yaml.Node | None") -> "Iterator[yaml.MappingNode]":
    import yaml  # noqa: PLC0415 - an extra, needed here only

    # An anchor may name a node that it is in.
    visited: set[int] = set()
    waiting: list[object] = [root]
    while waiting:
        node = waiting.pop()
        if not isinstance(node, yaml.CollectionNode) or id(node) in visited:
            continue
        visited.add(id(node))
        if isinstance(node, yaml.MappingNode):
            yield node
            waiting += [part for pair in node.value for part in pair]
        else:
            waiting += node.value
