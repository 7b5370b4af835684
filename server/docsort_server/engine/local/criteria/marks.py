"""Judge criteria on a page: met or not, how sure, and the line that shows it."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING

from docsort_server.engine.local.criteria import occasions, opposites, patterns
from docsort_server.engine.local.criteria.chances import UNTESTED, presence
from docsort_server.engine.local.criteria.outcomes import Holds, Outcome
from docsort_server.engine.local.criteria.tester import Tester
from docsort_server.engine.local.criteria.values import Grade, Values
from docsort_server.engine.model import CriterionMark

if TYPE_CHECKING:
    from collections.abc import Mapping

    from docsort_server.engine.counts import Count
    from docsort_server.engine.local.criteria.concepts import Concept, Concepts
    from docsort_server.engine.local.criteria.criterion import AskedValue, Clause, CompiledCriterion
    from docsort_server.engine.local.criteria.values import Found
    from docsort_server.engine.local.reading import Reading
    from docsort_server.engine.local.weights import Weights

NAMES = ("concept", "parts", "line", "page", "cued", "no_concept", "few")

# How likely a number is what is asked for that does not stand on the page, where the form of such
# numbers is known, and where it may be told in words.
_ABSENT, _UNSAID = 0.05, 0.2
# How likely what the page says the contrary of is there.
_CONTRADICTED = 0.25
# So many rows with amounts are items with their prices, and how likely these are what is meant.
_ROWS, _LISTED = 3, 0.65
_IN_ROWS = ("item", "entry")
_LOOKS_WORTH, _PATTERN_WORTH = 2.0, 1.5
_FULLY_SHOWN = math.log(4.0)
# What makes a line worth quoting: the criterion's words, what shows its concepts, mere forms.
_STATING = frozenset(("cit", "quot", "mention", "refer"))
_WORDS_QUOTED, _SHOWN_QUOTED, _FORM_QUOTED = 2.0, 1.0, 0.2
# A row of what a criterion asks for is worth more than a line that only names it.
_ROW_QUOTED = 2.5
# A line with this many words beside the point is worth half.
_ROOM = 12.0


@dataclass(frozen=True, slots=True)
class Finding:
    """What speaks for a clause of a criterion, and the number of the line that shows most, if any.

    `grades` are of the values it asks for; `features` those of `NAMES`, None where values decide.
    `outcomes` are of the values that must meet conditions. Of what it says literally not all may be
    there: `limit` is how likely it is at most; `least` how likely what the features tell is.
    """

    grades: tuple[Grade, ...]
    features: tuple[float, ...] | None
    line: int
    outcomes: tuple[Outcome, ...] = ()
    limit: float = 1.0
    least: float = 0.0


class Judge:
    """Judges many criteria on one page; what they share is looked up once."""

    def __init__(self, reading: Reading, looks: Mapping[str, float], concepts: Concepts) -> None:
        self._reading = reading
        self._looks = looks
        self._concepts = concepts
        self._values = Values(reading)
        self._tester = Tester(self._values)
        self._hits = concepts.index.scan(reading)
        self._text = "\n".join(reading.lines)
        self._patterns: dict[str, int | None] = {}

    def mark(
        self, criterion: CompiledCriterion, affinity: float, weights: Weights, *, evidence: bool
    ) -> CriterionMark:
        """Return the verdict on a criterion.

        `affinity` (0..1) is how well its category fits the page. The evidence is an exact line of
        the page that shows what the criterion speaks of: one that meets it, or one against it.
        """
        chance, shown, against = 1.0, -1, -1
        for clause in criterion.clauses:
            found = self.finding(clause, affinity)
            there = presence(found, clause, weights)
            chance = min(chance, 1.0 - there if clause.negated else there)
            if clause.negated == (there >= 0.5) and (
                clause.negated or found.outcomes or found.limit < 1.0
            ):
                against = found.line
            elif there >= 0.5 and shown < 0:
                shown = found.line
        met = chance >= 0.5  # more likely than not
        line = shown if met else against
        quote = self._reading.lines[line] if evidence and line >= 0 else ""
        return CriterionMark(met, chance if met else 1.0 - chance, quote)

    def finding(self, clause: Clause, affinity: float) -> Finding:
        """Weigh what a clause speaks of, whether it affirms or denies it."""
        outcomes = [self._tester.try_(trial, clause.count) for trial in clause.trials]
        values: list[Found] = []
        for group in clause.values:
            found = self._value(group, clause)
            supposed = self._supposed(group, found, clause)
            if supposed is None:
                values.append(found)
            else:
                outcomes.append(supposed)
        if clause.count is not None and clause.counted and not (values or outcomes):
            values = [self._tally(clause, clause.counted, clause.count)]
        grades = tuple(found.grade for found in values)
        best = max(values, key=lambda found: found.grade, default=None)
        features, line = None, best.line if best else -1
        if not (best or outcomes) or (clause.concepts and not clause.counted):
            features, line = self._concept(clause, affinity)
            line = best.line if best and best.grade >= Grade.BELOW else line
        tried = next((each.line for each in outcomes if each.line >= 0), -1)
        limit = min((self._literally(each, clause) for each in clause.literals), default=1.0)
        if self._is_of_others(clause):
            limit = min(limit, 1.0 - UNTESTED)
        if features is not None and self._contradicts(clause):
            limit = min(limit, _CONTRADICTED)
        line = tried if tried >= 0 else line
        return Finding(grades, features, line, tuple(outcomes), limit, self._rows(clause))

    def _supposed(
        self, group: tuple[AskedValue, ...], found: Found, clause: Clause
    ) -> Outcome | None:
        """Return what is supposed of a date that no words on the page name, None without any.

        The one that stands alone at the head of a receipt is likely "the date of the sale"; another
        may be.
        """
        loosely = [asked.form for asked in group if asked.loosely and asked.form]
        if found.grade > Grade.NAMED or clause.count is not None or not loosely:
            return None
        spot = self._values.heading(loosely[0])
        named = (label.strip("*") for asked in group for label in asked.labels)
        if spot is not None and occasions.is_told(named, self._values.sheet.folded_lines):
            return Outcome(found.grade, Holds.LIKELY, spot.line)
        spots = self._values.spots(loosely[0])
        return Outcome(found.grade, Holds.OPEN, spots[0].line) if spots else None

    def _rows(self, clause: Clause) -> float:
        """Return how likely at least the items are listed that a clause asks for, by their rows."""
        if clause.counted != "item" or clause.count is not None:
            return 0.0
        return _LISTED if self._rows_of(clause) else 0.0

    def _rows_of(self, clause: Clause) -> list[int]:
        """Return the lines of what a clause asks for, where it takes rows and there are several."""
        if clause.counted not in _IN_ROWS:
            return []
        spots = self._values.spots(clause.counted)
        if clause.counted == "item":
            dated = {spot.line for spot in self._values.spots("entry")}
            spots = tuple(spot for spot in spots if spot.line not in dated)
        return [spot.line for spot in spots] if len(spots) >= _ROWS else []

    def _is_of_others(self, clause: Clause) -> bool:
        """Tell whether people are named, but nothing says that they are those asked for."""
        people = any(each.form == "person" for group in clause.values for each in group)
        asked = clause.loose.difference(_STATING) if people and clause.count is None else ()
        return bool(asked) and self._reading.stems.keys().isdisjoint(asked)

    def _contradicts(self, clause: Clause) -> bool:
        folded, stems = self._values.sheet.folded, self._reading.stems
        return opposites.contradicted(clause.sides, clause.said, folded, stems)

    def _literally(self, literal: str, clause: Clause) -> float:
        """Return how likely it is at most that a number or code is what it is said to be."""
        labels = tuple(label for group in clause.values for each in group for label in each.labels)
        forms = {each.form for group in clause.values for each in group}
        told = self._values.stands(literal, labels, clause.stems, alone="number" in forms)
        if told is None:
            return _ABSENT if forms else _UNSAID
        return 1.0 if told else 1.0 - UNTESTED

    def _tally(self, clause: Clause, counted: str, count: Count) -> Found:
        if counted == "person":
            return self._people(clause, count)
        return self._values.tally(counted, count)

    def _people(self, clause: Clause, count: Count) -> Found:
        """Count people under the words that a clause asks for them by."""
        shows = (
            show for number in clause.concepts for show in self._concepts.entries[number].shows
        )
        named = (line for stem in clause.stems for line in self._reading.stems.get(stem, ()))
        headings = [*named, *(self._hits[show] for show in shows if show in self._hits)]
        return self._values.people(headings, count)

    def _value(self, group: tuple[AskedValue, ...], clause: Clause) -> Found:
        found = [self._given(asked, clause) for asked in group]
        return max(found, key=lambda each: each.grade)

    def _given(self, asked: AskedValue, clause: Clause) -> Found:
        if asked.form is None:
            return self._values.words(asked.labels)
        count = clause.count
        if asked.form == "person" and count is not None:
            return self._people(clause, count)
        if asked.form == "amount" and asked.telling and count is not None:
            return self._values.tally("all_amounts", count)
        grade = self._values.alone if asked.telling else self._values.named
        found = grade(asked.form, asked.labels, count)
        if asked.mentioned and found.grade < Grade.BELOW:
            return max(found, self._values.words(asked.labels))
        return found

    def _concept(self, clause: Clause, affinity: float) -> tuple[tuple[float, ...], int]:
        """Return the features of `NAMES` and the best line's number."""
        lines: dict[int, float] = {}
        strengths = [self._strength(each, clause, lines) for each in clause.concepts]
        concept = _joined(strengths, either=clause.either)
        parts = _joined([float(each > 0.0) for each in strengths], either=clause.either)
        line_share, page_share = self._word_shares(clause, lines)
        for line in self._rows_of(clause):
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
