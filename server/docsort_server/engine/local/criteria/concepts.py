"""What people ask for in criteria, and what shows it on a page; read from `concepts.toml`."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from tomli import loads

from docsort_server.engine.local import text as t
from docsort_server.engine.local.phrases import PhraseIndex

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

PATH = Path(__file__).with_name("concepts.toml")


@dataclass(frozen=True, slots=True)
class ValueAsked:
    """A value of a `form` of the forms module, named on pages by one of `labels`.

    With `telling` its form is enough to know it by. `generic` ones are named by the other words
    of the criterion, if there are any; `own` are the names of the one that is meant by "the date".
    Where a statement says that there is one, a `positive` one must be more than nothing.
    """

    form: str
    labels: tuple[str, ...]
    telling: bool
    generic: bool
    own: tuple[str, ...]
    positive: bool = False


@dataclass(frozen=True, slots=True)
class Concept:
    """Something a criterion may speak of.

    It is meant when all words of one of `says` are in the criterion; phrases of `shows`, a
    `pattern` of the patterns module or a page whose facts lie within all of `looks` show it.
    With `alone` false the pattern only adds to phrases found. With a `value` it is shown by that
    instead, and counted by the form `counted`.
    """

    says: tuple[frozenset[str], ...]
    shows: tuple[int, ...]
    pattern: str | None
    alone: bool
    looks: tuple[tuple[str, float, float], ...]
    value: ValueAsked | None
    counted: str | None


@dataclass(frozen=True)
class Concepts:
    """All concepts, one index over what shows them, and the words that say nothing.

    `fillers` say nothing anywhere, `openers` nothing as the verb that a statement begins with; both
    are stems, as are `dating`, the words for the making of a page.
    """

    entries: tuple[Concept, ...]
    index: PhraseIndex
    fillers: frozenset[str]
    openers: frozenset[str]
    dating: frozenset[str]


def parse(data: Mapping[str, Any]) -> Concepts:
    """Build concepts from the TOML table. Raises KeyError when a part is missing."""
    phrases: dict[str, int] = {}
    entries = tuple(_concept(each, phrases) for each in data["concept"])
    fillers = frozenset(stem for word in data["fillers"] for stem in t.content_stems(word))
    openers = frozenset(stem for word in data["openers"] for stem in t.content_stems(word))
    dating = frozenset(stem for word in data["dating"] for stem in t.content_stems(word))
    return Concepts(entries, PhraseIndex(phrases), fillers, openers, dating)


def _concept(data: Mapping[str, Any], phrases: dict[str, int]) -> Concept:
    return Concept(
        says=tuple(frozenset(t.content_stems(phrase)) for phrase in data["says"]),
        shows=tuple(_numbered(data.get("shows", ()), phrases)),
        pattern=data.get("pattern", data.get("support")),
        alone="support" not in data,
        looks=tuple((name, low, high) for name, (low, high) in data.get("looks", {}).items()),
        value=_value(data),
        counted=data.get("counted"),
    )


def _value(data: Mapping[str, Any]) -> ValueAsked | None:
    form = data.get("form", data.get("value"))
    if form is None:
        return None
    labels = tuple(data.get("labels", data.get("shows", ())))
    generic, own = data.get("generic", False), tuple(data.get("own", ()))
    return ValueAsked(form, labels, "form" in data, generic, own, data.get("positive", False))


def _numbered(shows: Iterable[str], phrases: dict[str, int]) -> list[int]:
    return [phrases.setdefault(phrase, len(phrases)) for phrase in shows]


@cache
def load() -> Concepts:
    """Read the concepts that ship with docsort, once per process."""
    return parse(loads(PATH.read_text(encoding="utf-8")))


def digest() -> str:
    """Return what tells these concepts from any others."""
    return hashlib.sha256(PATH.read_bytes()).hexdigest()
