"""Ask an engine whose lexicon lacks some of the classes: how it does with unfamiliar categories."""

from __future__ import annotations

import random
from typing import TYPE_CHECKING

from bench.engine_corpus import REJECT
from bench.engine_metrics import FEW, Answer, Bench, Sheet, rejected
from docsort_server.engine.local import lexicon
from docsort_server.engine.local.criteria import concepts
from docsort_server.engine.local.engine import Engine

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence

    from bench.engine_corpus import LabelledDocument
    from bench.engine_questions import Catalogue
    from docsort_server.engine.local.lexicon import Lexicon
    from docsort_server.engine.local.weights import Weights

SETTINGS = ("one missing", "one missing/4", "another missing", "all missing", "all missing bare")
ABSENT, REJECTED = "absent/4, 2 missing", "reject, half missing"
# How often a type is narrower than one that is narrower.
_GENERATIONS = 3


class MissingBench:
    """Asks about documents with the lexicon's entries for some classes switched off."""

    def __init__(self, numbers: Weights, catalogue: Catalogue, seed: int = 7) -> None:
        self._weights = numbers
        self._catalogue = catalogue
        self._seed = seed
        self._ready: dict[frozenset[str], Bench] = {}

    def run(self, documents: Sequence[LabelledDocument], sheet: Sheet) -> None:
        """Add the answers of `SETTINGS` for `documents` to `sheet`."""
        catalogue, labels = self._catalogue, self._catalogue.labels
        whole, bare = catalogue.ask(labels), catalogue.ask_bare(labels)
        for document in documents:
            if document.label == REJECT:
                self._without(labels[::2]).ask(REJECTED, document, whole, sheet)
                continue
            chance = random.Random(f"{self._seed}{document.path}")
            own, other = [document.label], catalogue.without([document.label], 1, chance)
            few = catalogue.ask(catalogue.few(document.label, 4, chance))
            self._without(own).ask("one missing", document, whole, sheet)
            self._without(own).ask("one missing/4", document, few, sheet)
            self._without(other).ask("another missing", document, whole, sheet)
            self._without(labels).ask("all missing", document, whole, sheet)
            self._without(labels).ask("all missing bare", document, bare, sheet)
            left = catalogue.without([document.label], FEW, chance)
            self._without(left[::2]).ask(ABSENT, document, catalogue.ask(left), sheet)

    def _without(self, off: Collection[str]) -> Bench:
        key = frozenset(off)
        if key not in self._ready:
            engine = Engine(lacking(key), concepts.load(), self._weights)
            self._ready[key] = Bench(engine, self._catalogue)
        return self._ready[key]


def lacking(off: Collection[str]) -> Lexicon:
    """Return the lexicon without some types and what is narrower than these."""
    types = lexicon.load().types
    gone = set(off)
    for _ in range(_GENERATIONS):
        gone |= {entry.id for entry in types if gone & set(entry.broader)}
    return lexicon.build(tuple(entry for entry in types if entry.id not in gone))


def print_missing(sheet: Sheet) -> None:
    """Print the figures of every setting with its n; the last two have no right answer."""
    for setting in SETTINGS:
        answers: list[Answer] = sheet.of(setting)
        right = sum(answer.right for answer in answers) / max(1, len(answers))
        refused = rejected(answers)
        print(f"{setting:20} accuracy {right:.3f}  NO_MATCH {refused:.3f}  n={len(answers)}")
    for setting in (ABSENT, REJECTED):
        answers = sheet.of(setting)
        print(f"{setting:20} NO_MATCH {rejected(answers):.3f}  n={len(answers)}")
