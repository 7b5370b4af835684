"""Accept a document as a job, once per request id."""

from __future__ import annotations

import asyncio
import logging
import time
from contextlib import nullcontext, suppress
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from docsort_server.faults import Fault, Reason
from docsort_server.jobs.identity import document_key, job_key, password_key, uploaded_key
from docsort_server.jobs.model import Job, JobStatus, Summary
from docsort_server.jobs.store.protocols import Task
from docsort_server.jobs.uploads import document_not_found

if TYPE_CHECKING:
    from collections.abc import AsyncGenerator
    from contextlib import AbstractAsyncContextManager

    from docsort_server.jobs.admission import Admission
    from docsort_server.jobs.engines import Engines
    from docsort_server.jobs.journal import Journal
    from docsort_server.jobs.leases import Leases
    from docsort_server.jobs.model import JobSpec
    from docsort_server.jobs.register import Register
    from docsort_server.jobs.store.protocols import JobKey, Store


log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Submission:
    """A request for a job; `content` is the document inline, empty where it is elsewhere.

    The `password` goes with a document that is locked.
    """

    tenant: str
    request_id: str
    spec: JobSpec
    content: bytes
    password: str = ""


class Intake:
    """Store the document, queue the job and write `accepted`."""

    def __init__(
        self,
        store: Store,
        journal: Journal,
        register: Register,
        leases: Leases,
        admission: Admission,
        engines: Engines,
    ) -> None:
        self._store = store
        self._journal = journal
        self._register = register
        self._leases = leases
        self._admission = admission
        self._engines = engines
        self._accepting: set[asyncio.Task[JobKey]] = set()

    async def submit(self, submission: Submission) -> JobKey:
        """Return the job of a submission: a new one, or the one its request id has made.

        Raises `Fault` INVALID_REQUEST for an unknown engine, IDEMPOTENCY_MISMATCH where the
        request id belongs to another request, DOCUMENT_NOT_FOUND, OVERLOADED or SHUTTING_DOWN.
        """
        self._engines.check(submission.spec.options)
        # A caller who leaves now must not leave half a job behind.
        accepting = asyncio.create_task(self._accept(submission))
        self._accepting.add(accepting)
        accepting.add_done_callback(self._accepted)
        return await asyncio.shield(accepting)

    def _accepted(self, accepting: asyncio.Task[JobKey]) -> None:
        self._accepting.discard(accepting)
        if not accepting.cancelled() and (error := accepting.exception()):
            # Whoever asked may have left, and nobody else would look at it.
            log.debug("a submission failed: %s", error)

    async def _accept(self, submission: Submission) -> JobKey:
        key = job_key(submission.tenant, submission.request_id)
        if await self._known(key, submission.spec):
            await self._requeue(key, submission.spec)
            return key
        submission = await self._with_size(submission)
        async with self._room_for(submission.spec):
            await self._admit(key, submission)
        return key

    def _room_for(self, spec: JobSpec) -> AbstractAsyncContextManager[None]:
        room_for = self._store.room_for
        return room_for(self._journal.size(spec)) if room_for else nullcontext()

    async def _admit(self, key: JobKey, submission: Submission) -> None:
        self._admission.admit(key, submission.spec.document_size)
        try:
            # Where it is not created, another call with the same request id came first.
            if not await self._create(key, submission):
                await self._known(key, submission.spec)
                if await self._journal.has_ended(key):
                    self._admission.release(key)
        except BaseException:
            self._admission.release(key)
            raise

    async def _with_size(self, submission: Submission) -> Submission:
        """Complete a submission with the size of its uploaded document.

        Raises `Fault` DOCUMENT_NOT_FOUND.
        """
        spec = submission.spec
        if not spec.document_id:
            return submission
        key = uploaded_key(submission.tenant, spec.document_id)
        stored = await self._store.documents.facts(key)
        if stored is None:
            raise document_not_found(spec.document_id)
        return replace(submission, spec=replace(spec, document_size=stored.size))

    async def _requeue(self, key: JobKey, spec: JobSpec) -> None:
        """Queue a known job again unless it has ended: a crash may have come before its task.

        A task that is queued or in hand is not queued twice.
        """
        if not await self._journal.has_ended(key):
            await self._store.queue.put(Task("job", spec.options.priority.lane, key))

    async def _known(self, key: JobKey, spec: JobSpec) -> bool:
        try:
            _, known = await self._journal.spec(key)
        except Fault as fault:
            if fault.reason is not Reason.JOB_NOT_FOUND:
                raise
            return False
        if known.fingerprint == spec.fingerprint and (known.detached or not spec.detached):
            return True
        message = "This request_id was used before with another request; make a new one."
        if known.fingerprint == spec.fingerprint:
            message = "This request_id is of a job that ends when nobody watches; make a new one."
        raise Fault(Reason.IDEMPOTENCY_MISMATCH, message, metadata={"job_id": key.job_id})

    async def _create(self, key: JobKey, submission: Submission) -> bool:
        spec = submission.spec
        if not (spec.document_id or spec.document_uri):
            chunks = _once(submission.content)
            await self._store.documents.put(document_key(key), chunks, ttl=spec.ttl)
        if spec.locked:
            secret = _once(submission.password.encode())
            await self._store.documents.put(password_key(key), secret, ttl=spec.ttl)
        await self._leases.start(key)
        # Both are sent at once, the task first, so that hardly any crash leaves an accepted job
        # that nobody runs. Whoever takes the task waits for the acceptance.
        queueing = asyncio.ensure_future(
            self._store.queue.put(Task("job", spec.options.priority.lane, key))
        )
        position, _ = await asyncio.gather(
            self._journal.append(key, spec, until=time.time() + spec.ttl), queueing
        )
        if position is None:
            return False
        with suppress(Fault):
            # Without it the job is listed a little later.
            accepted, _ = await self._journal.spec(key)
            job = Job(key.job_id, spec, accepted.time, Summary(JobStatus.QUEUED))
            await self._register.enter(key, job.brief)
        log.info("job %s accepted: a document of %d bytes", key.job_id, spec.document_size)
        return True


async def _once(content: bytes) -> AsyncGenerator[bytes, None]:
    yield content
