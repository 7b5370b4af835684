"""A circuit breaker: where nothing gets through, calls fail at once in place of waiting."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

from docsort_server.faults import Fault, Reason

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

_FAILURES = 5
_GRACE = 5.0
_COOL_OFF = 5.0
_LONGEST = 60.0


class Circuit:
    """Opens after five failures in a row over at least five seconds, or at once where asked to.

    It then refuses calls for a while, longer each time up to a minute, and lets one through to
    see; what becomes of that one closes it or keeps it open.
    """

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._failures = 0
        self._since = 0.0
        self._until: float | None = None
        self._cool_off = _COOL_OFF
        self._probing = False
        self._why = ""
        self._facts: Mapping[str, str] = {}

    def check(self) -> None:
        """Let a call through or raise `Fault` MODEL_UNAVAILABLE with the time to come back."""
        if self._until is None:
            return
        left = self._until - self._clock()
        if left > 0.0 or self._probing:
            raise Fault(
                Reason.MODEL_UNAVAILABLE,
                self._why,
                metadata=self._facts,
                retry_after=max(left, 1.0),
            )
        self._probing = True

    def succeeded(self) -> None:
        """Close it."""
        self._failures, self._until, self._probing = 0, None, False
        self._cool_off = _COOL_OFF

    def failed(self, why: str, facts: Mapping[str, str], *, at_once: bool = False) -> None:
        """Count a failure; with `at_once` there is nothing to hope from the next call."""
        now = self._clock()
        if not self._failures:
            self._since = now
        self._failures += 1
        lasting = self._failures >= _FAILURES and now - self._since >= _GRACE
        if at_once or lasting or self._probing:
            self._open(now, why, facts)

    def abandoned(self) -> None:
        """Forget a call that was given up before it told anything."""
        self._probing = False

    def _open(self, now: float, why: str, facts: Mapping[str, str]) -> None:
        if self._until is not None and not self._probing:
            # A call from before it opened.
            return
        self._until = now + self._cool_off
        self._cool_off = min(_LONGEST, 2.0 * self._cool_off)
        self._why, self._facts, self._probing = why, facts, False
