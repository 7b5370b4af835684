"""Print how well the embedded engine judges criteria, by truth set by hand.

Run from the project root: `python -m bench.criteria FOLDER`. The folder is the one of
`bench.engine_accuracy`. `criteria_truth.csv` names its documents by path, and for one page of
each the criteria that were read for: most of the unmet ones could be met by a document of the
same class. Weights were fitted and errors looked at on the half `development` alone; the sources of
the half `held-out` are others, but whoever set the truth had read it before the engine's words
were written. Intervals are of 95 %, by a bootstrap over documents.
"""

from __future__ import annotations

import argparse
import csv
import random
import time
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from bench.engine_corpus import REJECT, load
from docsort_server.engine.local.engine import default_engine
from docsort_server.engine.model import Category, Question

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from bench.engine_corpus import LabelledDocument
    from docsort_server.documents.model import PageContent
    from docsort_server.engine.model import CriterionMark

TRUTH = Path(__file__).with_name("criteria_truth.csv")
KINDS = ("pattern", "negation", "count", "plain")
HALVES = ("development", "held-out")
_PAGES = 3
_DRAWS = 1_000
_BINS = 10
# Classifying is repeated for its time: one page takes a millisecond.
_REPEATS = 5


@dataclass(frozen=True, slots=True)
class Truth:
    """A criterion read for on a page, and whether the page meets it."""

    path: str
    page: int
    half: str
    kind: str
    criterion: str
    met: bool


@dataclass(frozen=True, slots=True)
class Judged:
    """A criterion with its truth and the engine's mark."""

    truth: Truth
    mark: CriterionMark

    @property
    def right(self) -> bool:
        """Whether the verdict is the truth."""
        return self.mark.met == self.truth.met


def read_truth(path: Path = TRUTH) -> list[Truth]:
    """Read the truth. Raises ValueError for a verdict other than met and unmet."""
    with path.open(encoding="utf-8", newline="") as file:
        return [
            Truth(
                path=row["path"],
                page=int(row["page"]),
                half=row["half"],
                kind=row["kind"],
                criterion=row["criterion"],
                met=("unmet", "met").index(row["verdict"]) == 1,
            )
            for row in csv.DictReader(file)
        ]


def asked_on(
    documents: Sequence[LabelledDocument], truths: Sequence[Truth]
) -> Iterator[tuple[PageContent, list[Truth], Question]]:
    """Yield every page with what is known of it, and the question that asks just that."""
    known = {document.path: document for document in documents}
    asked: dict[tuple[str, int], list[Truth]] = {}
    for truth in truths:
        asked.setdefault((truth.path, truth.page), []).append(truth)
    for (path, number), here in asked.items():
        criteria = tuple(truth.criterion for truth in here)
        category = Category(_name(known[path]), criteria=criteria)
        yield known[path].pages[number - 1], here, Question((category,))


def judge(folder: Path, truths: Sequence[Truth]) -> tuple[list[Judged], float, int]:
    """Return every judgement, the seconds a pass over the pages took, and how many those are."""
    engine = default_engine()
    judged: list[Judged] = []
    seconds, pages = 0.0, 0
    for page, here, question in asked_on(load(folder, _PAGES).documents, truths):
        prepared = engine.prepare(question)
        started = time.process_time()
        for _ in range(_REPEATS):
            verdict = engine.classify(page, prepared)
        seconds += (time.process_time() - started) / _REPEATS
        pages += 1
        if verdict.criteria:
            pairs = zip(here, verdict.criteria[0], strict=True)
            judged.extend(Judged(truth, mark) for truth, mark in pairs)
    return judged, seconds, pages


def _name(document: LabelledDocument) -> str:
    return "Document" if document.label == REJECT else document.label.replace("_", " ")


def balanced(judged: Sequence[Judged]) -> float:
    """Return the mean of the recalls of met and unmet criteria."""
    recalls = []
    for met in (True, False):
        mine = [each.right for each in judged if each.truth.met == met]
        recalls.append(sum(mine) / len(mine) if mine else 0.0)
    return sum(recalls) / 2


def interval(judged: Sequence[Judged], seed: int = 5) -> tuple[float, float]:
    """Return the 2.5th and 97.5th percentile of `balanced` over resampled documents."""
    chance = random.Random(seed)
    by_path: dict[str, list[Judged]] = {}
    for each in judged:
        by_path.setdefault(each.truth.path, []).append(each)
    documents = list(by_path.values())
    drawn = sorted(
        balanced([each for one in chance.choices(documents, k=len(documents)) for each in one])
        for _ in range(_DRAWS)
    )
    return drawn[int(0.025 * _DRAWS)], drawn[int(0.975 * _DRAWS) - 1]


def calibration_error(judged: Sequence[Judged]) -> float:
    """Return the expected calibration error of the confidence in verdicts, ten equal bins."""
    sums = [[0.0, 0] for _ in range(_BINS)]
    for each in judged:
        confidence = each.mark.confidence or 0.0
        place = min(_BINS - 1, int(confidence * _BINS))
        sums[place][0] += confidence
        sums[place][1] += each.right
    return sum(abs(said - was) for said, was in sums) / max(1, len(judged))


def lines(judged: Sequence[Judged]) -> Iterator[str]:
    """Yield one line of figures for each half and kind, and for each half in all."""
    for half in HALVES:
        for kind in (*KINDS, "all"):
            mine = [
                each
                for each in judged
                if each.truth.half == half and kind in (each.truth.kind, "all")
            ]
            if not mine:
                continue
            low, high = interval(mine)
            yield (
                f"{half:11} {kind:8} balanced accuracy {balanced(mine):.3f} "
                f"[{low:.3f}, {high:.3f}]  ECE {calibration_error(mine):.3f}  "
                f"met {sum(each.truth.met for each in mine)} of n={len(mine)}"
            )


def _tell_misses(judged: Sequence[Judged]) -> None:
    for each in judged:
        if each.truth.half == "development" and not each.right:
            truth, mark = each.truth, each.mark
            wrong = "met" if mark.met else "unmet"
            print(f"{truth.path}:{truth.page} {truth.kind} {truth.criterion!r}: said {wrong}")


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", type=Path)
    parser.add_argument(
        "--misses", action="store_true", help="name the wrong verdicts of the development half"
    )
    arguments = parser.parse_args()
    judged, seconds, pages = judge(arguments.folder, read_truth())
    for line in lines(judged):
        print(line)
    print(f"{1000 * seconds / pages:.2f} ms CPU a page with all its criteria, n={pages}")
    if arguments.misses:
        _tell_misses(judged)


if __name__ == "__main__":
    main()
