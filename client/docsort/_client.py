"""The asyncio client."""

import asyncio
import contextlib
import functools
import math
import time
from collections.abc import AsyncGenerator, Iterable, Mapping
from types import TracebackType
from typing import Self, Unpack

import grpc.aio

from docsort._aio import AsyncCalls
from docsort._categories import CategoryLike
from docsort._channel import DEFAULT_MESSAGE_BYTES, DEFAULT_TARGET
from docsort._documents import UPLOAD_ABOVE, AsyncDocuments
from docsort._errors import DocsortError
from docsort._events import Event, JobChange
from docsort._faults import result_of
from docsort._feed import FeedCursor, follow
from docsort._following import AsyncFollower, last_job
from docsort._leaving import AsyncLeaving
from docsort._models import ClassificationResult, Job, PageResult, Submission, UploadedDocument
from docsort._options import Options
from docsort._parcel import Content, Document
from docsort._planning import CategoriesCheck, Estimate, Sample
from docsort._request import (
    build_check,
    build_estimate,
    build_filter,
    build_request,
    build_submission,
    naming_sample,
)
from docsort._stream import Cursor, Patience
from docsort._timeouts import WAIT_SECONDS, Timeouts
from docsort._upload import Progress


class AsyncClient:
    """Classify documents from asyncio.

    `target` is HOST:PORT or any other gRPC target. Documents of more than `upload_above` bytes, or
    than `max_message_bytes`, are uploaded first; the server has its own limit for them. A
    `channel` of the caller's own is used as it is, without waiting for its connection, and is not
    closed. Raises ValueError for a target that can reach no server, such as one without a port.
    """

    def __init__(
        self,
        target: str = DEFAULT_TARGET,
        *,
        timeouts: Timeouts | None = None,
        max_message_bytes: int = DEFAULT_MESSAGE_BYTES,
        upload_above: int = UPLOAD_ABOVE,
        channel: grpc.aio.Channel | None = None,
    ) -> None:
        self._timeouts = timeouts or Timeouts()
        self._calls = AsyncCalls(target, self._timeouts, max_message_bytes, channel)
        inline_bytes = min(upload_above, max_message_bytes)
        self._documents = AsyncDocuments(self._calls, self._timeouts.resume, inline_bytes)
        self._follower = AsyncFollower(self._calls, self._timeouts.resume)
        self._leaving = AsyncLeaving(self._calls)

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
        await self._leaving.all()
        await self._calls.close()

    async def stream(
        self,
        document: Document,
        categories: Iterable[CategoryLike],
        *,
        progress: Progress | None = None,
        **options: Unpack[Options],
    ) -> AsyncGenerator[Event, None]:
        """Classify a document and yield the job's events, the last being Finished.

        A broken stream is taken up again without loss or repeat. A job that fails is told by
        Finished, not raised. Leaving early cancels the job; before the first event there is no
        job to name yet, and the server cancels it itself after its orphan grace. `progress` is
        called with the bytes sent and their number in all while a document is uploaded.
        Raises DocsortError, OSError for a path, ValueError for categories or pages that cannot
        be read, TypeError for an unknown option or a wrong type.
        """
        async with self._documents.material(document) as material:
            cursor = Cursor(build_request(material, categories, options))
            events = self._documents.following(
                material, progress, lambda: self._follower.follow(cursor)
            )
            async with self._leaving.watched(cursor), contextlib.aclosing(events):
                async for event in events:
                    yield event

    async def classify(
        self,
        document: Document,
        categories: Iterable[CategoryLike],
        *,
        progress: Progress | None = None,
        **options: Unpack[Options],
    ) -> ClassificationResult:
        """Classify a document and return the result alone.

        Raises what `stream` raises, and the failure of a job that failed or was cancelled.
        """
        async with contextlib.aclosing(
            self.stream(document, categories, progress=progress, **options)
        ) as events:
            return result_of(await last_job(events))

    async def submit(
        self,
        document: Document,
        categories: Iterable[CategoryLike],
        *,
        progress: Progress | None = None,
        **options: Unpack[Options],
    ) -> Submission:
        """Hand a document in and return the name of its job, which runs whoever watches.

        Raises what `stream` raises.
        """
        async with self._documents.material(document) as material:
            request = build_submission(material, categories, options)
            submit = functools.partial(self._calls.submit, request)
            return await self._documents.submitting(material, progress, submit)

    async def estimate_job(
        self,
        document: Document,
        categories: Iterable[CategoryLike],
        *,
        progress: Progress | None = None,
        **options: Unpack[Options],
    ) -> Estimate:
        """Return what the job of these would take, without running it.

        Raises what `stream` raises, and what a job would fail with where the document cannot be
        opened.
        """
        async with self._documents.material(document) as material:
            request = build_estimate(material, categories, options)
            estimate = functools.partial(self._calls.estimate, request)
            return await self._documents.submitting(material, progress, estimate)

    async def check_categories(
        self, categories: Iterable[CategoryLike], samples: Iterable[Sample] = ()
    ) -> CategoriesCheck:
        """Return what is likely to go wrong with categories, tried on samples where there are any.

        Documents of samples are uploaded unless they are small. Raises DocsortError, OSError for a
        path, ValueError for categories that cannot be read, TypeError for a RemoteDocument. What is
        wrong with a sample's document has `field` in its metadata, such as `samples[2]`.
        """
        request = build_check(categories)
        for number, sample in enumerate(samples):
            with naming_sample(number):
                request.samples.append(await self._documents.sample(sample))
        return await self._calls.check(request)

    async def upload(
        self, document: Content, *, ttl: float | None = None, progress: Progress | None = None
    ) -> UploadedDocument:
        """Hand a document in without a job; give what is returned to `classify` or `submit`.

        The server keeps it for `ttl` seconds; content that it has is not sent again. Raises
        DocsortError, OSError for a path.
        """
        return await self._documents.store(document, ttl, progress)

    async def delete_document(self, document_id: str) -> None:
        """Make the server forget an uploaded document; jobs that need it will fail."""
        await self._calls.delete_document(document_id)

    async def watch(self, job_id: str, after_sequence: int = 0) -> AsyncGenerator[Event, None]:
        """Yield the events of a job after `after_sequence`; leaving early cancels nothing.

        There are none after the last event of a finished job. Raises JobLostError when the
        server forgets the job meanwhile, ValueError for a number that is no sequence.
        """
        cursor = Cursor(job_id=job_id, after_sequence=after_sequence)
        async with contextlib.aclosing(self._follower.follow(cursor)) as events:
            async for event in events:
                yield event

    async def get_job(self, job_id: str) -> Job:
        """Return a job as it stands, with all page results once it is completed."""
        return await self._follower.with_pages(await self._calls.get_job(job_id))

    async def wait_job(self, job_id: str, timeout: float | None = None) -> Job:  # noqa: ASYNC109 - the job as it stands is an answer too
        """Return a job once it has finished, or as it stands after `timeout` seconds.

        Each call asks the server to answer within 50 s, so that it passes any proxy.
        """
        patience = Patience(self._timeouts.resume)
        until = math.inf if timeout is None else time.monotonic() + timeout
        while True:
            left = max(0.0, min(WAIT_SECONDS, until - time.monotonic()))
            try:
                job = await self._calls.wait_job(job_id, left)
            except DocsortError as error:
                await asyncio.sleep(patience.delay(error))
                continue
            patience.renew(durable=True)
            if not job.running or time.monotonic() >= until:
                return await self._follower.with_pages(job)

    async def list_jobs(
        self, statuses: Iterable[str] = (), labels: Mapping[str, str] | None = None
    ) -> AsyncGenerator[Job, None]:
        """Yield jobs without their results, the newest first.

        `statuses` takes jobs in any of these states, `labels` those that have them all. Raises
        ValueError for a state that there is not.
        """
        chosen = build_filter(statuses, labels)
        async with contextlib.aclosing(self._calls.list_jobs(chosen)) as jobs:
            async for job in jobs:
                yield job

    def watch_jobs(
        self,
        statuses: Iterable[str] = (),
        labels: Mapping[str, str] | None = None,
        resume_token: str = "",
        from_start: bool = False,
    ) -> AsyncGenerator[JobChange, None]:
        """Yield what becomes of all jobs, those accepted, finished and deleted, for ever.

        Begins now, after `resume_token`, which goes with its filter, or with `from_start` with
        what is left of all jobs, the oldest first. A broken stream is taken up again without loss
        or repeat. Raises EventsExpiredError where the server does not reach back to the token,
        ValueError for a state that there is not.
        """
        cursor = FeedCursor(build_filter(statuses, labels), resume_token, from_start=from_start)
        return follow(self._calls, cursor, Patience(self._timeouts.resume))

    async def cancel_job(self, job_id: str) -> Job:
        """Stop a job; raises JobFinishedError when it is too late."""
        return await self._calls.cancel_job(job_id)

    async def delete_job(self, job_id: str) -> None:
        """Make the server forget a finished job; raises JobNotFinishedError while it runs."""
        await self._calls.delete_job(job_id)

    async def page_results(self, job_id: str) -> AsyncGenerator[PageResult, None]:
        """Yield the page results of a finished job in page order, without its events."""
        async with contextlib.aclosing(self._calls.page_results(job_id)) as pages:
            async for page in pages:
                yield page
