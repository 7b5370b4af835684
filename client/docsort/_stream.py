"""What was seen of a job, and whether and when to ask again; both stacks of gRPC share it."""

import dataclasses
import logging
import random
import time
from collections.abc import Callable
from typing import Final

from docsort._convert import event_from_proto
from docsort._enums import JobStatus
from docsort._errors import APIConnectionError, DocsortError, JobLostError, JobNotFoundError
from docsort._events import Accepted, Event, Finished, PageFinished
from docsort._faults import is_resumable
from docsort._models import Job, PageResult
from docsort.v1 import classification_service_pb2, job_pb2, job_service_pb2

_log = logging.getLogger("docsort.stream")

_FIRST_DELAY: Final = 0.1
_LONGEST_DELAY: Final = 5.0
FINAL: Final = (JobStatus.COMPLETED, JobStatus.FAILED, JobStatus.CANCELLED)
# The contract counts events in 32 bits.
_LAST_SEQUENCE: Final = 2**32 - 1


class Patience:
    """Decide how long to wait before a broken stream is taken up again, or to give up.

    Delays grow from 0.1 s to 5 s, each drawn evenly from zero up ("full jitter"), so that the
    clients of a restarted server do not come back all at once.
    """

    def __init__(
        self,
        resume: float,
        *,
        awaited: str = "new event",
        clock: Callable[[], float] = time.monotonic,
        draw: Callable[[], float] = random.random,
    ) -> None:
        self._resume = resume
        self._awaited = awaited
        self._clock = clock
        self._draw = draw
        self._attempts = 0
        self._broken_at: float | None = None
        self._told = False

    def renew(self, *, durable: bool) -> None:
        """Start the time anew, since something came; delays only after a durable event.

        A server that dies after the first progress of each call is thus asked ever less often.
        """
        self._broken_at = None
        self._told = False
        if durable:
            self._attempts = 0

    def delay(self, error: DocsortError) -> float:
        """Return seconds to wait after `error`.

        Raises `error` itself when it is final, or when the time is up and the server had told
        what its trouble is; else APIConnectionError when the time is up.
        """
        if not is_resumable(error):
            raise error
        now = self._clock()
        self._broken_at = now if self._broken_at is None else self._broken_at
        left = self._broken_at + self._resume - now
        wait = max(self._jitter(), error.retry_after or 0.0)
        if left <= 0 or (error.retry_after or 0.0) > left:
            raise self._exhausted(error)
        self._tell(error)
        return min(wait, left)

    def _tell(self, error: DocsortError) -> None:
        trouble = f"{error.reason}: {error.message}" if error.reason else "connection lost"
        level = logging.DEBUG if self._told else logging.INFO
        _log.log(level, "%s; trying again", trouble.rstrip("."))
        _log.debug("what broke job %r: %s", error.job_id, error)
        self._told = True

    def _jitter(self) -> float:
        ceiling = min(_LONGEST_DELAY, _FIRST_DELAY * 2.0**self._attempts)
        self._attempts = min(self._attempts + 1, 10)
        return ceiling * self._draw()

    def _exhausted(self, error: DocsortError) -> DocsortError:
        if error.reason:
            return error
        lost = APIConnectionError(
            f"no {self._awaited} within {self._resume:g} s of trying to resume: {error.message}",
            code=error.code,
            job_id=error.job_id,
        )
        lost.__cause__ = error
        return lost


class Cursor:
    """Follow one job over any number of calls: every durable event once, in order."""

    def __init__(
        self,
        request: classification_service_pb2.ClassifyRequest | None = None,
        *,
        job_id: str = "",
        after_sequence: int = 0,
    ) -> None:
        check_sequence(after_sequence)
        self.job_id = job_id
        self.sequence = after_sequence
        self.finished = False
        self.cancelled = False
        self._request = request
        self._from_start = after_sequence == 0
        self._seen = False
        self._pages: dict[int, PageResult] = {}

    @property
    def request(
        self,
    ) -> classification_service_pb2.ClassifyRequest | job_service_pb2.WatchJobRequest:
        """The request that brings what has not been seen yet.

        Without any event the job's id is not known: the same request with the same request_id
        finds the job again, if there is one.
        """
        if self._request is not None and not self.job_id:
            return self._request
        return job_service_pb2.WatchJobRequest(job_id=self.job_id, after_sequence=self.sequence)

    @property
    def abandoned(self) -> bool:
        """Whether the job is known to exist and was neither finished nor cancelled."""
        return bool(self.job_id) and not self.finished and not self.cancelled

    @property
    def perhaps_past_the_end(self) -> bool:
        """Whether the caller's own sequence may be that of `finished`, or one that never was."""
        return not self._from_start and not self._seen

    def explained(self, error: DocsortError) -> DocsortError:
        """Return what an error means here: a job that was seen and is not known is lost."""
        if not self._seen or not isinstance(error, JobNotFoundError):
            return error
        lost = JobLostError(
            f"the server no longer knows job {self.job_id}: it was started anew and had the job "
            "in memory, or the job has expired; submit the document again",
            reason=error.reason,
            code=error.code,
            metadata=error.metadata,
            job_id=self.job_id,
        )
        lost.__cause__ = error
        return lost

    def take(self, message: job_pb2.JobEvent, patience: Patience) -> Event | None:
        """Return the event if it is news, and renew patience; repeats do neither.

        A heartbeat is no event, but a sign of life all the same.
        """
        self.job_id = self.job_id or message.job_id
        before = self.sequence
        event = self._news(event_from_proto(message))
        self._seen = self._seen or event is not None
        if event is not None or message.HasField("heartbeat"):
            patience.renew(durable=self.sequence > before)
        return event

    def _news(self, event: Event | None) -> Event | None:
        if event is None or self.finished:
            return None
        if not isinstance(event, Accepted | PageFinished | Finished):
            return event if event.sequence >= self.sequence else None
        if event.sequence <= self.sequence:
            return None
        self._advance(event)
        return event

    def lacks_pages(self, job: Job) -> bool:
        """Tell whether the page results of `job` were left out and not all seen here."""
        omitted = job.result is not None and job.result.page_results_omitted
        return omitted and not self._from_start

    def fold(self, finished: Finished) -> Finished:
        """Return the event with the page results that were seen, if the server left them out."""
        result = finished.job.result
        if result is None or not result.page_results_omitted:
            return finished
        pages = tuple(self._pages[number] for number in sorted(self._pages))
        whole = dataclasses.replace(result, page_results=pages, page_results_omitted=False)
        return dataclasses.replace(finished, job=dataclasses.replace(finished.job, result=whole))

    def _advance(self, event: Accepted | PageFinished | Finished) -> None:
        self.sequence = event.sequence
        self.finished = isinstance(event, Finished)
        if self._from_start and isinstance(event, PageFinished):
            self._pages[event.page_result.page] = event.page_result


def check_sequence(sequence: int) -> None:
    """Raise TypeError or ValueError for what is no sequence of an event."""
    if isinstance(sequence, bool) or not isinstance(sequence, int):
        raise TypeError(f"a sequence is a whole number, found {type(sequence).__name__}")
    if not 0 <= sequence <= _LAST_SEQUENCE:
        raise ValueError(f"a sequence is from 0 to {_LAST_SEQUENCE}, found {sequence}")
