"""The embedded engine's answer for one page, in the calling process."""

from __future__ import annotations

import math
from functools import lru_cache
from typing import TYPE_CHECKING

from docsort_server.engine.local import concepts as concept_data
from docsort_server.engine.local import evidence, features, lexicon, weights
from docsort_server.engine.local.layout import facts
from docsort_server.engine.local.legibility import unread
from docsort_server.engine.local.marks import Judge, logistic
from docsort_server.engine.local.question import CompiledQuestion, prepare
from docsort_server.engine.local.reading import read
from docsort_server.engine.model import PageVerdict
from docsort_server.engine.outcome import decide

if TYPE_CHECKING:
    from collections.abc import Sequence

    from docsort_server.documents.model import PageContent
    from docsort_server.engine.model import CriterionMark, Question

NO_MATCH_NAMES = ("unclaimed", "best_mass", "words", "unknown", "few")


class Engine:
    """Answers prepared questions for pages with one lexicon, its concepts and weights."""

    def __init__(
        self,
        words: lexicon.Lexicon,
        concepts: concept_data.Concepts,
        numbers: weights.Weights,
    ) -> None:
        self._lexicon = words
        self._concepts = concepts
        self._weights = numbers

    def prepare(self, question: Question) -> CompiledQuestion:
        """Do the work that does not depend on the page."""
        return prepare(question, self._lexicon, self._concepts)

    def classify(self, page: PageContent, question: CompiledQuestion) -> PageVerdict:
        """Answer for one page; never raises on any text."""
        empty = unread(page)
        if empty is not None:
            return PageVerdict(empty)
        reading = read(page)
        looks = facts(reading)
        seen = evidence.gather(reading, looks, self._lexicon)
        types = evidence.posterior(seen, self._weights.types)
        rows = features.measure(reading, question, types)
        scores = features.score(rows, self._weights.categories)
        belief = logistic(no_match_features(question, types, rows), self._weights.no_match)
        judge = Judge(reading, looks, self._concepts)
        return PageVerdict(
            outcome=decide(scores, belief, question.source),
            scores=tuple(scores),
            criteria=self._criteria(judge, question, types),
            no_match_score=belief,
        )

    def _criteria(
        self, judge: Judge, question: CompiledQuestion, types: Sequence[float]
    ) -> tuple[tuple[CriterionMark, ...], ...]:
        return tuple(
            tuple(
                judge.mark(
                    criterion,
                    features.mass(category, types),
                    self._weights.criteria,
                    evidence=question.source.evidence,
                )
                for criterion in category.criteria
            )
            for category in question.categories
        )


def no_match_features(
    question: CompiledQuestion, types: Sequence[float], rows: Sequence[Sequence[float]]
) -> tuple[float, ...]:
    """Return what tells that no category fits, in the order of `NO_MATCH_NAMES`.

    unclaimed: log-odds of the types that no category is about; best_mass: log of the best
    category's mass; words: the best word overlap; unknown: share of unfamiliar categories;
    few: 1 over the square root of how many categories there are.
    """
    share = sum(types[number] * part for number, part in question.unclaimed)
    share = min(max(share, 1e-4), 1.0 - 1e-4)
    unknown = sum(1.0 - each.known for each in question.categories) / len(question.categories)
    return (
        math.log(share / (1.0 - share)) * (1.0 - unknown),
        max(row[0] for row in rows),
        max(row[1] + row[2] for row in rows),
        unknown,
        len(question.categories) ** -0.5,
    )


@lru_cache(maxsize=1)
def default_engine() -> Engine:
    """Return the engine with the data that ships with docsort."""
    return Engine(lexicon.load(), concept_data.load(), weights.load())


@lru_cache(maxsize=64)
def _prepared(question: Question) -> CompiledQuestion:
    return default_engine().prepare(question)


def classify_page(page: PageContent, question: Question) -> PageVerdict:
    """Answer for one page in this process; the last 64 questions stay prepared."""
    return default_engine().classify(page, _prepared(question))
