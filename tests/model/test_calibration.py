"""The file of temperatures: what it may hold, and what is said when it holds something else."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest

from docsort_server.engine.openai.calibration import CalibrationError, fit_for, load

if TYPE_CHECKING:
    from pathlib import Path

ENTRY: dict[str, Any] = {
    "id": "2026-11",
    "backend": "default",
    "model": "small",
    "temperature": 1.7,
    "fitted_on": 412,
    "ece": 0.031,
}
TOML = """format = 1

[[calibration]]
id = "2026-11"
backend = "default"
model = "small"
temperature = 1.7
fitted_on = 412
ece = 0.031
"""


def saved(folder: Path, *entries: object, **content: object) -> Path:
    """Write a JSON file and return its path."""
    path = folder / "fits.json"
    path.write_text(json.dumps({"format": 1, "calibration": list(entries), **content}))
    return path


def test_toml_and_json_say_the_same(tmp_path: Path) -> None:
    """Both forms are read, and a fit is found by backend and model together."""
    path = tmp_path / "fits.toml"
    path.write_text(TOML)
    fits = load(path)
    assert fits == load(saved(tmp_path, ENTRY))
    assert fit_for(fits, "default", "small") == fits[0]
    assert fit_for(fits, "default", "large") is None
    assert fit_for(fits, "other", "small") is None


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"temperature": 0}, "calibration 1: temperature: must be a number from 0.05 to 20"),
        ({"temperature": "1"}, "temperature: must be a number"),
        ({"temperature": True}, "temperature: must be a number"),
        ({"ece": 1.5}, "ece: must be a number from 0 to 1"),
        ({"fitted_on": 0}, "fitted_on: must be a number from 1"),
        ({"model": ""}, "model: must be a text"),
        ({"temprature": 1}, "missing or unknown: temprature"),
    ],
)
def test_a_wrong_entry_is_named(tmp_path: Path, changes: dict[str, object], words: str) -> None:
    """The error names the file, the entry and the key."""
    path = saved(tmp_path, ENTRY | changes)
    with pytest.raises(CalibrationError, match=r"fits\.json: ") as caught:
        load(path)
    assert words in str(caught.value)


def test_a_file_that_is_none(tmp_path: Path) -> None:
    """Missing, unreadable and unknown files are told apart."""
    for content, words in (("{", "no valid TOML or JSON"), ("[]", "must be a table")):
        path = tmp_path / "fits.json"
        path.write_text(content)
        with pytest.raises(CalibrationError, match=words):
            load(path)
    with pytest.raises(CalibrationError, match="cannot be read: No such file"):
        load(tmp_path / "none.toml")
    with pytest.raises(CalibrationError, match="format: must be 1"):
        load(saved(tmp_path, ENTRY, format=2))
    with pytest.raises(CalibrationError, match="calibration: must be a list"):
        load(saved(tmp_path, calibration={}))
    with pytest.raises(CalibrationError, match="calibration 1: must be a table"):
        load(saved(tmp_path, 1))
    with pytest.raises(CalibrationError, match="default has two fits for small"):
        load(saved(tmp_path, ENTRY, ENTRY | {"id": "other"}))
