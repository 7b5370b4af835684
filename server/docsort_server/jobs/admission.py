"""Decide whether there is room for another job."""

from __future__ import annotations

from typing import TYPE_CHECKING

from docsort_server.faults import Fault, Reason

if TYPE_CHECKING:
    from docsort_server.jobs.store.protocols import JobKey

# Seconds: long enough for a job to end, short enough that callers do not give up.
RETRY_AFTER = 2.0


class Admission:
    """Bound the unfinished jobs that this replica has accepted, and the bytes of their documents.

    Closed once draining.
    """

    def __init__(self, *, max_jobs: int, max_bytes: int) -> None:
        self._max_jobs = max_jobs
        self._max_bytes = max_bytes
        self._sizes: dict[JobKey, int] = {}
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
        # A single document larger than the bound must still be taken by an idle server.
        if self._sizes and sum(self._sizes.values()) + size > self._max_bytes:
            raise _overloaded("max_jobs_bytes", self._max_bytes, "bytes of unfinished documents")
        self._sizes[key] = size

    def release(self, key: JobKey) -> None:
        """Free a job's place; unknown jobs are ignored."""
        self._sizes.pop(key, None)


def shutting_down() -> Fault:
    """Return the fault for what this replica takes on no more."""
    message = "The server is shutting down; retry on another replica or after its restart."
    return Fault(Reason.SHUTTING_DOWN, message, retry_after=RETRY_AFTER)


def _overloaded(limit: str, value: int, unit: str) -> Fault:
    message = f"The server holds as much work as it may: {limit} is {value} {unit}. Retry later."
    metadata = {"limit": limit, "value": str(value)}
    return Fault(Reason.OVERLOADED, message, metadata=metadata, retry_after=RETRY_AFTER)
