"""Requests and tokens per minute."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from collections.abc import Callable

    from docsort_server.engine.openai.backend import Backend

MINUTE = 60.0
# What may go at once after a rest, in seconds of the rate.
BURST = 5.0


class Allowance(Protocol):
    """What a backend allows in a time, for one process or for all that share its key."""

    async def take(self, tokens: int) -> float:
        """Take one request of about so many tokens and return 0, or the seconds to wait first."""

    async def settle(self, estimated: int, used: int) -> None:
        """Correct what was taken, once the call told its tokens."""


class Bucket:
    """Fills at a rate and is drawn from; what is larger than the bucket takes a full one."""

    def __init__(self, per_minute: int, now: float) -> None:
        self._rate = per_minute / MINUTE
        self._most = max(1.0, self._rate * BURST)
        self._level = self._most
        self._filled = now

    def wait(self, amount: float, now: float) -> float:
        """Return how long it is until an amount can be drawn."""
        self._level = min(self._most, self._level + (now - self._filled) * self._rate)
        self._filled = now
        return max(0.0, (min(amount, self._most) - self._level) / self._rate)

    def draw(self, amount: float) -> None:
        """Draw an amount; a negative one puts back."""
        self._level = min(self._most, self._level - amount)


class LocalAllowance:
    """The allowance of a process that has a backend for itself."""

    def __init__(self, backend: Backend, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        now = clock()
        rpm, tpm = backend.requests_per_minute, backend.tokens_per_minute
        self._requests = Bucket(rpm, now) if rpm else None
        self._tokens = Bucket(tpm, now) if tpm else None

    async def take(self, tokens: int) -> float:
        """Take one request of about so many tokens and return 0, or the seconds to wait first."""
        buckets = [(self._requests, 1), (self._tokens, tokens)]
        limited = [(bucket, amount) for bucket, amount in buckets if bucket]
        wait = max((bucket.wait(amount, self._clock()) for bucket, amount in limited), default=0.0)
        if wait <= 0.0:
            for bucket, amount in limited:
                bucket.draw(amount)
        return wait

    async def settle(self, estimated: int, used: int) -> None:
        """Put back what was not used, or draw what was used beyond it."""
        if self._tokens:
            self._tokens.draw(used - estimated)
