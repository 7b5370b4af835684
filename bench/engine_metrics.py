"""Measure the embedded engine on labelled documents, without a server."""

from __future__ import annotations

import random
import time
from collections import Counter
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from bench.engine_corpus import REJECT
from docsort._evaluate.calibration import calibration
from docsort_server.engine.aggregate import Aggregate
from docsort_server.engine.model import Outcome
from docsort_server.jobs.answers import page_result

if TYPE_CHECKING:
    from collections.abc import Sequence

    from bench.engine_corpus import LabelledDocument
    from bench.engine_questions import Asked, Catalogue
    from docsort._evaluate.calibration import Calibration
    from docsort_server.engine.local.engine import Engine
    from docsort_server.engine.local.question import CompiledQuestion
    from docsort_server.engine.model import PageVerdict

FEW = 4
_DRAWS = 3


@dataclass(frozen=True, slots=True)
class Answer:
    """A document's answer in one setting; `chosen` is None when no page voted.

    `confidence` is that of the outcome: of a NO_MATCH the belief that none fits. `absent` tells
    that the document's class was not asked for, `second` is a class that would do as well.
    """

    setting: str
    label: str
    family: str
    chosen: str | None
    confidence: float
    outcome: Outcome
    absent: bool
    second: str = ""

    @property
    def right(self) -> bool:
        """Whether the class with the best score is the document's."""
        return self.chosen == self.label

    @property
    def good(self) -> bool:
        """Whether it is the document's, or one that would do as well."""
        return self.right or (bool(self.second) and self.chosen == self.second)

    @property
    def true(self) -> bool:
        """Whether the outcome is so: the class, or NO_MATCH where it was not asked for."""
        return self.absent if self.outcome is Outcome.NO_MATCH else self.right


@dataclass(slots=True)
class Sheet:
    """All answers of a run, the criteria's tallies and the time the pages took."""

    answers: list[Answer] = field(default_factory=list)
    met: Counter[tuple[bool, bool]] = field(default_factory=Counter)
    pages: int = 0
    seconds: float = 0.0

    def of(self, setting: str) -> list[Answer]:
        """Return one setting's answers."""
        return [answer for answer in self.answers if answer.setting == setting]


class Bench:
    """Asks an engine about documents in every setting; equal seeds ask equal questions."""

    def __init__(self, engine: Engine, catalogue: Catalogue, seed: int = 7) -> None:
        self._engine = engine
        self._catalogue = catalogue
        self._seed = seed
        self._ready: dict[object, CompiledQuestion] = {}

    def run(self, documents: Sequence[LabelledDocument], sheet: Sheet) -> None:
        """Add the answers for `documents` to `sheet`."""
        for document in documents:
            if document.label == REJECT:
                self._reject(document, sheet)
            else:
                self._ask_all(document, sheet)

    def _reject(self, document: LabelledDocument, sheet: Sheet) -> None:
        labels = self._catalogue.labels
        self.ask("reject", document, self._catalogue.ask(labels), sheet)
        self.ask("reject bare", document, self._catalogue.ask_bare(labels), sheet)

    def _ask_all(self, document: LabelledDocument, sheet: Sheet) -> None:
        catalogue, labels = self._catalogue, self._catalogue.labels
        chance = random.Random(f"{self._seed}{document.path}")
        verdicts = self.ask("all", document, catalogue.ask(labels), sheet)
        self._tally(document, verdicts, sheet)
        self.ask("bare", document, catalogue.ask_bare(labels), sheet)
        for variant in range(_DRAWS):
            worded = catalogue.ask_worded(labels, variant)
            self.ask("worded", document, worded, sheet)
            few = catalogue.few(document.label, FEW, chance)
            self.ask("all/4", document, catalogue.ask(few), sheet)
            self.ask("bare/4", document, catalogue.ask_bare(few), sheet)
            self.ask("worded/4", document, catalogue.ask_worded(few, variant), sheet)
            left = catalogue.without([document.label], FEW, chance)
            self.ask("absent/4", document, catalogue.ask(left), sheet)
            for count in (1, 2):
                few = catalogue.few(document.label, count, chance)
                self.ask(f"all/{count}", document, catalogue.ask(few), sheet)
                asked = catalogue.ask(left[:count])
                self.ask(f"absent/{count}", document, asked, sheet)

    def ask(
        self, setting: str, document: LabelledDocument, asked: Asked, sheet: Sheet
    ) -> list[PageVerdict]:
        """Add the answer to a question in a setting; return the pages' verdicts."""
        question = self._ready.get(asked.question)
        if question is None:
            question = self._ready[asked.question] = self._engine.prepare(asked.question)
        started = time.process_time()
        verdicts = [self._engine.classify(page, question) for page in document.pages]
        if setting == "all":
            sheet.seconds += time.process_time() - started
            sheet.pages += len(verdicts)
        sheet.answers.append(_whole(setting, document, asked, verdicts))
        return verdicts

    def _tally(
        self, document: LabelledDocument, verdicts: Sequence[PageVerdict], sheet: Sheet
    ) -> None:
        voting = [verdict for verdict in verdicts if verdict.criteria]
        for number, label in enumerate(self._catalogue.labels):
            marks = zip(*(verdict.criteria[number] for verdict in voting), strict=True)
            for each in marks:
                met = any(mark.met for mark in each)
                sheet.met[label == document.label, met] += 1


