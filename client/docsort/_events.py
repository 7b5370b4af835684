"""The steps in the life of a job, one class each: match on the class."""

from dataclasses import dataclass
from datetime import datetime
from typing import TypeAlias

from docsort._enums import JobStatus, Outcome
from docsort._models import Job, PageResult


@dataclass(frozen=True, slots=True)
class Accepted:
    """Report that the job exists; always the first event."""

    sequence: int
    job_id: str
    job: Job
    event_time: datetime | None = None


@dataclass(frozen=True, slots=True)
class Progress:
    """Report how far the job is; sent once, never replayed."""

    sequence: int
    job_id: str
    status: JobStatus = JobStatus.UNSPECIFIED
    progress: str = ""
    pages_total: int | None = None
    pages_done: int = 0
    event_time: datetime | None = None


@dataclass(frozen=True, slots=True)
class PageFinished:
    """Bring the result of a page; pages come as they finish, not in page order."""

    sequence: int
    job_id: str
    page_result: PageResult
    event_time: datetime | None = None


@dataclass(frozen=True, slots=True)
class Provisional:
    """Give the answer if the job ended now; sent once, never replayed."""

    sequence: int
    job_id: str
    classification: str = ""
    confidence: float = 0.0
    outcome: Outcome = Outcome.UNSPECIFIED
    pages_seen: int = 0
    event_time: datetime | None = None


@dataclass(frozen=True, slots=True)
class Finished:
    """Bring the job with its result or failure; always the last event."""

    sequence: int
    job_id: str
    job: Job
    event_time: datetime | None = None


Event: TypeAlias = Accepted | Progress | PageFinished | Provisional | Finished
