"""Jobs and events on their way out, with page results where they fit."""

from __future__ import annotations

import asyncio
from contextlib import aclosing
from typing import TYPE_CHECKING

from docsort.v1.classification_pb2 import WARNING_CODE_SEGMENTS_OMITTED
from docsort_server.convert.jobs import event_to_proto, job_to_proto
from docsort_server.convert.results import page_to_proto
from docsort_server.engine.result import TOO_MANY_SEGMENTS
from docsort_server.jobs.model import JobEnded, PageDone
from docsort_server.jobs.recent import Recent

if TYPE_CHECKING:
    from collections.abc import AsyncGenerator

    from docsort.v1 import job_pb2
    from docsort_server.jobs.desk import JobDesk
    from docsort_server.jobs.model import Event, Job
    from docsort_server.jobs.store.protocols import JobKey
    from docsort_server.jobs.watch import Watcher

# Above this a job leaves its page results to the stream, so that default message limits do.
JOB_BYTES = 512 * 1024
# No part of a job may bring it near the 4 MiB that clients take by default.
DETAIL_BYTES = 1024 * 1024
# What protobuf adds to each page result in the list: tag and length.
_FRAME_BYTES = 5
# Page events and finished jobs that stay rendered: watchers of one job ask for the same ones.
_EVENTS = 256
_JOBS = 4


class Outbox:
    """Render jobs and their events as protos."""

    def __init__(self, desk: JobDesk, watcher: Watcher) -> None:
        self._desk = desk
        self._watcher = watcher
        self._events: Recent[job_pb2.JobEvent] = Recent(_EVENTS)
        self._jobs: Recent[job_pb2.Job] = Recent(_JOBS)
        self._rendering = asyncio.Lock()

    async def job(self, key: JobKey, job: Job) -> job_pb2.Job:
        """Return a job with its page results while it stays under 512 KiB."""
        if not (job.finished and job.finished.result):
            return job_to_proto(job)
        # With the time: a request id makes a job of the same name again once it was deleted.
        place = key, job.create_time
        # All watchers of a job ask at its end; the first one renders it for them.
        async with self._rendering:
            message = self._jobs.find(place) or await self._whole(key, job)
        self._jobs.keep(place, message)
        return message

    async def _whole(self, key: JobKey, job: Job) -> job_pb2.Job:
        message = job_to_proto(job)
        trim(message)
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
                message = self._rendered(key, event)
                if isinstance(event.kind, JobEnded):
                    message.finished.job.CopyFrom(await self.job(key, event.kind.job))
                yield message

    def _rendered(self, key: JobKey, event: Event) -> job_pb2.JobEvent:
        if not isinstance(event.kind, PageDone):
            return event_to_proto(event, key.job_id)
        place = key, event.sequence, event.time
        message = self._events.find(place) or event_to_proto(event, key.job_id)
        self._events.keep(place, message)
        return message


def trim(message: job_pb2.Job) -> None:
    """Leave out what thousands of pages with long names would make too large to send."""
    if message.ByteSize() > DETAIL_BYTES:
        message.result.ClearField("aggregation")
    if message.ByteSize() > DETAIL_BYTES:
        for segment in message.result.segments:
            segment.ClearField("criteria_confidence")
    if message.ByteSize() > DETAIL_BYTES:
        message.result.ClearField("segments")
        message.result.ClearField("revised_pages")
        message.result.warnings.add(code=WARNING_CODE_SEGMENTS_OMITTED, message=TOO_MANY_SEGMENTS)
