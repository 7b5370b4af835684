"""The lexicon: what document types look like, read from the TOML files beside this module."""

from __future__ import annotations

import hashlib
import tomllib
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from docsort_server.engine.local.doctype import DocumentType, parse_type
from docsort_server.engine.local.phrases import PhraseIndex
from docsort_server.engine.local.vocabulary import Vocabulary

FOLDER = Path(__file__).with_name("lexicon")


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
    vocabulary: Vocabulary
    digest: str

    def position(self, type_id: str) -> int:
        """Return the index of a type. Raises KeyError when there is none."""
        for index, entry in enumerate(self.types):
            if entry.id == type_id:
                return index
        raise KeyError(type_id)


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
    return Lexicon(
        types=types,
        index=index,
        uses=tuple(tuple(each) for each in uses.values()),
        letters=tuple(index.letters(number) for number in range(len(uses))),
        vocabulary=Vocabulary(types),
        digest=digest,
    )


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
