"""Tell whether a document starts at a page: the weighted sum of what speaks for and against it."""

from __future__ import annotations

import json
from dataclasses import dataclass
from functools import cache
from math import exp
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from docsort_server.engine.packet import rules
from docsort_server.engine.packet.features import FEATURES, measure
from docsort_server.engine.packet.traits import Look
from docsort_server.engine.result import BoundaryReason

if TYPE_CHECKING:
    from collections.abc import Sequence

    from docsort_server.engine.packet.features import Neighbour

# How likely a rule is right, where the weights of what is measured do not tell a start.
_RULED = 0.95
# Beyond these no probability differs.
_MOST_ODDS = 30.0
PATH = Path(__file__).with_name("weights.json")
# What is told of a border by the features that speak for it.
_REASONS = {
    BoundaryReason.LABEL_CHANGE: ("label_differs", "label_sure", "label_holds"),
    BoundaryReason.PAGE_NUMBER: (
        *("number_starts", "number_clashes", "count_complete", "loose_starts"),
    ),
    BoundaryReason.HEADER_CHANGE: ("lines_lost",),
    BoundaryReason.OPENING: (
        "title",
        "headline",
        "salutation",
        "date",
        "contact",
        "numbered",
        "font_grows",
        "form_new",
    ),
    BoundaryReason.CLOSING: ("closing", "total"),
    BoundaryReason.REFERENCE_CHANGE: ("reference_differs", "names_apart"),
    BoundaryReason.LAYOUT_CHANGE: ("size_differs", "source_differs"),
    BoundaryReason.LANGUAGE_CHANGE: ("language_differs",),
    BoundaryReason.SEPARATOR: ("separator",),
}


@dataclass(frozen=True, slots=True)
class Weights:
    """A logistic model of borders; `values` follow `FEATURES`."""

    bias: float
    values: tuple[float, ...]


@cache
def load() -> Weights:
    """Read the weights that are shipped."""
    return parse(json.loads(PATH.read_text(encoding="utf-8")))


def parse(content: dict[str, object]) -> Weights:
    """Return the weights in the content of a file. Raises KeyError where one is missing."""
    values = content["weights"]
    assert isinstance(values, dict)
    bias = content["bias"]
    assert isinstance(bias, float)
    return Weights(bias, tuple(float(values[name]) for name in FEATURES))


class Border(NamedTuple):
    """How likely a document starts at a page (0..1), and why it does; None where it does not."""

    probability: float
    reason: BoundaryReason | None


INSIDE = Border(0.0, None)


def border(neighbours: Sequence[Neighbour], index: int) -> Border:
    """Return what tells whether a document starts at `neighbours[index]`.

    `index` is at least 1. That an attachment starts there is no question of evidence. Where either
    page has no text to tell by, its label alone does.
    """
    before, after = neighbours[index - 1], neighbours[index]
    if Look.ATTACHED in after.traits.look:
        return Border(1.0, BoundaryReason.ATTACHMENT)
    if not (before.traits.length and after.traits.length):
        return Border(1.0, BoundaryReason.LABEL_CHANGE) if before.key != after.key else INSIDE
    weights, row = load(), measure(neighbours, index)
    parts = [w * x for w, x in zip(weights.values, row, strict=True)]
    odds = weights.bias + sum(parts)
    if odds > 0:
        return Border(_logistic(odds), _strongest(parts))
    ruled = rules.start(before, after, row)
    return Border(_RULED if ruled else _logistic(odds), ruled)


def _logistic(odds: float) -> float:
    return 1.0 / (1.0 + exp(-max(odds, -_MOST_ODDS)))


def _strongest(parts: Sequence[float]) -> BoundaryReason:
    """Return the reason of the features that speak most for a border."""
    named = dict(zip(FEATURES, parts, strict=True))
    signs = {reason: sum(named[name] for name in names) for reason, names in _REASONS.items()}
    strongest = max(signs, key=lambda reason: signs[reason])
    return strongest if signs[strongest] > 0 else BoundaryReason.CONTENT_CHANGE
