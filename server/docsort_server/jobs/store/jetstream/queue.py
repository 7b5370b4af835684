"""The task queue on a work-queue stream: one subject per task, one consumer per kind and lane."""

from __future__ import annotations

import asyncio
import secrets
from collections import deque
from typing import TYPE_CHECKING

from docsort_server.jobs.store.jetstream.api import EXPECT
from docsort_server.jobs.store.jetstream.drawing import Drawing
from docsort_server.jobs.store.jetstream.trouble import WRONG_SEQUENCE, Away, Gone, Refused
from docsort_server.jobs.store.protocols import SPANS

if TYPE_CHECKING:
    from collections.abc import AsyncGenerator

    from docsort_server.jobs.store.jetstream.api import JetStream
    from docsort_server.jobs.store.jetstream.delivery import JetStreamDelivery
    from docsort_server.jobs.store.jetstream.names import Names
    from docsort_server.jobs.store.jetstream.patience import Patience
    from docsort_server.jobs.store.protocols import JobKey, Task

ATTEMPT = "Docsort-Attempt"
_PAUSE = 0.05


class JetStreamTaskQueue:
    """Queue tasks in the engine, where every replica draws from the same lanes.

    A task that comes back to the consumer that still has it in hand is not yielded again: its
    delivery goes on under the new number.
    """

    def __init__(
        self,
        jetstream: JetStream,
        names: Names,
        patience: Patience,
        ack_wait: float = 10.0,
        page_tasks: int | None = None,
    ) -> None:
        self._jetstream = jetstream
        self._names = names
        self._patience = patience
        self._ack_wait = ack_wait
        self._most = dict.fromkeys(SPANS, page_tasks)

    async def put(self, task: Task) -> bool:
        """Queue a task unless an equal one is unsettled; tell whether it was queued."""
        subject = self._names.task(task)
        # No message id: after a purge it would make the engine drop the same task as a duplicate.
        attempt = secrets.token_hex(8)
        headers = {EXPECT: "0", ATTEMPT: attempt}

        async def write(doubt: bool) -> bool:
            try:
                await self._jetstream.publish(subject, b"", headers)
            except Refused as refusal:
                if refusal.number != WRONG_SEQUENCE:
                    raise
                # In doubt it may be our own; either way the task is there, once.
                return doubt
            return True

        return await self._patience.until_done(write)

    async def consume(self, kind: str, *, credit: int) -> AsyncGenerator[JetStreamDelivery, None]:
        """Yield tasks of a kind, at most `credit` of them unsettled at a time, for ever."""
        most = self._most.get(kind)
        drawing = Drawing(self._jetstream, self._names, kind, credit, self._ack_wait, most)
        found: deque[JetStreamDelivery] = deque()
        try:
            while True:
                try:
                    found.extend(await drawing.next())
                    while found:
                        yield found.popleft()
                except (Away, Gone, Refused):
                    await drawing.close()
                    await asyncio.sleep(_PAUSE)
                    await self._jetstream.connection.up()
        finally:
            # Others can have what nobody here has taken.
            await asyncio.gather(drawing.give_up(), *(each.nak() for each in found))

    async def purge(self, key: JobKey) -> None:
        """Drop a job's queued page tasks."""
        for kind in SPANS:
            await self._purge(self._names.pages(kind, key))

    async def _purge(self, pattern: str) -> None:
        await self._patience.until_done(lambda _: self._jetstream.purge(self._names.tasks, pattern))
