"""One job's records in order: those of the stream, then those that are heard live."""

from __future__ import annotations

import asyncio
from contextlib import AsyncExitStack
from typing import TYPE_CHECKING

from docsort_server.jobs.store.jetstream.backlog import backlog
from docsort_server.jobs.store.jetstream.trouble import Away, Refused
from docsort_server.jobs.store.protocols import Record

if TYPE_CHECKING:
    from collections.abc import AsyncGenerator

    from docsort_server.jobs.store.jetstream.api import JetStream, Stored
    from docsort_server.jobs.store.jetstream.live import Live
    from docsort_server.jobs.store.jetstream.names import Names
    from docsort_server.jobs.store.protocols import JobKey

_PAUSE = 0.05


class JobTail:
    """Read a job's records after a position; however slow its reader is, it holds a position."""

    def __init__(
        self, jetstream: JetStream, names: Names, live: Live, key: JobKey, position: int
    ) -> None:
        self._jetstream = jetstream
        self._names = names
        self._key = key
        self._position = position
        self._changed = asyncio.Event()
        self._closing = AsyncExitStack()
        self._heard = self._closing.enter_context(live.heard(key, self._changed))
        self._backlog: AsyncGenerator[tuple[Stored, bool], None] | None = None
        self._reach = 0

    def ready(self) -> Record | None:
        """Return a record that is here already."""
        if self._backlog or self._position < self._heard.floor:
            return None
        record = self._heard.after(self._position)
        if record:
            self._position = record.position
        return record

    async def next(self) -> Record:
        """Wait for the next record, for ever."""
        while True:
            if record := self.ready() or await self._older():
                return record
            if not self._backlog and self._position >= self._heard.floor:
                self._changed.clear()
                if not self._heard.after(self._position):
                    await self._changed.wait()

    async def close(self) -> None:
        """Listen no more."""
        if self._backlog:
            await self._backlog.aclose()
        await self._closing.aclose()

    async def _older(self) -> Record | None:
        """Return the next record that was written before it could be heard, if there is one."""
        if not self._backlog and self._position >= self._heard.floor:
            return None
        try:
            return await self._from_backlog()
        except (Away, Refused):
            await self._leave_backlog()
            await asyncio.sleep(_PAUSE)
            await self._jetstream.connection.up()
            return None

    async def _from_backlog(self) -> Record | None:
        if self._backlog is None:
            # All up to here is in the stream by now, and will have been read at the end.
            self._reach = self._heard.floor
            stream, pattern = self._names.events, self._names.job(self._key)
            self._backlog = backlog(self._jetstream, stream, pattern, self._position)
        async for stored, pending in self._backlog:
            self._position = stored.position
            slot = self._names.parse_slot(stored.subject)[1]
            return Record(stored.position, stored.time, slot, stored.body, pending)
        self._position = max(self._position, self._reach)
        await self._leave_backlog()
        return None

    async def _leave_backlog(self) -> None:
        if self._backlog:
            reading, self._backlog = self._backlog, None
            await reading.aclose()
