"""Records in order, without a gap: those of the stream first, then those that are heard live."""

from __future__ import annotations

import asyncio
import math
from contextlib import ExitStack
from dataclasses import replace
from typing import TYPE_CHECKING

from docsort_server.jobs.store.jetstream.backlog import merged
from docsort_server.jobs.store.jetstream.trouble import Away, Refused
from docsort_server.jobs.store.protocols import Record, Written

if TYPE_CHECKING:
    from collections.abc import AsyncGenerator, Callable, Sequence

    from docsort_server.jobs.store.jetstream.api import JetStream, Stored
    from docsort_server.jobs.store.jetstream.live import Live, Slots
    from docsort_server.jobs.store.jetstream.names import Names
    from docsort_server.jobs.store.protocols import JobKey

_PAUSE = 0.05


class LiveTail:
    """Read what matches `patterns` after a position; `of` is the same for `live`.

    However slow its reader is, all that it holds is a position. `is_over` tells what has expired,
    which is passed over where it is read from the stream.
    """

    def __init__(
        self,
        jetstream: JetStream,
        names: Names,
        live: Live,
        of: JobKey | Slots,
        patterns: Sequence[str],
        position: int,
        is_over: Callable[[Stored], bool],
    ) -> None:
        self._jetstream = jetstream
        self._names = names
        self._patterns = patterns
        self._is_over = is_over
        self._changed = asyncio.Event()
        self._closing = ExitStack()
        self._heard = self._closing.enter_context(live.heard(of, self._changed))
        self._position = position
        self._backlog: AsyncGenerator[tuple[Stored, bool], None] | None = None
        self._reach = 0

    def ready(self) -> Written | None:
        """Return a record that is here already."""
        if self._is_behind():
            return None
        found = self._heard.after(self._position)
        if found is None:
            return None
        written, pending = found
        self._position = written.record.position
        if not pending:
            return written
        return Written(written.key, replace(written.record, pending=True))

    async def rest(self, seconds: float) -> bool:
        """Wait at most so long for something to be heard; False while older records come first."""
        if self._is_behind():
            return False
        self._changed.clear()
        if self._heard.after(self._position):
            return True
        alarm = None
        if seconds < math.inf:
            alarm = asyncio.get_running_loop().call_later(seconds, self._changed.set)
        try:
            await self._changed.wait()
        finally:
            if alarm:
                alarm.cancel()
        return True

    async def next(self) -> Written:
        """Wait for the next record, for ever."""
        while True:
            if written := self.ready() or await self._older():
                return written
            if not self._is_behind():
                self._changed.clear()
                if not self._heard.after(self._position):
                    await self._changed.wait()

    async def close(self) -> None:
        """Follow no more."""
        await self._leave_backlog()
        self._closing.close()

    def _is_behind(self) -> bool:
        return self._backlog is not None or self._position < self._heard.floor

    async def _older(self) -> Written | None:
        """Return the next record that was written before it could be heard, if there is one."""
        if not self._is_behind():
            return None
        try:
            return await self._from_backlog()
        except (Away, Refused):
            await self._leave_backlog()
            await asyncio.sleep(_PAUSE)
            await self._jetstream.connection.up()
            return None

    async def _from_backlog(self) -> Written | None:
        if self._backlog is None:
            # All up to here is in the stream by now; what comes later will be heard.
            self._reach = self._heard.floor
            self._backlog = merged(
                self._jetstream, self._names.events, self._patterns, self._position, self._reach
            )
        async for stored, pending in self._backlog:
            self._position = stored.position
            if not self._is_over(stored):
                return self._written(stored, pending=pending)
        self._position = max(self._position, self._reach)
        await self._leave_backlog()
        return None

    def _written(self, stored: Stored, *, pending: bool) -> Written:
        key, slot = self._names.parse_slot(stored.subject)
        return Written(key, Record(stored.position, stored.time, slot, stored.body, pending))

    async def _leave_backlog(self) -> None:
        if self._backlog:
            reading, self._backlog = self._backlog, None
            await reading.aclose()
