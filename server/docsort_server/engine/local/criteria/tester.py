"""Hold the values of a page against the conditions of a criterion."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from docsort_server.engine.local.criteria import (
    currencies,
    origins,
    payment_terms,
    quantities,
    signing,
)
from docsort_server.engine.local.criteria.conditions import SIGNING, Condition, Measure, Origin
from docsort_server.engine.local.criteria.naming import Naming
from docsort_server.engine.local.criteria.outcomes import MISSING, Holds, Outcome, doubted, plain
from docsort_server.engine.local.criteria.readings import Readings
from docsort_server.engine.local.criteria.values import Grade

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from docsort_server.engine.counts import Count
    from docsort_server.engine.local.criteria.conditions import Trial
    from docsort_server.engine.local.criteria.naming import Candidate
    from docsort_server.engine.local.criteria.sheet import Spot
    from docsort_server.engine.local.criteria.values import Values

# So many values of one name are compared with so many of another.
_MOST = 10
_UNSURE = {Holds.YES: Holds.LIKELY, Holds.NO: Holds.UNLIKELY}


class Tester:
    """Tries what criteria compare on one page."""

    def __init__(self, values: Values) -> None:
        self._values = values
        self._naming = Naming(values)
        self._read = Readings(values)

    def try_(self, trial: Trial, count: Count | None) -> Outcome:
        """Return whether the value of a trial meets its conditions, or any where none is named."""
        told = self._tried(trial, count)
        if any(self._is_unpaid(each) for each in trial.conditions):
            return told._replace(holds=_UNSURE.get(told.holds, told.holds))
        return told

    def _is_unpaid(self, condition: Condition | Origin) -> bool:
        """Tell whether an amount is compared in a currency of which the page says nothing."""
        if isinstance(condition, Origin) or not condition.currencies or not condition.bounded:
            return False
        named = (currencies.codes_of(self._read.text(spot)) for spot in self._values.spots("money"))
        return not self._read.currencies and not any(
            condition.currencies & codes for codes in named
        )

    def _tried(self, trial: Trial, count: Count | None) -> Outcome:
        if trial.form in SIGNING:
            return signing.tested(self._values, trial, count)
        if trial.against is not None:
            told = self._related if trial.form != "term" else self._to_pay
            return told(trial, trial.against)
        if trial.every:
            return self._all(trial)
        if not trial.labels or isinstance(trial.conditions[0], Origin):
            return self._any(trial, count)
        found = self._naming.candidates(trial)
        if found:
            return self._weighed(found, trial)
        return self._only(trial) if trial.own else MISSING

    def _any(self, trial: Trial, count: Count | None) -> Outcome:
        spots = self._naming.any(trial)
        judged = [(self._holds(spot, trial), spot) for spot in spots]
        fitting = [spot for holds, spot in judged if holds]
        if count is not None:
            enough = count.holds(len({spot.key for spot in fitting}))
            line = fitting[0].line if fitting else -1
            return Outcome(Grade.ENOUGH if enough else Grade.FEWER, Holds.YES, line)
        for wanted, holds in ((True, Holds.YES), (None, Holds.OPEN), (False, Holds.NO)):
            for told, spot in judged:
                if told is wanted:
                    return Outcome(Grade.BESIDE, holds, spot.line)
        return Outcome(Grade.NOTHING, Holds.NO, -1)

    def _all(self, trial: Trial) -> Outcome:
        """Tell whether all values of a form meet the conditions, as far as they are found."""
        judged = [(self._holds(spot, trial), spot) for spot in self._naming.any(trial)]
        if not judged:
            return Outcome(Grade.NOTHING, Holds.NO, -1)
        failing = [spot for holds, spot in judged if holds is False]
        if failing:
            return Outcome(Grade.BESIDE, Holds.NO, failing[0].line)
        told = {holds for holds, _ in judged}
        return Outcome(Grade.BESIDE, Holds.OPEN if None in told else Holds.YES, judged[0][1].line)

    def _weighed(self, found: Sequence[Candidate], trial: Trial) -> Outcome:
        best = max(each.grade for each in found)
        judged = [(self._holds(each.spot, trial), each) for each in found if each.grade == best]
        told = {holds for holds, _ in judged}
        # Dates of a page come first, and sums last.
        place = 0 if trial.form == "date" and not trial.last else -1
        strongest = max(each.strength for _, each in judged)
        holds, chosen = [pair for pair in judged if pair[1].strength == strongest][place]
        if len(told) > 1:
            return Outcome(best, doubted(holds), chosen.spot.line)
        return Outcome(best, plain(holds), chosen.spot.line)

    def _to_pay(self, trial: Trial, against: Trial) -> Outcome:
        """Tell whether the time to pay is as asked: it is stated, or lies between two dates."""
        dated = self._related(replace(trial, form="date"), against)
        spots = self._values.spots("term")
        if not spots:
            named = dated.line >= 0 or bool(self._values.labels.find(trial.labels))
            spoken = named or payment_terms.spoken_of(self._values.sheet)
            return dated if spoken else dated._replace(holds=Holds.NO)
        (condition,) = trial.conditions
        told = [_lasts(spot, condition) for spot in spots]
        surely = all(spot.sure and each == told[0] for spot, each in zip(spots, told, strict=True))
        holds = plain(told[0]) if surely else doubted(told[0])
        if holds is dated.holds:
            return dated
        if {holds, dated.holds} == {Holds.YES, Holds.NO}:
            holds = doubted(told[0])
        return Outcome(Grade.BESIDE, holds, spots[0].line)

    def _related(self, trial: Trial, against: Trial) -> Outcome:
        """Tell whether the difference of two values is as asked."""
        mine, others = (_plainest(self._naming.candidates(each)) for each in (trial, against))
        if not (mine and others):
            return Outcome(Grade.NOTHING, Holds.OPEN, mine[0].spot.line if mine else -1)
        if {each.spot for each in mine} & {each.spot for each in others}:
            # Names that do not tell the two apart: no value is compared with itself.
            return Outcome(mine[0].grade, Holds.OPEN, mine[0].spot.line)
        told = [self._differ(one.spot, other.spot, trial) for one in mine for other in others]
        grade = min(mine[0].grade, others[0].grade)
        holds = plain(told[0]) if len(set(told)) == 1 else doubted(told[0])
        return Outcome(grade, holds, mine[0].spot.line)

    def _differ(self, one: Spot, other: Spot, trial: Trial) -> bool | None:
        (condition,) = trial.conditions
        ours, theirs = self._read.codes(one), self._read.codes(other)
        first, second = self._read.span(one, trial.form), self._read.span(other, trial.form)
        if isinstance(condition, Origin) or not (first and second):
            return None
        if ours and theirs and not ours & theirs:
            return None
        return condition.holds(first[0] - second[1], first[1] - second[0])

    def _only(self, trial: Trial) -> Outcome:
        """Try what no name tells apart: it is clear where all agree."""
        spots = self._naming.unclaimed(trial)
        if not spots:
            return MISSING
        judged = [self._holds(spot, trial) for spot in spots]
        if len(set(judged)) == 1:
            return Outcome(Grade.BELOW, plain(judged[0]), spots[0].line)
        place = (
            0
            if trial.form == "date"
            else spots.index(max(spots, key=lambda each: self._size(each, trial.form) or 0.0))
        )
        return Outcome(Grade.APART, doubted(judged[place]), spots[place].line)

    def _size(self, spot: Spot, form: str) -> float | None:
        if form == "length":
            return quantities.length(self._read.text(spot))
        # In brackets a share is not below zero: "VAT (12 %)".
        return self._read.share(spot) if form == "percent" else self._read.amount(spot)

    def _holds(self, spot: Spot, trial: Trial) -> bool | None:
        told = {self._meets(spot, each, trial.form) for each in trial.conditions}
        if trial.either in told:
            return trial.either
        return None if None in told else not trial.either

    def _meets(self, spot: Spot, condition: Condition | Origin, form: str) -> bool | None:
        text = self._read.text(spot)
        if isinstance(condition, Origin):
            return _is_of(text, condition.countries, form)
        if condition.measure is Measure.DATE:
            return _all_the_same(self._dated(text, condition))
        if condition.currencies and not (paid := self._paid(spot, condition)):
            return paid
        amount = self._size(spot, form)
        if amount is None:
            return None
        held = condition.holds(amount, amount)
        # Payments and credits are written as less than nothing: their size may be meant.
        if amount < 0 < condition.high and condition.holds(-amount, -amount) != held:
            return None
        return held

    def _dated(self, text: str, condition: Condition) -> Iterable[bool | None]:
        for first, last in quantities.spans(text, day_first=self._read.day_first):
            if condition.month is None:
                yield condition.holds(first, last)
            else:
                yield quantities.month_of(first, last) == condition.month

    def _paid(self, spot: Spot, condition: Condition) -> bool | None:
        """Tell whether an amount is of the currency; of another it cannot be compared."""
        bounded = condition.bounded
        here = self._read.codes(spot)
        if here:
            shared = here & condition.currencies
            # A bare dollar sign is most often that of the United States.
            if here <= condition.currencies or "USD" in shared:
                return True
            return None if bounded or shared else False
        if not self._read.currencies:
            return True if bounded else None
        same = all(codes & condition.currencies for codes in self._read.currencies)
        return True if same else None


def _lasts(spot: Spot, condition: Condition | Origin) -> bool | None:
    return None if isinstance(condition, Origin) else condition.holds(*payment_terms.lasting(spot))


def _plainest(found: Sequence[Candidate]) -> list[Candidate]:
    """Return the values that are named best, by the longest name."""
    best = max(((each.grade, each.strength) for each in found), default=None)
    return [each for each in found if (each.grade, each.strength) == best][:_MOST]


def _is_of(text: str, countries: frozenset[str], form: str) -> bool | None:
    if form == "phone":
        return origins.of_phone(text, countries)
    if form == "postcode":
        return origins.of_postcode(text, countries)
    bare = "".join(filter(str.isalnum, text))
    code = origins.of_code(bare[4:] if form == "bic" else bare)
    return None if code is None else code in countries


def _all_the_same(told: Iterable[bool | None]) -> bool | None:
    different = set(told)
    return different.pop() if len(different) == 1 else None
