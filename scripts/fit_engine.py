"""Fit the embedded engine's weights on labelled documents and report figures out of fold.

Run from the project root: `python -m scripts.fit_engine FOLDER --categories FILE.json [--scans]
[--beside FOLDER] [--texts FILE.jsonl] [--write]`. With `--scans`, scans are read by RapidOCR, which
takes some minutes, and count as well. Documents of one source stay on one side of every split. The
figures printed are of documents left out; the weights written are fitted on all.
"""

from __future__ import annotations

import argparse
import json
import math
from pathlib import Path
from typing import TYPE_CHECKING, Any

from bench import engine_metrics as metrics
from bench.engine_accuracy import print_misses, print_sheet
from bench.engine_corpus import load, scan_reader
from bench.engine_missing import MissingBench, print_missing
from bench.engine_questions import read_categories
from docsort_server.engine.local import lexicon, rejection, weights
from docsort_server.engine.local.criteria import concepts
from docsort_server.engine.local.engine import Engine
from scripts import logit
from scripts.engine_samples import CaseMaker, Sample, samples
from scripts.type_choices import type_choices
from scripts.type_head import crossed, fit, plain, read_texts

if TYPE_CHECKING:
    from collections.abc import Sequence

    from bench.engine_corpus import Corpus, LabelledDocument
    from bench.engine_questions import Catalogue
    from scripts.type_head import Told

FOLDS = 5
_FALSE_REJECTIONS = 0.04
_FEW_FROM = -2.5  # minus the log of twelve categories
_UNKNOWN = rejection.NAMES.index("unknown")
_START = {
    "types": (5.0, -2.0, 3.0, 0.8, 0.5),
    "categories": (1.0, 2.0, 1.0, 0.0, 1.0, 0.0, 0.0, 5.0, 4.0),
    "no_match": (1.0, -0.5, -0.5, -1.6, 0.0),
}
_RIDGE = {"types": 0.002, "categories": 0.01, "no_match": 0.02}


class Fitter:
    """Fits all models on some of the samples."""

    def __init__(self, catalogue: Catalogue, more: Sequence[Told] = ()) -> None:
        """`more` are pages that the head alone learns from."""
        self._catalogue = catalogue
        self._more = more
        self._lexicon = lexicon.load()
        self._maker = CaseMaker(catalogue, self._lexicon, concepts.load())
        # Fitted by scripts.fit_criteria, on truth about criteria.
        kept = json.loads(weights.PATH.read_text())
        self._criteria = {name: kept[name] for name in ("criteria", "values")}

    def fit(self, pages: Sequence[Sample]) -> dict[str, Any]:
        """Return the content of `weights.json`, without its comment."""
        told = [page.told for page in pages]
        looks = weights.load().head.looks
        heads = {page: head for head, left in crossed(told, self._more, looks) for page in left}
        asked = type_choices(pages, heads, self._catalogue.labels, self._lexicon)
        *types, said = logit.fit_choices(asked, _START["types"], _RIDGE["types"])
        made = self._maker.cases(pages, heads, weights.TypeWeights(tuple(types), said), seed=11)
        chosen = logit.fit_choices(made.choices, _START["categories"], _RIDGE["categories"])
        _, slopes = logit.fit_binary(made.rejections, _START["no_match"], _RIDGE["no_match"])
        belief, slopes = _bounds(made.rejections, slopes)
        return {
            "types": {"weights": _rounded(types), "head": round(said, 4)},
            "categories": {"weights": _rounded(chosen), "temperature": 1.0},
            "no_match": {
                "bias": round(belief, 4),
                "weights": _rounded(slopes),
            },
            **self._criteria,
            **plain(fit([*told, *self._more], looks)),
        }

    def left_out(self, pages: Sequence[Sample], fitted: dict[str, Any]) -> list[list[float]]:
        """Return the probabilities of questions on pages left out, the right one first."""
        numbers = weights.parse(fitted, "")
        heads = dict.fromkeys((page.told for page in pages), numbers.head)
        made = self._maker.cases(pages, heads, numbers.types, seed=12)
        answers = []
        for choice in made.choices:
            chances = logit.probabilities(choice.rows, fitted["categories"]["weights"])
            right = [chance for i, chance in enumerate(chances) if i in choice.right]
            wrong = [chance for i, chance in enumerate(chances) if i not in choice.right]
            answers.append(right + wrong)
        return answers


def temperature(answers: Sequence[Sequence[float]]) -> float:
    """Return the temperature under which the right answers are likeliest."""
    return min((step / 20 for step in range(14, 50)), key=lambda each: _loss(answers, each))


def _loss(answers: Sequence[Sequence[float]], heat: float) -> float:
    loss = 0.0
    for chances in answers:
        raised = [max(chance, 1e-9) ** (1.0 / heat) for chance in chances]
        loss -= math.log(raised[0] / sum(raised))
    return loss


def _rounded(values: Sequence[float]) -> list[float]:
    return [round(value, 4) for value in values]


