"""A source with a sense of time: it tells when it is idle, and ends when its job is gone."""

from __future__ import annotations

import asyncio
import math
from typing import TYPE_CHECKING, Protocol, TypeVar

if TYPE_CHECKING:
    from collections.abc import AsyncGenerator, Awaitable, Callable

T_co = TypeVar("T_co", covariant=True)


class Source(Protocol[T_co]):
    """Something that is read for ever: `Feed` and `JobTail`."""

    def ready(self) -> T_co | None:
        """Return what is here already."""

    async def rest(self, seconds: float) -> bool:
        """Wait at most so long until something may be here; False where only `next` can tell."""

    async def next(self) -> T_co:
        """Wait for what comes next."""

    async def close(self) -> None:
        """Let go of it."""


async def follow(
    feed: Source[T_co],
    *,
    idle: float | None,
    look: float = math.inf,
    exists: Callable[[], Awaitable[bool]] | None = None,
) -> AsyncGenerator[T_co | None, None]:
    """Yield what a source has, and None after each `idle` seconds of silence.

    After each `look` seconds of silence asks whether there is anything left to wait for: a log
    that expires makes no sound. Closes the source.
    """
    loop = asyncio.get_running_loop()
    ticks = _Ticks(idle or math.inf, look, loop.time())
    reading: asyncio.Future[T_co] | None = None
    try:
        while True:
            delivered = feed.ready() if reading is None else None
            rested = False
            if delivered is None and reading is None:
                # Each turn of the loop that this saves is the turn of others before ours.
                rested = await feed.rest(ticks.left(loop.time()))
                delivered = feed.ready() if rested else None
            if delivered is None and not rested:
                # Kept over the ticks: cancelling it might lose a message.
                reading = reading or asyncio.ensure_future(feed.next())
                await asyncio.wait({reading}, timeout=ticks.left(loop.time()))
                if reading.done():
                    delivered, reading = reading.result(), None
            now = loop.time()
            if delivered:
                ticks.reset(now)
                yield delivered
            elif ticks.is_time_to_look(now) and exists and not await exists():
                return
            elif ticks.is_idle(now):
                yield None
    finally:
        if reading:
            reading.cancel()
            # What it failed with has been raised where it was waited for.
            await asyncio.gather(reading, return_exceptions=True)
        await feed.close()


class _Ticks:
    """What is due after how much silence."""

    def __init__(self, idle: float, look: float, now: float) -> None:
        self._idle = idle
        self._look = look
        self.reset(now)

    def reset(self, now: float) -> None:
        self._idle_due = now + self._idle
        self._look_due = now + self._look

    def left(self, now: float) -> float:
        return max(0.0, min(self._idle_due, self._look_due) - now)

    def is_time_to_look(self, now: float) -> bool:
        if now < self._look_due:
            return False
        self._look_due = now + self._look
        return True

    def is_idle(self, now: float) -> bool:
        if now < self._idle_due:
            return False
        self._idle_due = now + self._idle
        return True
