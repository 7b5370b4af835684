"""The state machine of one job: a fold over its log that knows what to do next."""

from __future__ import annotations

from collections import deque
from typing import TYPE_CHECKING

from docsort_server.documents.selection import beyond, spans
from docsort_server.engine.aggregate import Aggregate
from docsort_server.engine.result import Exclusion, PageResult, ResultWarning, WarningCode
from docsort_server.faults import Failure, Reason
from docsort_server.jobs.model import (
    Extracted,
    Finished,
    JobStatus,
    StopCause,
    Stopped,
    Summary,
)

if TYPE_CHECKING:
    from docsort_server.engine.model import EngineIdentity
    from docsort_server.jobs.model import Entry, JobSpec

_STOP_FAILURES = {
    StopCause.REQUESTED: Failure(Reason.CANCELLED, "Classification cancelled"),
    StopCause.ABANDONED: Failure(
        Reason.CANCELLED, "Classification cancelled: nobody watched it any more"
    ),
    StopCause.SHUTDOWN: Failure(
        Reason.SHUTTING_DOWN, "The server stopped and keeps its jobs in memory only; submit again"
    ),
    StopCause.DEADLINE: Failure(
        Reason.DEADLINE, "The job's deadline passed before any page was classified"
    ),
}


# Pages whose documents are found in a few milliseconds.
_LONG = 100


class Course:
    """Follow a job entry by entry; the same entries always lead to the same end.

    `span` is how many pages one task holds, `window` how many tasks may be out at a time: the
    window lets jobs take turns on a queue that is first in, first out.
    """

    def __init__(self, spec: JobSpec, identity: EngineIdentity, *, span: int, window: int) -> None:
        self._spec = spec
        self._identity = identity
        self._span = span
        self._window = window
        self._aggregate = Aggregate(spec.question)
        self._done: set[int] = set()
        self._first_failure: Failure | None = None
        self._extracted: Extracted | None = None
        self._stopped: StopCause | None = None
        self._decided = False
        self._todo: deque[tuple[int, int]] = deque()
        self._out: list[tuple[int, int]] = []

    @property
    def stopped(self) -> bool:
        """Whether the job was asked to stop, or needs no more pages."""
        return self._stopped is not None or self._decided

    def add(self, entry: Entry) -> None:
        """Take in the next entry of the log."""
        match entry:
            case Extracted():
                self._extracted = entry
                self._todo.extend(spans(entry.selected, self._span))
            case PageResult():
                self._done.add(entry.page)
                self._first_failure = self._first_failure or entry.failure
                self._aggregate.add(entry)
                self._decide()
            case Stopped():
                self._stopped = entry.cause
            case _:
                pass

    def next_spans(self) -> list[tuple[int, int]]:
        """Return the spans to queue now, as far as the window has room."""
        self._out = [span for span in self._out if self._unfinished(span)]
        fresh: list[tuple[int, int]] = []
        while self._todo and len(self._out) + len(fresh) < self._window:
            span = self._todo.popleft()
            if self._unfinished(span):
                fresh.append(span)
        self._out += fresh
        return fresh

    def stalled_spans(self) -> list[tuple[int, int]]:
        """Return the spans that are out and not done, to be queued again where they got lost."""
        return [span for span in self._out if self._unfinished(span)]

    def summary(self) -> Summary:
        """Return how far the job is."""
        if self._extracted is None or self._extracted.failure:
            return Summary(JobStatus.QUEUED)
        return Summary(
            JobStatus.PROCESSING,
            pages_total=self._extracted.pages,
            pages_done=len(self._done),
            start_time=self._extracted.start_time,
        )

    @property
    def over(self) -> bool:
        """Whether the job's end has come."""
        if self._stopped is not None:
            return True
        known = self._extracted
        return known is not None and (
            known.failure is not None or len(self._done) >= known.pages or self._decided
        )

    @property
    def long(self) -> bool:
        """Whether the end of so many pages takes so long that nothing else should wait for it."""
        return len(self._done) >= _LONG

    def ending(self) -> Finished | None:
        """Return the job's end if it has come; None while there is work to do."""
        if not self.over:
            return None
        if self._stopped and self._stopped is not StopCause.DEADLINE:
            status = JobStatus.CANCELLED
            if self._stopped is StopCause.SHUTDOWN:
                status = JobStatus.FAILED
            return self._failed(_STOP_FAILURES[self._stopped], status)
        if self._extracted and self._extracted.failure:
            return self._failed(self._extracted.failure)
        if self._extracted and len(self._done) >= self._extracted.pages:
            return self._completed(self._extracted)
        if self._extracted and self._decided:
            return self._stopped_early(self._extracted)
        if self._stopped is StopCause.DEADLINE:
            return self._cut_short()
        return None

    def _unfinished(self, span: tuple[int, int]) -> bool:
        first, last = span
        return any(number not in self._done for number in range(first, last + 1))

    def _decide(self) -> None:
        if self._spec.options.stop_decided and self._extracted:
            left = self._extracted.pages - len(self._done)
            self._decided = self._aggregate.decided(self._extracted.numbers(), left)

    def _stopped_early(self, extracted: Extracted) -> Finished:
        text = (
            f"The job stopped after {len(self._done)} of {extracted.pages} pages: the others could "
            "not change the classification."
        )
        warning = ResultWarning(WarningCode.STOPPED_EARLY, text)
        return self._completed(extracted, warning, left=Exclusion.STOPPED_EARLY)

    def _completed(
        self,
        extracted: Extracted,
        *warnings: ResultWarning,
        left: Exclusion = Exclusion.NOT_PROCESSED,
    ) -> Finished:
        if self._aggregate.all_failed:
            return self._failed(self._all_failed())
        if extracted.beyond_end:
            text = beyond(self._spec.options.pages, extracted.total_pages)
            warnings = (*warnings, ResultWarning(WarningCode.PAGES_BEYOND_END, text))
        warnings = (*warnings, *map(_left_out, extracted.left_out))
        result = self._aggregate.result(
            selected=extracted.numbers(),
            total_pages=extracted.total_pages,
            segments=self._spec.options.segments,
            identity=self._identity,
            warnings=warnings,
            left=left,
        )
        return Finished(JobStatus.COMPLETED, self.summary(), result=result)

    def _cut_short(self) -> Finished:
        """End at the deadline with the pages that were judged, if any."""
        if self._extracted is None or not self._done or self._aggregate.all_failed:
            return self._failed(_STOP_FAILURES[StopCause.DEADLINE])
        total = self._extracted.pages
        text = f"The job's deadline passed; {len(self._done)} of {total} pages were classified."
        return self._completed(self._extracted, ResultWarning(WarningCode.DEADLINE_REACHED, text))

    def _failed(self, failure: Failure, status: JobStatus = JobStatus.FAILED) -> Finished:
        return Finished(status, self.summary(), failure=failure)

    def _all_failed(self) -> Failure:
        first = self._first_failure
        assert first is not None
        if len(self._done) == 1:
            return first
        message = f"All {len(self._done)} pages failed; the first: {first.message}"
        return Failure(first.reason, message, first.metadata)


def _left_out(text: str) -> ResultWarning:
    return ResultWarning(WarningCode.CONTENT_LEFT_OUT, text)