def _bounds(
    cases: Sequence[logit.Case], slopes: Sequence[float]
) -> tuple[float, tuple[float, ...]]:
    """Return the bias and slopes that reject the allowed share with many and with few categories.

    The last feature grows with fewer categories: its slope joins the two biases by a line.
    """
    free = (*slopes[:-1], 0.0)
    # What the lexicon does not know is told by words alone, whose sureness is another question.
    kept = [case for case in cases if not case.truth and not case.row[_UNKNOWN]]
    many = [case for case in kept if case.row[-1] < _FEW_FROM]
    few = [case for case in kept if case.row[-1] >= _FEW_FROM]
    low, high = _bias(many, free), _bias(few, free)
    start = _mean([case.row[-1] for case in many])
    slope = (high - low) / (_mean([case.row[-1] for case in few]) - start)
    return low - slope * start, (*free[:-1], slope)


def _mean(values: Sequence[float]) -> float:
    return sum(values) / len(values)


def _bias(kept: Sequence[logit.Case], slopes: Sequence[float]) -> float:
    """Return the bias that rejects no more than the allowed share of what should match."""
    scored = sorted(
        ((sum(w * x for w, x in zip(slopes, case.row, strict=True)), case.weight) for case in kept),
        reverse=True,
    )
    allowed = _FALSE_REJECTIONS * sum(weight for _, weight in scored)
    for score, weight in scored:
        allowed -= weight
        if allowed < 0:
            return -score - 1e-3
    return -math.inf


def cross_validate(
    corpus: Corpus, pages: Sequence[Sample], fitter: Fitter, catalogue: Catalogue
) -> tuple[metrics.Sheet, float]:
    """Answer every document with weights fitted on the other folds; return the temperature too.

    `pages` may be of other documents as well, which no figure is of. The figures are at temperature
    1; the one returned is of all answers left out.
    """
    sheet = metrics.Sheet()
    answers: list[list[float]] = []
    for fold in split(corpus.documents):
        left_out = {document.group for document in fold}
        fitted = fitter.fit([page for page in pages if page.group not in left_out])
        print(json.dumps(fitted))
        numbers = weights.parse(fitted, "")
        engine = Engine(lexicon.load(), concepts.load(), numbers)
        metrics.Bench(engine, catalogue).run(fold, sheet)
        MissingBench(numbers, catalogue).run(fold, sheet)
        answers += fitter.left_out([page for page in pages if page.group in left_out], fitted)
    return sheet, temperature(answers)


def split(documents: Sequence[LabelledDocument]) -> list[list[LabelledDocument]]:
    """Deal whole groups to the folds, the largest first, always to the smallest fold."""
    folds: list[list[LabelledDocument]] = [[] for _ in range(FOLDS)]
    groups: dict[str, list[LabelledDocument]] = {}
    for document in documents:
        groups.setdefault(document.group, []).append(document)
    for name in sorted(groups, key=lambda each: (-len(groups[each]), each)):
        min(folds, key=len).extend(groups[name])
    return folds


def main() -> None:
    """Cross-validate, print, and write the weights when asked to."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--categories", type=Path, required=True)
    parser.add_argument("--pages", type=int, default=3)
    parser.add_argument("--scans", action="store_true", help="read documents without a text layer")
    parser.add_argument("--write", action="store_true", help="replace weights.json")
    parser.add_argument(
        "--beside", type=Path, action="append", default=[], help="a folder that no figure is of"
    )
    parser.add_argument("--texts", type=Path, help="JSON lines that the head alone learns from")
    arguments = parser.parse_args()
    recogniser = scan_reader() if arguments.scans else None
    corpus, *others = (
        load(folder, arguments.pages, recogniser)
        for folder in (arguments.folder, *arguments.beside)
    )
    catalogue = read_categories(arguments.categories)
    documents = [*corpus.documents, *(each for other in others for each in other.documents)]
    pages = samples(documents, lexicon.load(), concepts.load())
    read_too = read_texts(arguments.texts) if arguments.texts else []
    texts = [page.told(weights.load().head.looks) for page in read_too]
    fitter = Fitter(catalogue, texts)
    sheet, heat = cross_validate(corpus, pages, fitter, catalogue)
    print_sheet(sheet, corpus)
    print_missing(sheet)
    print_misses(sheet)
    print(f"temperature {heat}")
    if arguments.write:
        fitted = fitter.fit(pages)
        fitted["categories"]["temperature"] = heat
        write(fitted, sheet, len(documents), len({page.group for page in texts}))


def write(fitted: dict[str, Any], sheet: metrics.Sheet, documents: int, sources: int) -> None:
    """Write `weights.json` with a note on how it was made."""
    full, few = metrics.accuracy(sheet.of("all")), metrics.accuracy(sheet.of("all/4"))
    comment = (
        f"Fitted by scripts/fit_engine.py: conditional and binary logits on the first pages of "
        f"{documents} labelled documents, full categories, bare names, random subsets, "
        f"unfamiliar wordings and missing entries mixed, ridge towards hand-set values. "
        f"Out of fold ({FOLDS} folds, split by source): {full:.3f} of documents right among all "
        f"classes, {few:.3f} among four."
    )
    if sources:
        comment += f" The head learned from texts of {sources} more sources."
    weights.PATH.write_text(json.dumps({"comment": comment, **fitted}, indent=1) + "\n")


if __name__ == "__main__":
    main()
