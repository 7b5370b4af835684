"""Fit the head of the type model: a multinomial logistic regression on pages of known classes."""

from __future__ import annotations

import importlib
import json
from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING

from docsort_server.engine.local import text as t
from docsort_server.engine.local.reading import READ_CHARS
from docsort_server.engine.local.type_head import Head, weighed_meaning

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from pathlib import Path

FOLDS = 5
# The inverse strength of the ridge: on a plateau of what is right of documents of other sources.
_LOOSENESS = 3.0
_DIGITS = 2
_MOST_ALIKE, _PAGES, _UNSEEN_PART = 12, 2, 0.5


@dataclass(frozen=True, slots=True, eq=False)
class Told:
    """A page as the head sees it: its class, its source, what it counts and its meaning."""

    label: str
    group: str
    weight: float
    meaning: Sequence[float]


def page_weight(number: int) -> float:
    """Return what a page counts in fits, by its number from 0: later ones tell less of a type."""
    return 1.0 if number == 0 else 0.5


def read_texts(path: Path) -> list[Told]:
    """Return pages of the texts in a file of JSON lines: class, source, and the pages' texts.

    A source has a say for `_MOST_ALIKE` documents of a class at most, and each counts half of one
    whose pages were seen.
    """
    pages: list[Told] = []
    documents: Counter[tuple[str, str]] = Counter()
    for line in path.read_text(encoding="utf-8").splitlines():
        text = json.loads(line)
        documents[text["source"], text["class"]] += 1
        if documents[text["source"], text["class"]] > _MOST_ALIKE:
            continue
        for number, page in enumerate(text["pages"][:_PAGES]):
            weight = _UNSEEN_PART * page_weight(number)
            meaning = weighed_meaning(t.words(page[:READ_CHARS]))
            pages.append(Told(text["class"], text["source"], weight, meaning))
    return pages


def fit(pages: Sequence[Told]) -> Head:
    """Return the head fitted on the pages whose words say something."""
    model = importlib.import_module("sklearn.linear_model").LogisticRegression(
        C=_LOOSENESS, max_iter=3000, class_weight="balanced"
    )
    telling = [page for page in pages if any(page.meaning)]
    model.fit(
        [list(page.meaning) for page in telling],
        [page.label for page in telling],
        sample_weight=[page.weight for page in telling],
    )
    biases, weights = model.intercept_, model.coef_
    if len(model.classes_) == 2:
        # Of two classes it has the odds of the second alone.
        biases, weights = (-biases[0] / 2, biases[0] / 2), (-weights[0] / 2, weights[0] / 2)
    rows = zip(model.classes_, biases, weights, strict=True)
    return Head(
        {
            str(name): tuple(round(float(value), _DIGITS) for value in (bias, *row))
            for name, bias, row in rows
        }
    )


def crossed(pages: Sequence[Told], more: Sequence[Told]) -> Iterator[tuple[Head, list[Told]]]:
    """Yield heads with the pages that they were not fitted on: a fifth of the sources each."""
    groups = sorted({page.group for page in pages})
    for fold in range(FOLDS):
        left = set(groups[fold::FOLDS])
        kept = [page for page in (*pages, *more) if page.group not in left]
        yield fit(kept), [page for page in pages if page.group in left]


def plain(head: Head) -> dict[str, str]:
    """Return a head as `weights.json` holds it: a line for each class."""
    return {name: " ".join(f"{each:g}" for each in row) for name, row in head.classes.items()}
