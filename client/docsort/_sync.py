"""The blocking client: the same names and behaviour as the asyncio one."""

import contextlib
import functools
import math
import time
from collections.abc import Generator, Iterable, Mapping
from types import TracebackType
from typing import Self, Unpack

import grpc

from docsort._blocking import BlockingCalls
from docsort._categories import CategoryLike
from docsort._channel import DEFAULT_MESSAGE_BYTES, DEFAULT_TARGET
from docsort._documents import UPLOAD_ABOVE, BlockingDocuments
from docsort._errors import DocsortError
from docsort._events import Event, JobChange
from docsort._faults import result_of
from docsort._feed import FeedCursor, follow_blocking
from docsort._following import BlockingFollower, last_job_blocking
from docsort._leaving import BlockingLeaving
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


class Client:
    """Classify documents from plain code; it may be shared by threads.

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
        channel: grpc.Channel | None = None,
    ) -> None:
        self._timeouts = timeouts or Timeouts()
        self._calls = BlockingCalls(target, self._timeouts, max_message_bytes, channel)
        inline_bytes = min(upload_above, max_message_bytes)
        self._documents = BlockingDocuments(self._calls, self._timeouts.resume, inline_bytes)
        self._follower = BlockingFollower(self._calls, self._timeouts.resume)
        self._leaving = BlockingLeaving(self._calls)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        self.close()

    def close(self) -> None:
        """Cancel the jobs of streams that are still open, then close the connection."""
        self._leaving.all()
        self._calls.close()

    def stream(
        self,
        document: Document,
        categories: Iterable[CategoryLike],
        *,
        progress: Progress | None = None,
        **options: Unpack[Options],
    ) -> Generator[Event, None, None]:
        """Classify a document and yield the job's events, the last being Finished.

        A broken stream is taken up again without loss or repeat. A job that fails is told by
        Finished, not raised. Leaving early cancels the job; before the first event there is no
        job to name yet, and the server cancels it itself after its orphan grace. `progress` is
        called with the bytes sent and their number in all while a document is uploaded.
        Raises DocsortError, OSError for a path, ValueError for categories or pages that cannot
        be read, TypeError for an unknown option or a wrong type.
        """
        with self._documents.material(document) as material:
            cursor = Cursor(build_request(material, categories, options))
            events = self._documents.following(
                material, progress, lambda: self._follower.follow(cursor)
            )
            with self._leaving.watched(cursor), contextlib.closing(events):
                yield from events

    def classify(
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
        with contextlib.closing(
            self.stream(document, categories, progress=progress, **options)
        ) as events:
            return result_of(last_job_blocking(events))

    def submit(
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
        with self._documents.material(document) as material:
            request = build_submission(material, categories, options)
            submit = functools.partial(self._calls.submit, request)
            return self._documents.submitting(material, progress, submit)

    def estimate_job(
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
        with self._documents.material(document) as material:
            request = build_estimate(material, categories, options)
            estimate = functools.partial(self._calls.estimate, request)
            return self._documents.submitting(material, progress, estimate)

    def check_categories(
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
                request.samples.append(self._documents.sample(sample))
        return self._calls.check(request)

    def upload(
        self, document: Content, *, ttl: float | None = None, progress: Progress | None = None
    ) -> UploadedDocument:
        """Hand a document in without a job; give what is returned to `classify` or `submit`.

        The server keeps it for `ttl` seconds; content that it has is not sent again. Raises
        DocsortError, OSError for a path.
        """
        return self._documents.store(document, ttl, progress)

    def delete_document(self, document_id: str) -> None:
        """Make the server forget an uploaded document; jobs that need it will fail."""
        self._calls.delete_document(document_id)

    def watch(self, job_id: str, after_sequence: int = 0) -> Generator[Event, None, None]:
        """Yield the events of a job after `after_sequence`; leaving early cancels nothing.

        There are none after the last event of a finished job. Raises JobLostError when the
        server forgets the job meanwhile, ValueError for a number that is no sequence.
        """
        return self._follower.follow(Cursor(job_id=job_id, after_sequence=after_sequence))

    def get_job(self, job_id: str) -> Job:
        """Return a job as it stands, with all page results once it is completed."""
        return self._follower.with_pages(self._calls.get_job(job_id))

    def wait_job(self, job_id: str, timeout: float | None = None) -> Job:
        """Return a job once it has finished, or as it stands after `timeout` seconds.

        Each call asks the server to answer within 50 s, so that it passes any proxy.
        """
        patience = Patience(self._timeouts.resume)
        until = math.inf if timeout is None else time.monotonic() + timeout
        while True:
            left = max(0.0, min(WAIT_SECONDS, until - time.monotonic()))
            try:
                job = self._calls.wait_job(job_id, left)
            except DocsortError as error:
                time.sleep(patience.delay(error))
                continue
            patience.renew(durable=True)
            if not job.running or time.monotonic() >= until:
                return self._follower.with_pages(job)

    def list_jobs(
        self, statuses: Iterable[str] = (), labels: Mapping[str, str] | None = None
    ) -> Generator[Job, None, None]:
        """Yield jobs without their results, the newest first.

        `statuses` takes jobs in any of these states, `labels` those that have them all. Raises
        ValueError for a state that there is not.
        """
        chosen = build_filter(statuses, labels)
        yield from self._calls.list_jobs(chosen)

    def watch_jobs(
        self,
        statuses: Iterable[str] = (),
        labels: Mapping[str, str] | None = None,
        resume_token: str = "",
        from_start: bool = False,
    ) -> Generator[JobChange, None, None]:
        """Yield what becomes of all jobs, those accepted, finished and deleted, for ever.

        Begins now, after `resume_token`, which goes with its filter, or with `from_start` with
        what is left of all jobs, the oldest first. A broken stream is taken up again without loss
        or repeat. Raises EventsExpiredError where the server does not reach back to the token,
        ValueError for a state that there is not.
        """
        cursor = FeedCursor(build_filter(statuses, labels), resume_token, from_start=from_start)
        return follow_blocking(self._calls, cursor, Patience(self._timeouts.resume))

    def cancel_job(self, job_id: str) -> Job:
        """Stop a job; raises JobFinishedError when it is too late."""
        return self._calls.cancel_job(job_id)

    def delete_job(self, job_id: str) -> None:
        """Make the server forget a finished job; raises JobNotFinishedError while it runs."""
        self._calls.delete_job(job_id)

    def page_results(self, job_id: str) -> Generator[PageResult, None, None]:
        """Yield the page results of a finished job in page order, without its events."""
        yield from self._calls.page_results(job_id)
