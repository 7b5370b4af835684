"""What callers may ask of a job that exists: read it, wait for it, stop it, delete it."""

from __future__ import annotations

import asyncio
from contextlib import aclosing
from dataclasses import replace
from typing import TYPE_CHECKING

from docsort_server.faults import Fault, Reason
from docsort_server.jobs.identity import document_key
from docsort_server.jobs.journal import expiry, not_found
from docsort_server.jobs.model import Finished, JobStatus, StopCause, Stopped

if TYPE_CHECKING:
    from collections.abc import AsyncGenerator

    from docsort_server.engine.result import PageResult
    from docsort_server.jobs.endings import Endings
    from docsort_server.jobs.journal import Journal
    from docsort_server.jobs.leases import Leases
    from docsort_server.jobs.model import Brief, Job
    from docsort_server.jobs.register import Register
    from docsort_server.jobs.store.protocols import JobKey, Store

# Seconds that CancelJob waits for the end; the work itself stops in milliseconds.
CANCEL_WAIT = 10.0
# Seconds after which whoever waits for a job looks whether its end was missed.
LOOK = 2.0


class JobDesk:
    """Serve questions about jobs on any replica: everything it knows comes from the store."""

    def __init__(
        self, store: Store, journal: Journal, register: Register, leases: Leases, endings: Endings
    ) -> None:
        self._store = store
        self._journal = journal
        self._register = register
        self._leases = leases
        self._endings = endings

    async def get(self, key: JobKey) -> Job:
        """Return the job as it stands, without its page results. Raises JOB_NOT_FOUND."""
        job = await self._journal.job(key)
        brief = None if job.finished else await self._register.read(key)
        if brief is None:
            return job
        if brief.end_time is not None:
            # It has ended between the two reads.
            return await self._journal.job(key)
        return replace(job, summary=brief.summary)

    async def wait(self, key: JobKey, seconds: float) -> Job:
        """Return the job once it has finished, or as it stands after so many seconds."""
        job = await self.get(key)
        if job.finished:
            return job
        loop = asyncio.get_running_loop()
        until = loop.time() + seconds
        async with self._leases.watching(key) as watch:
            with self._endings.expected(key) as ended:
                while not (job := await self.get(key)).finished and loop.time() < until:
                    await _first_of(ended, min(LOOK, until - loop.time()))
            watch.ended = job.finished is not None
        return job

    async def finished(self, key: JobKey) -> Job:
        """Return a job that has finished. Raises JOB_NOT_FOUND or JOB_NOT_FINISHED."""
        job = await self.get(key)
        if job.finished:
            return job
        message = f"Job {key.job_id} has not finished ({job.status.lower()}): wait or cancel it."
        raise Fault(Reason.JOB_NOT_FINISHED, message, metadata={"job_id": key.job_id})

    def pages(self, key: JobKey) -> AsyncGenerator[PageResult, None]:
        """Yield the page results of a finished job, in the order they came."""
        return self._journal.pages(key)

    async def pages_in_order(self, key: JobKey, after: int) -> AsyncGenerator[PageResult, None]:
        """Yield the page results of a finished job that follow a page, in page order."""
        extracted = await self._journal.extracted(key)
        for number in extracted.numbers() if extracted else ():
            # A job that was cut short has pages without a result.
            if number > after and (page := await self._journal.page(key, number)):
                yield page

    async def cancel(self, key: JobKey) -> Job:
        """Stop a job and return it, CANCELLED.

        Raises `Fault` JOB_NOT_FOUND, JOB_FINISHED where the job has another end, and OVERLOADED
        where nobody is there to end it: it will end as soon as somebody is.
        """
        accepted, spec = await self._journal.spec(key)
        if not await self._journal.finished(key):
            stop = Stopped(StopCause.REQUESTED)
            await self._journal.append(key, stop, until=expiry(accepted, spec))
            try:
                await asyncio.wait_for(self._ended(key), CANCEL_WAIT)
            except TimeoutError:
                raise _unended(key) from None
        job = await self.get(key)
        if job.status is JobStatus.CANCELLED:
            return job
        message = f"Job {key.job_id} has finished ({job.status.lower()}); it cannot be cancelled."
        raise Fault(Reason.JOB_FINISHED, message, metadata={"job_id": key.job_id})

    async def delete(self, key: JobKey) -> None:
        """Forget a finished job with its results and its own document.

        Raises `Fault` JOB_NOT_FOUND or JOB_NOT_FINISHED. Where it broke off before, the next call
        removes the rest.
        """
        try:
            job = await self.finished(key)
        except Fault as fault:
            if fault.reason is Reason.JOB_NOT_FOUND:
                await self._clear(key)
            raise
        await self._store.documents.delete(document_key(key))
        await self._store.queue.purge(key)
        # In this order: see `Register.close`.
        await self._journal.forget(key, job.brief)
        await self._register.forget(key)

    async def checked(self, key: JobKey, brief: Brief) -> Brief | None:
        """Return what a list may tell of a job: `brief` where it is true; None for no job.

        The store may have let the job go before its time, and an engine that was killed may have
        lost how it ended; the latter is made good.
        """
        try:
            await self._journal.spec(key)
            if brief.end_time is None and await self._journal.finished(key):
                brief = (await self._journal.job(key)).brief
                await self._register.write(key, brief)
        except Fault as fault:
            if fault.reason is not Reason.JOB_NOT_FOUND:
                raise
            return None
        return brief

    async def _clear(self, key: JobKey) -> None:
        if await self._register.read(key):
            await self._register.forget(key)

    async def _ended(self, key: JobKey) -> None:
        async with aclosing(self._journal.tail(key)) as steps:
            async for step in steps:
                if step and isinstance(step.entry, Finished):
                    return
        raise not_found(key)


def _unended(key: JobKey) -> Fault:
    message = f"Job {key.job_id} is to be cancelled, but no server runs jobs now; ask again later."
    metadata = {"job_id": key.job_id}
    return Fault(Reason.OVERLOADED, message, metadata=metadata, retry_after=CANCEL_WAIT)


async def _first_of(event: asyncio.Event, seconds: float) -> None:
    """Wait for the event, at most so many seconds."""
    try:
        async with asyncio.timeout(seconds):
            await event.wait()
    except TimeoutError:
        return
