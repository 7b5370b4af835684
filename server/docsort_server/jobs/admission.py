"""Decide whether there is room for another job."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

from docsort_server.faults import Fault, Reason

if TYPE_CHECKING:
    from docsort_server.jobs.store.protocols import JobKey

# Seconds: long enough for a job to end, short enough that callers do not give up.
RETRY_AFTER = 2.0


class Admission:
    """Bound the unfinished jobs that this replica has accepted, and the bytes of their documents.

    A document that has to be fetched counts where that is done, from before its first byte to the
    end of its job. Closed once draining.
    """

    def __init__(self, *, max_jobs: int, max_bytes: int) -> None:
        self._max_jobs = max_jobs
        self._max_bytes = max_bytes
        self._sizes: dict[JobKey, int] = {}
        self._fetched: dict[JobKey, int] = {}
        self._bytes = 0
        self._freed = asyncio.Event()
        self._open = True

    @property
    def running(self) -> int:
        """How many jobs are unfinished."""
        return len(self._sizes)

    def keys(self) -> set[JobKey]:
        """Return the jobs that hold a place."""
        return set(self._sizes)

    def close(self) -> None:
        """Refuse every further job with SHUTTING_DOWN."""
        self._open = False

    def require_open(self) -> None:
        """Raise `Fault` SHUTTING_DOWN once closed."""
        if not self._open:
            raise shutting_down()

    def admit(self, key: JobKey, size: int) -> None:
        """Take a place for a job unless it has one. Raises `Fault` OVERLOADED or SHUTTING_DOWN."""
        self.require_open()
        if key in self._sizes:
            return
        if len(self._sizes) >= self._max_jobs:
            raise _overloaded("max_jobs", self._max_jobs, "unfinished jobs")
        if not self._fits(size):
            raise _overloaded("max_jobs_bytes", self._max_bytes, "bytes of unfinished documents")
        self._change(self._sizes, key, size)

    def resize(self, key: JobKey, size: int) -> None:
        """Count the document of a job that has a place with its true size."""
        self._change(self._sizes, key, size)

    def release(self, key: JobKey) -> None:
        """Free a job's place; unknown jobs are ignored."""
        self._change(self._sizes, key, None)

    async def hold(self, key: JobKey, size: int) -> None:
        """Count a document that is yet to be fetched, once there is room for `size` bytes more."""
        while not self._fits(size):
            self._freed.clear()
            await self._freed.wait()
        self.count(key, size)

    def count(self, key: JobKey, size: int) -> None:
        """Count a document that was fetched, with its true size and whatever room there is."""
        self._change(self._fetched, key, size)

    def forget(self, key: JobKey) -> None:
        """Count a fetched document no more; unknown jobs are ignored."""
        self._change(self._fetched, key, None)

    def _fits(self, size: int) -> bool:
        # A single document larger than the bound must still be taken by an idle server.
        return not self._bytes or self._bytes + size <= self._max_bytes

    def _change(self, sizes: dict[JobKey, int], key: JobKey, size: int | None) -> None:
        self._bytes += (size or 0) - sizes.pop(key, 0)
        if size is not None:
            sizes[key] = size
        self._freed.set()


def shutting_down() -> Fault:
    """Return the fault for what this replica takes on no more."""
    message = "The server is shutting down; retry on another replica or after its restart."
    return Fault(Reason.SHUTTING_DOWN, message, retry_after=RETRY_AFTER)


def _overloaded(limit: str, value: int, unit: str) -> Fault:
    message = f"The server holds as much work as it may: {limit} is {value} {unit}. Retry later."
    metadata = {"limit": limit, "value": str(value)}
    return Fault(Reason.OVERLOADED, message, metadata=metadata, retry_after=RETRY_AFTER)
