"""Turn labelled documents into the rows the engine's weights are fitted on."""

from __future__ import annotations

import random
from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING

from bench.engine_corpus import REJECT
from bench.engine_missing import lacking
from docsort_server.engine.local import evidence, features, rejection, weights
from docsort_server.engine.local.criteria.marks import Judge
from docsort_server.engine.local.layout import facts
from docsort_server.engine.local.legibility import unread
from docsort_server.engine.local.question import CompiledQuestion, prepare
from docsort_server.engine.local.reading import read
from docsort_server.engine.local.type_head import TypeHead
from scripts.logit import Case, Choice
from scripts.type_choices import family
from scripts.type_head import Seen, Told, page_weight

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from bench.engine_corpus import LabelledDocument
    from bench.engine_questions import Asked, Catalogue
    from docsort_server.engine.local.criteria.concepts import Concepts
    from docsort_server.engine.local.lexicon import Lexicon
    from docsort_server.engine.local.reading import Reading
    from docsort_server.engine.local.type_head import Head
    from docsort_server.engine.local.weights import TypeWeights
    from docsort_server.engine.model import Question
    from scripts.logit import Row

    # Of each page a head that was not fitted on it.
    Heads = Mapping[Told, Head]

FIT_PAGES = 2
_REJECT_WEIGHT = 4.0
_ABSENT_WEIGHT = 0.5
# How much questions without an answer weigh where entries of the lexicon are missing.
_MISSING_PART = 0.5
_UNMET_PART = 0.2


@dataclass(frozen=True, eq=False)
class Sample:
    """One page ready for fitting; `weight` evens out families and long documents."""

    label: str
    group: str
    weight: float
    reading: Reading
    judge: Judge
    types: Sequence[Row]
    told: Told


@dataclass(frozen=True, slots=True)
class View:
    """What a page tells of a question: a row for each category, and one for NO_MATCH."""

    page: Sample
    rows: Sequence[Row]
    no_match: Row


@dataclass(frozen=True, slots=True)
class Cases:
    """The rows of the three models that work on questions."""

    choices: list[Choice]
    rejections: list[Case]
    criteria: list[Case]


def samples(
    documents: Sequence[LabelledDocument], lexicon: Lexicon, concepts: Concepts
) -> list[Sample]:
    """Read the first pages of all documents."""
    families = Counter(document.family for document in documents)
    return [
        sample
        for document in documents
        for sample in _pages(document, families[document.family], lexicon, concepts)
    ]


def _pages(
    document: LabelledDocument, siblings: int, lexicon: Lexicon, concepts: Concepts
) -> Iterator[Sample]:
    pages = [page for page in document.pages[:FIT_PAGES] if unread(page) is None]
    for number, page in enumerate(pages):
        reading = read(page)
        looks = facts(reading)
        weight = page_weight(number) / siblings
        told = Seen(document.label, document.group, weight, reading).told(weights.load().head.looks)
        yield Sample(
            label=document.label,
            group=document.group,
            weight=weight,
            reading=reading,
            judge=Judge(reading, looks, concepts),
            types=evidence.gather(reading, looks, lexicon),
            told=told,
        )


