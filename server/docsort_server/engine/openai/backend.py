"""One model behind one address, as data."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum
from typing import TYPE_CHECKING, NoReturn
from urllib.parse import urlsplit, urlunsplit

if TYPE_CHECKING:
    from docsort_server.engine.openai.calibration import Calibration

_MILLION = 1_000_000
_LEAST = {
    "max_concurrency": 1,
    "max_tries": 1,
    "timeout": 0.001,
    "patience": 0.001,
    "requests_per_minute": 0,
    "tokens_per_minute": 0,
    "text_chars": 100,
    "votes": 0,
}


class BackendError(ValueError):
    """A backend that cannot be; the text names its setting and never its key."""


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

    def __post_init__(self) -> None:
        parts = urlsplit(self.base_url)
        if parts.scheme not in {"http", "https"} or not parts.hostname:
            self._refuse("base_url", "must be an http or https URL such as https://host/v1")
        if parts.username or parts.password:
            self._refuse("base_url", "must hold no user or password; the key is api_key")
        for name in ("name", "model"):
            if not getattr(self, name):
                self._refuse(name, "must not be empty")
        for name, least in _LEAST.items():
            if not getattr(self, name) >= least:
                self._refuse(name, f"must be at least {least:g}")

    def _refuse(self, setting: str, why: str) -> NoReturn:
        raise BackendError(f"backend {self.name or 'without a name'}: {setting}: {why}")

    @property
    def address(self) -> str:
        """The URL as it may be shown: a query could hold a secret."""
        parts = urlsplit(self.base_url)
        return urlunsplit((parts.scheme, parts.netloc, parts.path, "", ""))
