"""What lists tell of each job, kept beside its log: a cache, never the truth."""

from __future__ import annotations

import logging
import time
from contextlib import aclosing
from typing import TYPE_CHECKING

from docsort_server.faults import Fault, Reason
from docsort_server.incidents import incident

if TYPE_CHECKING:
    from collections.abc import AsyncGenerator

    from docsort_server.jobs.journal import Journal, RecordCodec
    from docsort_server.jobs.model import Brief, JobSpec, Step
    from docsort_server.jobs.store.protocols import JobIndex, JobKey

log = logging.getLogger(__name__)


class Register:
    """Write and read the briefs of jobs."""

    def __init__(self, index: JobIndex, journal: Journal, codec: RecordCodec) -> None:
        self._index = index
        self._journal = journal
        self._codec = codec

    async def write(self, key: JobKey, brief: Brief) -> None:
        """Write a job's brief over the one before; it goes when the job goes."""
        left = brief.expire_time - time.time()
        if left > 0:
            await self._index.put(key, self._codec.encode_brief(brief), ttl=left)

    async def enter(self, key: JobKey, brief: Brief) -> None:
        """Write the brief of a new job, unless its coordinator has told more already."""
        left = brief.expire_time - time.time()
        if left > 0:
            await self._index.put(key, self._codec.encode_brief(brief), ttl=left, new=True)

    async def read(self, key: JobKey) -> Brief | None:
        """Return a job's brief; None when there is none."""
        return self._decoded(await self._index.get(key))

    async def changes(self, tenant: str) -> AsyncGenerator[tuple[JobKey, Brief | None] | None]:
        """Yield each job of a tenant with its brief, then what changes, for ever.

        A deleted job has no brief. Yields None once, when those that were there are told.
        """
        async with aclosing(self._index.watch(tenant)) as changes:
            async for change in changes:
                yield (change.key, self._decoded(change.body)) if change else None

    async def forget(self, key: JobKey) -> None:
        """Remove a job's brief."""
        await self._index.delete(key)

    async def close(self, key: JobKey, known: tuple[Step, JobSpec] | None = None) -> None:
        """Write how a job has ended; a job that is deleted meanwhile leaves no brief behind.

        `known` is its accepted request, where that was read already.
        """
        try:
            job = await self._journal.job(key, known)
            await self.write(key, job.brief)
            # Whoever deletes a job removes its log first: this finds out, or they find the brief.
            await self._journal.spec(key)
        except Fault as fault:
            if fault.reason is not Reason.JOB_NOT_FOUND:
                raise
            await self.forget(key)

    def _decoded(self, body: bytes | None) -> Brief | None:
        if body is None:
            return None
        try:
            return self._codec.decode_brief(body)
        except Exception as error:  # noqa: BLE001 - a cache: what another version wrote is no loss
            incident(log, "the reading of a job's brief", error)
            return None
