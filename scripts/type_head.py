"""Fit the head of the type model: a multinomial logistic regression on pages of known classes."""

from __future__ import annotations

import json
from collections import Counter, defaultdict
from dataclasses import dataclass
from statistics import mean, pstdev
from typing import TYPE_CHECKING

from docsort_server.documents.model import PageContent
from docsort_server.engine.local.layout import facts
from docsort_server.engine.local.reading import read
from docsort_server.engine.local.type_head import Head, known_looks
from scripts import multinomial

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence
    from pathlib import Path

    from docsort_server.engine.local.reading import Reading

FOLDS = 5
# Set by hand: scripts.fit_type_head prints what is right with the first of sources left out. The
# second is for fits towards another head: with less, short texts in words of their own are
# forgotten for the pages at hand.
_RIDGE, _NEAR = 0.5, 2.0
_DIGITS = 2
_LOOK_DIGITS = 4
_MOST_ALIKE, _PAGES, _UNSEEN_PART = 12, 2, 0.5


@dataclass(frozen=True, slots=True, eq=False)
class Told:
    """A page as the head sees it: its class, its source, what it counts and its inputs."""

    label: str
    group: str
    weight: float
    inputs: Sequence[float]


@dataclass(frozen=True, slots=True)
class Seen:
    """A page before it is known how looks spread."""

    label: str
    group: str
    weight: float
    reading: Reading

    def told(self, looks: Mapping[str, tuple[float, float]]) -> Told:
        """Return it with the inputs of a head of these looks."""
        inputs = Head({}, looks).inputs(self.reading, facts(self.reading))
        return Told(self.label, self.group, self.weight, inputs)


def spreads(pages: Sequence[Seen], toward: Head | None = None) -> dict[str, tuple[float, float]]:
    """Return the mean and the spread of the log of each layout fact that is not always the same.

    Facts that the head `toward` knows keep its own, in whose units its weights are.
    """
    logs: dict[str, list[float]] = {}
    for page in pages:
        for name, value in known_looks(facts(page.reading)).items():
            logs.setdefault(name, []).append(value)
    found = {
        name: (round(mean(values), _LOOK_DIGITS), round(pstdev(values), _LOOK_DIGITS))
        for name, values in logs.items()
    }
    here = {name: (middle, spread) for name, (middle, spread) in found.items() if spread}
    return here | dict(toward.looks if toward else {})


def page_weight(number: int) -> float:
    """Return what a page counts in fits, by its number from 0: later ones tell less of a type."""
    return 1.0 if number == 0 else 0.5


def read_texts(path: Path) -> list[Seen]:
    """Return pages of the texts in a file of JSON lines: class, source, and the pages' texts.

    A source has a say for `_MOST_ALIKE` documents of a class at most, and each counts half of one
    whose pages were seen.
    """
    pages: list[Seen] = []
    documents: Counter[tuple[str, str]] = Counter()
    for line in path.read_text(encoding="utf-8").splitlines():
        text = json.loads(line)
        documents[text["source"], text["class"]] += 1
        if documents[text["source"], text["class"]] > _MOST_ALIKE:
            continue
        for number, page in enumerate(text["pages"][:_PAGES]):
            weight = _UNSEEN_PART * page_weight(number)
            reading = read(PageContent(1, page, 0.0, 0.0, len(page.split()), 0, 0, 0.0))
            pages.append(Seen(text["class"], text["source"], weight, reading))
    return pages


def fit(
    pages: Sequence[Told],
    looks: Mapping[str, tuple[float, float]],
    toward: Head | None = None,
) -> Head:
    """Return the head fitted on the pages that say something, every class weighing the same.

    `toward` is a head to stay near to: what it learned from may no longer be at hand. One of fewer
    inputs knows nothing of the others.
    """
    telling = [page for page in pages if any(page.inputs)]
    names = sorted({page.label for page in telling} | set(toward.classes if toward else ()))
    totals: defaultdict[str, float] = defaultdict(float)
    for page in telling:
        totals[page.label] += page.weight
    even = sum(totals.values()) / len(totals)
    meanings = 1 + len(telling[0].inputs) - len(looks)
    rows = multinomial.fit(
        [(1.0, *page.inputs) for page in telling],
        [names.index(page.label) for page in telling],
        [page.weight * even / totals[page.label] for page in telling],
        [_start(name, toward or Head({}), meanings, looks) for name in names],
        _NEAR if toward else _RIDGE,
    )
    return Head(
        {
            name: tuple(round(value, _DIGITS) for value in row)
            for name, row in zip(names, rows, strict=True)
        },
        looks,
    )


def _start(name: str, head: Head, meanings: int, looks: Iterable[str]) -> tuple[float, ...]:
    """Return the weights of a class in a head, as one of so many and these looks would have them.

    Looks go by name: which there are, and in what order, depends on the pages.
    """
    row = head.classes.get(name, ())
    meant = len(row) - len(head.looks) if row else 0
    seen = dict(zip(head.looks, row[meant:], strict=bool(row)))
    missing = (0.0,) * (meanings - meant)
    return (*row[:meant], *missing, *(seen.get(look, 0.0) for look in looks))


def crossed(
    pages: Sequence[Told], more: Sequence[Told], looks: Mapping[str, tuple[float, float]]
) -> Iterator[tuple[Head, list[Told]]]:
    """Yield heads with the pages that they were not fitted on: a fifth of the sources each."""
    groups = sorted({page.group for page in pages})
    for fold in range(FOLDS):
        left = set(groups[fold::FOLDS])
        kept = [page for page in (*pages, *more) if page.group not in left]
        yield fit(kept, looks), [page for page in pages if page.group in left]


def plain(head: Head) -> dict[str, object]:
    """Return a head as `weights.json` holds it: a line for each class, and the looks."""
    lines = {name: " ".join(f"{each:g}" for each in row) for name, row in head.classes.items()}
    return {"head": lines, "looks": {name: list(each) for name, each in head.looks.items()}}
