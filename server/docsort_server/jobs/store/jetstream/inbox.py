"""Messages sent to one subject, kept until they are read."""

from __future__ import annotations

import asyncio
from collections import deque
from typing import TYPE_CHECKING

from docsort_server.jobs.store.jetstream.trouble import Away

if TYPE_CHECKING:
    from collections.abc import Callable

    from nats.aio.msg import Msg
    from nats.aio.subscription import Subscription


class Inbox:
    """Messages sent to one subject, read by one task.

    Once the connection is lost every further read raises `Away`: what was asked for over it will
    not be answered. `on_arrival` is called for each message and for the loss.
    """

    def __init__(self, subject: str) -> None:
        self.subject = subject
        self.subscription: Subscription | None = None
        self.on_arrival: Callable[[], object] | None = None
        self._messages: deque[Msg] = deque()
        self._arrived = asyncio.Event()
        self._lost = False
        self._late = False

    def take(self) -> Msg | None:
        """Return the next message that is here already. Raises `Away`."""
        if self._messages:
            return self._messages.popleft()
        if self._lost:
            raise Away("the connection was lost", doubt=True)
        return None

    async def next(self, seconds: float) -> Msg | None:
        """Wait for the next message; None after so many seconds. Raises `Away`."""
        if message := self.take():
            return message
        self._late = False
        # Each record of each job comes through here: a timer alone costs the least.
        alarm = asyncio.get_running_loop().call_later(seconds, self._be_late)
        try:
            while (message := self.take()) is None and not self._late:
                self._arrived.clear()
                await self._arrived.wait()
        finally:
            alarm.cancel()
        return message

    async def put(self, message: Msg) -> None:
        """Take in a message."""
        self._messages.append(message)
        self._wake()

    def lose(self) -> None:
        """Take note that the connection is lost."""
        self._lost = True
        self._wake()

    def _be_late(self) -> None:
        self._late = True
        self._arrived.set()

    def _wake(self) -> None:
        self._arrived.set()
        if self.on_arrival:
            self.on_arrival()
