"""The lexicon: what document types look like, read from the TOML files beside this module."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

from tomli import loads

from docsort_server.engine.local.aliases import Aliases
from docsort_server.engine.local.doctype import DocumentType, parse_type
from docsort_server.engine.local.phrases import PhraseIndex
from docsort_server.engine.local.vocabulary import Vocabulary

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

FOLDER = Path(__file__).with_name("lexicon")
# The part of its weight that a cue has on a page in another language, set by hand: there it may be
# part of another word, but English ones are used in other languages too.
_ENGLISH, _ENGLISH_PART, _FOREIGN_PART = "en", 0.5, 0.25


@dataclass(frozen=True, slots=True)
class CueUse:
    """What a phrase means to one type; weight 0 marks an alias that is no cue by itself.

    `own` is unset where it speaks for a broader type of this one as well. `weights` are those of
    the languages that it is a cue in, and `weight` is the most of these; see `weight_in`.
    """

    type_index: int
    weight: int
    alias: bool
    own: bool = True
    weights: Mapping[str, int] = field(default_factory=dict)

    def weight_in(self, language: str) -> float:
        """Return what it weighs on a page in a language: all of `weight` where that is "".

        In a language that it is no cue in it weighs half of that if it is English, else a quarter:
        foreign words are mostly others that are spelled alike, but documents in all languages have
        some English.
        """
        if not language or language in self.weights:
            return self.weights.get(language, self.weight)
        return self.weight * (_ENGLISH_PART if _ENGLISH in self.weights else _FOREIGN_PART)


@dataclass(frozen=True)
class Lexicon:
    """All document types, the index over their phrases and what tells categories' meaning.

    `uses` and `letters` belong to the phrases of `index`; `broader` pairs a narrower type with
    its broader ones, `forms` the kind of a form of writing with the forms that it may come in;
    `families` holds for each type the broadest that it is a kind of.
    """

    types: tuple[DocumentType, ...]
    index: PhraseIndex
    uses: tuple[tuple[CueUse, ...], ...]
    letters: tuple[int, ...]
    vocabulary: Vocabulary
    aliases: Aliases
    broader: tuple[tuple[int, tuple[int, ...]], ...]
    forms: tuple[tuple[int, tuple[int, ...]], ...]
    families: tuple[int, ...]


def build(types: tuple[DocumentType, ...]) -> Lexicon:
    """Index the phrases and words of `types`."""
    uses: dict[str, list[CueUse]] = {}
    cues = {entry.id: {cue.phrase for cue in entry.cues} for entry in types}
    for number, entry in enumerate(types):
        shared = frozenset[str]().union(*(cues[each] for each in entry.broader))
        for phrase, use in _uses(number, entry, shared):
            uses.setdefault(phrase, []).append(use)
    index = PhraseIndex(uses)
    broader = _broader(types)
    return Lexicon(
        types=types,
        index=index,
        uses=tuple(tuple(each) for each in uses.values()),
        letters=tuple(index.letters(number) for number in range(len(uses))),
        vocabulary=Vocabulary(types),
        aliases=Aliases(types),
        broader=broader,
        forms=_forms(types, broader),
        families=_families(len(types), dict(broader)),
    )


def _uses(number: int, entry: DocumentType, shared: frozenset[str]) -> Iterator[tuple[str, CueUse]]:
    """Yield the phrases of a type with their uses: phrases that weigh alike have one in common."""
    name = CueUse(number, 0, alias=True)
    yield from ((alias, name) for alias in entry.aliases)
    spoken: dict[str, tuple[tuple[str, int], ...]] = {}
    for phrase, weight, language in entry.cues:
        spoken[phrase] = (*spoken.get(phrase, ()), (language, weight))
    made: dict[tuple[object, bool], CueUse] = {}
    for phrase, weights in spoken.items():
        own = phrase not in shared
        use = made.get((weights, own))
        if use is None:
            most = max(weight for _, weight in weights)
            use = CueUse(number, most, alias=False, own=own, weights=dict(weights))
            made[weights, own] = use
        yield phrase, use
    for phrase, weight in entry.against:
        yield phrase, CueUse(number, -weight, alias=False)


def _broader(types: tuple[DocumentType, ...]) -> tuple[tuple[int, tuple[int, ...]], ...]:
    numbers = {entry.id: number for number, entry in enumerate(types)}
    return tuple(
        (number, tuple(numbers[each] for each in entry.broader))
        for number, entry in enumerate(types)
        if entry.broader
    )


def _forms(
    types: tuple[DocumentType, ...], broader: tuple[tuple[int, tuple[int, ...]], ...]
) -> tuple[tuple[int, tuple[int, ...]], ...]:
    forms = tuple(number for number, entry in enumerate(types) if entry.form)
    found: list[tuple[int, tuple[int, ...]]] = []
    for number, parents in broader:
        own = tuple(each for each in parents if each in forms)
        if own:
            # What is a kind of one form may come in another: a complaint as a letter or a mail.
            found.append((number, own if types[number].form else forms))
    # Forms that are kinds of others come first, so that what they have is handed on.
    return tuple(sorted(found, key=lambda pair: not types[pair[0]].form))


def _families(count: int, broader: Mapping[int, tuple[int, ...]]) -> tuple[int, ...]:
    # Of several broader types the first counts, which is the nearest.
    families = list(range(count))
    for number in range(count):
        while families[number] in broader:
            families[number] = broader[families[number]][0]
    return tuple(families)


@cache
def load() -> Lexicon:
    """Read the lexicon that ships with docsort, once per process."""
    return build(tuple(parse_type(loads(content.decode())) for content in _contents()))


def digest() -> str:
    """Return what tells this lexicon from any other, which takes a hundredth of loading it."""
    found = hashlib.sha256()
    for content in _contents():
        found.update(content)
    return found.hexdigest()


def _contents() -> Iterator[bytes]:
    return (path.read_bytes() for path in sorted(FOLDER.glob("*.toml")))
