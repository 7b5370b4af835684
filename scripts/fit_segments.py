"""Fit the weights by which documents in a packet are told apart, and report figures out of fold.

Run from the project root:
`python -m scripts.fit_segments FOLDER PACKETS --categories FILE.json [--write]`.
Packets are composed of the labelled documents in FOLDER; documents of one source stay on one side
of every split, and their pages are classified with weights fitted on the other sources. The figures
printed are of documents left out; the weights written are fitted on all. PACKETS are never fitted
on, yet may hold documents of FOLDER.
"""

from __future__ import annotations

import argparse
import json
import random
from dataclasses import dataclass
from functools import reduce
from pathlib import Path
from typing import TYPE_CHECKING

from bench.engine_corpus import load, scan_reader
from bench.engine_questions import read_categories
from bench.segment_bundles import Source, compose
from bench.segment_pages import read_packets
from docsort_server.engine.local import lexicon, weights
from docsort_server.engine.local.criteria import concepts
from docsort_server.engine.local.engine import Engine
from docsort_server.engine.packet import borders
from docsort_server.engine.packet.features import FEATURES
from scripts.border_weights import fit
from scripts.engine_samples import samples
from scripts.fit_engine import Fitter, split
from scripts.segment_figures import Pages, right
from scripts.segment_samples import Seen, places, seen

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from bench.engine_corpus import LabelledDocument
    from bench.engine_questions import Catalogue
    from bench.segment_bundles import Bundle
    from docsort_server.engine.model import Question
    from docsort_server.engine.packet.borders import Weights
    from scripts.segment_samples import Place

# Pages of a document that are read; packets composed for each fold, to fit on and to judge by.
_PAGES, _BUNDLES = 30, 90
_SEED_FIT, _SEED_JUDGE = 1, 2
# What the inner places of a whole document count, shared among them by the root of their number.
_SINGLE = 1.5
REJECT = "other"


@dataclass(frozen=True, slots=True)
class Fold:
    """Documents of some sources, as seen by an engine that knows none of them.

    The places are those of documents alone, and of packets composed to fit on and to judge by. The
    pages are those of documents of several pages, and of the packets to judge by.
    """

    singles: list[list[Place]]
    fitting: list[list[Place]]
    judging: list[list[Place]]
    pages_alone: Pages
    pages_composed: Pages


@dataclass(frozen=True, slots=True)
class Figures:
    """How borders are found: right ones, those said, and those there."""

    hits: int
    said: int
    there: int

    def __str__(self) -> str:
        """Return precision, recall and F1, each with its number."""
        return (
            f"precision {self.hits / max(1, self.said):.3f} (n={self.said}), "
            f"recall {self.hits / max(1, self.there):.3f} (n={self.there}), "
            f"F1 {2 * self.hits / max(1, self.said + self.there):.3f}"
        )


def main() -> None:
    """Cross-validate, print, and write the weights when asked to."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", type=Path)
    parser.add_argument("packets", type=Path)
    parser.add_argument("--categories", type=Path, required=True)
    parser.add_argument("--write", action="store_true", help="replace weights.json")
    asked = parser.parse_args()
    catalogue = read_categories(asked.categories)
    folds = list(read_folds(asked.folder, catalogue))
    for name, counts in (
        ("documents of several pages", [fold.pages_alone for fold in folds]),
        ("packets", [fold.pages_composed for fold in folds]),
    ):
        print(f"pages of {name} left out, right: {reduce(Pages.plus, counts)}")
    singles, composed = cross_validate(folds)
    fitted = fit_folds(folds)
    print(f"given packets: {judged(given(asked.packets, catalogue), fitted)}")
    if asked.write:
        write(fitted, composed, singles)


def read_folds(folder: Path, catalogue: Catalogue) -> Iterator[Fold]:
    """Yield the folds of a labelled folder, told apart as those of the engine's weights are."""
    corpus = load(folder, 3)
    readings = samples(corpus.documents, lexicon.load(), concepts.load())
    whole = load(folder, _PAGES, scan_reader()).documents
    documents = [each for each in whole if each.pages]
    fitter = Fitter(catalogue)
    dealt = [frozenset(each.group for each in fold) for fold in split(corpus.documents)]
    others = sorted({each.group for each in documents} - frozenset().union(*dealt))
    for number, groups in enumerate(dealt):
        mine = groups | frozenset(others[number :: len(dealt)])
        known = fitter.fit([page for page in readings if page.group not in mine])
        engine = Engine(lexicon.load(), concepts.load(), weights.parse(known, ""))
        yield _fold([each for each in documents if each.group in mine], engine, catalogue)


