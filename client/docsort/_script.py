"""What a scripted server plays: the events of a job, and where its calls are cut."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace

import grpc
from google.protobuf.message import Message
from google.rpc import error_details_pb2, status_pb2

from docsort._enums import ErrorReason, JobStatus, Outcome
from docsort._errors import FieldViolation
from docsort._events import Accepted, Event, Finished, PageFinished, Progress
from docsort._faults import DOMAIN
from docsort._models import CategoryScore, ClassificationResult, Failure, Job, PageResult


@dataclass(frozen=True, slots=True)
class Cut:
    """End a call with a status, after so many events of a stream.

    A stream cut with OK just ends; with `code` None it falls silent until its job is cancelled
    or its caller leaves. `retry_after` is in seconds.
    """

    after: int = 0
    code: grpc.StatusCode | None = grpc.StatusCode.UNAVAILABLE
    message: str = "cut by the script"
    reason: ErrorReason = ErrorReason.UNSPECIFIED
    metadata: Mapping[str, str] = field(default_factory=dict)
    retry_after: float | None = None
    violations: Sequence[FieldViolation] = ()

    def status(self) -> status_pb2.Status:
        """Return the status with its details, as docsort sends it."""
        code = self.code or grpc.StatusCode.OK
        status = status_pb2.Status(code=code.value[0], message=self.message)
        for detail in self._details():
            status.details.add().Pack(detail)
        return status

    def _details(self) -> list[Message]:
        details: list[Message] = []
        if self.reason:
            info = error_details_pb2.ErrorInfo(
                reason=self.reason, domain=DOMAIN, metadata=self.metadata
            )
            details.append(info)
        if self.violations:
            bad = error_details_pb2.BadRequest()
            for violation in self.violations:
                bad.field_violations.add(field=violation.field, description=violation.description)
            details.append(bad)
        if self.retry_after is not None:
            retry = error_details_pb2.RetryInfo()
            retry.retry_delay.FromNanoseconds(round(self.retry_after * 1e9))
            details.append(retry)
        return details


def job_events(labels: Sequence[str], *, job_id: str = "job-1") -> list[Event]:
    """Return the events of a job whose pages have these labels; the first label wins."""
    queued = Job(job_id, JobStatus.QUEUED, "Queued")
    pages = tuple(_page(number, label) for number, label in enumerate(labels, 1))
    said = "Classification completed"
    done = replace(queued, status=JobStatus.COMPLETED, progress=said, result=_result(pages))
    events: list[Event] = [Accepted(1, job_id, queued)]
    for page in pages:
        events.append(_progress(job_id, page.page, len(pages)))
        events.append(PageFinished(page.page + 1, job_id, page))
    return [*events, Finished(len(pages) + 2, job_id, done)]


def cancelled(job_id: str) -> Job:
    """Return a job that was cancelled before its first page."""
    said = "The job was cancelled."
    failure = Failure(ErrorReason.CANCELLED, said)
    return Job(job_id, JobStatus.CANCELLED, "Cancelled", error=said, failure=failure)


def _page(number: int, label: str) -> PageResult:
    return PageResult(
        page=number,
        success=True,
        classification=label,
        raw_result=label,
        confidence=0.9,
        outcome=Outcome.MATCHED,
        category_scores=(CategoryScore(label, 0.9),),
    )


def _progress(job_id: str, page: int, total: int) -> Progress:
    return Progress(
        sequence=page,
        job_id=job_id,
        status=JobStatus.PROCESSING,
        progress=f"Processing page {page} of {total}",
        pages_total=total,
        pages_done=page - 1,
    )


def _result(pages: tuple[PageResult, ...]) -> ClassificationResult:
    return ClassificationResult(
        success=True,
        classification=pages[0].classification,
        confidence=0.9,
        total_pages=len(pages),
        processed_pages=len(pages),
        page_results=pages,
        outcome=Outcome.MATCHED,
    )
