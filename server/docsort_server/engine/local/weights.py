"""The fitted numbers of the engine, read from `weights.json` beside this module."""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from docsort_server.engine.local.type_head import Head

PATH = Path(__file__).with_name("weights.json")


@dataclass(frozen=True, slots=True)
class TypeWeights:
    """Weights of cues, contrary cues, title and layout in the type model, and of the head."""

    values: tuple[float, ...]
    head: float = 0.0


@dataclass(frozen=True, slots=True)
class CategoryWeights:
    """Weights of the category features, in the order of `features.NAMES`."""

    values: tuple[float, ...]
    temperature: float


@dataclass(frozen=True, slots=True)
class Logistic:
    """A logistic model: `bias` and one weight for each feature."""

    bias: float
    values: tuple[float, ...]


@dataclass(frozen=True, slots=True)
class Weights:
    """Everything that was fitted, with the digest of the file it came from."""

    types: TypeWeights
    head: Head
    categories: CategoryWeights
    no_match: Logistic
    criteria: Logistic
    values: Logistic
    digest: str


def parse(data: dict[str, Any], digest: str) -> Weights:
    """Build weights from the JSON object. Raises KeyError when a part is missing."""
    return Weights(
        types=TypeWeights(tuple(data["types"]["weights"]), data["types"]["head"]),
        head=_head(data["head"], data["looks"]),
        categories=CategoryWeights(
            tuple(data["categories"]["weights"]), data["categories"]["temperature"]
        ),
        no_match=_logistic(data["no_match"]),
        criteria=_logistic(data["criteria"]),
        values=_logistic(data["values"]),
        digest=digest,
    )


def _head(classes: dict[str, str], looks: dict[str, list[float]]) -> Head:
    return Head(
        {name: tuple(map(float, row.split())) for name, row in classes.items()},
        {name: (mean, spread) for name, (mean, spread) in looks.items()},
    )


def _logistic(data: dict[str, Any]) -> Logistic:
    return Logistic(data["bias"], tuple(data["weights"]))


@cache
def load() -> Weights:
    """Read the weights that ship with docsort, once per process."""
    content = PATH.read_bytes()
    return parse(json.loads(content), hashlib.sha256(content).hexdigest())
