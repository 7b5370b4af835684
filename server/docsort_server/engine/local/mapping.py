"""Find which types of the lexicon a caller's category is about."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from docsort_server.engine.local import text as t

if TYPE_CHECKING:
    from collections.abc import Sequence

    from docsort_server.engine.local.lexicon import Lexicon
    from docsort_server.engine.model import Category

Links = dict[int, float]

_COVERED = 0.5
_SURE, _HINT = 0.7, 0.5
_SAME_WORDS, _PART_OF_NAME, _AS_GOOD = 0.98, 0.9, 0.9
_SHARPNESS = 0.08
# The share of the words of a described category that speak of a type, set by hand: up to the least
# they are taken for chance, from the full share on the type is the one that is meant.
_LEAST, _FULL = 0.30, 0.50
_NARROWER = 0.75
_GENERATIONS = 2
_OWNED = 0.5
_FEW_LINKS = 0.05
_HEAD_PART = 0.2
# Weight of words that speak of no type, beside those of the category: few words say less.
_UNSAID = 1.0
_NAME_WEIGHT, _DESCRIPTION_WEIGHT, _CRITERIA_WEIGHT = 3.0, 1.0, 0.4
# Words that name no type by themselves: "tax form", "order form" and "entry form" differ.
_HEAD_WORDS = """
document documents paper papers file record records page sheet copy type kind other dokument
dokumente unterlage unterlagen papier documento documenti documentos pagina business company
official general new old current printed scanned customer client monthly annual yearly quarterly
weekly daily paperwork documentation statement summary schedule release confirmation
"""
_HEAD_FORMS = frozenset(_HEAD_WORDS.split())
HEADS = frozenset(t.stem(word) for word in _HEAD_FORMS)
_REST = 0.8
_REST_TEXT = """
other others misc miscellaneous unknown none else everything uncategorized unclassified rest
sonstige sonstiges andere anderes unbekannt autre autres divers inconnu otro otros varios altro
altri varie overig overige anders onbekend outro outros diversos
"""
_REST_WORDS = frozenset(_REST_TEXT.split())


def link(categories: Sequence[Category], lexicon: Lexicon) -> list[Links]:
    """Return each category's types with the strength of each link (0..1).

    A name equal to an alias, or mostly covered by one, links at once; other names by the rarity
    of the words they share with a type's names and description. Types that no category is about
    go to the categories of their broader types; what is left to a catch-all such as "Other".
    """
    links = [_direct(category, lexicon) for category in categories]
    owned = {number for each in links for number, power in each.items() if power >= _OWNED}
    for each in links:
        _add_narrower(each, owned, lexicon)
    for category, each in zip(categories, links, strict=True):
        if is_rest(category.name):
            claimed = {number for other in links if other is not each for number in other}
            each.update(dict.fromkeys(set(range(len(lexicon.types))) - claimed, _REST))
    return links


def is_rest(name: str) -> bool:
    """Tell whether a name means whatever fits nowhere else, such as "Other documents"."""
    words = frozenset(t.words(name))
    return bool(words & _REST_WORDS) and words <= _REST_WORDS | _HEAD_FORMS | t.STOP_WORDS


def _direct(category: Category, lexicon: Lexicon) -> Links:
    named = by_alias(category.name, lexicon)
    if max(named.values(), default=0.0) >= _SURE:
        return named
    # An alias that covers only part of the name is one hint among others.
    links = _by_words(category, lexicon)
    for number, power in named.items():
        links[number] = max(links.get(number, 0.0), power * _HINT)
    return links


def by_alias(name: str, lexicon: Lexicon) -> Links:
    """Link a name that is an alias, or whose words an alias covers for more than half."""
    whole = lexicon.aliases.named(name)
    if whole is not None:
        return {whole: 1.0}
    stems = frozenset(t.content_stems(name))
    asked = _rarity(stems, lexicon)
    best: Links = {}
    for number, parts in lexicon.aliases.within(stems):
        # The more of the name the alias covers, the surer.
        covered = _rarity(parts, lexicon) / asked if asked else 0.0
        power = _SAME_WORDS if parts == stems else _PART_OF_NAME * covered
        if covered > _COVERED and power > best.get(number, 0.0):
            best[number] = power
    top = max(best.values(), default=0.0)
    return {number: power for number, power in best.items() if power >= _AS_GOOD * top}


def _rarity(stems: frozenset[str], lexicon: Lexicon) -> float:
    rarity = lexicon.vocabulary.rarity
    return sum((_HEAD_PART if stem in HEADS else 1.0) * rarity(stem) for stem in sorted(stems))


def _by_words(category: Category, lexicon: Lexicon) -> Links:
    shares = _covered(_asked_words(category), lexicon)
    top = max(shares.values(), default=0.0)
    scale = min(1.0, (top - _LEAST) / (_FULL - _LEAST))
    if scale <= 0.0:
        return {}
    raised = {number: math.exp((share - top) / _SHARPNESS) for number, share in shares.items()}
    total = _rivals(raised, lexicon)
    powers = {number: scale * value / total for number, value in raised.items()}
    return {number: power for number, power in powers.items() if power >= _FEW_LINKS}


def _rivals(raised: Links, lexicon: Lexicon) -> float:
    # Types of one family do not compete: words for a kind of a type speak of that type as well.
    best: Links = {}
    for number, value in raised.items():
        family = lexicon.families[number]
        best[family] = max(best.get(family, 0.0), value)
    return sum(best.values())


def _asked_words(category: Category) -> dict[str, float]:
    parts = [(category.name, _NAME_WEIGHT), (category.description, _DESCRIPTION_WEIGHT)]
    parts += [(criterion, _CRITERIA_WEIGHT) for criterion in category.describing]
    asked: dict[str, float] = {}
    for text, weight in parts:
        for stem in dict.fromkeys(t.content_stems(text)):
            part = _HEAD_PART if stem in HEADS else 1.0
            asked[stem] = max(asked.get(stem, 0.0), weight * part)
    return asked


def _covered(asked: dict[str, float], lexicon: Lexicon) -> dict[int, float]:
    """Return the share of the asked words, by weight and rarity, that speak of each type."""
    whole = list(lexicon.aliases.within(frozenset(asked)))
    shares: dict[int, float] = {}
    total = _UNSAID
    for stem, weight in asked.items():
        telling = weight * lexicon.vocabulary.weight(stem)
        total += telling
        # The words of a name that is there as a whole count in full.
        named = {number: 1.0 for number, parts in whole if stem in parts}
        for number, power in {**lexicon.vocabulary.match(stem), **named}.items():
            shares[number] = shares.get(number, 0.0) + telling * power
    return {number: share / total for number, share in shares.items()}


def _add_narrower(links: Links, owned: set[int], lexicon: Lexicon) -> None:
    for _ in range(_GENERATIONS):
        for number, parents in lexicon.broader:
            if number in owned or number in links:
                continue
            power = max(links.get(parent, 0.0) for parent in parents)
            if power >= _OWNED * _NARROWER:
                links[number] = power * _NARROWER
