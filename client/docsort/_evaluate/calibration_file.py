"""The calibration file that a server reads, in TOML or JSON."""

import json
import tomllib
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from docsort._evaluate.labels import LabelsError

if TYPE_CHECKING:
    from docsort._evaluate.temperature import Fit

FORMAT: Final = 1


def entry(fit: "Fit", name: str) -> dict[str, Any]:
    """Return what the file says of a fit."""
    return {
        "id": name,
        "backend": fit.backend,
        "model": fit.model,
        "temperature": fit.temperature,
        "fitted_on": fit.pages,
        "ece": fit.after,
    }


def merged(
    old: Sequence[Mapping[str, Any]], new: Sequence[Mapping[str, Any]]
) -> list[Mapping[str, Any]]:
    """Return the new entries after the old ones of other models."""
    taken = {(each["backend"], each["model"]) for each in new}
    return [each for each in old if (each.get("backend"), each.get("model")) not in taken] + [*new]


def read(path: Path) -> list[Mapping[str, Any]]:
    """Return the entries of a file. Raises LabelsError."""
    try:
        text = path.read_text(encoding="utf-8")
        content = json.loads(text) if path.suffix == ".json" else tomllib.loads(text)
        if content["format"] != FORMAT:
            raise LabelsError(f"{path}: its format is not {FORMAT}; give another --output")
        return list(content.get("calibration", []))
    except OSError as error:
        raise LabelsError(f"{path}: {error.strerror}") from None
    except (ValueError, KeyError, TypeError) as error:
        raise LabelsError(
            f"{path}: exists and is no calibration file; give another --output: {error!r}"
        ) from None


def write(path: Path, entries: Sequence[Mapping[str, Any]]) -> None:
    """Write the file as a whole or not at all. Raises LabelsError."""
    as_json = path.suffix == ".json"
    content = {"format": FORMAT, "calibration": list(entries)}
    text = json.dumps(content, indent=1, ensure_ascii=False) if as_json else _toml(entries)
    part = path.with_name(f"{path.name}.part")
    try:
        part.write_text(text.rstrip() + "\n", encoding="utf-8")
        part.replace(path)
    except OSError as error:
        raise LabelsError(f"{path}: {error.strerror}") from None


def _toml(entries: Sequence[Mapping[str, Any]]) -> str:
    lines = [f"format = {FORMAT}"]
    for each in entries:
        # JSON's strings and numbers are TOML's too.
        lines += ["", "[[calibration]]"]
        lines += [f"{key} = {json.dumps(value, ensure_ascii=False)}" for key, value in each.items()]
    return "\n".join(lines)
