"""Hold the values of a page against the conditions of a criterion."""

from __future__ import annotations

from enum import Enum
from functools import cached_property
from typing import TYPE_CHECKING, NamedTuple

from docsort_server.engine.counts import Count
from docsort_server.engine.local.criteria import currencies, origins, quantities, signers
from docsort_server.engine.local.criteria.conditions import Condition, Measure, Origin
from docsort_server.engine.local.criteria.naming import Naming
from docsort_server.engine.local.criteria.signatures import State
from docsort_server.engine.local.criteria.values import Grade

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from docsort_server.engine.local.criteria.naming import Candidate
    from docsort_server.engine.local.criteria.sheet import Spot
    from docsort_server.engine.local.criteria.trials import Trial
    from docsort_server.engine.local.criteria.values import Values


class Holds(Enum):
    """Whether a value is as asked; OPEN where it is not found or cannot be read."""

    YES = "yes"
    LIKELY = "likely"  # of several values that disagree the likeliest is
    OPEN = "open"
    UNLIKELY = "unlikely"
    NO = "no"


class Outcome(NamedTuple):
    """How a trial ended: how plainly the value is given, and its line, -1 for none."""

    grade: Grade
    holds: Holds
    line: int


# Where these are paid with, days come first.
_DAY_FIRST = frozenset(("EUR", "GBP", "CHF", "PLN", "DKK", "NOK", "CZK", "BRL", "INR"))
# So many values of one name are compared with so many of another.
_MOST = 10
_UNSURE = {Holds.YES: Holds.LIKELY, Holds.NO: Holds.UNLIKELY}
_MISSING = Outcome(Grade.NOTHING, Holds.OPEN, -1)


