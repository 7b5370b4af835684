"""What a job is made of: its request, the entries of its log, and its state."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum
from typing import TYPE_CHECKING

from docsort_server.engine.result import PageResult

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from docsort_server.engine.model import Outcome, Question
    from docsort_server.engine.result import DocumentResult
    from docsort_server.faults import Failure


class JobStatus(StrEnum):
    """The state of a job; the last three are final."""

    QUEUED = "QUEUED"
    PROCESSING = "PROCESSING"
    COMPLETED = "COMPLETED"
    FAILED = "FAILED"
    CANCELLED = "CANCELLED"


class StopCause(StrEnum):
    """Why a job is stopped before its work is done."""

    REQUESTED = "REQUESTED"
    ABANDONED = "ABANDONED"
    DEADLINE = "DEADLINE"
    SHUTDOWN = "SHUTDOWN"


class Priority(StrEnum):
    """Which jobs are worked on first; each is a lane of the task queue."""

    NORMAL = "NORMAL"
    HIGH = "HIGH"

    @property
    def lane(self) -> str:
        """The lane of the tasks of such a job."""
        return self.value.lower()


class WhenSpent(StrEnum):
    """What becomes of the pages that are left once a budget is spent."""

    LOCAL = "LOCAL"
    LEAVE_OUT = "LEAVE_OUT"


@dataclass(frozen=True, slots=True)
class Budget:
    """The most that a job may use of models: calls, and seconds from acceptance."""

    max_model_calls: int | None = None
    max_time: float | None = None
    when_spent: WhenSpent = WhenSpent.LOCAL


@dataclass(frozen=True, slots=True)
class JobOptions:
    """How a job should run; `deadline` is seconds from acceptance, `pages` ranges as asked.

    `fallback_engines` answer a page in turn when the one before is not to be had. A job may
    `stop_decided` once the pages that are left cannot change the document's category. Without
    `cache` no answer is used again, nor kept to be.
    """

    pages: tuple[tuple[int, int], ...] = ()
    deadline: float | None = None
    engine: str = ""
    segments: bool = True
    labels: Mapping[str, str] = field(default_factory=dict)
    priority: Priority = Priority.NORMAL
    fallback_engines: tuple[str, ...] = ()
    budget: Budget | None = None
    stop_decided: bool = False
    cache: bool = True


@dataclass(frozen=True, slots=True)
class JobSpec:
    """The accepted request; `ttl` is seconds from acceptance until the job is forgotten.

    `document_id` names an uploaded document; it is empty where the job has one of its own. One that
    is `locked` needs the password that lies beside the documents. What comes from `document_uri`
    has neither digest nor size yet.
    """

    question: Question
    options: JobOptions
    document_digest: str
    document_size: int
    fingerprint: str
    ttl: float
    detached: bool = False
    document_id: str = ""
    locked: bool = False
    document_uri: str = ""


@dataclass(frozen=True, slots=True)
class Extracted:
    """What opening the document told; `selected` holds ranges without overlap, in order.

    `start_time` is seconds since the epoch. With a `failure` the job ends without pages. `left_out`
    tells in sentences what of the document is no page.
    """

    start_time: float
    total_pages: int = 0
    selected: tuple[tuple[int, int], ...] = ()
    beyond_end: bool = False
    failure: Failure | None = None
    left_out: tuple[str, ...] = ()

    def numbers(self) -> Iterator[int]:
        """Yield the selected page numbers in order."""
        for first, last in self.selected:
            yield from range(first, last + 1)

    @property
    def pages(self) -> int:
        """How many pages are selected."""
        return sum(last - first + 1 for first, last in self.selected)


@dataclass(frozen=True, slots=True)
class Tried:
    """A page is about to be tried alone, for the `number`th time; `void`: that ended in order."""

    page: int
    number: int
    void: bool = False


@dataclass(frozen=True, slots=True)
class Called:
    """The `number`th call of a model out of the job's budget is about to be made."""

    number: int


@dataclass(frozen=True, slots=True)
class Stopped:
    """Someone or something asked the job to stop."""

    cause: StopCause


@dataclass(frozen=True, slots=True)
class Summary:
    """How far a job is: what GetJob reads without replaying the log."""

    status: JobStatus
    pages_total: int | None = None
    pages_done: int = 0
    start_time: float | None = None


@dataclass(frozen=True, slots=True)
class Finished:
    """The end of a job; `result` when COMPLETED, else `failure`; `summary` as it was then."""

    status: JobStatus
    summary: Summary
    result: DocumentResult | None = None
    failure: Failure | None = None


# Everything that a job's log can hold.
Entry = JobSpec | Extracted | PageResult | Tried | Called | Stopped | Finished


@dataclass(frozen=True, slots=True)
class Step:
    """An entry with its place in the log; `time` is seconds since the epoch.

    `pending` tells that more steps were waiting when this one was read.
    """

    position: int
    time: float
    entry: Entry
    pending: bool = False


@dataclass(frozen=True, slots=True)
class Job:
    """A job as callers see it, without its page results. Times are seconds since the epoch."""

    job_id: str
    spec: JobSpec
    create_time: float
    summary: Summary
    end_time: float | None = None
    finished: Finished | None = None

    @property
    def status(self) -> JobStatus:
        """The state of the job."""
        return self.finished.status if self.finished else self.summary.status

    @property
    def brief(self) -> Brief:
        """The job as lists tell of it."""
        return Brief(
            create_time=self.create_time,
            ttl=self.spec.ttl,
            labels=self.spec.options.labels,
            summary=self.summary,
            status=self.status,
            end_time=self.end_time,
            failure=self.finished.failure if self.finished else None,
        )


@dataclass(frozen=True, slots=True)
class Brief:
    """What lists tell of a job: all but its request and result. Times as in `Job`."""

    create_time: float
    ttl: float
    labels: Mapping[str, str]
    summary: Summary
    status: JobStatus
    end_time: float | None = None
    failure: Failure | None = None

    @property
    def expire_time(self) -> float:
        """When the job is forgotten."""
        return self.create_time + self.ttl


@dataclass(frozen=True, slots=True)
class Accepted:
    """The job exists."""

    job: Job


@dataclass(frozen=True, slots=True)
class Progressed:
    """How far the job is."""

    summary: Summary


@dataclass(frozen=True, slots=True)
class PageDone:
    """A page has its result."""

    result: PageResult


@dataclass(frozen=True, slots=True)
class LeaderChanged:
    """The leading category, by index, has changed."""

    label: int
    confidence: float | None
    outcome: Outcome
    pages: int


@dataclass(frozen=True, slots=True)
class JobEnded:
    """The job has ended."""

    job: Job


@dataclass(frozen=True, slots=True)
class Heartbeat:
    """Nothing has happened for a while."""


EventKind = Accepted | Progressed | PageDone | LeaderChanged | JobEnded | Heartbeat


@dataclass(frozen=True, slots=True)
class Event:
    """One event of a job's stream; `sequence` as documented for `JobEvent`."""

    sequence: int
    time: float
    kind: EventKind
    question: Question = field(repr=False)
