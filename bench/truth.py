"""Folders of documents with their truth, as an `index.csv` and its companions tell it.

Two kinds of folders are known. Labelled: columns `path` and `class`, optionally
`has_text_layer`; each document is of one class. Packets: a column `packet`; `NAME.json` beside
`NAME.pdf` holds `pages` of `{page, class}` (optionally `text_layer`), `segments` of
`{start, end, class}`, and optionally `ambiguous_pages`. Other columns and keys are left alone.
"""

from __future__ import annotations

import csv
import json
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from docsort import Category

if TYPE_CHECKING:
    from pathlib import Path

# The class of what fits no category: the right answer for it is the outcome NO_MATCH.
REJECT = "other"


class TruthError(Exception):
    """A folder or categories file that cannot be used; the text says why."""


@dataclass(frozen=True, slots=True)
class Item:
    """One document with what is true of it.

    `label` is its class, None for a packet. `pages` maps page numbers to classes and `starts`
    are the first pages of its parts; both are empty for a single document. `text` tells whether
    it has a text layer, `text_pages` which pages have one; None where nobody knows.
    """

    path: Path
    label: str | None
    text: bool | None = None
    pages: tuple[tuple[int, str], ...] = ()
    starts: tuple[int, ...] = ()
    text_pages: frozenset[int] | None = None
    ambiguous: frozenset[int] = frozenset()


@dataclass(frozen=True, slots=True)
class Choice:
    """The categories to ask for, and the class that each name stands for."""

    categories: tuple[Category, ...]
    classes: dict[str, str]


def read_folder(folder: Path) -> list[Item]:
    """Return the documents of a folder. Raises TruthError."""
    rows = read_index(folder)
    if "packet" in rows[0]:
        return [_packet(folder / row["packet"]) for row in rows]
    if {"path", "class"} <= set(rows[0]):
        return [_labelled(folder, row) for row in rows]
    raise TruthError(f"{folder / 'index.csv'}: neither columns path and class nor packet")


def read_index(folder: Path) -> list[dict[str, str]]:
    """Return the rows of `index.csv`, at least one. Raises TruthError."""
    try:
        with (folder / "index.csv").open(newline="", encoding="utf-8") as file:
            rows = list(csv.DictReader(file))
    except OSError as error:
        raise TruthError(f"{folder / 'index.csv'}: {error.strerror}") from None
    if not rows:
        raise TruthError(f"{folder / 'index.csv'}: no rows")
    return rows


def read_categories(path: Path) -> Choice:
    """Return the categories of a JSON file of `{id, name, description, criteria}` each.

    `id` is the class in the truth, the name itself where it is left out. The class `other` is
    never asked for. Raises TruthError.
    """
    try:
        entries = json.loads(path.read_text(encoding="utf-8"))["categories"]
        asked = [entry for entry in entries if entry.get("id") != REJECT]
        categories = tuple(
            Category(each["name"], each.get("description", ""), tuple(each.get("criteria", ())))
            for each in asked
        )
        classes = {each["name"]: each.get("id", each["name"]) for each in asked}
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise TruthError(f"{path}: no categories can be read: {error!r}") from None
    return Choice(categories, classes)


def _labelled(folder: Path, row: dict[str, str]) -> Item:
    return Item(folder / row["path"], row["class"], _flag(row.get("has_text_layer")))


def _packet(path: Path) -> Item:
    truth: dict[str, Any] = json.loads(path.with_suffix(".json").read_text(encoding="utf-8"))
    pages = truth["pages"]
    known = [_flag(page.get("text_layer")) for page in pages]
    text_pages = frozenset(page["page"] for page, text in zip(pages, known, strict=True) if text)
    return Item(
        path,
        None,
        pages=tuple((page["page"], page["class"]) for page in pages),
        starts=tuple(segment["start"] for segment in truth["segments"]),
        text_pages=None if None in known else text_pages,
        ambiguous=frozenset(_numbers(truth.get("ambiguous_pages", ()))),
    )


def _numbers(entries: Any) -> list[int]:  # noqa: ANN401 - as JSON has it
    return [each["page"] if isinstance(each, dict) else int(each) for each in entries]


def _flag(text: str | None) -> bool | None:
    return {"yes": True, "no": False}.get((text or "").lower())
