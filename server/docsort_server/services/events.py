"""Jobs and events on their way out, with page results where they fit."""

from __future__ import annotations

from contextlib import aclosing
from typing import TYPE_CHECKING

from docsort_server.convert.jobs import event_to_proto, job_to_proto
from docsort_server.convert.results import page_to_proto
from docsort_server.jobs.model import JobEnded

if TYPE_CHECKING:
    from collections.abc import AsyncGenerator

    from docsort.v1 import job_pb2
    from docsort_server.jobs.desk import JobDesk
    from docsort_server.jobs.model import Job
    from docsort_server.jobs.store.protocols import JobKey
    from docsort_server.jobs.watch import Watcher

# Above this a job leaves its page results to the stream, so that default message limits do.
JOB_BYTES = 512 * 1024
# What protobuf adds to each page result in the list: tag and length.
_FRAME_BYTES = 5


class Outbox:
    """Render jobs and their events as protos."""

    def __init__(self, desk: JobDesk, watcher: Watcher) -> None:
        self._desk = desk
        self._watcher = watcher

    async def job(self, key: JobKey, job: Job) -> job_pb2.Job:
        """Return a job with its page results while it stays under 512 KiB."""
        message = job_to_proto(job)
        if not (job.finished and job.finished.result):
            return message
        left = JOB_BYTES - message.ByteSize()
        pages = []
        async with aclosing(self._desk.pages(key)) as results:
            async for result in results:
                page = page_to_proto(result, job.spec.question)
                left -= page.ByteSize() + _FRAME_BYTES
                if left < 0:
                    message.result.page_results_omitted = True
                    return message
                pages.append(page)
        message.result.page_results.extend(sorted(pages, key=lambda page: page.page))
        return message

    async def events(self, key: JobKey, after: int) -> AsyncGenerator[job_pb2.JobEvent, None]:
        """Yield a job's events after a sequence until it has finished."""
        async with aclosing(self._watcher.events(key, after)) as events:
            async for event in events:
                message = event_to_proto(event, key.job_id)
                if isinstance(event.kind, JobEnded):
                    message.finished.job.CopyFrom(await self.job(key, event.kind.job))
                yield message
