"""Traits on their way from the worker process that read a page, which nobody trusts."""

from __future__ import annotations

import json
from base64 import b64decode, b64encode
from dataclasses import fields
from typing import TYPE_CHECKING, Any

from docsort_server.engine.packet.traits import LINE, NAME, WORD, Look, PageTraits

if TYPE_CHECKING:
    from collections.abc import Callable

_NAMES = tuple(field.name for field in fields(PageTraits))
# What numbers may be at most; records keep no larger ones.
_MOST = 2**32 - 1
# Numbers that may be the page's, bytes of hashes, and characters of a language.
_LOOSE, _HASHES, _LANGUAGE = 8, 128, 8


def to_text(traits: PageTraits) -> str:
    """Return traits as a few hundred characters of ASCII."""
    values = (_plain(getattr(traits, name)) for name in _NAMES)
    return json.dumps(list(values), separators=(",", ":"))


def _plain(value: object) -> object:
    return b64encode(value).decode() if isinstance(value, bytes) else value


def from_text(text: str) -> PageTraits | None:
    """Return the traits in a text; None where it holds none, or none that can be."""
    try:
        values = json.loads(text)
        found = {name: _READ[name](each) for name, each in zip(_NAMES, values, strict=True)}
    except (ValueError, TypeError, RecursionError):
        return None
    return PageTraits(**found)


def _count(value: object) -> int:
    if type(value) is not int or not 0 <= value <= _MOST:
        raise ValueError("no count")
    return value


def _optional(value: object) -> int | None:
    return None if value is None else _count(value)


def _look(value: object) -> Look:
    look = _count(value)
    if look >= 2 * max(Look):
        raise ValueError("no look")
    return Look(look)


def _loose(value: object) -> tuple[int, ...]:
    if not isinstance(value, list) or len(value) > _LOOSE:
        raise ValueError("no few numbers")
    return tuple(map(_count, value))


def _language(value: object) -> str:
    if not isinstance(value, str) or len(value) > _LANGUAGE:
        raise ValueError("no language")
    if not (value.isascii() and value.isprintable()):
        raise ValueError("no language")
    return value


def _hashes(size: int) -> Callable[[object], bytes]:
    def read(value: object) -> bytes:
        if not isinstance(value, str):
            raise TypeError("no text")
        hashes = b64decode(value, validate=True)
        if len(hashes) > _HASHES or len(hashes) % size:
            raise ValueError("no few hashes")
        return hashes

    return read


_READ: dict[str, Callable[[object], Any]] = dict.fromkeys(_NAMES, _count) | {
    "look": _look,
    "number": _optional,
    "total": _optional,
    "loose": _loose,
    "lines": _hashes(LINE),
    "names": _hashes(NAME),
    "words": _hashes(WORD),
    "language": _language,
}
