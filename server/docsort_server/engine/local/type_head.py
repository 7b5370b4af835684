"""What the meaning of a page's words says of its type: a fitted linear model.

The lexicon knows what documents of a type say; this tells pages that say it in words of their own.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
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
# it speaks for each. On a plateau of what is right of documents of other sources.
_REST_PART = 0.5


@dataclass(frozen=True, slots=True)
class Head:
    """A multinomial logistic model: of each class a bias and a weight for each number of a meaning.

    Weights go with the length of the meaning, which is at most 1: how far its words are known.
    """

    classes: Mapping[str, tuple[float, ...]]


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
        self._classes = {
            name: row for name, row in head.classes.items() if name == REST or name in broader
        }
        self._class_of = [_class_of(entry.id, broader, self._classes) for entry in types]

    def evidence(self, reading: Reading) -> list[float]:
        """Return what speaks for each type: log of its class's chance times their number, -4..4.

        Half of what speaks for the rest counts. 0 for all where the words say nothing, and for the
        rest where the head has no such class.
        """
        return self.said(weighed_meaning(reading.tokens))

    def said(self, meaning: Sequence[float]) -> list[float]:
        """Return the `evidence` of a page with this `weighed_meaning`."""
        if len(self._classes) < 2 or not any(meaning):
            return [0.0] * len(self._class_of)
        row = (1.0, *meaning)
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
