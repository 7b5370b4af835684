"""What a page will cost before it is asked about: bounds, since models are not known inside."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from collections.abc import Callable

    from docsort_server.documents.model import PageContent
    from docsort_server.engine.model import Question


@dataclass(frozen=True, slots=True)
class Bounds:
    """A number known within bounds, both included."""

    least: float = 0.0
    most: float = 0.0

    def plus(self, other: Bounds) -> Bounds:
        """Return the bounds of a sum."""
        return Bounds(self.least + other.least, self.most + other.most)

    def times(self, factor: float) -> Bounds:
        """Return the bounds of a multiple."""
        return Bounds(self.least * factor, self.most * factor)

    def within(self, most: float) -> Bounds:
        """Return the bounds where something else bounds the number too."""
        return Bounds(min(self.least, most), min(self.most, most))


@dataclass(frozen=True, slots=True)
class Forecast:
    """Calls of a model, tokens and cost that pages take; `cost` is None without prices."""

    calls: Bounds = Bounds()
    input_tokens: Bounds = Bounds()
    output_tokens: Bounds = Bounds()
    cost: Bounds | None = None

    def plus(self, other: Forecast) -> Forecast:
        """Return the forecast for both; a cost that only one of them has is the sum's."""
        costs = [each for each in (self.cost, other.cost) if each is not None]
        return Forecast(
            self.calls.plus(other.calls),
            self.input_tokens.plus(other.input_tokens),
            self.output_tokens.plus(other.output_tokens),
            costs[0].plus(costs[1]) if len(costs) > 1 else next(iter(costs), None),
        )

    def mapped(self, change: Callable[[Bounds], Bounds]) -> Forecast:
        """Return the forecast with a change made to all its bounds."""
        return Forecast(
            change(self.calls),
            change(self.input_tokens),
            change(self.output_tokens),
            self.cost and change(self.cost),
        )


class Forecaster(Protocol):
    """Tell what an engine that asks a model takes for a page."""

    @property
    def notes(self) -> tuple[str, ...]:
        """What the bounds leave out, in sentences."""

    def forecast(self, page: PageContent, question: Question) -> Forecast:
        """Return the bounds for one page."""


class CascadeForecaster:
    """Forecast for a cascade: whether a page goes on to the model shows only when it is judged."""

    def __init__(self, better: Forecaster) -> None:
        self._better = better

    @property
    def notes(self) -> tuple[str, ...]:
        """Add that any number of pages may need no model."""
        text = "How many pages the embedded engine leaves to the model shows only when they run."
        return (text, *self._better.notes)

    def forecast(self, page: PageContent, question: Question) -> Forecast:
        """Return the model's bounds with nothing for the least."""
        whole = self._better.forecast(page, question)
        return whole.mapped(lambda bounds: Bounds(0.0, bounds.most))
