"""Hold the signatures of a page against how many, and who, a criterion says have signed."""

from __future__ import annotations

from typing import TYPE_CHECKING

from docsort_server.engine.counts import Count
from docsort_server.engine.local.criteria import signers
from docsort_server.engine.local.criteria.outcomes import MISSING, Holds, Outcome
from docsort_server.engine.local.criteria.signatures import State
from docsort_server.engine.local.criteria.values import Grade

if TYPE_CHECKING:
    from collections.abc import Sequence

    from docsort_server.engine.local.criteria.conditions import Trial
    from docsort_server.engine.local.criteria.values import Values

    _Places = Sequence[tuple[State, int]]

# The fewest of whom "all parties" may be said.
_PARTIES = 2


def tested(values: Values, trial: Trial, count: Count | None) -> Outcome:
    """Tell whether so many have signed, or all, and those who are named among them."""
    places = [(State[spot.key], spot.line) for spot in values.spots("signed")]
    if trial.form == "unsigned":
        return _lacking(places)
    if trial.every:
        return _all(places)
    return _by(values, trial.signers, places, count or Count(1))


def _by(values: Values, who: signers.Signers, places: _Places, count: Count) -> Outcome:
    lines = values.sheet.folded_lines
    told = _counted(places, count)
    if told.holds is not Holds.YES:
        return told
    around = [signers.around(lines, line) for state, line in places if state > State.EMPTY]
    if all(any(signers.has_name(each, name) for each in around) for name in who.names):
        known = not who.role or any(signers.has_role(each, who.role) for each in around)
        return told if known else told._replace(holds=Holds.LIKELY)
    # Whom the page names elsewhere may have signed by hand.
    named = all(signers.has_name(lines, name) for name in who.names)
    return told._replace(holds=Holds.UNLIKELY if named else Holds.NO)


def _counted(places: _Places, count: Count) -> Outcome:
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


def _all(places: _Places) -> Outcome:
    """Tell whether all who are to sign have: how many those are, only their places show."""
    waiting = _waiting(places, State.EMPTY)
    if waiting >= 0:
        some = any(state >= State.CLOSED for state, _ in places)
        return Outcome(Grade.BESIDE if some else Grade.BELOW, Holds.NO, waiting)
    told = _counted(places, Count(_PARTIES))
    signed = [line for state, line in places if state >= State.CLOSED]
    if not places or (told.holds is Holds.YES and len(signed) == len(places)):
        return told
    bare = _waiting(places, State.OPEN)
    if signed and bare >= 0:
        return Outcome(Grade.BELOW, Holds.UNLIKELY, bare)
    return Outcome(Grade.BELOW, Holds.LIKELY, places[0][1])


def _lacking(places: _Places) -> Outcome:
    """Tell whether one who is to sign has not; without a place for it that is not told."""
    if not places:
        return MISSING
    told = _all(places)
    turned = {Holds.NO: Holds.YES, Holds.YES: Holds.NO, Holds.UNLIKELY: Holds.LIKELY}
    return told._replace(holds=turned.get(told.holds, Holds.UNLIKELY))


def _waiting(places: _Places, wanted: State) -> int:
    return next((line for state, line in places if state is wanted), -1)