class Tester:
    """Tries what criteria compare on one page."""

    def __init__(self, values: Values) -> None:
        self._values = values
        self._naming = Naming(values)

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
        named = (currencies.codes_of(self._text(spot)) for spot in self._values.spots("money"))
        return not self._currencies and not any(condition.currencies & codes for codes in named)

    def _tried(self, trial: Trial, count: Count | None) -> Outcome:
        if trial.form == "signed":
            return self._signed_by(trial.signers, count or Count(1))
        if trial.against is not None:
            return self._related(trial, trial.against)
        if trial.every:
            return self._all(trial)
        if not trial.labels or isinstance(trial.conditions[0], Origin):
            return self._any(trial, count)
        found = self._naming.candidates(trial)
        if found:
            return self._weighed(found, trial)
        return self._only(trial) if trial.own else _MISSING

    def _signed_by(self, who: signers.Signers, count: Count) -> Outcome:
        """Tell whether so many have signed, and those who are named among them."""
        lines = self._values.sheet.folded_lines
        places = [(State[spot.key], spot.line) for spot in self._values.spots("signed")]
        told = _signed(places, count)
        if told.holds is not Holds.YES:
            return told
        around = [signers.around(lines, line) for state, line in places if state > State.EMPTY]
        if all(any(signers.has_name(each, name) for each in around) for name in who.names):
            known = not who.role or any(signers.has_role(each, who.role) for each in around)
            return told if known else told._replace(holds=Holds.LIKELY)
        # Whom the page names elsewhere may have signed by hand.
        named = all(signers.has_name(lines, name) for name in who.names)
        return told._replace(holds=Holds.UNLIKELY if named else Holds.NO)

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
            return Outcome(best, _doubted(holds), chosen.spot.line)
        return Outcome(best, _plain(holds), chosen.spot.line)

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
        holds = _plain(told[0]) if len(set(told)) == 1 else _doubted(told[0])
        return Outcome(grade, holds, mine[0].spot.line)

    def _differ(self, one: Spot, other: Spot, trial: Trial) -> bool | None:
        (condition,) = trial.conditions
        ours, theirs = self._codes(one), self._codes(other)
        first, second = self._span(one, trial.form), self._span(other, trial.form)
        if isinstance(condition, Origin) or not (first and second):
            return None
        if ours and theirs and not ours & theirs:
            return None
        return condition.holds(first[0] - second[1], first[1] - second[0])

    def _span(self, spot: Spot, form: str) -> tuple[float, float] | None:
        """Return from what to what a value reaches; None where it cannot be read."""
        text = self._text(spot)
        if form == "date":
            read = quantities.spans(text, day_first=self._day_first)
            return read[0] if len(read) == 1 else None
        amount = self._read(spot)
        return None if amount is None else (amount, amount)

    def _only(self, trial: Trial) -> Outcome:
        """Try what no name tells apart: it is clear where all agree."""
        spots = self._naming.unclaimed(trial)
        if not spots:
            return _MISSING
        judged = [self._holds(spot, trial) for spot in spots]
        if len(set(judged)) == 1:
            return Outcome(Grade.BELOW, _plain(judged[0]), spots[0].line)
        place = 0 if trial.form == "date" else spots.index(max(spots, key=self._amount))
        return Outcome(Grade.APART, _doubted(judged[place]), spots[place].line)

    def _holds(self, spot: Spot, trial: Trial) -> bool | None:
        told = {self._meets(spot, each, trial.form) for each in trial.conditions}
        if trial.either in told:
            return trial.either
        return None if None in told else not trial.either

    def _meets(self, spot: Spot, condition: Condition | Origin, form: str) -> bool | None:
        text = self._text(spot)
        if isinstance(condition, Origin):
            return _is_of(text, condition.countries, form)
        if condition.measure is Measure.DATE:
            return _all_the_same(self._dated(text, condition))
        if condition.currencies and not (paid := self._paid(spot, condition)):
            return paid
        amount = quantities.length(text) if form == "length" else self._read(spot)
        if amount is None:
            return None
        held = condition.holds(amount, amount)
        # Payments and credits are written as less than nothing: their size may be meant.
        if amount < 0 < condition.high and condition.holds(-amount, -amount) != held:
            return None
        return held

    def _dated(self, text: str, condition: Condition) -> Iterable[bool | None]:
        for first, last in quantities.spans(text, day_first=self._day_first):
            if condition.month is None:
                yield condition.holds(first, last)
            else:
                yield quantities.month_of(first, last) == condition.month

    def _paid(self, spot: Spot, condition: Condition) -> bool | None:
        """Tell whether an amount is of the currency; of another it cannot be compared."""
        bounded = condition.bounded
        here = self._codes(spot)
        if here:
            shared = here & condition.currencies
            # A bare dollar sign is most often that of the United States.
            if here <= condition.currencies or "USD" in shared:
                return True
            return None if bounded or shared else False
        if not self._currencies:
            return True if bounded else None
        return True if all(codes & condition.currencies for codes in self._currencies) else None

    def _codes(self, spot: Spot) -> frozenset[str]:
        return currencies.beside(self._values.sheet.folded_lines[spot.line], spot.start, spot.end)

    @cached_property
    def _currencies(self) -> frozenset[frozenset[str]]:
        """What the signs beside all amounts of the page may stand for."""
        return frozenset(filter(None, map(self._codes, self._values.spots("amount"))))

    @cached_property
    def _day_first(self) -> bool | None:
        """Whether days come first in dates of figures, where one of the page or its money shows."""
        told = (
            quantities.proves_day_first(self._text(spot)) for spot in self._values.spots("date")
        )
        paid = True if any(_DAY_FIRST & codes for codes in self._currencies) else None
        return next((each for each in told if each is not None), paid)

    def _amount(self, spot: Spot) -> float:
        return self._read(spot) or 0.0

    def _read(self, spot: Spot) -> float | None:
        line = self._values.sheet.folded_lines[spot.line]
        return quantities.amount_at(line, spot.start, spot.end)

    def _text(self, spot: Spot) -> str:
        return self._values.sheet.folded_lines[spot.line][spot.start : spot.end]


def _signed(places: Sequence[tuple[State, int]], count: Count) -> Outcome:
    """Tell whether so many have signed, as far as the places for it show."""
    signed = [(state, line) for state, line in places if state >= State.CLOSED]
    waiting = [line for state, line in places if state == State.OPEN]
    first = min((line for _, line in signed), default=-1)
    if signed and count.holds(len(signed)):
        said = max(state for state, _ in signed) is State.SIGNED
        line = max(signed, key=lambda each: (each[0], -each[1]))[1]
        return Outcome(Grade.BESIDE if said else Grade.BELOW, Holds.YES, line)
    if len(signed) < count.low <= len(signed) + len(waiting):
        return Outcome(Grade.APART, Holds.LIKELY, min([*waiting, *(line for _, line in signed)]))
    if len(signed) < count.low and places:
        return Outcome(Grade.BELOW, Holds.NO, places[0][1])
    held = count.holds(len(signed))
    return Outcome(Grade.ENOUGH if held else Grade.NOTHING, Holds.YES if held else Holds.NO, first)


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


def _plain(holds: bool | None) -> Holds:
    return {True: Holds.YES, False: Holds.NO, None: Holds.OPEN}[holds]


def _doubted(holds: bool | None) -> Holds:
    return {True: Holds.LIKELY, False: Holds.UNLIKELY, None: Holds.OPEN}[holds]
