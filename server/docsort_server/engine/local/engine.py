"""The embedded engine's answer for one page, in the calling process."""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING

from docsort_server.engine.local import evidence, features, lexicon, rejection, weights
from docsort_server.engine.local.calibration import calibrated
from docsort_server.engine.local.criteria import concepts as concept_data
from docsort_server.engine.local.criteria.marks import Judge
from docsort_server.engine.local.layout import facts
from docsort_server.engine.local.legibility import unread
from docsort_server.engine.local.question import CompiledQuestion, prepare
from docsort_server.engine.local.reading import read
from docsort_server.engine.local.suggestion import suggest
from docsort_server.engine.local.type_model import TypeModel
from docsort_server.engine.model import ConfidenceSource, PageVerdict
from docsort_server.engine.outcome import decide

if TYPE_CHECKING:
    from collections.abc import Sequence

    from docsort_server.documents.model import PageContent
    from docsort_server.engine.model import CriterionMark, Question


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
        self._types = TypeModel(words, numbers)

    def prepare(self, question: Question) -> CompiledQuestion:
        """Do the work that does not depend on the page."""
        return prepare(question, self._lexicon, self._concepts, self._types)

    def classify(self, page: PageContent, question: CompiledQuestion) -> PageVerdict:
        """Answer for one page; never raises on any text."""
        empty = unread(page)
        if empty is not None:
            return PageVerdict(empty)
        reading = read(page)
        looks = facts(reading)
        strengths = self._types.strengths(reading, looks)
        types = evidence.shares(strengths)
        none = evidence.none_fits(strengths)
        rows = features.measure(reading, question, types, none)
        chances = features.score(rows, self._weights.categories)
        belief = rejection.belief(
            rejection.measure(question, types, none, rows),
            rejection.grounds(question, strengths, rows, chances),
            self._weights.no_match,
            rejection.likeness(rows, chances),
        )
        pairs = zip(question.categories, chances, strict=True)
        known = sum(category.known * chance for category, chance in pairs)
        scores, belief = calibrated(chances, belief, known)
        judge = Judge(reading, looks, self._concepts)
        outcome = decide(scores, belief, question.source)
        return PageVerdict(
            outcome=outcome,
            scores=scores,
            criteria=self._criteria(judge, question, types),
            no_match_score=belief,
            confidence_source=ConfidenceSource.LOCAL_MODEL,
            unfamiliar=question.unfamiliar,
            suggestion=suggest(outcome, types, question, self._lexicon),
        )

    def _criteria(
        self, judge: Judge, question: CompiledQuestion, types: Sequence[float]
    ) -> tuple[tuple[CriterionMark, ...], ...]:
        return tuple(
            tuple(
                judge.mark(
                    criterion,
                    features.mass(category, types),
                    self._weights,
                    evidence=question.source.evidence,
                )
                for criterion in category.criteria
            )
            for category in question.categories
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
