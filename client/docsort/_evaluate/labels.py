"""What is true of documents, as a CSV file and the JSON beside packets tell it."""

import csv
import json
import textwrap
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

_PATHS: Final = ("path", "packet")
# Letters of a line in an error.
_SHOWN: Final = 80


class LabelsError(Exception):
    """Say in one sentence what is wrong with a file of labels, a run or the categories."""


@dataclass(frozen=True, slots=True)
class Part:
    """Name a document inside a packet, both pages included."""

    first: int
    last: int
    label: str


@dataclass(frozen=True, slots=True)
class Truth:
    """Say what is true of one document.

    `label` is its class, None for a packet, whose `pages` have classes; those in `unsure` do not
    count. Near-duplicates share a `family`; without one a document is a family of its own.
    """

    name: str
    path: Path
    label: str | None
    family: str
    columns: Mapping[str, str] = field(default_factory=dict)
    pages: Mapping[int, str] = field(default_factory=dict)
    parts: tuple[Part, ...] = ()
    unsure: frozenset[int] = frozenset()


def read_labels(path: Path, root: Path | None = None) -> list[Truth]:
    """Return the truths of a CSV file; documents lie in its folder or in `root`.

    A row needs `path` and `class`. One with `packet` instead, or without a class, is a packet: its
    truth lies beside it, under the same name with `.json`. Raises LabelsError.
    """
    columns, rows = _rows(path)
    column = next((name for name in _PATHS if name in columns), None)
    if column is None or (column == "path" and "class" not in columns):
        raise _missing(path, "class" if column else "path", columns)
    if not rows:
        raise LabelsError(f"{path}: no documents are listed below the line of column names")
    found = [
        _truth(f"{path}: line {number}", row, column, root or path.parent)
        for number, row in enumerate(rows, 2)
    ]
    names = [truth.name for truth in found]
    if len(set(names)) < len(names):
        twice = next(name for name in names if names.count(name) > 1)
        raise LabelsError(f"{path}: {twice} is listed twice")
    return found


def _missing(path: Path, column: str, columns: Sequence[str]) -> LabelsError:
    first = textwrap.shorten(",".join(columns), _SHOWN, placeholder="...")
    return LabelsError(
        f"{path}: the column {column} is missing; the first line, {first!r}, has to name the "
        "columns: path and class, or packet"
    )


def _rows(path: Path) -> tuple[Sequence[str], list[dict[str, str]]]:
    """Return the names of the columns, and the rows."""
    try:
        with path.open(newline="", encoding="utf-8-sig") as file:
            reader = csv.DictReader(file)
            rows = [
                {key: (value or "").strip() for key, value in row.items() if isinstance(key, str)}
                for row in reader
            ]
            columns = reader.fieldnames or ()
    except OSError as error:
        raise LabelsError(f"{path}: {error.strerror}") from None
    except (UnicodeDecodeError, csv.Error) as error:
        raise LabelsError(f"{path}: not a CSV file in UTF-8: {error}") from None
    return columns, rows


def _truth(where: str, row: dict[str, str], column: str, root: Path) -> Truth:
    name = row[column]
    if not name:
        raise LabelsError(f"{where}: the column {column} is empty")
    document = root / name
    family = row.get("family") or name
    if row.get("class"):
        return Truth(name, document, row["class"], family, row)
    if column == "path" and not document.with_suffix(".json").exists():
        raise LabelsError(
            f"{where}: no class; give one, or for a packet the file {document.with_suffix('.json')}"
        )
    return _packet(name, document, family, row)


def _packet(name: str, document: Path, family: str, row: dict[str, str]) -> Truth:
    beside = document.with_suffix(".json")
    try:
        content: dict[str, Any] = json.loads(beside.read_text(encoding="utf-8"))
        pages = {int(page["page"]): str(page["class"]) for page in content["pages"]}
        parts = tuple(
            Part(int(part["start"]), int(part["end"]), str(part["class"]))
            for part in content["segments"]
        )
        unsure = frozenset(map(_number, content.get("ambiguous_pages") or ()))
    except OSError as error:
        raise LabelsError(f"{beside}: {error.strerror}") from None
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        raise LabelsError(
            f"{beside}: needs pages of page and class, and segments of start, end and class: "
            f"{error!r}"
        ) from None
    return Truth(name, document, None, family, row, pages, parts, unsure)


def _number(entry: Any) -> int:  # noqa: ANN401 - as JSON has it
    return int(entry["page"] if isinstance(entry, dict) else entry)
