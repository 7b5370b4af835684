"""Temperatures that make a model's confidences honest, read from a file."""

from __future__ import annotations

import json
import tomllib
from dataclasses import dataclass
from math import isfinite
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from pathlib import Path

FORMAT = 1
_LEAST, _MOST = 0.05, 20.0
_KEYS = ("id", "backend", "model", "temperature", "fitted_on", "ece")


class CalibrationError(Exception):
    """A calibration file that cannot be used; the text names file, entry and key."""


@dataclass(frozen=True, slots=True)
class Calibration:
    """One fit: `temperature` divides log probabilities of `model` as `backend` serves it.

    `fitted_on` counts labelled pages; `ece` is the expected calibration error that was left,
    measured on pages that were not fitted on.
    """

    id: str
    backend: str
    model: str
    temperature: float
    fitted_on: int
    ece: float


def load(path: Path) -> tuple[Calibration, ...]:
    """Return the fits in a TOML or JSON file. Raises `CalibrationError`."""
    content = _read(path)
    if content.get("format") != FORMAT:
        raise CalibrationError(f"{path}: format: must be {FORMAT}")
    entries = content.get("calibration", [])
    if not isinstance(entries, list):
        raise CalibrationError(f"{path}: calibration: must be a list")
    fits = tuple(
        _fit(entry, f"{path}: calibration {place}") for place, entry in enumerate(entries, 1)
    )
    pairs = [(fit.backend, fit.model) for fit in fits]
    if doubled := next((pair for pair in pairs if pairs.count(pair) > 1), None):
        raise CalibrationError(f"{path}: backend {doubled[0]} has two fits for {doubled[1]}")
    return fits


def fit_for(fits: tuple[Calibration, ...], backend: str, model: str) -> Calibration | None:
    """Return the fit for a model as a backend serves it; None where there is none."""
    return next((fit for fit in fits if (fit.backend, fit.model) == (backend, model)), None)


def _read(path: Path) -> dict[str, Any]:
    try:
        text = path.read_text()
        content = json.loads(text) if path.suffix == ".json" else tomllib.loads(text)
    except OSError as error:
        raise CalibrationError(f"{path}: cannot be read: {error.strerror}") from None
    except ValueError as error:
        raise CalibrationError(f"{path}: is no valid TOML or JSON: {error}") from None
    if not isinstance(content, dict):
        raise CalibrationError(f"{path}: must be a table")
    return content


def _fit(entry: object, where: str) -> Calibration:
    if not isinstance(entry, dict):
        raise CalibrationError(f"{where}: must be a table")
    if wrong := set(entry) ^ set(_KEYS):
        raise CalibrationError(f"{where}: missing or unknown: {', '.join(sorted(wrong))}")
    return Calibration(
        id=_text(entry, "id", where),
        backend=_text(entry, "backend", where),
        model=_text(entry, "model", where),
        temperature=_number(entry, "temperature", where, _LEAST, _MOST),
        fitted_on=int(_number(entry, "fitted_on", where, 1, 1e9)),
        ece=_number(entry, "ece", where, 0, 1),
    )


def _text(entry: dict[str, Any], key: str, where: str) -> str:
    value = entry[key]
    if not isinstance(value, str) or not value:
        raise CalibrationError(f"{where}: {key}: must be a text")
    return value


def _number(entry: dict[str, Any], key: str, where: str, least: float, most: float) -> float:
    value = entry[key]
    number = isinstance(value, int | float) and not isinstance(value, bool)
    if not number or not isfinite(value) or not least <= value <= most:
        raise CalibrationError(f"{where}: {key}: must be a number from {least:g} to {most:g}")
    return float(value)
