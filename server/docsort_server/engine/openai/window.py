"""How many calls a backend is given at once: additive increase, multiplicative decrease."""

from __future__ import annotations

from math import inf

_SHRINK = 0.7
_SLOW = 0.1
_LATE = 2.0
# The share of refused calls, of about so many last ones, that says nothing of the window's size.
_TOLERATED, _MEMORY = 0.06, 64


class Window:
    """Starts at its maximum, shrinks when calls are refused, and grows back while it is full.

    Growth is one per round trip up to just under the size that was refused last, and a tenth of
    that from there on, so that a known limit is tried seldom. A call refused now and then, as busy
    providers do, is no limit: to shrink for it would leave places empty that could be used. Times
    are seconds of one clock.
    """

    def __init__(self, most: int, *, cut_latency: bool = False) -> None:
        self._most = float(most)
        self._size = float(most)
        self._refused_at = inf
        self._shrunk = -inf
        self._shortest = inf
        self._share = 0.0
        self._cut_latency = cut_latency

    @property
    def size(self) -> int:
        """How many calls may be in flight."""
        return int(self._size)

    def succeeded(self, *, started: float, now: float, full: bool, in_flight: int) -> None:
        """Count an answer to a call that began at `started`; `full` tells that more would go."""
        self._shortest = min(self._shortest, now - started)
        self._share -= self._share / _MEMORY
        if self._cut_latency and now - started > _LATE * self._shortest:
            self._shrink(started=started, now=now, in_flight=in_flight)
        elif full:
            step = 1.0 if self._size < self._refused_at - 1.0 else _SLOW
            self._size = min(self._most, self._size + step / self._size)

    def refused(self, *, started: float, now: float, in_flight: int) -> None:
        """Shrink where many are refused, once for all the calls that were on their way together."""
        self._share += (1.0 - self._share) / _MEMORY
        if self._share > _TOLERATED:
            self._shrink(started=started, now=now, in_flight=in_flight)

    def _shrink(self, *, started: float, now: float, in_flight: int) -> None:
        if started <= self._shrunk:
            return
        self._shrunk = now
        self._refused_at = min(self._size, float(in_flight))
        self._size = max(1.0, self._size * _SHRINK)
