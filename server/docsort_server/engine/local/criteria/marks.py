"""Judge criteria on a page: met or not, how sure, and the line that shows it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from docsort_server.engine.local.criteria import occasions, opposites, patterns
from docsort_server.engine.local.criteria.chances import UNTESTED, presence
from docsort_server.engine.local.criteria.outcomes import Holds, Outcome
from docsort_server.engine.local.criteria.shows import Shows
from docsort_server.engine.local.criteria.tester import Tester
from docsort_server.engine.local.criteria.values import Grade, Values
from docsort_server.engine.model import CriterionMark

if TYPE_CHECKING:
    from collections.abc import Mapping

    from docsort_server.engine.counts import Count
    from docsort_server.engine.local.criteria.concepts import Concepts
    from docsort_server.engine.local.criteria.criterion import AskedValue, Clause, CompiledCriterion
    from docsort_server.engine.local.criteria.values import Found
    from docsort_server.engine.local.reading import Reading
    from docsort_server.engine.local.weights import Weights

# How likely a number is what is asked for that does not stand on the page, where the form of such
# numbers is known, and where it may be told in words.
_ABSENT, _UNSAID = 0.05, 0.2
# How likely what the page says the contrary of is there.
_CONTRADICTED = 0.25
# How likely rows with amounts are the items with their prices that are meant, and blanks at the
# names of parties lines to sign.
_LISTED = {"item": 0.65, "signature": 0.75}
# Verbs that say no more than that a page does.
_STATING = frozenset(("cit", "quot", "mention", "refer"))


@dataclass(frozen=True, slots=True)
class Finding:
    """What speaks for a clause of a criterion, and the number of the line that shows most, if any.

    `grades` are of the values it asks for; `features` those of `Shows`, None where values decide.
    `outcomes` are of the values that must meet conditions. Of what it says literally not all may be
    there: `limit` is how likely it is at most; `least` how likely what the features tell is. With
    `doubted` what was found may be of something else.
    """

    grades: tuple[Grade, ...]
    features: tuple[float, ...] | None
    line: int
    outcomes: tuple[Outcome, ...] = ()
    limit: float = 1.0
    least: float = 0.0
    doubted: bool = False


class Judge:
    """Judges many criteria on one page; what they share is looked up once."""

    def __init__(self, reading: Reading, looks: Mapping[str, float], concepts: Concepts) -> None:
        self._reading = reading
        self._values = Values(reading)
        self._tester = Tester(self._values)
        self._shows = Shows(reading, looks, concepts, self._values)

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
            features, line = self._shows.features(clause, affinity)
            line = best.line if best and best.grade >= Grade.BELOW else line
        tried = next((each.line for each in outcomes if each.line >= 0), -1)
        limit = min((self._literally(each, clause) for each in clause.literals), default=1.0)
        doubted = self._is_of_others(clause) or self._has_no_line_to_sign(clause)
        if features is not None and self._contradicts(clause):
            limit = min(limit, _CONTRADICTED)
        line = tried if tried >= 0 else line
        return Finding(grades, features, line, tuple(outcomes), limit, self._rows(clause), doubted)

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
        """Return how likely at least what a clause asks for is there, by its rows."""
        least = _LISTED.get(clause.counted or "", 0.0) if clause.count is None else 0.0
        return least if least and self._shows.rows(clause) else 0.0

    def _has_no_line_to_sign(self, clause: Clause) -> bool:
        """Tell whether a line for a signature is asked for, and signing is but spoken of."""
        asked = clause.counted == "signature" and clause.count is None
        if not asked or self._values.spots("signed"):
            return False
        return patterns.find("blank", "\n".join(self._reading.lines)) is None

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
        return self._values.people(self._shows.headings(clause), count)

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
