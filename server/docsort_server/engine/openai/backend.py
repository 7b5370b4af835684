"""One model behind one address, as data."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum
from typing import TYPE_CHECKING
from urllib.parse import urlsplit, urlunsplit

if TYPE_CHECKING:
    from docsort_server.engine.openai.calibration import Calibration

_MILLION = 1_000_000


class Vision(StrEnum):
    """When a page's image is sent; AUTO means where the page has no usable text."""

    AUTO = "auto"
    ALWAYS = "always"
    NEVER = "never"


@dataclass(frozen=True, slots=True)
class Prices:
    """What a million tokens cost, in any currency; cached input None costs what input does."""

    input: float
    output: float
    cached_input: float | None = None

    def cost(self, input_tokens: int, cached_tokens: int, output_tokens: int) -> float:
        """Return the price of a call; `cached_tokens` are part of `input_tokens`."""
        cached = self.input if self.cached_input is None else self.cached_input
        fresh = input_tokens - cached_tokens
        paid = fresh * self.input + cached_tokens * cached + output_tokens * self.output
        return paid / _MILLION


@dataclass(frozen=True, slots=True)
class Backend:
    """Where and how to ask a model. Times are seconds.

    `timeout` bounds one call, `patience` one page with all its waits and retries. A limit of 0
    requests or tokens per minute is none. `text_chars` of a page are sent, from its head and its
    tail. `votes` is how often a model without token probabilities is asked; 0 leaves confidence
    unset. `max_tries` counts the first try too. `cut_latency` shrinks the window when answers take
    twice the shortest time seen: for local servers that queue where others refuse.
    """

    name: str
    base_url: str
    model: str
    api_key: str = field(default="", repr=False)
    max_concurrency: int = 32
    timeout: float = 60.0
    patience: float = 300.0
    max_tries: int = 6
    vision: Vision = Vision.AUTO
    requests_per_minute: int = 0
    tokens_per_minute: int = 0
    text_chars: int = 6_000
    votes: int = 0
    cut_latency: bool = False
    prices: Prices | None = None
    calibration: Calibration | None = None

    @property
    def address(self) -> str:
        """The URL as it may be shown: without user, password and query."""
        parts = urlsplit(self.base_url)
        return urlunsplit((parts.scheme, parts.netloc.rpartition("@")[2], parts.path, "", ""))
