"""Judge criteria on a page: met or not, how sure, and the line that shows it."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING

from docsort_server.engine.local import patterns
from docsort_server.engine.model import CriterionMark

if TYPE_CHECKING:
    from collections.abc import Mapping

    from docsort_server.engine.local.concepts import Concept, Concepts
    from docsort_server.engine.local.criterion import CompiledCriterion
    from docsort_server.engine.local.reading import Reading
    from docsort_server.engine.local.weights import Logistic

NAMES = ("concept", "parts", "line", "page", "cued", "no_concept")

_LOOKS_WORTH, _PATTERN_WORTH = 2.0, 1.5
_FULLY_SHOWN = math.log(4.0)
# What makes a line worth quoting: the criterion's words, what shows its concepts, mere forms.
_WORDS_QUOTED, _SHOWN_QUOTED, _FORM_QUOTED = 2.0, 1.0, 0.2
# A line with this many words beside the point is worth half.
_ROOM = 12.0


@dataclass(frozen=True, slots=True)
class Finding:
    """What speaks for a criterion: the features of `NAMES` and the best line's number."""

    features: tuple[float, ...]
    line: int


class Judge:
    """Judges many criteria on one page; what they share is looked up once."""

    def __init__(self, reading: Reading, looks: Mapping[str, float], concepts: Concepts) -> None:
        self._reading = reading
        self._looks = looks
        self._concepts = concepts
        self._hits = concepts.index.scan(reading)
        self._text = "\n".join(reading.lines)
        self._patterns: dict[str, int | None] = {}

    def finding(self, criterion: CompiledCriterion, affinity: float) -> Finding:
        """Weigh a criterion; `affinity` (0..1) is how well its category fits the page."""
        lines: dict[int, float] = {}
        strengths = [self._strength(each, criterion, lines) for each in criterion.concepts]
        concept = _joined(strengths, either=criterion.either)
        parts = _joined([float(each > 0.0) for each in strengths], either=criterion.either)
        line_share, page_share = self._word_shares(criterion, lines)
        if strengths and not criterion.loose:
            line_share = page_share = parts
        features = (
            concept,
            parts,
            line_share,
            page_share,
            affinity * max(concept, line_share),
            0.0 if strengths else 1.0,
        )
        return Finding(features, self._best(lines, criterion))

    def _best(self, lines: Mapping[int, float], criterion: CompiledCriterion) -> int:
        """Return the line that shows most in the fewest words, the first of equals."""
        count = len(criterion.stems)

        def worth(number: int) -> tuple[float, int]:
            beside = max(0, len(self._reading.words[number]) - count)
            return lines[number] * _ROOM / (_ROOM + beside), -number

        return max(lines, key=worth, default=0)

    def mark(
        self, criterion: CompiledCriterion, affinity: float, weights: Logistic, *, evidence: bool
    ) -> CriterionMark:
        """Return the verdict; the evidence is an exact line of the page, given when met."""
        found = self.finding(criterion, affinity)
        chance = logistic(found.features, weights)
        met = chance >= 0.5  # more likely than not
        quote = self._reading.lines[found.line] if met and evidence and self._reading.lines else ""
        return CriterionMark(met, chance if met else 1.0 - chance, quote)

    def _strength(
        self, number: int, criterion: CompiledCriterion, lines: dict[int, float]
    ) -> float:
        """Return how plainly a concept is shown (0..1), noting the lines that show it."""
        concept = self._concepts.entries[number]
        found = [self._hits[show] for show in concept.shows if show in self._hits]
        share = 1.0 / len(criterion.concepts)
        for line in set(found):
            lines[line] = lines.get(line, 0.0) + _SHOWN_QUOTED * share
        shown = len(found) + (_LOOKS_WORTH if self._looks_so(concept) else 0.0)
        place = self._pattern(concept)
        if place is not None:
            lines[place] = lines.get(place, 0.0) + _FORM_QUOTED * share
            shown += _PATTERN_WORTH if shown or concept.alone else 0.0
        return min(1.0, math.log1p(shown) / _FULLY_SHOWN)

    def _pattern(self, concept: Concept) -> int | None:
        name = concept.pattern
        if name is None:
            return None
        if name not in self._patterns:
            self._patterns[name] = patterns.find(name, self._text)
        return self._patterns[name]

    def _looks_so(self, concept: Concept) -> bool:
        looks = self._looks
        return bool(concept.looks) and all(
            low <= looks[name] <= high for name, low, high in concept.looks
        )

    def _word_shares(
        self, criterion: CompiledCriterion, lines: dict[int, float]
    ) -> tuple[float, float]:
        """Return the best line's and the page's share of the words no concept stands for."""
        overlap: dict[int, int] = {}
        on_page = 0
        for stem in criterion.stems:
            places = set(self._reading.stems.get(stem, ()))
            for line in places:
                lines[line] = lines.get(line, 0.0) + _WORDS_QUOTED / len(criterion.stems)
            if places and stem in criterion.loose:
                on_page += 1
                for line in places:
                    overlap[line] = overlap.get(line, 0) + 1
        count = len(criterion.loose)
        if not count:
            return 0.0, 0.0
        return max(overlap.values(), default=0) / count, on_page / count


def _joined(values: list[float], *, either: bool) -> float:
    if not values:
        return 0.0
    return max(values) if either else sum(values) / len(values)


def logistic(features: tuple[float, ...], weights: Logistic) -> float:
    """Return the probability of a logistic model."""
    score = weights.bias + sum(w * x for w, x in zip(weights.values, features, strict=True))
    return 1.0 / (1.0 + math.exp(-max(-30.0, min(30.0, score))))
