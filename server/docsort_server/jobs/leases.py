"""Keep jobs alive while somebody watches them."""

from __future__ import annotations

import asyncio
import time
from collections import Counter
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass
from typing import TYPE_CHECKING

from docsort_server.faults import Fault
from docsort_server.jobs.recent import Recent

if TYPE_CHECKING:
    from collections.abc import AsyncGenerator

    from docsort_server.jobs.store.protocols import JobIndex, JobKey


# The part of its time for which a lease is as good as new; leases whose beginnings are remembered.
_FRESH, _REMEMBERED = 0.1, 1_000


@dataclass(slots=True)
class Watch:
    """One who watches a job; once it has `ended` it needs no lease."""

    ended: bool = False


class Leases:
    """Renew the leases of watched jobs, one task for all of them.

    A lease runs for `grace` seconds from its last renewal, so a job outlives its last watcher
    by that time, on whichever replica the watcher was.
    """

    def __init__(self, index: JobIndex, grace: float) -> None:
        self._index = index
        self._grace = grace
        self._watchers: Counter[JobKey] = Counter()
        self._begun: Recent[float] = Recent(_REMEMBERED)

    async def start(self, key: JobKey) -> None:
        """Give a new job its first lease, before anybody watches it."""
        now = time.monotonic()
        await self._index.hold(key, ttl=self._grace)
        self._begun.keep(key, now)

    @asynccontextmanager
    async def watching(self, key: JobKey) -> AsyncGenerator[Watch, None]:
        """Hold a job's lease for as long as the block runs, and the grace beyond."""
        watch = Watch()
        self._watchers[key] += 1
        try:
            if not self._is_fresh(key):
                await self._index.hold(key, ttl=self._grace)
            yield watch
        finally:
            self._watchers[key] -= 1
            if not self._watchers[key]:
                del self._watchers[key]
            if not watch.ended:
                await asyncio.shield(self._renew(key))

    def watched(self, key: JobKey) -> bool:
        """Tell whether somebody watches a job by way of this process."""
        return key in self._watchers

    async def renew(self) -> None:
        """Renew the leases of all watched jobs, for ever."""
        while True:
            await asyncio.sleep(self._grace / 3)
            for key in list(self._watchers):
                await self._renew(key)

    def _is_fresh(self, key: JobKey) -> bool:
        """Tell whether a job has just got its first lease: most are watched from the start."""
        begun = self._begun.find(key)
        return begun is not None and time.monotonic() - begun < _FRESH * self._grace

    async def _renew(self, key: JobKey) -> None:
        # While the store does not answer, nobody finds a lease run out either.
        with suppress(Fault):
            await self._index.hold(key, ttl=self._grace)
