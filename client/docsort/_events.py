"""The steps in the life of a job, one class each: match on the class."""

from dataclasses import dataclass
from datetime import datetime
from typing import TypeAlias

from docsort._enums import ChangeKind, JobStatus, Outcome
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


@dataclass(frozen=True, slots=True)
class JobChange:
    """Tell what became of one of all jobs; `job` is as it stood then, without its result.

    Whoever keeps `resume_token` can go on after this change, also in another process.
    """

    kind: ChangeKind
    job: Job
    event_time: datetime | None = None
    resume_token: str = ""


Event: TypeAlias = Accepted | Progress | PageFinished | Provisional | Finished
