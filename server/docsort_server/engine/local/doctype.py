"""One document type of the lexicon, as its TOML file tells it."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import repeat
from typing import TYPE_CHECKING, Any, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence


@dataclass(frozen=True, slots=True)
class LayoutRule:
    """Evidence from a page's facts: `weight` counts when every fact lies within its range."""

    weight: float
    ranges: tuple[tuple[str, float, float], ...]

    def holds(self, facts: Mapping[str, float]) -> bool:
        """Tell whether every fact lies within its range, bounds included."""
        return all(low <= facts[name] <= high for name, low, high in self.ranges)


class Cue(NamedTuple):
    """A phrase that speaks for a type, its weight and the language that it is of."""

    phrase: str
    weight: int
    language: str


@dataclass(frozen=True, slots=True)
class DocumentType:
    """One document type: its names, the phrases and the looks that give it away.

    `about` and `words` are further ways to speak of it, for categories with unfamiliar names.
    `broader` names the types whose category takes this type's pages when no category of the
    question is about this type itself. Cues weigh 1 to 3; those of `against` count against, in
    whatever language. A `form` of writing, such as a letter, has kinds that look like it and differ
    in what they say.
    """

    id: str
    about: str
    words: tuple[str, ...]
    aliases: tuple[str, ...]
    broader: tuple[str, ...]
    cues: tuple[Cue, ...]
    against: tuple[tuple[str, int], ...]
    layout: tuple[LayoutRule, ...]
    form: bool = False

    @property
    def name(self) -> str:
        """Its name for people: the first of its names, which is English."""
        return self.aliases[0]


def parse_type(data: Mapping[str, Any]) -> DocumentType:
    """Build a type from its TOML table. Raises KeyError or ValueError when it is malformed."""
    return DocumentType(
        id=data["id"],
        about=data.get("about", ""),
        words=tuple(data.get("words", ())),
        aliases=tuple(alias for names in data["aliases"].values() for alias in names),
        broader=tuple(data.get("broader", ())),
        cues=tuple(_cues(data.get("cues", {}))),
        against=tuple(_weighted(data.get("against", {}))),
        layout=tuple(_rule(rule) for rule in data.get("layout", ())),
        form=data.get("form", False),
    )


def _cues(tables: Mapping[str, Mapping[str, Sequence[str]]]) -> Iterator[Cue]:
    for language, table in tables.items():
        for weight, phrases in table.items():
            yield from map(Cue, phrases, repeat(int(weight)), repeat(language))


def _weighted(table: Mapping[str, Sequence[str]]) -> Iterator[tuple[str, int]]:
    for weight, phrases in table.items():
        yield from ((phrase, int(weight)) for phrase in phrases)


def _rule(data: Mapping[str, Any]) -> LayoutRule:
    ranges = tuple((name, *bounds) for name, bounds in data.items() if name != "weight")
    return LayoutRule(float(data["weight"]), ranges)
