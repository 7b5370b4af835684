"""A feed with a sense of time: it tells when it is idle, and ends when its job is gone."""

from __future__ import annotations

import asyncio
import math
from contextlib import suppress
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import AsyncGenerator, Awaitable, Callable

    from docsort_server.jobs.store.jetstream.feed import Delivered, Feed


async def follow(
    feed: Feed,
    *,
    idle: float | None,
    look: float = math.inf,
    exists: Callable[[], Awaitable[bool]] | None = None,
) -> AsyncGenerator[Delivered | None, None]:
    """Yield a feed's messages, and None after each `idle` seconds of silence.

    After each `look` seconds of silence asks whether there is anything left to wait for: a log
    that expires makes no sound. Closes the feed.
    """
    loop = asyncio.get_running_loop()
    ticks = _Ticks(idle or math.inf, look, loop.time())
    reading: asyncio.Future[Delivered] | None = None
    try:
        while True:
            delivered = feed.ready() if reading is None else None
            if delivered is None:
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
            with suppress(asyncio.CancelledError):
                await reading
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
