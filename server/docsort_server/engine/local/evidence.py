"""How strongly a page looks like each type of the lexicon."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from typing import TypeAlias

    from docsort_server.engine.local.lexicon import Lexicon
    from docsort_server.engine.local.reading import Reading
    from docsort_server.engine.local.weights import TypeWeights

    # Numbers of types with those of the forms of writing they are kinds of.
    Forms: TypeAlias = Sequence[tuple[int, tuple[int, ...]]]

_FULL_CUES = math.log(13.0)
# A page of a type that the lexicon lacks shows a little of several others. Below this strength it
# is likelier that it is of none. Set by hand: higher, and pages of known types are taken for none;
# lower, and those of types that are missing go to others (`--missing` of bench.engine_accuracy).
_NONE = 5.0
# What types that nothing speaks for weigh together, as many as there may be, beside exp(strength):
# a page without cues would be the likelier of a broad category the more kinds of it are known.
_IDLE = 70.0
# Long pages collect weak cues by chance; beyond this length they count for less.
_FREE_WORDS = 350.0
# A kind of a form of writing, such as a termination letter, whose own cues are of this strength is
# as likely as a plain letter: a little more than one strong cue.
_KIND = 4.4


@dataclass(slots=True)
class TypeEvidence:
    """One type's share of a page: weighted cues for and against, title, looks.

    `own` are the cues that do not speak for a broader type.
    """

    cue: float = 0.0
    own: float = 0.0
    against: float = 0.0
    title: float = 0.0
    layout: float = 0.0

    def features(self, thinning: float) -> tuple[float, ...]:
        """Return the four inputs of the type model, each of the order of one, and its own cues."""
        return (
            math.log1p(self.cue * thinning) / _FULL_CUES,
            math.log1p(self.against) / _FULL_CUES,
            self.title,
            self.layout,
            math.log1p(self.own * thinning) / _FULL_CUES,
        )


def gather(
    reading: Reading, looks: Mapping[str, float], lexicon: Lexicon
) -> list[tuple[float, ...]]:
    """Return each type's features on a page of these layout facts, in the lexicon's order."""
    found = [TypeEvidence() for _ in lexicon.types]
    for number, line in lexicon.index.scan(reading).items():
        for use in lexicon.uses[number]:
            mark = found[use.type_index]
            if use.alias:
                strength = reading.title_strength(line, lexicon.letters[number])
                mark.title = max(mark.title, strength)
            elif use.weight > 0:
                weight = use.weight_in(reading.language)
                mark.cue += weight
                mark.own += weight * use.own
            else:
                mark.against -= use.weight
    _add_layout(found, looks, lexicon)
    thinning = min(1.0, (_FREE_WORDS / max(1, len(reading.offsets))) ** 0.5)
    return [mark.features(thinning) for mark in found]


def _add_layout(
    found: Sequence[TypeEvidence], looks: Mapping[str, float], lexicon: Lexicon
) -> None:
    for mark, entry in zip(found, lexicon.types, strict=True):
        for rule in entry.layout:
            if rule.holds(looks):
                mark.layout += rule.weight


def strengths(
    features: Sequence[Sequence[float]],
    weights: TypeWeights,
    forms: Forms = (),
    said: Sequence[float] = (),
) -> list[float]:
    """Return each type's weighted sum of features; about 0 where nothing on the page says so.

    `said` is what a `type_head` says of each type.

    For a kind of a form of writing, cues of all that is written so do not count, such as a
    salutation. What it has of its own beyond `_KIND` is added to the strength of the form.
    """
    found = [
        sum(w * x for w, x in zip(weights.values, each[:-1], strict=True)) for each in features
    ]
    for number, parents in forms:
        shared, *_, own = features[number]
        found[number] -= weights.values[0] * (shared - own)
        more = found[number] - _KIND
        if more > 0.0:
            found[number] = more + max(_KIND, *(found[parent] for parent in parents))
    if said:
        found = [each + weights.head * more for each, more in zip(found, said, strict=True)]
    return found


def shares(strengths: Sequence[float]) -> list[float]:
    """Return each type's probability: exp(strength), less what every page shows of it, to sum 1."""
    top = max(*strengths, 0.0)
    raised = _raised(strengths, top)
    total = sum(raised)
    return [value / total for value in raised]


def none_fits(strengths: Sequence[float]) -> float:
    """Return the chance (0..1) that a page is of no type of the lexicon, as one type more."""
    top = max(*strengths, _NONE)
    none = math.exp(_NONE - top)
    return none / (none + sum(_raised(strengths, top)))


def _raised(strengths: Sequence[float], top: float) -> list[float]:
    # exp(strength - top), where a strength of 0 counts `idle` instead of 1.
    idle = min(1.0, _IDLE / len(strengths))
    spared = (1.0 - idle) * math.exp(-top)
    return [
        math.exp(each - top) - spared if each > 0.0 else idle * math.exp(each - top)
        for each in strengths
    ]


def softmax(scores: Sequence[float]) -> list[float]:
    """Return probabilities proportional to exp(score)."""
    top = max(scores)
    raised = [math.exp(score - top) for score in scores]
    total = sum(raised)
    return [value / total for value in raised]
