"""A task in this process's hands."""

from __future__ import annotations

import asyncio
from contextlib import suppress
from typing import TYPE_CHECKING

from docsort_server.jobs.store.jetstream.trouble import Away

if TYPE_CHECKING:
    from collections.abc import Callable

    from nats.aio.msg import Msg

    from docsort_server.jobs.store.jetstream.connection import Connection
    from docsort_server.jobs.store.protocols import Task

# The part of `ack_wait` after which a silent consumer takes its task to be somebody else's: less
# than one, because the engine began to count before the task arrived here.
SAFE = 0.9
_PAUSE = 0.05
# The part of the reply subject that counts deliveries, from the front.
_ATTEMPT = 4


class JetStreamDelivery:
    """A delivered task; the engine delivers it again unless it hears of it within `ack_wait`."""

    def __init__(
        self,
        connection: Connection,
        task: Task,
        message: Msg,
        ack_wait: float,
        on_settled: Callable[[], object],
    ) -> None:
        self._connection = connection
        self._task = task
        self._ack_wait = ack_wait
        self._on_settled = on_settled
        self._settled = False
        self.renew(message)

    @property
    def task(self) -> Task:
        """The task."""
        return self._task

    @property
    def attempt(self) -> int:
        """How often the task was delivered, this time included."""
        return self._attempt

    @property
    def settled(self) -> bool:
        """Whether the task is out of the consumer's hands."""
        return self._settled

    def renew(self, message: Msg) -> None:
        """Go on under another delivery of the same task."""
        parts = message.reply.split(".")
        # Two parts more in front where accounts and domains are in play.
        shift = 2 if len(parts) > 9 else 0
        self._reply = message.reply
        self._attempt = int(parts[_ATTEMPT + shift])
        self._deadline = asyncio.get_running_loop().time() + SAFE * self._ack_wait

    async def ack(self) -> None:
        """Settle the task: it is done and gone."""
        await self._settle(b"+ACK")

    async def nak(self) -> None:
        """Give the task back for another delivery."""
        await self._settle(b"-NAK")

    @property
    def held(self) -> bool:
        """Whether the task is surely nobody else's."""
        return not self._settled and not self._is_late()

    async def in_progress(self) -> None:
        """Ask for another `ack_wait` seconds, which count once the engine has granted them."""
        if not self.held:
            return
        asked, reply = asyncio.get_running_loop().time(), self._reply
        with suppress(Away):
            await self._connection.request(reply, b"+WPI")
            if reply == self._reply:
                self._deadline = asked + SAFE * self._ack_wait

    async def _settle(self, word: bytes) -> None:
        if self._settled:
            return
        self._settled = True
        self._on_settled()
        # Said late, it would settle the task under the hands of whoever has it now. Not said at
        # all, the task comes back, and its next consumer finds nothing left to do.
        while not self._is_late():
            try:
                await self._connection.request(self._reply, word)
            except Away:
                await asyncio.sleep(_PAUSE)
            else:
                return

    def _is_late(self) -> bool:
        return asyncio.get_running_loop().time() >= self._deadline
