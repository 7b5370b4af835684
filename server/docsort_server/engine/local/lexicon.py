"""The lexicon: what document types look like, read from the TOML files beside this module."""

from __future__ import annotations

import hashlib
import math
import tomllib
from collections import Counter
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from docsort_server.engine.local import text as t
from docsort_server.engine.local.phrases import PhraseIndex

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

FOLDER = Path(__file__).with_name("lexicon")


@dataclass(frozen=True, slots=True)
class LayoutRule:
    """Evidence from a page's facts: `weight` counts when every fact lies within its range."""

    weight: float
    ranges: tuple[tuple[str, float, float], ...]

    def holds(self, facts: Mapping[str, float]) -> bool:
        """Tell whether every fact lies within its range, bounds included."""
        return all(low <= facts[name] <= high for name, low, high in self.ranges)


@dataclass(frozen=True, slots=True)
class DocumentType:
    """One document type: its names, the phrases and the looks that give it away.

    `broader` names the types whose category takes this type's pages when no category of the
    question is about this type itself. Cues weigh 1 to 3; those of `against` count against.
    """

    id: str
    about: str
    aliases: tuple[str, ...]
    broader: tuple[str, ...]
    cues: tuple[tuple[str, int], ...]
    against: tuple[tuple[str, int], ...]
    layout: tuple[LayoutRule, ...]


@dataclass(frozen=True, slots=True)
class CueUse:
    """What a phrase means to one type; weight 0 marks an alias that is no cue by itself."""

    type_index: int
    weight: int
    alias: bool


@dataclass(frozen=True)
class Lexicon:
    """All document types and one index over their phrases."""

    types: tuple[DocumentType, ...]
    index: PhraseIndex
    uses: tuple[tuple[CueUse, ...], ...]
    letters: tuple[int, ...]
    vocabulary: tuple[Mapping[str, float], ...]
    rarity: Mapping[str, float]
    digest: str

    def position(self, type_id: str) -> int:
        """Return the index of a type. Raises KeyError when there is none."""
        for index, entry in enumerate(self.types):
            if entry.id == type_id:
                return index
        raise KeyError(type_id)


def parse_type(data: Mapping[str, Any]) -> DocumentType:
    """Build a type from its TOML table. Raises KeyError or ValueError when it is malformed."""
    return DocumentType(
        id=data["id"],
        about=data.get("about", ""),
        aliases=tuple(alias for names in data["aliases"].values() for alias in names),
        broader=tuple(data.get("broader", ())),
        cues=tuple(_weighted(data.get("cues", {}).values())),
        against=tuple(_weighted([data.get("against", {})])),
        layout=tuple(_rule(rule) for rule in data.get("layout", ())),
    )


def _weighted(tables: Iterable[Mapping[str, list[str]]]) -> Iterable[tuple[str, int]]:
    for table in tables:
        for weight, phrases in table.items():
            yield from ((phrase, int(weight)) for phrase in phrases)


def _rule(data: Mapping[str, Any]) -> LayoutRule:
    ranges = tuple((name, *bounds) for name, bounds in data.items() if name != "weight")
    return LayoutRule(float(data["weight"]), ranges)


def build(types: tuple[DocumentType, ...], digest: str) -> Lexicon:
    """Index the phrases and words of `types`."""
    uses: dict[str, list[CueUse]] = {}
    for number, entry in enumerate(types):
        for alias in entry.aliases:
            uses.setdefault(alias, []).append(CueUse(number, 0, alias=True))
        for phrase, weight in entry.cues:
            uses.setdefault(phrase, []).append(CueUse(number, weight, alias=False))
        for phrase, weight in entry.against:
            uses.setdefault(phrase, []).append(CueUse(number, -weight, alias=False))
    index = PhraseIndex(uses)
    vocabulary = tuple(_vocabulary(entry) for entry in types)
    return Lexicon(
        types=types,
        index=index,
        uses=tuple(tuple(each) for each in uses.values()),
        letters=tuple(index.letters(number) for number in range(len(uses))),
        vocabulary=vocabulary,
        rarity=_rarity(vocabulary),
        digest=digest,
    )


def _vocabulary(entry: DocumentType) -> dict[str, float]:
    weights: dict[str, float] = {}
    for stem in t.content_stems(entry.about):
        weights[stem] = 0.6
    for alias in entry.aliases:
        for stem in t.content_stems(alias):
            weights[stem] = 1.0
    return weights


def _rarity(vocabulary: tuple[Mapping[str, float], ...]) -> dict[str, float]:
    spread = Counter(stem for words in vocabulary for stem in words)
    return {stem: math.log((len(vocabulary) + 1) / count) for stem, count in spread.items()}


@cache
def load() -> Lexicon:
    """Read the lexicon that ships with docsort, once per process."""
    digest = hashlib.sha256()
    types: list[DocumentType] = []
    for path in sorted(FOLDER.glob("*.toml")):
        content = path.read_bytes()
        digest.update(content)
        types.append(parse_type(tomllib.loads(content.decode())))
    return build(tuple(types), digest.hexdigest())
