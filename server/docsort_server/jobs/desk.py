"""What callers may ask of a job that exists: read it, stop it."""

from __future__ import annotations

import asyncio
from contextlib import aclosing
from typing import TYPE_CHECKING

from docsort_server.faults import Fault, Reason
from docsort_server.jobs.journal import not_found
from docsort_server.jobs.model import (
    Finished,
    Job,
    JobStatus,
    StopCause,
    Stopped,
    Summary,
)

if TYPE_CHECKING:
    from collections.abc import AsyncGenerator

    from docsort_server.engine.result import PageResult
    from docsort_server.jobs.journal import Journal, RecordCodec
    from docsort_server.jobs.store.protocols import JobIndex, JobKey

# Seconds that CancelJob waits for the end; the work itself stops in milliseconds.
CANCEL_WAIT = 10.0


class JobDesk:
    """Read and cancel jobs on any replica: everything it knows comes from the store."""

    def __init__(self, journal: Journal, index: JobIndex, codec: RecordCodec) -> None:
        self._journal = journal
        self._index = index
        self._codec = codec

    async def get(self, key: JobKey) -> Job:
        """Return the job as it stands, without its page results. Raises JOB_NOT_FOUND."""
        accepted, spec = await self._journal.spec(key)
        end = await self._journal.finished(key)
        return Job(
            job_id=key.job_id,
            spec=spec,
            create_time=accepted.time,
            summary=end[1].summary if end else await self._summary(key),
            end_time=end[0].time if end else None,
            finished=end[1] if end else None,
        )

    def pages(self, key: JobKey) -> AsyncGenerator[PageResult, None]:
        """Yield the page results of a finished job, in the order they came."""
        return self._journal.pages(key)

    async def cancel(self, key: JobKey) -> Job:
        """Stop a job and return it, CANCELLED.

        Raises `Fault` JOB_NOT_FOUND, or JOB_FINISHED where the job has another end.
        """
        _, spec = await self._journal.spec(key)
        if not await self._journal.finished(key):
            await self._journal.append(key, Stopped(StopCause.REQUESTED), ttl=spec.ttl)
            await asyncio.wait_for(self._ended(key), CANCEL_WAIT)
        job = await self.get(key)
        if job.status is JobStatus.CANCELLED:
            return job
        message = f"Job {key.job_id} has finished ({job.status.lower()}); it cannot be cancelled."
        raise Fault(Reason.JOB_FINISHED, message, metadata={"job_id": key.job_id})

    async def _ended(self, key: JobKey) -> None:
        async with aclosing(self._journal.tail(key)) as steps:
            async for step in steps:
                if step and isinstance(step.entry, Finished):
                    return
        raise not_found(key)

    async def _summary(self, key: JobKey) -> Summary:
        body = await self._index.get(key)
        return self._codec.decode_summary(body) if body else Summary(JobStatus.QUEUED)
