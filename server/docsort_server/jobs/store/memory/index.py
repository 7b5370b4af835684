"""The job index in memory."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

from docsort_server.jobs.store.memory.expiry import Expiry

if TYPE_CHECKING:
    from collections.abc import Callable

    from docsort_server.jobs.store.protocols import JobKey


class MemoryJobIndex:
    """Keep summaries and running leases in two collections."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._bodies: dict[JobKey, bytes] = {}
        self._leases: set[JobKey] = set()
        self._body_expiry: Expiry[JobKey] = Expiry(lambda key: self._bodies.pop(key, None), clock)
        self._lease_expiry: Expiry[JobKey] = Expiry(self._leases.discard, clock)

    async def put(self, key: JobKey, body: bytes, *, ttl: float) -> None:
        """Write a job's summary over the one before."""
        self._body_expiry.sweep()
        if key not in self._bodies:
            self._body_expiry.add(key, ttl)
        self._bodies[key] = body

    async def get(self, key: JobKey) -> bytes | None:
        """Return a job's summary; None when there is none."""
        self._body_expiry.sweep()
        return self._bodies.get(key)

    async def delete(self, key: JobKey) -> None:
        """Forget a job's summary and lease."""
        self._body_expiry.discard(key)
        self._lease_expiry.discard(key)
        self._bodies.pop(key, None)
        self._leases.discard(key)

    async def hold(self, key: JobKey, *, ttl: float) -> None:
        """Set or renew the lease of a job for `ttl` seconds from now."""
        self._lease_expiry.sweep()
        self._leases.add(key)
        self._lease_expiry.add(key, ttl)

    async def held(self, key: JobKey) -> bool:
        """Tell whether the lease of a job is running."""
        self._lease_expiry.sweep()
        return key in self._leases
