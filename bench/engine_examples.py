"""Print how far examples alone bring the embedded engine, on a folder of labelled documents.

Run from the project root: `python -m bench.engine_examples FOLDER --categories FILE.json`. The
folder is that of `bench.engine_accuracy`. Each document is asked about with examples of its and the
other classes that come from other sources than its own, the first pages of documents drawn at
random; a class with fewer such documents has fewer. "Alone" is the class that the page is most
like, of documents whose class has an example; "unlinked" the engine that knows no type of document
that a category is about, not even by its examples, with full categories, bare names and names that
say nothing; "shown" the engine where no entry of the lexicon is taken from what a category says,
only from what its examples look like; "linked" the engine as it is.
"""

from __future__ import annotations

import argparse
import random
from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path
from statistics import mean
from typing import TYPE_CHECKING

from bench.engine_corpus import REJECT, load, scan_reader
from bench.engine_questions import read_categories
from docsort_server.engine.local import lexicon, word_vectors
from docsort_server.engine.local.engine import default_engine
from docsort_server.engine.local.likeness import likeness, page_vector
from docsort_server.engine.local.question import meaning
from docsort_server.engine.local.reading import read
from docsort_server.engine.model import Outcome, Question
from docsort_server.engine.tally import Tally
from docsort_server.jobs.answers import page_result

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from bench.engine_corpus import LabelledDocument
    from bench.engine_questions import Catalogue
    from docsort_server.engine.local.question import CompiledCategory, CompiledQuestion

COUNTS = (0, 1, 3, 5)
LINKS = ("unlinked", "shown", "linked")
CHARS = 1_400  # of an example, so that five of each of 23 classes fit into a request


@dataclass(frozen=True, slots=True)
class Answer:
    """One document's answer: whether it is right, and whether it was found to fit none."""

    right: bool
    rejected: bool = False


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--categories", type=Path, required=True)
    parser.add_argument("--pages", type=int, default=3, help="read at most so many pages each")
    parser.add_argument("--draws", type=int, default=2, help="draw examples so many times")
    parser.add_argument("--scans", action="store_true", help="read documents without a text layer")
    arguments = parser.parse_args()
    recogniser = scan_reader() if arguments.scans else None
    documents = load(arguments.folder, arguments.pages, recogniser).documents
    measure(documents, read_categories(arguments.categories), arguments.draws)


def measure(documents: Sequence[LabelledDocument], catalogue: Catalogue, draws: int) -> None:
    """Print the figures of every setting and number of examples."""
    true = [each for each in documents if each.label != REJECT and each.pages]
    for count in COUNTS:
        bench = Bench(true, catalogue, count)
        if count:
            _print("alone", count, [a for n in range(draws) for a in bench.alone(n)])
        for names in ("full", "bare", "void"):
            for links in LINKS:
                answers = [a for n in range(draws) for a in bench.asked(n, names, links)]
                _print(f"{links} {names}", count, answers)


def _print(setting: str, count: int, answers: Sequence[Answer]) -> None:
    right = mean(answer.right for answer in answers)
    rejected = mean(answer.rejected for answer in answers)
    print(
        f"{count} examples, {setting:13} right {right:.3f}  NO_MATCH {rejected:.3f}  "
        f"n={len(answers)}",
        flush=True,
    )


class Bench:
    """Asks about documents with so many examples a class, which a number draws."""

    def __init__(
        self, documents: Sequence[LabelledDocument], catalogue: Catalogue, count: int
    ) -> None:
        self._documents = documents
        self._catalogue = catalogue
        self._count = count
        self._engine = default_engine()
        self._prepared = cache(self._prepare)

    def alone(self, draw: int) -> Iterator[Answer]:
        """Yield the answers of the likeness by itself, to first pages."""
        rarity = lexicon.load().vocabulary.rarity
        for document in self._documents:
            question = self._prepared(document.group, draw, "void")
            likes = {
                label: likeness(page_vector(read(document.pages[0]), rarity), category.examples)
                for label, category in zip(self._catalogue.labels, question.categories, strict=True)
                if category.examples
            }
            if document.label in likes:
                yield Answer(max(likes, key=likes.__getitem__) == document.label)

    def asked(self, draw: int, names: str, links: str) -> Iterator[Answer]:
        """Yield the answers of the engine to documents."""
        for document in self._documents:
            question = self._prepared(document.group, draw, names)
            if links == "unlinked":
                question = unlinked(question)
            elif links == "shown":
                void = self._prepared(document.group, draw, "void")
                question = relinked(replace(question, unclaimed=void.unclaimed), void.categories)
            tally = Tally(question.source)
            for page in document.pages:
                tally.add(page_result(page, self._engine.classify(page, question)))
            if standing := tally.standing():
                label = standing.label
                right = label is not None and self._catalogue.labels[label] == document.label
                yield Answer(right, standing.outcome is Outcome.NO_MATCH)

    def _prepare(self, group: str, draw: int, names: str) -> CompiledQuestion:
        labels = self._catalogue.labels
        ask = self._catalogue.ask if names == "full" else self._catalogue.ask_bare
        categories = ask(labels).question.categories
        if names == "void":
            categories = tuple(replace(each, name=f"{n}") for n, each in enumerate(categories, 101))
        chance = random.Random(f"{group} {draw}")
        return self._engine.prepare(
            Question(
                tuple(
                    replace(category, examples=self._examples(label, group, chance))
                    for category, label in zip(categories, labels, strict=True)
                )
            )
        )

    def _examples(self, label: str, group: str, chance: random.Random) -> tuple[str, ...]:
        families = {each.family for each in self._documents if each.group == group}
        others = [
            each
            for each in self._documents
            if each.label == label and each.group != group and each.family not in families
        ]
        drawn = chance.sample(others, min(self._count, len(others)))
        return tuple(each.pages[0].text[:CHARS] for each in drawn)


def unlinked(question: CompiledQuestion) -> CompiledQuestion:
    """Return a question whose categories are about no type of document that the engine knows."""
    nothing = replace(question, unclaimed=())
    return relinked(nothing, [replace(c, links=(), known=0.0) for c in question.categories])


def relinked(question: CompiledQuestion, others: Sequence[CompiledCategory]) -> CompiledQuestion:
    """Return a question with the links of other categories instead of what its own tell."""
    categories = tuple(
        replace(
            category,
            links=other.links,
            known=other.known,
            named=0.0,
            meaning=meaning(asked) if other.known < 1.0 else None,
        )
        for category, other, asked in zip(
            question.categories, others, question.source.categories, strict=True
        )
    )
    return replace(question, categories=categories, vectors=word_vectors.load())


if __name__ == "__main__":
    main()