def _fold(documents: Sequence[LabelledDocument], engine: Engine, catalogue: Catalogue) -> Fold:
    prepared = [engine.prepare(question) for question in questions(catalogue)]
    ways = [
        {each.path: [seen(page, engine, question) for page in each.pages] for each in documents}
        for question in prepared
    ]
    sources = [
        Source(each.path, each.label, each.family, each.group, len(each.pages))
        for each in documents
    ]
    classes = {each.path: each.label for each in documents}
    labels, (asked, _) = _labels(catalogue), questions(catalogue)
    several = [
        right(pages, [classes[path]] * len(pages), labels, asked)
        for way in ways
        for path, pages in way.items()
        if len(pages) > 1
    ]
    judging = list(_composed(sources, ways, _SEED_JUDGE))
    among = [
        right(pages, [classes[at[0]] if at else None for at in bundle.pages], labels, asked)
        for bundle, pages in judging
    ]
    return Fold(
        [places(pages, {0}) for way in ways for pages in way.values()],
        [places(pages, bundle.starts) for bundle, pages in _composed(sources, ways, _SEED_FIT)],
        [places(pages, bundle.starts) for bundle, pages in judging],
        reduce(Pages.plus, several, Pages()),
        reduce(Pages.plus, among, Pages()),
    )


def questions(catalogue: Catalogue) -> list[Question]:
    """Return the ways to ask: with full categories and with their names alone."""
    labels = _labels(catalogue)
    return [catalogue.ask(labels).question, catalogue.ask_bare(labels).question]


def _labels(catalogue: Catalogue) -> list[str]:
    return [label for label in catalogue.labels if label != REJECT]


def _composed(
    sources: Sequence[Source], ways: Sequence[dict[str, list[Seen]]], seed: int
) -> Iterator[tuple[Bundle, list[Seen]]]:
    for number, bundle in enumerate(compose(sources, _BUNDLES, random.Random(seed))):
        way = ways[number % len(ways)]
        yield bundle, [way[at[0]][at[1]] if at else Seen() for at in bundle.pages]


def fit_folds(folds: Sequence[Fold]) -> Weights:
    """Fit on documents alone and in packets; what has no text is decided without weights."""
    alone = [
        (place, _SINGLE / len(each) ** 0.5)
        for fold in folds
        for each in fold.singles
        for place in each
    ]
    among = [(place, 1.0) for fold in folds for each in fold.fitting for place in each]
    cases = [(place, share) for place, share in (*alone, *among) if not place.textless]
    return fit(
        [place.row for place, _ in cases],
        [place.truth for place, _ in cases],
        [share for _, share in cases],
    )


def cross_validate(folds: Sequence[Fold]) -> tuple[tuple[int, int], Figures]:
    """Judge every fold by weights fitted on the others: documents split, and packets' borders."""
    split_alone = documents = hits = said = there = 0
    for fold in folds:
        fitted = fit_folds([each for each in folds if each is not fold])
        flags = [any(is_border(place, fitted) for place in each) for each in fold.singles]
        split_alone, documents = split_alone + sum(flags), documents + len(flags)
        found = judged(fold.judging, fitted)
        hits, said, there = hits + found.hits, said + found.said, there + found.there
    composed = Figures(hits, said, there)
    print(f"documents left out, split: {split_alone}/{documents} = {split_alone / documents:.3f}")
    print(f"packets composed of documents left out: {composed}")
    return (split_alone, documents), composed


def judged(rows: Iterable[Sequence[Place]], fitted: Weights) -> Figures:
    """Count the borders of packets."""
    pairs = [(is_border(place, fitted), place.truth) for each in rows for place in each]
    return Figures(
        sum(told and truth for told, truth in pairs),
        sum(told for told, _ in pairs),
        sum(truth for _, truth in pairs),
    )


def is_border(place: Place, fitted: Weights) -> bool:
    """Decide as `borders.border` does."""
    if place.textless:
        return place.changes
    parts = (w * x for w, x in zip(fitted.values, place.row, strict=True))
    return place.ruled or fitted.bias + sum(parts) > 0


def given(folder: Path, catalogue: Catalogue) -> Iterator[list[Place]]:
    """Yield the places of given packets, as seen by the engine that is shipped."""
    engine = Engine(lexicon.load(), concepts.load(), weights.load())
    question = engine.prepare(questions(catalogue)[0])
    for packet in read_packets(folder, scan_reader()):
        pages = [seen(page, engine, question) for page in packet.pages]
        yield places(pages, {start - 1 for start in packet.starts})


def write(fitted: Weights, composed: Figures, singles: tuple[int, int]) -> None:
    """Write `weights.json` with a note on how it was made."""
    comment = (
        "Fitted by scripts/fit_segments.py: a logistic model on the places between the pages of "
        "labelled documents, alone and composed to packets, drawn to the values set by hand in "
        "scripts/border_weights.py. Out of fold (split by source): "
        f"{composed} of the borders in composed packets; {singles[0]} of {singles[1]} documents "
        "split."
    )
    values = dict(zip(FEATURES, fitted.values, strict=True))
    content = {"comment": comment, "bias": fitted.bias, "weights": values}
    borders.PATH.write_text(json.dumps(content, indent=1) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
