"""Extras are installed from where docsort came from."""

from __future__ import annotations

import json
import shlex
import sys
from typing import TYPE_CHECKING

import pytest

from docsort._cli.extras import install

if TYPE_CHECKING:
    from pathlib import Path


@pytest.mark.parametrize(
    ("origin", "how"),
    [
        ({"url": "file:///my%20src/docsort", "dir_info": {"editable": True}}, ["install", "-e"]),
        ({"url": "file:///my%20src/docsort", "dir_info": {}}, ["install"]),
    ],
)
def test_a_folder_is_installed_once_more(
    origin: dict[str, object], how: list[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """By this environment's own pip, whatever folder the command is given in."""
    _installed(tmp_path, monkeypatch, json.dumps(origin))
    place = "/my src/docsort[cli,evaluate]"
    assert shlex.split(install("cli,evaluate")) == [sys.executable, "-m", "pip", *how, place]


@pytest.mark.parametrize(
    "origin",
    ["", "broken", "[]", '{"url": "https://x.example/docsort.whl", "archive_info": {}}'],
)
def test_else_it_comes_from_an_index(
    origin: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Nothing is noted of an index; a file somewhere else may be gone."""
    _installed(tmp_path, monkeypatch, origin)
    assert install("cli") == "pip install 'docsort[cli]'"


def _installed(folder: Path, monkeypatch: pytest.MonkeyPatch, origin: str) -> None:
    noted = folder / "docsort-0.1.0.dist-info"
    noted.mkdir()
    (noted / "METADATA").write_text("Metadata-Version: 2.1\nName: docsort\nVersion: 0.1.0\n")
    (noted / "direct_url.json").write_text(origin)
    monkeypatch.syspath_prepend(str(folder))
