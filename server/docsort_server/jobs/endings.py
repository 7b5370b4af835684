"""Wake those who wait for a job's end, with one listener for all of them."""

from __future__ import annotations

import asyncio
from collections import defaultdict
from contextlib import aclosing, contextmanager
from typing import TYPE_CHECKING

from docsort_server.jobs.journal import FINAL

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from docsort_server.jobs.store.protocols import JobKey, JobLog


class Endings:
    """Listen to the ends of all jobs on behalf of the callers of this replica, and of `on_end`.

    What is heard is a hint: an end may be missed while the listener starts, so whoever waits
    looks for itself now and then.
    """

    def __init__(self, log: JobLog, on_end: Callable[[JobKey], object]) -> None:
        self._log = log
        self._on_end = on_end
        self._waiting: defaultdict[JobKey, set[asyncio.Event]] = defaultdict(set)

    async def listen(self) -> None:
        """Wake callers for ever."""
        async with aclosing(self._log.feed(frozenset({FINAL}))) as endings:
            async for written in endings:
                if written is None:
                    continue
                self._on_end(written.key)
                for event in self._waiting.get(written.key, ()):
                    event.set()

    @contextmanager
    def expected(self, key: JobKey) -> Iterator[asyncio.Event]:
        """Lend an event that is set when the job ends during the block."""
        event = asyncio.Event()
        self._waiting[key].add(event)
        try:
            yield event
        finally:
            self._waiting[key].discard(event)
            if not self._waiting[key]:
                del self._waiting[key]
