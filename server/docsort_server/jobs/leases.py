"""Keep jobs alive while somebody watches them."""

from __future__ import annotations

import asyncio
from collections import Counter
from contextlib import asynccontextmanager, suppress
from typing import TYPE_CHECKING

from docsort_server.faults import Fault

if TYPE_CHECKING:
    from collections.abc import AsyncGenerator

    from docsort_server.jobs.store.protocols import JobIndex, JobKey


class Leases:
    """Renew the leases of watched jobs, one task for all of them.

    A lease runs for `grace` seconds from its last renewal, so a job outlives its last watcher
    by that time, on whichever replica the watcher was.
    """

    def __init__(self, index: JobIndex, grace: float) -> None:
        self._index = index
        self._grace = grace
        self._watchers: Counter[JobKey] = Counter()

    async def start(self, key: JobKey) -> None:
        """Give a new job its first lease, before anybody watches it."""
        await self._index.hold(key, ttl=self._grace)

    @asynccontextmanager
    async def watching(self, key: JobKey) -> AsyncGenerator[None, None]:
        """Hold a job's lease for as long as the block runs, and the grace beyond."""
        self._watchers[key] += 1
        try:
            await self._index.hold(key, ttl=self._grace)
            yield
        finally:
            self._watchers[key] -= 1
            if not self._watchers[key]:
                del self._watchers[key]
            await asyncio.shield(self._renew(key))

    async def renew(self) -> None:
        """Renew the leases of all watched jobs, for ever."""
        while True:
            await asyncio.sleep(self._grace / 3)
            for key in list(self._watchers):
                await self._renew(key)

    async def _renew(self, key: JobKey) -> None:
        # While the store does not answer, nobody finds a lease run out either.
        with suppress(Fault):
            await self._index.hold(key, ttl=self._grace)
