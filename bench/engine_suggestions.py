"""Print how often the embedded engine names the type of documents that fit no category.

Run from the project root: `python -m bench.engine_suggestions FOLDER --categories FILE.json`. Each
class in turn is left out of the categories, and its documents are asked about. A suggestion is
right where the category that was left out is about that type. The folder is that of
`bench.engine_accuracy`; the figures are, like there, of documents that the weights were fitted on.
"""

from __future__ import annotations

import argparse
from collections import Counter
from pathlib import Path
from typing import TYPE_CHECKING

from bench.engine_corpus import REJECT, load
from bench.engine_questions import read_categories
from docsort_server.engine.aggregate import Aggregate
from docsort_server.engine.local import lexicon, mapping
from docsort_server.engine.local.classifier import identity
from docsort_server.engine.local.engine import default_engine
from docsort_server.engine.model import Outcome
from docsort_server.jobs.answers import page_result

if TYPE_CHECKING:
    from collections.abc import Iterator

    from bench.engine_corpus import LabelledDocument
    from bench.engine_questions import Catalogue
    from docsort_server.engine.model import Question, Suggestion
    from docsort_server.engine.result import DocumentResult, PageResult

# A link from which a category is about a type.
_ABOUT = 0.5


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--categories", type=Path, required=True)
    parser.add_argument("--pages", type=int, default=3, help="read at most so many pages each")
    arguments = parser.parse_args()
    documents = load(arguments.folder, arguments.pages).documents
    catalogue = read_categories(arguments.categories)
    counts: Counter[str] = Counter()
    for label in (*catalogue.labels, REJECT):
        own = [each for each in documents if each.label == label]
        question = catalogue.ask([each for each in catalogue.labels if each != label]).question
        right = about(catalogue, label) if label != REJECT else None
        for kind, suggestion in answers(own, question):
            counts[f"{kind} {label == REJECT}"] += 1
            counts[f"{kind} {label == REJECT} told"] += suggestion is not None
            counts[f"{kind} right"] += bool(right and suggestion and suggestion.type in right)
    for kind in ("document", "page"):
        all_of, told = counts[f"{kind} False"], counts[f"{kind} False told"]
        print(
            f"{kind:8} without its category, NO_MATCH: n={all_of}, suggestion {told / all_of:.3f}, "
            f"right of these {counts[f'{kind} right'] / told:.3f}; of {REJECT} "
            f"{counts[f'{kind} True told']} of {counts[f'{kind} True']} have one"
        )


def about(catalogue: Catalogue, label: str) -> frozenset[str]:
    """Return the types that a class's category is about."""
    words = lexicon.load()
    (links,) = mapping.link(catalogue.ask([label]).question.categories, words)
    return frozenset(words.types[number].id for number, power in links.items() if power >= _ABOUT)


def answers(
    documents: list[LabelledDocument], question: Question
) -> Iterator[tuple[str, Suggestion | None]]:
    """Yield documents and pages with NO_MATCH, and what they are said to look like."""
    engine = default_engine()
    ready = engine.prepare(question)
    for document in documents:
        aggregate = Aggregate(question)
        pages = [page_result(each, engine.classify(each, ready)) for each in document.pages]
        for page in pages:
            aggregate.add(page)
        whole = aggregate.result(
            selected=range(1, len(pages) + 1),
            total_pages=len(pages),
            segments=False,
            identity=identity(),
        )
        yield from _rejected("document", whole)
        for page in pages:
            yield from _rejected("page", page)


def _rejected(
    kind: str, result: PageResult | DocumentResult
) -> Iterator[tuple[str, Suggestion | None]]:
    if result.outcome is Outcome.NO_MATCH:
        yield kind, result.suggestion


if __name__ == "__main__":
    main()
