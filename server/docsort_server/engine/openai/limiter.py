"""Who may call a backend, and when: one window for all jobs, in turn among them."""

from __future__ import annotations

import asyncio
import time
from collections import OrderedDict, deque
from contextlib import asynccontextmanager
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import AsyncGenerator, Callable, Hashable

    from docsort_server.engine.openai.window import Window


class Limiter:
    """Hands out the slots of a window, one to each caller in turn while several wait."""

    def __init__(self, window: Window, clock: Callable[[], float] = time.monotonic) -> None:
        self._window = window
        self._clock = clock
        self._in_flight = 0
        self._waiting: OrderedDict[Hashable, deque[asyncio.Future[None]]] = OrderedDict()
        self._held_until = 0.0
        self._timer: asyncio.TimerHandle | None = None

    @property
    def in_flight(self) -> int:
        """How many slots are taken."""
        return self._in_flight

    @property
    def held(self) -> float:
        """How many seconds nobody may call, because the backend asked for that."""
        return max(0.0, self._held_until - self._clock())

    @asynccontextmanager
    async def slot(self, caller: Hashable) -> AsyncGenerator[None, None]:
        """Hold a slot for as long as the block takes."""
        await self._enter(caller)
        try:
            yield
        finally:
            self._leave()

    def answered(self, started: float) -> None:
        """Tell, while still in the slot, that a call that began at `started` was answered."""
        full = bool(self._waiting) or self._in_flight >= self._window.size
        self._window.succeeded(
            started=started, now=self._clock(), full=full, in_flight=self._in_flight
        )

    def refused(self, started: float, retry_after: float | None) -> None:
        """Tell that a call was refused, and for how long nobody should call."""
        now = self._clock()
        self._window.refused(started=started, now=now, in_flight=self._in_flight)
        if retry_after:
            self._held_until = max(self._held_until, now + retry_after)

    async def _enter(self, caller: Hashable) -> None:
        future = asyncio.get_running_loop().create_future()
        self._waiting.setdefault(caller, deque()).append(future)
        self._hand_out()
        try:
            await future
        except asyncio.CancelledError:
            if not future.cancelled():
                # The slot and the cancellation arrived together.
                self._leave()
            raise

    def _leave(self) -> None:
        self._in_flight -= 1
        self._hand_out()

    def _hand_out(self) -> None:
        """Give free slots to those who wait, each caller's oldest in turn."""
        if self.held:
            self._come_back()
            return
        while self._waiting and self._in_flight < self._window.size:
            caller, queue = self._waiting.popitem(last=False)
            while queue and queue[0].done():
                queue.popleft()
            if queue:
                self._in_flight += 1
                queue.popleft().set_result(None)
            if queue:
                self._waiting[caller] = queue

    def _come_back(self) -> None:
        if self._timer is None and self._waiting:
            loop = asyncio.get_running_loop()
            self._timer = loop.call_later(self.held, self._held_no_more)

    def _held_no_more(self) -> None:
        self._timer = None
        self._hand_out()
