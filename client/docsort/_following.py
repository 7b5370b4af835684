"""Streams of events from the first to the last, however often the connection breaks."""

import asyncio
import contextlib
import dataclasses
import time
from collections.abc import AsyncGenerator, Generator

from docsort._aio import AsyncCalls
from docsort._blocking import BlockingCalls
from docsort._errors import APIConnectionError, DocsortError
from docsort._events import Event, Finished
from docsort._models import Job
from docsort._stream import FINAL, Cursor, Patience


class AsyncFollower:
    """Follow jobs with asyncio, giving up after `resume` seconds without a connection."""

    def __init__(self, calls: AsyncCalls, resume: float) -> None:
        self._calls = calls
        self._resume = resume

    async def follow(self, cursor: Cursor) -> AsyncGenerator[Event, None]:
        """Yield events until `finished`, which comes with its pages."""
        async with contextlib.aclosing(self._events(cursor)) as events:
            async for event in events:
                yield await self._completed(cursor, event)

    async def _events(self, cursor: Cursor) -> AsyncGenerator[Event, None]:
        patience = Patience(self._resume)
        await self._calls.connect()
        over = False
        while not cursor.finished:
            error: DocsortError = APIConnectionError("the stream ended early")
            try:
                async with contextlib.aclosing(self._calls.events(cursor)) as messages:
                    async for message in messages:
                        event = cursor.take(message, patience)
                        if event is not None:
                            yield event
                if over and cursor.perhaps_past_the_end:
                    return
                over = await self._is_over(cursor)
                if over:
                    continue
            except DocsortError as broken:
                error = cursor.explained(broken)
            if not cursor.finished:
                await asyncio.sleep(patience.delay(error))

    async def _is_over(self, cursor: Cursor) -> bool:
        """Tell whether another watch that brings nothing means that nothing is left."""
        if not cursor.perhaps_past_the_end:
            return False
        job = await self._calls.get_job(cursor.job_id)
        return job.status in FINAL

    async def _completed(self, cursor: Cursor, event: Event) -> Event:
        if not isinstance(event, Finished):
            return event
        if not cursor.lacks_pages(event.job):
            return cursor.fold(event)
        return dataclasses.replace(event, job=await self._whole(event.job_id))

    async def with_pages(self, job: Job) -> Job:
        """Return a job with the page results that it was sent without."""
        if job.result is None or not job.result.page_results_omitted:
            return job
        return await self._whole(job.job_id)

    async def _whole(self, job_id: str) -> Job:
        async with contextlib.aclosing(self.follow(Cursor(job_id=job_id))) as events:
            return await last_job(events)


class BlockingFollower:
    """Follow jobs from plain code, giving up after `resume` seconds without a connection."""

    def __init__(self, calls: BlockingCalls, resume: float) -> None:
        self._calls = calls
        self._resume = resume

    def follow(self, cursor: Cursor) -> Generator[Event, None, None]:
        """Yield events until `finished`, which comes with its pages."""
        with contextlib.closing(self._events(cursor)) as events:
            for event in events:
                yield self._completed(cursor, event)

    def _events(self, cursor: Cursor) -> Generator[Event, None, None]:
        patience = Patience(self._resume)
        self._calls.connect()
        over = False
        while not cursor.finished:
            error: DocsortError = APIConnectionError("the stream ended early")
            try:
                with contextlib.closing(self._calls.events(cursor)) as messages:
                    for message in messages:
                        event = cursor.take(message, patience)
                        if event is not None:
                            yield event
                if over and cursor.perhaps_past_the_end:
                    return
                over = self._is_over(cursor)
                if over:
                    continue
            except DocsortError as broken:
                error = cursor.explained(broken)
            if not cursor.finished:
                time.sleep(patience.delay(error))

    def _is_over(self, cursor: Cursor) -> bool:
        """Tell whether another watch that brings nothing means that nothing is left."""
        if not cursor.perhaps_past_the_end:
            return False
        job = self._calls.get_job(cursor.job_id)
        return job.status in FINAL

    def _completed(self, cursor: Cursor, event: Event) -> Event:
        if not isinstance(event, Finished):
            return event
        if not cursor.lacks_pages(event.job):
            return cursor.fold(event)
        return dataclasses.replace(event, job=self._whole(event.job_id))

    def with_pages(self, job: Job) -> Job:
        """Return a job with the page results that it was sent without."""
        if job.result is None or not job.result.page_results_omitted:
            return job
        return self._whole(job.job_id)

    def _whole(self, job_id: str) -> Job:
        with contextlib.closing(self.follow(Cursor(job_id=job_id))) as events:
            return last_job_blocking(events)


async def last_job(events: AsyncGenerator[Event, None]) -> Job:
    """Return the job of the last event."""
    job: Job | None = None
    async for event in events:
        job = event.job if isinstance(event, Finished) else job
    if job is None:
        raise APIConnectionError("the stream ended without a result")
    return job


def last_job_blocking(events: Generator[Event, None, None]) -> Job:
    """Return the job of the last event."""
    job: Job | None = None
    for event in events:
        job = event.job if isinstance(event, Finished) else job
    if job is None:
        raise APIConnectionError("the stream ended without a result")
    return job
