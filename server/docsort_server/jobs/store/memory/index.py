"""The job index in memory."""

from __future__ import annotations

import asyncio
import time
from typing import TYPE_CHECKING

from docsort_server.jobs.expiry import Expiry
from docsort_server.jobs.store.protocols import IndexChange

if TYPE_CHECKING:
    from collections.abc import AsyncGenerator, Callable

    from docsort_server.jobs.store.protocols import JobKey

# Seconds for which a deletion can be seen by a watch that was interrupted.
DELETED_KEPT = 3600.0


class MemoryJobIndex:
    """Keep the last change of every job, in the order of their positions, and running leases.

    A watch is a position in that order, so a slow one costs nothing.
    """

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._changes: dict[JobKey, IndexChange] = {}
        self._position = 0
        self._changed: set[asyncio.Event] = set()
        self._leases: set[JobKey] = set()
        self._expiry: Expiry[JobKey] = Expiry(lambda key: self._changes.pop(key, None), clock)
        self._lease_expiry: Expiry[JobKey] = Expiry(self._leases.discard, clock)

    async def put(self, key: JobKey, body: bytes, *, ttl: float, new: bool = False) -> None:
        """Write a job's summary over the one before; a `new` one only where there is none."""
        held = await self.get(key) is not None
        if held and new:
            return
        if not held:
            # Once: all summaries of a job end with the job, and there are many of them.
            self._expiry.add(key, ttl)
        self._change(key, body)

    async def get(self, key: JobKey) -> bytes | None:
        """Return a job's summary; None when there is none."""
        self._expiry.sweep()
        change = self._changes.get(key)
        return change.body if change else None

    async def delete(self, key: JobKey) -> None:
        """Forget a job's summary and lease."""
        self._lease_expiry.discard(key)
        self._leases.discard(key)
        if await self.get(key) is not None:
            self._expiry.add(key, DELETED_KEPT)
            self._change(key, None)

    async def watch(
        self, tenant: str, *, after: int = 0
    ) -> AsyncGenerator[IndexChange | None, None]:
        """Yield the last change of each job after a position, then new ones; None between."""
        changed = asyncio.Event()
        self._changed.add(changed)
        try:
            caught_up = False
            while True:
                changed.clear()
                for change in self._after(after):
                    after = change.position
                    if change.key.tenant == tenant:
                        yield change
                if not caught_up:
                    caught_up = True
                    yield None
                await changed.wait()
        finally:
            self._changed.discard(changed)

    async def hold(self, key: JobKey, *, ttl: float) -> None:
        """Set or renew the lease of a job for `ttl` seconds from now."""
        self._lease_expiry.sweep()
        self._leases.add(key)
        self._lease_expiry.add(key, ttl)

    async def held(self, key: JobKey) -> bool:
        """Tell whether the lease of a job is running."""
        self._lease_expiry.sweep()
        return key in self._leases

    def _change(self, key: JobKey, body: bytes | None) -> None:
        self._position += 1
        self._changes.pop(key, None)
        self._changes[key] = IndexChange(self._position, key, body)
        for changed in self._changed:
            changed.set()

    def _after(self, position: int) -> list[IndexChange]:
        self._expiry.sweep()
        found: list[IndexChange] = []
        for change in reversed(self._changes.values()):
            if change.position <= position:
                break
            found.append(change)
        return found[::-1]
