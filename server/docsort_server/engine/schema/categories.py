"""Categories that will be taken for one another."""

from __future__ import annotations

import math
from dataclasses import dataclass
from itertools import combinations
from typing import TYPE_CHECKING

from docsort_server.engine.local import mapping
from docsort_server.engine.local import text as t
from docsort_server.engine.schema.findings import Finding, Kind, Place, Severity, quoted
from docsort_server.engine.schema.marks import Marks, marks

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from docsort_server.engine.local.lexicon import Lexicon
    from docsort_server.engine.model import Category

_NAME, _DESCRIPTION, _CRITERIA = 2.0, 1.0, 0.7
# Cosines from which two categories speak of the same: with their names; in their descriptions and
# criteria; or in those, less alike, where the lexicon takes both for the same types of document.
# Well-made sets have at most 0.49 of either; what people describe twice has 0.57 and more.
_ALIKE, _SAID_ALIKE, _TYPED_ALIKE, _SAME_TYPES = 0.6, 0.7, 0.55, 0.6
# Meanings of a description that are enough to be compared, and the cosine of those up to which two
# names of a type of document are told apart by their descriptions.
_COMPARABLE, _APART = 3, 0.4
# Words that may be added to any name: "Invoice document" is "Invoice". Those of the engine's heads
# that are missing here tell names apart: "Customer letter" and "Official letter" differ.
_BLAND_TEXT = """
document documents paper papers file files page pages type kind dokument dokumente unterlage
unterlagen documento documenti documentos fichier
"""
_BLAND = frozenset(t.stem(word) for word in _BLAND_TEXT.split())
# The strength of a link by name from which a name is one of the type's.
_NAMED = 0.8
# Words that a name may share with another's before models that look at its start mix them up.
_PREFIX_WORDS = 2


class Vector:
    """Weights of parts, compared by their angle."""

    def __init__(self, parts: Mapping[str, float]) -> None:
        self.parts = parts
        self.length = math.sqrt(sum(value * value for value in parts.values()))

    def cosine(self, other: Vector) -> float:
        """Return how alike two are, 0 to 1; 0 where one of them is empty."""
        small, large = sorted((self, other), key=lambda each: len(each.parts))
        product = sum(value * large.parts.get(key, 0.0) for key, value in small.parts.items())
        return product / (small.length * large.length) if product else 0.0


@dataclass(frozen=True)
class Profile:
    """What is compared of a category: its name, what it says, and the types it is about.

    `marks` are letters and numerals in the name. `said` are weights of meanings, `described` the
    same without the name; `spoken` are the stems of all its words, those that tell what does not
    belong here too.
    """

    name: str
    words: tuple[str, ...]
    stems: frozenset[str]
    marks: Marks
    named: int | None
    rest: bool
    said: Vector
    described: Vector
    spoken: frozenset[str]
    links: Vector


def profiles(
    categories: Sequence[Category], lexicon: Lexicon, fillers: frozenset[str]
) -> list[Profile]:
    """Return the profiles of categories; `fillers` are stems that say nothing in criteria."""
    return [_profile(category, lexicon, fillers) for category in categories]


def _profile(category: Category, lexicon: Lexicon, fillers: frozenset[str]) -> Profile:
    texts = [(category.description, _DESCRIPTION)]
    texts += [(each, _CRITERIA) for each in category.describing]
    named = [(category.name, _NAME), *texts]
    everything = (category.name, category.description, *category.criteria)
    rest = mapping.is_rest(category.name)
    return Profile(
        name=category.name,
        words=tuple(t.words(category.name)),
        stems=frozenset(t.content_stems(category.name)),
        marks=marks(category.name),
        named=_named(category.name, lexicon),
        rest=rest,
        said=_meanings(named, lexicon, fillers),
        described=_meanings(texts, lexicon, fillers),
        spoken=frozenset(stem for text in everything for stem in t.content_stems(text)),
        links=Vector({} if rest else _links(category, lexicon)),
    )


def _links(category: Category, lexicon: Lexicon) -> dict[str, float]:
    (links,) = mapping.link([category], lexicon)
    return {lexicon.types[number].id: power for number, power in links.items()}


def _meanings(
    texts: Iterable[tuple[str, float]], lexicon: Lexicon, fillers: frozenset[str]
) -> Vector:
    """Return what texts speak of: words that name a type of document mean that type."""
    found: dict[str, float] = {}
    for text, weight in texts:
        for stem in set(t.content_stems(text)) - fillers:
            kind = lexicon.aliases.named(stem)
            meaning = stem if kind is None else f"type {kind}"
            telling = weight * lexicon.vocabulary.weight(stem)
            found[meaning] = max(found.get(meaning, 0.0), telling)
    return Vector(found)


def _named(name: str, lexicon: Lexicon) -> int | None:
    links = mapping.by_alias(name, lexicon)
    best = max(links, key=links.__getitem__, default=None)
    return best if best is not None and links[best] >= _NAMED else None


def compare(found: Sequence[Profile], lexicon: Lexicon) -> Iterator[Finding]:
    """Yield at most one finding for each pair, the gravest; those of one type are told together."""
    known: dict[int, set[int]] = {}
    for one, other in combinations(range(len(found)), 2):
        pair = found[one], found[other]
        if (kind := _set_apart(*pair)) is not None:
            known.setdefault(kind, set()).update((one, other))
            continue
        told = _same(*pair, lexicon) or _alike(*pair) or _nested(*pair) or _begins(*pair)
        if told is not None:
            what, severity, reason, suggestion = told
            places = (Place(one), Place(other))
            yield Finding(what, severity, places, reason, suggestion)
    for kind, numbers in known.items():
        yield _of_one_type(sorted(numbers), found, lexicon.types[kind].id)


