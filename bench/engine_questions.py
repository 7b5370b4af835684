"""The settings a document is asked in: all categories, few, bare names, unfamiliar wordings."""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from docsort_server.engine.model import Category, Question

if TYPE_CHECKING:
    import random
    from collections.abc import Callable, Iterable, Mapping, Sequence

WORDINGS = Path(__file__).with_name("engine_wordings.json")


@dataclass(frozen=True, slots=True)
class Asked:
    """A question with the class of each of its categories."""

    question: Question
    labels: tuple[str, ...]


class Catalogue:
    """The categories of a labelled folder and the questions made of them."""

    def __init__(self, categories: Mapping[str, Category]) -> None:
        self._categories = dict(categories)
        self._wordings: dict[str, list[str]] = json.loads(WORDINGS.read_text())["wordings"]

    @property
    def labels(self) -> tuple[str, ...]:
        """All classes in order."""
        return tuple(self._categories)

    def ask(self, labels: Sequence[str]) -> Asked:
        """Ask with full categories."""
        return Asked(Question(tuple(self._categories[label] for label in labels)), tuple(labels))

    def ask_bare(self, labels: Sequence[str]) -> Asked:
        """Ask with names alone."""
        return self._named(labels, lambda label: self._categories[label].name)

    def ask_worded(self, labels: Sequence[str], variant: int) -> Asked:
        """Ask with unfamiliar names alone; `variant` picks one of each class's wordings."""
        known = [label for label in labels if label in self._wordings]
        return self._named(known, lambda label: self._pick(label, variant))

    def few(self, label: str, count: int, chance: random.Random) -> list[str]:
        """Draw `count` classes at random, `label` among them."""
        others = chance.sample([each for each in self._categories if each != label], count - 1)
        drawn = [label, *others]
        chance.shuffle(drawn)
        return drawn

    def without(self, labels: Iterable[str], count: int, chance: random.Random) -> list[str]:
        """Draw `count` classes at random, none of `labels` among them."""
        left = [each for each in self._categories if each not in set(labels)]
        return chance.sample(left, min(count, len(left)))

    def _pick(self, label: str, variant: int) -> str:
        names = self._wordings[label]
        return names[variant % len(names)]

    def _named(self, labels: Sequence[str], name: Callable[[str], str]) -> Asked:
        categories = tuple(Category(name(label)) for label in labels)
        return Asked(Question(categories), tuple(labels))


def read_categories(path: Path) -> Catalogue:
    """Read a categories file: a JSON list under `categories` with id, name and more."""
    data = json.loads(path.read_text())["categories"]
    return Catalogue(
        {
            each["id"]: Category(
                each["name"], each.get("description", ""), tuple(each.get("criteria", ()))
            )
            for each in data
        }
    )
