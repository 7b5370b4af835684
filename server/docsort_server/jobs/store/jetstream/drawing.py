"""Draw tasks from the lanes of one kind: higher lanes first, never more than the credit."""

from __future__ import annotations

import asyncio
from contextlib import suppress
from typing import TYPE_CHECKING

from docsort_server.jobs.store.jetstream.delivery import JetStreamDelivery
from docsort_server.jobs.store.jetstream.lane import HEARTBEAT, Lane
from docsort_server.jobs.store.jetstream.names import LANES
from docsort_server.jobs.store.jetstream.trouble import Gone

if TYPE_CHECKING:
    from nats.aio.msg import Msg

    from docsort_server.jobs.store.jetstream.api import JetStream
    from docsort_server.jobs.store.jetstream.names import Names
    from docsort_server.jobs.store.protocols import Task

# A lane that was asked is taken to be lost after this silence, in seconds.
SILENCE = 2 * HEARTBEAT + 1


class Drawing:
    """One consumer's state: its lanes, and what it has in hand.

    While tasks are there it asks lane by lane, from the highest. When all are empty it leaves one
    request standing with each lane, so that the next task arrives by itself.
    """

    def __init__(
        self,
        jetstream: JetStream,
        names: Names,
        kind: str,
        credit: int,
        ack_wait: float,
        most: int | None = None,
    ) -> None:
        self._jetstream = jetstream
        self._names = names
        self._kind = kind
        self._credit = credit
        self._ack_wait = ack_wait
        self._most = most
        self._lanes: list[Lane] = []
        self._held: dict[Task, JetStreamDelivery] = {}
        self._changed = asyncio.Event()

    async def next(self) -> list[JetStreamDelivery]:
        """Wait for tasks. Raises `Away`, `Gone` and `Refused`, after which it is to be closed."""
        if not self._lanes:
            await self._open()
        while True:
            self._changed.clear()
            if free := self._free():
                found = await self._draw(free)
                if found:
                    return found
                await self._stand()
            else:
                await self._return_surplus()
            await self._wait()

    async def close(self) -> None:
        """Let the lanes go; what is in hand stays so."""
        for lane in self._lanes:
            await lane.close()
        self._lanes.clear()

    async def give_up(self) -> None:
        """Let the lanes go, and give back what has come from them since it was last asked for."""
        for lane in self._lanes:
            for message in await lane.rest():
                if delivery := self._take(message):
                    await delivery.nak()
        await self.close()

    async def _open(self) -> None:
        for lane in LANES:
            self._lanes.append(
                await Lane.open(
                    self._jetstream,
                    self._names,
                    self._kind,
                    lane,
                    ack_wait=self._ack_wait,
                    most=self._most,
                    on_arrival=self._changed.set,
                )
            )

    async def _stand(self) -> None:
        for lane in self._lanes:
            if lane.silence > SILENCE:
                raise Gone("no sign of life from a lane")
            await lane.stand()

    async def _draw(self, count: int) -> list[JetStreamDelivery]:
        """Return what the highest lane with any tasks has, up to a number."""
        for lane in self._lanes:
            if lane.standing:
                message = lane.take()
                messages = [message] if message else []
            else:
                messages = await lane.poll(count)
            taken = [each for message in messages if (each := self._take(message))]
            if taken:
                return taken
        return []

    def _take(self, message: Msg) -> JetStreamDelivery | None:
        task = self._names.parse_task(message.subject)
        held = self._held.get(task)
        if held and not held.settled:
            held.renew(message)
            return None
        delivery = JetStreamDelivery(
            self._jetstream.connection, task, message, self._ack_wait, self._changed.set
        )
        self._held[task] = delivery
        return delivery

    def _free(self) -> int:
        self._held = {task: each for task, each in self._held.items() if not each.settled}
        return max(0, self._credit - len(self._held))

    async def _return_surplus(self) -> None:
        """Give back what came on a standing request after the credit had gone elsewhere."""
        for lane in self._lanes:
            message = lane.take()
            delivery = self._take(message) if message else None
            if delivery:
                await delivery.nak()

    async def _wait(self) -> None:
        """Wait for a message or a settled task, or until silence has to be looked into."""
        with suppress(TimeoutError):
            async with asyncio.timeout(SILENCE):
                await self._changed.wait()
