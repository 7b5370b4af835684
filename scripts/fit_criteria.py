"""Fit the weights by which the embedded engine judges criteria; all other weights stay.

Run from the project root:
`python -m scripts.fit_criteria FOLDER --categories FILE.json [--write]`.
Two models are fitted: what a found value is worth by its grade, on the development half of
`bench/criteria_truth.csv`, and what words and concepts are worth, on that and on the criteria of
the classes. The held-out half is for `bench.criteria` alone.
"""

from __future__ import annotations

import argparse
import json
from pathlib import Path
from typing import TYPE_CHECKING, Any

from bench.criteria import asked_on, read_truth
from bench.engine_corpus import load
from bench.engine_questions import read_categories
from docsort_server.engine.local import evidence, features, lexicon, weights
from docsort_server.engine.local.criteria import concepts
from docsort_server.engine.local.criteria.chances import grade_row
from docsort_server.engine.local.criteria.marks import Judge
from docsort_server.engine.local.layout import facts
from docsort_server.engine.local.question import prepare
from docsort_server.engine.local.reading import read
from docsort_server.engine.local.type_model import TypeModel
from scripts import logit
from scripts.engine_samples import CaseMaker, samples

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from bench.engine_corpus import Corpus, LabelledDocument
    from bench.engine_questions import Catalogue

_START = {
    "criteria": (2.0, 1.0, 1.5, 1.0, 1.0, 0.5, -1.0),
    "values": (1.0, 1.5, 3.0, 5.0, 6.0, 1.5, 5.5),
}
_RIDGE = {"criteria": 0.02, "values": 0.002}
# The truth by hand weighs as much as all the truth by class.
_BY_HAND = 1.0


def by_hand(corpus: Corpus) -> tuple[list[logit.Case], list[logit.Case]]:
    """Return the cases of values and of concepts that the development half holds.

    A clause that asks for several things is of no case: what failed is not known.
    """
    words, meanings = lexicon.load(), concepts.load()
    model = TypeModel(words, weights.load())
    values: list[logit.Case] = []
    others: list[logit.Case] = []
    truths = [truth for truth in read_truth() if truth.half == "development"]
    for page, here, question in asked_on(corpus.documents, truths):
        compiled = prepare(question, words, meanings)
        reading = read(page)
        looks = facts(reading)
        types = evidence.shares(model.strengths(reading, looks))
        judge = Judge(reading, looks, meanings)
        category = compiled.categories[0]
        affinity = features.mass(category, types)
        for truth, criterion in zip(here, category.criteria, strict=True):
            if len(criterion.clauses) > 1:
                continue
            clause = criterion.clauses[0]
            found = judge.finding(clause, affinity)
            there = truth.met != clause.negated
            if found.features is None and len(found.grades) == 1:
                values.append(logit.Case(grade_row(found.grades[0]), there))
            elif found.features is not None and not found.grades:
                others.append(logit.Case(found.features, there))
    return values, others


def by_class(documents: Sequence[LabelledDocument], catalogue: Catalogue) -> Iterator[logit.Case]:
    """Yield the cases of concepts by the documents' classes."""
    words, meanings = lexicon.load(), concepts.load()
    maker = CaseMaker(catalogue, words, meanings)
    pages = samples(documents, words, meanings)
    numbers = weights.load()
    heads = dict.fromkeys((page.told for page in pages), numbers.head)
    yield from maker.cases(pages, heads, numbers.types, seed=11).criteria


def fit(corpus: Corpus, catalogue: Catalogue) -> dict[str, Any]:
    """Return the two models as `weights.json` holds them."""
    values, others = by_hand(corpus)
    classes = list(by_class(corpus.documents, catalogue))
    share = _BY_HAND * sum(case.weight for case in classes) / len(others)
    mixed = classes + [logit.Case(case.row, case.truth, share) for case in others]
    return {
        name: _model(logit.fit_binary(cases, _START[name], _RIDGE[name]))
        for name, cases in (("criteria", mixed), ("values", values))
    }


def _model(fitted: tuple[float, Sequence[float]]) -> dict[str, Any]:
    bias, slopes = fitted
    return {"bias": round(bias, 4), "weights": [round(slope, 4) for slope in slopes]}


def main() -> None:
    """Fit, print, and write the weights when asked to."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--categories", type=Path, required=True)
    parser.add_argument("--write", action="store_true", help="replace these in weights.json")
    arguments = parser.parse_args()
    fitted = fit(load(arguments.folder, 3), read_categories(arguments.categories))
    print(json.dumps(fitted))
    if arguments.write:
        whole = json.loads(weights.PATH.read_text()) | fitted
        weights.PATH.write_text(json.dumps(whole, indent=1) + "\n")


if __name__ == "__main__":
    main()
