"""What shows that a page speaks of a concept, and the line that shows most of it."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from docsort_server.engine.local.criteria import patterns

if TYPE_CHECKING:
    from collections.abc import Mapping

    from docsort_server.engine.local.criteria.concepts import Concept, Concepts
    from docsort_server.engine.local.criteria.criterion import Clause
    from docsort_server.engine.local.criteria.values import Values
    from docsort_server.engine.local.reading import Reading

NAMES = ("concept", "parts", "line", "page", "cued", "no_concept", "few")

# So many rows are several, of what takes rows.
ROWS = 3
_IN_ROWS = ("item", "entry")
_LOOKS_WORTH, _PATTERN_WORTH = 2.0, 1.5
_FULLY_SHOWN = math.log(4.0)
# What makes a line worth quoting: the criterion's words, what shows its concepts, mere forms.
_WORDS_QUOTED, _SHOWN_QUOTED, _FORM_QUOTED = 2.0, 1.0, 0.2
# A row of what a criterion asks for is worth more than a line that only names it.
_ROW_QUOTED = 2.5
# A line with this many words beside the point is worth half.
_ROOM = 12.0


class Shows:
    """Weighs what shows the concepts of criteria on one page."""

    def __init__(
        self, reading: Reading, looks: Mapping[str, float], concepts: Concepts, values: Values
    ) -> None:
        self._reading = reading
        self._looks = looks
        self._concepts = concepts
        self._values = values
        self._hits = concepts.index.scan(reading)
        self._text = "\n".join(reading.lines)
        self._patterns: dict[str, int | None] = {}

    def headings(self, clause: Clause) -> list[int]:
        """Return the lines with the words of a clause, or with phrases that show its concepts."""
        shows = (
            show for number in clause.concepts for show in self._concepts.entries[number].shows
        )
        named = (line for stem in clause.stems for line in self._reading.stems.get(stem, ()))
        return [*named, *(self._hits[show] for show in shows if show in self._hits)]

    def rows(self, clause: Clause) -> list[int]:
        """Return the lines of what a clause asks for, where it takes rows and there are several."""
        if clause.counted == "signature":
            return [spot.line for spot in self._values.spots("signing_line")]
        if clause.counted not in _IN_ROWS:
            return []
        spots = self._values.spots(clause.counted)
        if clause.counted == "item":
            dated = {spot.line for spot in self._values.spots("entry")}
            spots = tuple(spot for spot in spots if spot.line not in dated)
        several = len(spots) >= ROWS or (clause.counted == "item" and self._values.spots("summed"))
        return [spot.line for spot in spots] if several else []

    def features(self, clause: Clause, affinity: float) -> tuple[tuple[float, ...], int]:
        """Return the features of `NAMES` and the best line's number."""
        lines: dict[int, float] = {}
        strengths = [self._strength(each, clause, lines) for each in clause.concepts]
        concept = _joined(strengths, either=clause.either)
        parts = _joined([float(each > 0.0) for each in strengths], either=clause.either)
        line_share, page_share = self._word_shares(clause, lines)
        for line in self.rows(clause):
            lines[line] = lines.get(line, 0.0) + _ROW_QUOTED
        if strengths and not clause.loose:
            line_share = page_share = parts
        features = (
            concept,
            parts,
            line_share,
            page_share,
            affinity * max(concept, line_share),
            0.0 if strengths else 1.0,
            0.0 if self._enough(clause) else 1.0,
        )
        return features, self._best(lines, clause)

    def _enough(self, clause: Clause) -> bool:
        """Tell whether a word of the clause stands on the page as often as it counts."""
        if clause.count is None:
            return True
        low = clause.count.low
        return any(len(self._reading.stems.get(stem, ())) >= low for stem in clause.stems) or any(
            len(self._values.spots(form)) >= low for form in ("bullet", "section")
        )

    def _best(self, lines: Mapping[int, float], clause: Clause) -> int:
        """Return the line that shows most in the fewest words, the first of equals."""
        count = len(clause.stems)

        def worth(number: int) -> tuple[float, int]:
            beside = max(0, len(self._reading.words[number]) - count)
            return lines[number] * _ROOM / (_ROOM + beside), -number

        return max(lines, key=worth, default=0)

    def _strength(self, number: int, clause: Clause, lines: dict[int, float]) -> float:
        """Return how plainly a concept is shown (0..1), noting the lines that show it."""
        concept = self._concepts.entries[number]
        found = [self._hits[show] for show in concept.shows if show in self._hits]
        share = 1.0 / len(clause.concepts)
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

    def _word_shares(self, clause: Clause, lines: dict[int, float]) -> tuple[float, float]:
        """Return the best line's and the page's share of the words no concept stands for."""
        overlap: dict[int, int] = {}
        on_page = 0
        for stem in clause.stems:
            places = set(self._reading.stems.get(stem, ()))
            for line in places:
                lines[line] = lines.get(line, 0.0) + _WORDS_QUOTED / len(clause.stems)
            if places and stem in clause.loose:
                on_page += 1
                for line in places:
                    overlap[line] = overlap.get(line, 0) + 1
        count = len(clause.loose)
        if not count:
            return 0.0, 0.0
        return max(overlap.values(), default=0) / count, on_page / count


def _joined(values: list[float], *, either: bool) -> float:
    if not values:
        return 0.0
    return max(values) if either else sum(values) / len(values)
