"""What settings are made of: how one is declared, and how its value is taken in."""

from __future__ import annotations

from contextlib import suppress
from dataclasses import MISSING, Field, field, fields
from difflib import get_close_matches
from math import isfinite
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterable

MIB = 1024 * 1024
_TRUE = {"1", "true", "yes", "on"}
_FALSE = {"0", "false", "no", "off"}
# What each kind is called, and what must not be converted to it: to Python a truth value is a
# number, and a fraction becomes a whole number without its part after the point.
_KINDS: dict[type, tuple[str, tuple[type, ...]]] = {
    int: ("a whole number", (bool, float)),
    float: ("a number", (bool,)),
    str: ("text", (bool, int, float, list, dict)),
}


class SettingsError(Exception):
    """A setting that is unknown or has a value it cannot have; the text says what to do."""


def setting(default: Any, about: str, *, least: float = 0, most: float | None = None) -> Any:  # noqa: ANN401 - a field of any type
    """Declare a setting with its meaning and the bounds of its number."""
    return field(default=default, metadata={"about": about, "least": least, "most": most})


def choice(default: str, about: str, *values: str) -> Any:  # noqa: ANN401 - a field of any type
    """Declare a setting that takes one of a few words."""
    return field(default=default, metadata={"about": about, "values": values})


def secret(about: str) -> Any:  # noqa: ANN401 - a field of any type
    """Declare a setting whose value is never shown."""
    return field(default="", repr=False, metadata={"about": about, "secret": True})


def declared(kind: type) -> tuple[Field[Any], ...]:
    """Return the settings among a dataclass's fields."""
    return tuple(known for known in fields(kind) if "about" in known.metadata)


def check_keys(given: Iterable[str], names: Iterable[str], where: str) -> None:
    """Raise `SettingsError` for a key that is no setting, with the nearest that is one."""
    known = list(names)
    for key in given:
        if key not in known:
            raise SettingsError(f"{where}there is no setting {key}{nearest(key, known)}")


def nearest(name: str, names: Iterable[str]) -> str:
    """Return the end of a complaint about a name: the nearest that is right, if any is near."""
    close = get_close_matches(name, list(names), 1)
    return f"; did you mean {close[0]}?" if close else ""


def checked(known: Field[Any], value: Any, name: str = "") -> Any:  # noqa: ANN401 - what a file or variable holds
    """Return a value as its setting has it. Raises `SettingsError` naming `name` or the field."""
    assert known.default is not MISSING
    name = name or known.name
    if known.metadata.get("secret") and not isinstance(value, str):
        raise SettingsError(f"{name} must be text")
    parsed = _parsed(name, value, type(known.default))
    allowed = known.metadata.get("values")
    if allowed and parsed not in allowed:
        raise SettingsError(f"{name} must be one of {', '.join(allowed)}, is {parsed!r}")
    if isinstance(parsed, (int, float)) and not isinstance(parsed, bool):
        _check_bounds(name, parsed, known.metadata["least"], known.metadata["most"])
    return parsed


def _parsed(name: str, value: Any, kind: type) -> Any:  # noqa: ANN401 - as its field has it
    if kind is bool:
        return _flag(name, value)
    noun, wrong = _KINDS[kind]
    with suppress(TypeError, ValueError):
        if not isinstance(value, wrong):
            return kind(value)
    raise SettingsError(f"{name} must be {noun}, is {value!r}")


def _flag(name: str, value: object) -> bool:
    text = str(value).lower()
    if text not in _TRUE | _FALSE:
        raise SettingsError(f"{name} must be true or false, is {value!r}")
    return text in _TRUE


def _check_bounds(name: str, value: float, least: float, most: float | None) -> None:
    # NaN and infinity are numbers that no timer takes.
    if not isfinite(value) or value < least or (most is not None and value > most):
        upper = f" and at most {most:g}" if most is not None else ""
        raise SettingsError(f"{name} must be at least {least:g}{upper}, is {value:g}")


def listed(value: str) -> tuple[str, ...]:
    """Return the entries of a comma-separated setting."""
    return tuple(entry.strip() for entry in value.split(",") if entry.strip())
