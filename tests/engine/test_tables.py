"""The quick reader of the engine's TOML."""

from __future__ import annotations

import tomllib
from typing import TYPE_CHECKING, Any

import pytest

from docsort_server.engine.local import lexicon, tables
from docsort_server.engine.local.criteria import concepts

if TYPE_CHECKING:
    from pathlib import Path


def _listed(value: Any) -> Any:  # noqa: ANN401 - whatever TOML holds
    if isinstance(value, list | tuple):
        return [_listed(each) for each in value]
    if isinstance(value, dict):
        return {key: _listed(each) for key, each in value.items()}
    return value


def test_all_data_is_read_as_tomllib_does() -> None:
    """Nothing of the lexicon and the concepts is lost or read otherwise."""
    paths: list[Path] = [*lexicon.FOLDER.glob("*.toml"), concepts.PATH]
    for path in paths:
        text = path.read_text(encoding="utf-8")
        assert _listed(tables.loads(text)) == tomllib.loads(text), path.name


@pytest.mark.parametrize(
    "text",
    [
        '3 = ["a", "b"]\n2 = []\n1 = ["c"]',
        'a = [\n  "x",\n  "y, [z]",\n]\nb = 1.5',
        'a = ["\\u0041", "b"]\nb = ["c"]',
        'a = ["x"] # why\nb = ["c"]',
        "a = ['x', \"y\"]\nb = [1.5, 2e3]",
        'a = [["x"], ["y"]]\n[[b]]\nc = ["d"]\n[[b]]\nc = ["e"]',
        'a = """\nb = ["x"]\n"""\nc = ["y"]',
        'a = """\nb = ["x"]\n"""',
        'a = 0.00e0\nb = ["x"]',
        'a = ["x"]\nb = 0.00e7',
        'a = 0.00e0\nb = """\nc = ["x"]\n"""',
    ],
)
def test_what_only_looks_like_a_list_is_none(text: str) -> None:
    """Strings of several lines, escapes, comments and odd numbers are as `tomllib` has them."""
    assert _listed(tables.loads(text)) == tomllib.loads(text)


@pytest.mark.parametrize(
    "text", ['a = ["x" "y"]', 'a = ["x",, "y"]', 'a = ["x"', 'a = ["x"]\na = ["y"]', 'a = ["\x00"]']
)
def test_mistakes_are_told(text: str) -> None:
    """A list that is none ends the reading, as it does with `tomllib`."""
    with pytest.raises(tomllib.TOMLDecodeError):
        tables.loads(text)
