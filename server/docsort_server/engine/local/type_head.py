"""What the meaning of a page's words and its looks say of its type: a fitted linear model.

The lexicon knows what documents of a type say; this tells pages that say it in words of their own.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, field
from operator import mul
from typing import TYPE_CHECKING

from docsort_server.engine.local import word_vectors

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from docsort_server.engine.local.doctype import DocumentType
    from docsort_server.engine.local.reading import Reading

# The class of pages of none of the others.
REST = "other"
# The share of a page's letters that are in known words, of seven languages: up to the first the
# words say nothing, from the second on all that they can.
_SAYS, _SAYS_ALL = 0.35, 0.60
# The most that is believed, as a logarithm: a page that reads like nothing else may be the odd one.
_MOST = 4.0
# That a page is of none of the classes does not tell of which of the other types it is: so much of
# it speaks for each. Set by hand.
_REST_PART = 0.5
# The words that a page opens with, in which it tells more of what it is than in the others.
_OPENING = 40
# A fact one spread off the mean counts so much, since the ridge of the fit is the same for all and
# the numbers of a meaning are small, and never more than three spreads do.
_LOOK, _MOST_SPREADS = 0.3, 3.0
# What is known of a page that is drawn, but neither of a picture of one nor of a text.
_DRAWN = frozenset(
    {"landscape", "tall", "points_wide", "images", "image_share", "paths", "font_size", "fields"}
)


@dataclass(frozen=True, slots=True)
class Head:
    """A multinomial logistic model: of each class a bias and a weight for each of its `inputs`.

    `looks` has of each layout fact that counts the mean and the spread of log(1 + fact).
    """

    classes: Mapping[str, tuple[float, ...]]
    looks: Mapping[str, tuple[float, float]] = field(default_factory=dict)

    def inputs(self, reading: Reading, facts: Mapping[str, float]) -> tuple[float, ...]:
        """Return what the model is asked with: the meanings of a page and its opening, its looks.

        Weights go with the length of a meaning, which is at most 1: how far its words are known.
        All are 0 where they say nothing.
        """
        meaning = weighed_meaning(reading.tokens)
        if not any(meaning):
            # Words that are noise read off a picture: looks alone would be too sure.
            return (0.0,) * (2 * len(meaning) + len(self.looks))
        known = known_looks(facts)
        looks = (
            _LOOK * _spreads(known[name], mean, spread) if name in known else 0.0
            for name, (mean, spread) in self.looks.items()
        )
        return (*meaning, *weighed_meaning(reading.tokens[:_OPENING]), *looks)


def known_looks(facts: Mapping[str, float]) -> dict[str, float]:
    """Return the logs of layout facts, of scans and texts without those that only print has.

    The form of a scan is that of a picture, which may be turned, cut or hold a desk as well.
    """
    unknown = frozenset() if facts["font_size"] else _DRAWN
    return {
        name: math.log1p(max(0.0, value)) for name, value in facts.items() if name not in unknown
    }


def _spreads(value: float, mean: float, spread: float) -> float:
    return max(-_MOST_SPREADS, min(_MOST_SPREADS, (value - mean) / spread))


def weighed_meaning(words: Sequence[str]) -> tuple[float, ...]:
    """Return where the words of a page point, at most of length 1: the less, the fewer are known.

    Zeros, of as many numbers, where too few are known to say anything.
    """
    vectors = word_vectors.load()
    says = min(1.0, (vectors.known(words) - _SAYS) / (_SAYS_ALL - _SAYS))
    meaning = vectors.meaning(words) if says > 0.0 else None
    return tuple(says * value for value in meaning or (0.0,) * word_vectors.SIZE)


class TypeHead:
    """A head for the types of a lexicon.

    A type is of the class of its id, or else of that of the nearest broader type which has one;
    all others are of the class `REST`. Classes that the lexicon has no type of are left out.
    """

    def __init__(self, head: Head, types: Sequence[DocumentType]) -> None:
        broader = {entry.id: entry.broader for entry in types}
        self._head = head
        self._classes = {
            name: row for name, row in head.classes.items() if name == REST or name in broader
        }
        self._class_of = [_class_of(entry.id, broader, self._classes) for entry in types]

    def evidence(self, reading: Reading, facts: Mapping[str, float]) -> list[float]:
        """Return what speaks for each type: log of its class's chance times their number, -4..4.

        Half of what speaks for the rest counts. 0 for all where the words say nothing, and for the
        rest where the head has no such class.
        """
        return self.said(self._head.inputs(reading, facts))

    def said(self, inputs: Sequence[float]) -> list[float]:
        """Return the `evidence` of a page with these inputs of its head."""
        if len(self._classes) < 2 or not any(inputs):
            return [0.0] * len(self._class_of)
        row = (1.0, *inputs)
        scores = {name: sum(map(mul, weights, row)) for name, weights in self._classes.items()}
        top = max(scores.values())
        total = math.log(sum(math.exp(score - top) for score in scores.values())) + top
        even = math.log(len(scores))
        said = {n: max(-_MOST, min(_MOST, s - total + even)) for n, s in scores.items()}
        if said.get(REST, 0.0) > 0.0:
            said[REST] *= _REST_PART
        return [said.get(name, 0.0) for name in self._class_of]


def _class_of(
    type_id: str, broader: Mapping[str, Sequence[str]], classes: Mapping[str, object]
) -> str:
    level = [type_id]
    # No chain of broader types is longer than the types.
    for _ in broader:
        found = next((each for each in level if each in classes), None)
        if found is not None or not level:
            return found or REST
        level = [parent for each in level for parent in broader.get(each, ())]
    return REST
