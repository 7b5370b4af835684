"""What the values of a page say, as numbers to compare, read by what else the page shows."""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING

from docsort_server.engine.local.criteria import currencies, quantities

if TYPE_CHECKING:
    from docsort_server.engine.local.criteria.sheet import Spot
    from docsort_server.engine.local.criteria.values import Values

# Where these are paid with, days come first.
_DAY_FIRST = frozenset(("EUR", "GBP", "CHF", "PLN", "DKK", "NOK", "CZK", "BRL", "INR"))


class Readings:
    """Reads the values of one page; what all of them share is looked up once."""

    def __init__(self, values: Values) -> None:
        self._values = values

    def text(self, spot: Spot) -> str:
        """Return what stands there, folded."""
        return self._values.sheet.folded_lines[spot.line][spot.start : spot.end]

    def amount(self, spot: Spot) -> float | None:
        """Return an amount with its sign and scale; None where it cannot be told."""
        line = self._values.sheet.folded_lines[spot.line]
        return quantities.amount_at(line, spot.start, spot.end)

    def share(self, spot: Spot) -> float | None:
        """Return a percentage; None where no number is written."""
        return quantities.plain(self.text(spot))

    def span(self, spot: Spot, form: str) -> tuple[float, float] | None:
        """Return from what to what a value reaches; None where it cannot be read."""
        if form == "date":
            read = quantities.spans(self.text(spot), day_first=self.day_first)
            return read[0] if len(read) == 1 else None
        amount = self.amount(spot)
        return None if amount is None else (amount, amount)

    def codes(self, spot: Spot) -> frozenset[str]:
        """Return what the sign of a currency beside an amount may stand for, empty without one."""
        return currencies.beside(self._values.sheet.folded_lines[spot.line], spot.start, spot.end)

    @cached_property
    def currencies(self) -> frozenset[frozenset[str]]:
        """What the signs beside all amounts of the page may stand for."""
        return frozenset(filter(None, map(self.codes, self._values.spots("amount"))))

    @cached_property
    def day_first(self) -> bool | None:
        """Whether days come first in dates of figures, where one of the page or its money shows."""
        told = (quantities.proves_day_first(self.text(spot)) for spot in self._values.spots("date"))
        paid = True if any(_DAY_FIRST & codes for codes in self.currencies) else None
        return next((each for each in told if each is not None), paid)