class CaseMaker:
    """Asks every page in mixed settings, with the classes as categories."""

    def __init__(self, catalogue: Catalogue, lexicon: Lexicon, concepts: Concepts) -> None:
        self._catalogue = catalogue
        self._lexicon = lexicon
        self._concepts = concepts
        self._ready: dict[tuple[Question, frozenset[str]], CompiledQuestion] = {}
        self._lexicons: dict[frozenset[str], tuple[Lexicon, list[int]]] = {}
        self._heads: dict[tuple[int, frozenset[str]], TypeHead] = {}
        self._said = 0.0

    def cases(
        self, pages: Sequence[Sample], heads: Heads, weights: TypeWeights, seed: int
    ) -> Cases:
        """Make the rows of all models; equal seeds draw equal questions."""
        made = Cases([], [], [])
        chance = random.Random(seed)
        self._heads, self._said = {}, weights.head
        for page in pages:
            self._head = heads[page.told]
            strengths = evidence.strengths(page.types, weights, self._lexicon.forms)
            if page.label == REJECT:
                self._reject(page, strengths, made, chance)
            else:
                self._choose(page, strengths, made, chance)
        return made

    def _reject(
        self, page: Sample, strengths: Sequence[float], made: Cases, chance: random.Random
    ) -> None:
        catalogue, labels = self._catalogue, self._catalogue.labels
        few = catalogue.without((), chance.randint(3, 10), chance)
        for asked, off, part in (
            (catalogue.ask(labels), (), 1.0),
            (catalogue.ask_bare(few), (), 1.0),
            (catalogue.ask(labels), labels[::2], _MISSING_PART),
        ):
            view = self._view(page, strengths, asked, off)
            self._add(view, made, truth=True, part=_REJECT_WEIGHT * part)

    def _choose(
        self, page: Sample, strengths: Sequence[float], made: Cases, chance: random.Random
    ) -> None:
        settings: list[tuple[Asked, Sequence[str], float]] = [
            *((asked, (), 1.0) for asked in self._settings(page.label, chance)),
            *self._missing(page.label, chance),
        ]
        for asked, off, part in settings:
            view = self._view(page, strengths, asked, off)
            right = frozenset({asked.labels.index(page.label)})
            made.choices.append(Choice(view.rows, right, part * page.weight))
            self._add(view, made, truth=False, part=min(part, 1.0))
        related = [page.label, *self._related(page.label)]
        for count in (1, 2, 4, 8, len(self._catalogue.labels)):
            absent = self._catalogue.ask(self._catalogue.without(related, count, chance))
            view = self._view(page, strengths, absent, ())
            self._add(view, made, truth=True, part=_ABSENT_WEIGHT)
            view = self._view(page, strengths, absent, self._catalogue.labels[count % 2 :: 2])
            self._add(view, made, truth=True, part=_ABSENT_WEIGHT * _MISSING_PART)
        whole = evidence.shares(self._with_head(page, strengths, frozenset()))
        made.criteria.extend(self._criteria(page, whole, chance))

    def _missing(
        self, label: str, chance: random.Random
    ) -> list[tuple[Asked, Sequence[str], float]]:
        """Ask with entries of the lexicon switched off: one, another one, half, all.

        The last number weighs the setting. That another category is unfamiliar weighs most: with
        one unfamiliar category among many, most pages are of the others.
        """
        catalogue, labels = self._catalogue, self._catalogue.labels
        few = catalogue.ask(catalogue.few(label, 4, chance))
        whole, bare = catalogue.ask(labels), catalogue.ask_bare(labels)
        return [
            (whole, [label], 0.5),
            (bare, [label], 0.25),
            (few, [label], 0.5),
            (whole, catalogue.without([label], 1, chance), 8.0),
            (whole, labels[labels.index(label) % 2 :: 2], 1.0),
            (whole, labels, 1.0),
            (bare, labels, 0.5),
        ]

    def _view(
        self, page: Sample, strengths: Sequence[float], asked: Asked, off: Sequence[str]
    ) -> View:
        """Return what a page tells of a question where the lexicon lacks some classes."""
        lacks = frozenset(off)
        question = self._prepared(asked, lacks)
        strengths = self._with_head(page, strengths, lacks)
        types, none = evidence.shares(strengths), evidence.none_fits(strengths)
        rows = features.measure(page.reading, question, types, none)
        return View(page, rows, rejection.measure(question, types, none, rows))

    def _with_head(
        self, page: Sample, strengths: Sequence[float], lacks: frozenset[str]
    ) -> list[float]:
        """Return the strengths of the types that are left, with what the head says of them."""
        kept, numbers = self._without(lacks)
        key = id(self._head), lacks
        if key not in self._heads:
            self._heads[key] = TypeHead(self._head, kept.types)
        said = self._heads[key].said(page.told.inputs)
        return [
            strengths[number] + self._said * more
            for number, more in zip(numbers, said, strict=True)
        ]

    @staticmethod
    def _add(view: View, made: Cases, *, truth: bool, part: float) -> None:
        made.rejections.append(Case(view.no_match, truth=truth, weight=part * view.page.weight))

    def _settings(self, label: str, chance: random.Random) -> list[Asked]:
        catalogue, labels = self._catalogue, self._catalogue.labels
        few = catalogue.few(label, 4, chance)
        some = catalogue.few(label, 8, chance)
        variant = chance.randrange(3)
        return [
            catalogue.ask(labels),
            catalogue.ask_bare(labels),
            catalogue.ask(few),
            catalogue.ask(few[:2] if label in few[:2] else few[2:]),
            catalogue.ask_bare(some),
            catalogue.ask_worded(labels, variant),
            catalogue.ask_worded(few, variant + 1),
        ]

    def _related(self, label: str) -> list[str]:
        return [
            other
            for other in self._catalogue.labels
            if family(other, self._lexicon) & family(label, self._lexicon)
        ]

    def _criteria(
        self, page: Sample, types: Sequence[float], chance: random.Random
    ) -> Iterator[Case]:
        asked = self._catalogue.ask(self._catalogue.labels)
        question = self._prepared(asked)
        for label, category in zip(asked.labels, question.categories, strict=True):
            own = label == page.label
            affinity = features.mass(category, types)
            for criterion in category.criteria:
                found = [page.judge.finding(clause, affinity) for clause in criterion.clauses]
                rows = [each.features for each in found if each.features is not None]
                if own:
                    yield from (Case(row, truth=True, weight=page.weight) for row in rows)
                elif chance.random() < _UNMET_PART:
                    # Few are met: weighed so that both verdicts count the same in all.
                    weight = page.weight / (len(asked.labels) - 1) / _UNMET_PART
                    yield from (Case(row, truth=False, weight=weight) for row in rows)

    def _prepared(self, asked: Asked, off: frozenset[str] = frozenset()) -> CompiledQuestion:
        if (asked.question, off) not in self._ready:
            kept = self._without(off)[0]
            self._ready[asked.question, off] = prepare(asked.question, kept, self._concepts)
        return self._ready[asked.question, off]

    def _without(self, off: frozenset[str]) -> tuple[Lexicon, list[int]]:
        """Return the lexicon without some classes, and the numbers its types have in the whole."""
        if off not in self._lexicons:
            kept = lacking(off) if off else self._lexicon
            names = {entry.id for entry in kept.types}
            types = enumerate(self._lexicon.types)
            self._lexicons[off] = kept, [number for number, each in types if each.id in names]
        return self._lexicons[off]
