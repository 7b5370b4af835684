"""What values must be, within bounds, of a currency, of a country, and which values are meant."""

from __future__ import annotations

import math
from dataclasses import dataclass
from enum import Enum, auto

from docsort_server.engine.local.criteria.signers import ANYBODY, Signers


class Measure(Enum):
    """What is compared, each in the numbers of the quantities module."""

    MONEY = auto()
    NUMBER = auto()
    PERCENT = auto()
    LENGTH = auto()
    DATE = auto()
    TERM = auto()  # days to pay


@dataclass(frozen=True, slots=True)
class Condition:
    """Bounds of a value, both included.

    `currencies` are the codes of which the value must have one, if any are asked for; `month`
    is one to 12 where the year is of no matter. A `weak` one is heard only beside words for such
    a value: "of 2020" may belong to anything. With `other` the bounds are of the difference from
    the value of these words. `outside` ones are held by what lies beyond the bounds.
    """

    measure: Measure
    low: float = -math.inf
    high: float = math.inf
    currencies: frozenset[str] = frozenset()
    month: int | None = None
    weak: bool = False
    other: str = ""
    outside: bool = False

    @property
    def bounded(self) -> bool:
        """Whether more than a currency is asked for."""
        return self != Condition(self.measure, currencies=self.currencies)

    def holds(self, low: float, high: float) -> bool | None:
        """Tell whether a value lies as asked; of one from `low` to `high` None may be."""
        if self.low <= low and high <= self.high:
            return not self.outside
        return self.outside if high < self.low or low > self.high else None


@dataclass(frozen=True, slots=True)
class Origin:
    """The countries that a number must be of, by codes of ISO 3166."""

    countries: frozenset[str]


@dataclass(frozen=True, slots=True)
class Trial:
    """A value of a form that must meet conditions.

    It is named by `labels`, or any of the form without them; what stands nearer to one of `rivals`
    is another value. `own`: where nothing is named so, the only one on the page is meant. `said`
    are the labels that the criterion says itself; with `last` the last of two, as where a period
    ends. `against` is the other value where two are compared. With `either` one of the conditions
    is enough, with `every` all values of the form must meet them, or all signers have signed.
    """

    form: str
    labels: tuple[str, ...]
    rivals: tuple[str, ...]
    conditions: tuple[Condition | Origin, ...]
    own: bool = False
    said: tuple[str, ...] = ()
    last: bool = False
    against: Trial | None = None
    either: bool = False
    every: bool = False
    signers: Signers = ANYBODY


# What has been signed, and what waits for one more signature.
SIGNED, UNSIGNED = (Trial(form, (), (), ()) for form in ("signed", "unsigned"))
SIGNING = (SIGNED.form, UNSIGNED.form)


@dataclass(frozen=True, slots=True)
class Tried:
    """The trials of a part, and which of its groups of values they stand for.

    `spoken`: they are all that the part says.
    """

    trials: tuple[Trial, ...]
    groups: frozenset[int]
    spoken: bool = False

    @property
    def conditions(self) -> tuple[Condition | Origin, ...]:
        """What the values must be."""
        return tuple(each for trial in self.trials for each in trial.conditions)
