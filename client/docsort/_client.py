"""The asyncio client."""

import asyncio
import contextlib
import dataclasses
import logging
from collections.abc import AsyncGenerator, Iterable
from types import TracebackType
from typing import Self, Unpack

import grpc.aio

from docsort._aio import AsyncCalls
from docsort._categories import CategoryLike
from docsort._channel import DEFAULT_MESSAGE_BYTES, DEFAULT_TARGET
from docsort._errors import APIConnectionError, DocsortError
from docsort._events import Event, Finished
from docsort._faults import result_of
from docsort._models import ClassificationResult, Job
from docsort._request import Document, Options, build_request, read_document
from docsort._stream import Cursor, Patience
from docsort._timeouts import CANCEL_SECONDS, Timeouts

_log = logging.getLogger("docsort")


class AsyncClient:
    """Classify documents from asyncio.

    `target` is HOST:PORT or any other gRPC target. `max_message_bytes` bounds documents before
    they are sent; the server has its own limit. A `channel` of the caller's own is used as it
    is, without waiting for its connection, and is not closed.
    """

    def __init__(
        self,
        target: str = DEFAULT_TARGET,
        *,
        timeouts: Timeouts | None = None,
        max_message_bytes: int = DEFAULT_MESSAGE_BYTES,
        channel: grpc.aio.Channel | None = None,
    ) -> None:
        self._timeouts = timeouts or Timeouts()
        self._max_message_bytes = max_message_bytes
        self._calls = AsyncCalls(target, self._timeouts, max_message_bytes, channel)
        self._open: set[Cursor] = set()
        self._cancelling: set[asyncio.Task[None]] = set()

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        await self.close()

    async def close(self) -> None:
        """Cancel the jobs of streams that are still open, then close the connection."""
        for cursor in tuple(self._open):
            await self._abandon(cursor)
        if self._cancelling:
            await asyncio.wait(self._cancelling)
        await self._calls.close()

    async def stream(
        self,
        document: Document,
        categories: Iterable[CategoryLike],
        **options: Unpack[Options],
    ) -> AsyncGenerator[Event, None]:
        """Classify a document and yield the job's events, the last being Finished.

        A broken stream is taken up again without loss or repeat. A job that fails is told by
        Finished, not raised. Leaving early cancels the job; before the first event there is no
        job to name yet, and the server cancels it itself after its orphan grace.
        Raises DocsortError, OSError for a path, ValueError for categories or pages that cannot
        be read.
        """
        content = await asyncio.to_thread(read_document, document, self._max_message_bytes)
        cursor = Cursor(build_request(content, categories, options))
        self._open.add(cursor)
        try:
            async with contextlib.aclosing(self._follow(cursor)) as events:
                async for event in events:
                    yield event
        except Exception:
            # The stream broke for good: the job may be alive, and can be watched later.
            cursor.cancelled = True
            raise
        finally:
            await self._abandon(cursor)

    async def classify(
        self,
        document: Document,
        categories: Iterable[CategoryLike],
        **options: Unpack[Options],
    ) -> ClassificationResult:
        """Classify a document and return the result alone.

        Raises what `stream` raises, and the failure of a job that failed or was cancelled.
        """
        async with contextlib.aclosing(self.stream(document, categories, **options)) as events:
            return result_of(await _last_job(events))

    async def watch(self, job_id: str, after_sequence: int = 0) -> AsyncGenerator[Event, None]:
        """Yield the events of a job after `after_sequence`; leaving early cancels nothing."""
        cursor = Cursor(job_id=job_id, after_sequence=after_sequence)
        async with contextlib.aclosing(self._follow(cursor)) as events:
            async for event in events:
                yield event

    async def get_job(self, job_id: str) -> Job:
        """Return a job as it stands, with all page results once it is completed."""
        job = await self._calls.get_job(job_id)
        if job.result is None or not job.result.page_results_omitted:
            return job
        return await self._whole(job_id)

    async def cancel_job(self, job_id: str) -> Job:
        """Stop a job; raises JobFinishedError when it is too late."""
        return await self._calls.cancel_job(job_id)

    async def _follow(self, cursor: Cursor) -> AsyncGenerator[Event, None]:
        async with contextlib.aclosing(self._events(cursor)) as events:
            async for event in events:
                yield await self._completed(cursor, event)

    async def _events(self, cursor: Cursor) -> AsyncGenerator[Event, None]:
        patience = Patience(self._timeouts.resume)
        await self._calls.connect()
        while not cursor.finished:
            error: DocsortError = APIConnectionError("the stream ended early")
            try:
                async with contextlib.aclosing(self._calls.events(cursor)) as messages:
                    async for message in messages:
                        event = cursor.take(message, patience)
                        if event is not None:
                            yield event
            except DocsortError as broken:
                error = broken
            if not cursor.finished:
                _log.info("stream of job %r broke: %s", cursor.job_id, error)
                await asyncio.sleep(patience.delay(error))

    async def _completed(self, cursor: Cursor, event: Event) -> Event:
        if not isinstance(event, Finished):
            return event
        if not cursor.lacks_pages(event.job):
            return cursor.fold(event)
        return dataclasses.replace(event, job=await self._whole(event.job_id))

    async def _whole(self, job_id: str) -> Job:
        async with contextlib.aclosing(self.watch(job_id)) as events:
            return await _last_job(events)

    async def _abandon(self, cursor: Cursor) -> None:
        self._open.discard(cursor)
        if not cursor.abandoned:
            return
        cursor.cancelled = True
        task = asyncio.create_task(self._cancel_quietly(cursor.job_id))
        self._cancelling.add(task)
        task.add_done_callback(self._cancelling.discard)
        await asyncio.shield(task)

    async def _cancel_quietly(self, job_id: str) -> None:
        try:
            async with asyncio.timeout(CANCEL_SECONDS):
                await self._calls.cancel_job(job_id)
        except (DocsortError, TimeoutError) as error:
            # It may just have finished; otherwise the server's orphan grace ends it.
            _log.info("could not cancel job %r: %s", job_id, error)


async def _last_job(events: AsyncGenerator[Event, None]) -> Job:
    job: Job | None = None
    async for event in events:
        job = event.job if isinstance(event, Finished) else job
    if job is None:
        raise APIConnectionError("the stream ended without a result")
    return job
