"""What a value must be: within bounds, of a currency, of a country."""

from __future__ import annotations

import math
from dataclasses import dataclass
from enum import Enum, auto


class Measure(Enum):
    """What is compared, each in the numbers of the quantities module."""

    MONEY = auto()
    NUMBER = auto()
    PERCENT = auto()
    LENGTH = auto()
    DATE = auto()


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
