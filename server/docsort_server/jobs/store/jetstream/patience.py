"""How long an operation waits for an engine that is away or full."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, TypeVar

from docsort_server.faults import Fault, Reason
from docsort_server.jobs.store.jetstream.trouble import Away, Refused

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

    from docsort_server.jobs.store.jetstream.connection import Connection

T = TypeVar("T")

RETRY_AFTER = 2.0
# Seconds between tries: at first, and at most.
_PAUSE, _LONGEST = 0.02, 0.5


class Patience:
    """Try an operation again until it is done: for `seconds`, or until its caller is cancelled."""

    def __init__(self, connection: Connection, seconds: float | None = None) -> None:
        self._connection = connection
        self._seconds = seconds

    async def until_done(self, attempt: Callable[[bool], Awaitable[T]]) -> T:
        """Return what `attempt` returns once the engine is there.

        Its argument tells whether an earlier try may have been carried out without our knowing.
        Raises `Fault` OVERLOADED once the time is up, at once where the engine is full and
        somebody waits; `Refused` where trying again is of no use.
        """
        if self._seconds is None:
            return await self._try(attempt)
        try:
            async with asyncio.timeout(self._seconds):
                return await self._try(attempt)
        except TimeoutError:
            text = "The job store does not answer; retry later."
            raise Fault(Reason.OVERLOADED, text, retry_after=RETRY_AFTER) from None

    async def _try(self, attempt: Callable[[bool], Awaitable[T]]) -> T:
        doubt, pause = False, _PAUSE
        while True:
            try:
                return await attempt(doubt)
            except Away as away:
                doubt = doubt or away.doubt
            except Refused as refusal:
                self._check(refusal)
            await asyncio.sleep(pause)
            await self._connection.up()
            pause = min(2 * pause, _LONGEST)

    def _check(self, refusal: Refused) -> None:
        if not refusal.passing:
            raise refusal
        if refusal.full and self._seconds is not None:
            raise full()


def full() -> Fault:
    """Return the fault for a store without room."""
    text = "The job store is full; retry later."
    metadata = {"limit": "store_bytes"}
    return Fault(Reason.OVERLOADED, text, metadata=metadata, retry_after=RETRY_AFTER)
