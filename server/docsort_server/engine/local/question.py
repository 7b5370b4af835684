"""A question prepared once, so that every page of a job is cheap."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING

from docsort_server.engine.local import exemplars, mapping, word_vectors
from docsort_server.engine.local import text as t
from docsort_server.engine.local.criteria.criterion import CompiledCriterion, compile_criterion
from docsort_server.engine.local.likeness import compile_examples
from docsort_server.engine.local.phrases import PhraseIndex

if TYPE_CHECKING:
    from collections.abc import Callable

    from docsort_server.engine.local.criteria.concepts import Concepts
    from docsort_server.engine.local.lexicon import Lexicon
    from docsort_server.engine.local.likeness import Vector
    from docsort_server.engine.local.type_model import TypeModel
    from docsort_server.engine.local.word_vectors import Meaning, WordVectors
    from docsort_server.engine.model import Category, Question

_NAME, _DESCRIPTION, _CRITERIA = 2.0, 1.0, 0.7
# A link of this strength leaves no doubt what a category is about.
CLEAR = 0.6
# The strongest link to any type, 0 to 1, under which the engine has hardly an idea of a category.
FAMILIAR = 0.3


@dataclass(frozen=True, slots=True)
class CompiledCategory:
    """A category's links to types (strengths 0..1), its stemmed words and its criteria.

    `known` (0..1) is how clearly the lexicon knows it, `named` without its examples; with `rest` it
    is a catch-all. `meaning` is where its words point, set where that counts.
    """

    links: tuple[tuple[int, float], ...]
    known: float
    named: float
    rest: bool
    words: tuple[tuple[str, float], ...]
    word_norm: float
    name_words: tuple[tuple[str, float], ...]
    name_norm: float
    criteria: tuple[CompiledCriterion, ...]
    examples: Vector | None = None
    meaning: Meaning | None = None

    @property
    def unfamiliar(self) -> bool:
        """Whether there is hardly more to go by than its words, and it is no catch-all."""
        return not self.rest and self.known < FAMILIAR / CLEAR and self.examples is None


@dataclass(frozen=True)
class CompiledQuestion:
    """A question ready for pages; `unclaimed` are the types that no category is about.

    `unfamiliar` are the indices of the categories that the lexicon knows no type like. `rarity` is
    set where categories have examples, for pages to be compared with them; `vectors` where the
    lexicon does not know every category.
    """

    source: Question
    categories: tuple[CompiledCategory, ...]
    names: PhraseIndex
    name_letters: tuple[int, ...]
    unclaimed: tuple[tuple[int, float], ...]
    unfamiliar: tuple[int, ...]
    rarity: Callable[[str], float] | None = None
    vectors: WordVectors | None = None


def prepare(
    question: Question, lexicon: Lexicon, concepts: Concepts, types: TypeModel | None = None
) -> CompiledQuestion:
    """Map, stem and index the categories of a question.

    With `types` those that examples look like are links too.
    """
    named = links = mapping.link(question.categories, lexicon)
    if types and any(category.examples for category in question.categories):
        links = exemplars.linked(question.categories, named, FAMILIAR, types)
    categories = tuple(
        _category(category, each, _known(own), lexicon, concepts)
        for category, each, own in zip(question.categories, links, named, strict=True)
    )
    # Joined from words: a name's own marks must not be read as an index's.
    names = PhraseIndex(" ".join(t.words(category.name)) for category in question.categories)
    claimed = [0.0] * len(lexicon.types)
    for each in links:
        for number, power in each.items():
            claimed[number] = max(claimed[number], min(1.0, power / CLEAR))
    return CompiledQuestion(
        source=question,
        categories=categories,
        names=names,
        name_letters=tuple(len(t.squeeze(category.name)) for category in question.categories),
        unclaimed=tuple((n, 1.0 - power) for n, power in enumerate(claimed) if power < 1.0),
        unfamiliar=tuple(n for n, each in enumerate(categories) if each.unfamiliar),
        rarity=lexicon.vocabulary.rarity if any(each.examples for each in categories) else None,
        vectors=word_vectors.load() if any(each.meaning for each in categories) else None,
    )


def _known(links: mapping.Links) -> float:
    return min(1.0, max(links.values(), default=0.0) / CLEAR)


def _category(
    category: Category, links: mapping.Links, named: float, lexicon: Lexicon, concepts: Concepts
) -> CompiledCategory:
    weights: dict[str, float] = {}
    for text, weight in _texts(category):
        for stem in dict.fromkeys(t.content_stems(text)):
            weights[stem] = max(weights.get(stem, 0.0), weight)
    names = dict.fromkeys(t.content_stems(category.name), _NAME)
    known = _known(links)
    rest = mapping.is_rest(category.name)
    return CompiledCategory(
        links=tuple(sorted(links.items())),
        known=known,
        named=named,
        rest=rest,
        words=tuple(sorted(weights.items())),
        word_norm=math.sqrt(sum(weights.values()) + 4.0),
        name_words=tuple(sorted(names.items())),
        name_norm=math.sqrt(sum(names.values()) + 4.0),
        criteria=tuple(compile_criterion(each, concepts) for each in category.criteria),
        examples=compile_examples(category.examples, lexicon.vocabulary.rarity),
        meaning=None if rest or known == 1.0 else meaning(category),
    )


def meaning(category: Category) -> Meaning | None:
    """Return where the words of a category point: its name, what it is about and its criteria."""
    vectors = word_vectors.load()
    parts = [category.name]
    if category.description:
        parts.append(f"{category.name} {category.description}")
    return word_vectors.middle(
        vectors.meaning(t.words(part), compounds=True) for part in (*parts, *category.describing)
    )


def _texts(category: Category) -> list[tuple[str, float]]:
    texts = [(category.name, _NAME), (category.description, _DESCRIPTION)]
    return texts + [(criterion, _CRITERIA) for criterion in category.describing]