def _set_apart(one: Profile, other: Profile) -> int | None:
    """Return the type of which both are names, where their descriptions set them apart."""
    if one.named is None or one.named != other.named or _within(one, other):
        return None
    if _same_name(one, other) or not _comparable(one, other):
        return None
    return one.named if one.described.cosine(other.described) < _APART else None


def _of_one_type(numbers: Sequence[int], found: Sequence[Profile], kind: str) -> Finding:
    *first, last = (quoted(found[number].name) for number in numbers)
    reason = (
        f"{', '.join(first)} and {last} are names of the same type of document, "
        f"{kind.replace('_', ' ')}, which the embedded engine tells apart by their descriptions "
        "alone."
    )
    suggestion = "Say in each description what stands on such pages, or use a model."
    places = tuple(map(Place, numbers))
    return Finding(Kind.DUPLICATE_CATEGORIES, Severity.NOTE, places, reason, suggestion)


_Told = tuple[Kind, Severity, str, str] | None


def _same(one: Profile, other: Profile, lexicon: Lexicon) -> _Told:
    names = f"{quoted(one.name)} and {quoted(other.name)}"
    merge = "Make them one category, or name and describe what sets them apart."
    if one.rest and other.rest:
        reason = f"{names} both stand for whatever fits nowhere else."
        return Kind.DUPLICATE_CATEGORIES, Severity.WARNING, reason, "Keep one of them."
    if _same_name(one, other):
        reason = f"{names} are the same name in another form."
        return Kind.DUPLICATE_CATEGORIES, Severity.ERROR, reason, merge
    if one.named is not None and one.named == other.named and not _within(one, other):
        kind = lexicon.types[one.named].id.replace("_", " ")
        reason = f"{names} are both names of the same type of document, {kind}."
        return Kind.DUPLICATE_CATEGORIES, Severity.WARNING, reason, merge
    return None


def _comparable(one: Profile, other: Profile) -> bool:
    return min(len(one.described.parts), len(other.described.parts)) >= _COMPARABLE


def _telling(profile: Profile) -> frozenset[str]:
    """Return what of a name tells it from others: a document or a record may be anything."""
    return profile.stems - _BLAND | profile.marks.sure


def _same_name(one: Profile, other: Profile) -> bool:
    telling = _telling(one)
    return telling == _telling(other) != frozenset() and not one.marks.differ(other.marks)


def _within(one: Profile, other: Profile) -> bool:
    """Tell whether one name holds all that the other says, and more."""
    wide, narrow = sorted(map(_telling, (one, other)), key=len)
    return bool(wide) and wide < narrow


def _named_apart(one: Profile, other: Profile) -> bool:
    """Tell whether one name only has more words, or the names differ in their marks alone."""
    alike = one.stems - one.marks.sure == other.stems - other.marks.sure
    return (alike and one.marks.differ(other.marks)) or _within(one, other)


def _alike(one: Profile, other: Profile) -> _Told:
    said = one.described.cosine(other.described) if _comparable(one, other) else 0.0
    typed = said >= _TYPED_ALIKE and not _known_apart(one, other)
    if not (
        said >= _SAID_ALIKE
        or (typed and one.links.cosine(other.links) >= _SAME_TYPES)
        or (one.said.cosine(other.said) >= _ALIKE and not _named_apart(one, other))
    ):
        return None
    reason = (
        f"{quoted(one.name)} and {quoted(other.name)} are described in much the same words, so "
        "that pages will fit both."
    )
    suggestion = "Say in each description what the other does not have, or make them one category."
    return Kind.OVERLAPPING_CATEGORIES, Severity.WARNING, reason, suggestion


def _nested(one: Profile, other: Profile) -> _Told:
    if one.rest or other.rest or _known_apart(one, other):
        return None
    if not _within(one, other):
        return None
    wide, narrow = sorted((one, other), key=lambda each: len(_telling(each)))
    more = _telling(narrow) - _telling(wide)
    if more <= wide.spoken:
        # The wider one speaks of the narrower: it says where the border is.
        return None
    reason = f"By its name {quoted(narrow.name)} is a kind of {quoted(wide.name)}: pages fit both."
    suggestion = (
        f"Say in the description of {quoted(wide.name)} that it does not hold {quoted(narrow.name)}"
        ", or give it a narrower name."
    )
    return Kind.NESTED_CATEGORIES, Severity.NOTE, reason, suggestion


def _begins(one: Profile, other: Profile) -> _Told:
    shared = 0
    for a, b in zip(one.words, other.words, strict=False):
        if a != b:
            break
        shared += 1
    whole = shared == min(len(one.words), len(other.words)) and shared > 0
    if not whole and shared < _PREFIX_WORDS:
        return None
    start = " ".join(one.words[:shared])
    reason = (
        f"{quoted(one.name)} and {quoted(other.name)} both begin with {quoted(start)}: a model "
        "that answers by name, and whose first words are taken for the answer, mixes them up."
    )
    suggestion = (
        "Begin the names with what sets them apart. docsort's own engines answer by code and do "
        "not mind."
    )
    return Kind.SHARED_PREFIX, Severity.NOTE, reason, suggestion


def _known_apart(one: Profile, other: Profile) -> bool:
    """Tell whether both are names of types that the lexicon tells apart."""
    return None not in (one.named, other.named) and one.named != other.named