def _whole(
    setting: str, document: LabelledDocument, asked: Asked, verdicts: Sequence[PageVerdict]
) -> Answer:
    """Return the document's answer, made of its pages' as the service makes it."""
    aggregate = Aggregate(asked.question)
    for page, verdict in zip(document.pages, verdicts, strict=True):
        aggregate.add(page_result(page, verdict))
    absent = document.label not in asked.labels
    standing = aggregate.settled()
    if standing is None:
        outcome = verdicts[0].outcome
        return Answer(
            setting,
            document.label,
            document.family,
            None,
            0.0,
            outcome,
            absent=absent,
            second=document.second,
        )
    chosen = None if standing.label is None else asked.labels[standing.label]
    rejected = standing.outcome is Outcome.NO_MATCH
    sure = standing.no_match_score if rejected else standing.confidence
    return Answer(
        setting,
        document.label,
        document.family,
        chosen,
        sure or 0.0,
        standing.outcome,
        absent=absent,
        second=document.second,
    )


def accuracy(answers: Sequence[Answer]) -> float:
    """Return the share of right answers."""
    return sum(answer.right for answer in answers) / max(1, len(answers))


def lenient_accuracy(answers: Sequence[Answer]) -> float:
    """Return the share of answers that are right or would do as well."""
    return sum(answer.good for answer in answers) / max(1, len(answers))


def macro_f1(answers: Sequence[Answer]) -> float:
    """Return the mean over classes of F1."""
    labels = sorted({answer.label for answer in answers})
    return sum(_f1(label, answers) for label in labels) / max(1, len(labels))


def _f1(label: str, answers: Sequence[Answer]) -> float:
    hits = sum(answer.right for answer in answers if answer.label == label)
    claimed = sum(answer.chosen == label for answer in answers)
    present = sum(answer.label == label for answer in answers)
    return 2 * hits / (claimed + present) if claimed + present else 0.0


def honesty(answers: Sequence[Answer]) -> Calibration:
    """Return how honest the confidence is, that of a NO_MATCH included."""
    return calibration(
        [answer.confidence for answer in answers],
        [answer.true for answer in answers],
        [answer.family for answer in answers],
    )


def rejected(answers: Sequence[Answer]) -> float:
    """Return the share of NO_MATCH among answers with a vote."""
    voted = [answer for answer in answers if answer.chosen is not None]
    return sum(answer.outcome is Outcome.NO_MATCH for answer in voted) / max(1, len(voted))


def balanced_accuracy(met: Counter[tuple[bool, bool]]) -> tuple[float, float, float]:
    """Return the mean of, and both, the recall of met and the recall of unmet criteria."""
    hit = met[True, True] / max(1, met[True, True] + met[True, False])
    quiet = met[False, False] / max(1, met[False, False] + met[False, True])
    return (hit + quiet) / 2, hit, quiet
