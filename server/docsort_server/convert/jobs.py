"""Jobs and events as callers see them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from docsort.v1 import classification_pb2 as classification
from docsort.v1 import job_pb2
from docsort_server.convert.failures import failure_to_proto
from docsort_server.convert.results import page_to_proto, result_to_proto
from docsort_server.convert.times import duration, timestamp
from docsort_server.jobs.model import (
    Accepted,
    Heartbeat,
    JobEnded,
    JobStatus,
    LeaderChanged,
    PageDone,
    Progressed,
)

if TYPE_CHECKING:
    from docsort_server.engine.model import Question
    from docsort_server.jobs.model import Event, Job, Summary


def job_to_proto(job: Job) -> job_pb2.Job:
    """Return a job as callers see it, without its page results."""
    message = job_pb2.Job(
        job_id=job.job_id,
        status=job_pb2.JobStatus.Value(f"JOB_STATUS_{job.status}"),
        progress=progress_text(job.summary, job.status),
        create_time=timestamp(job.create_time),
        expire_time=timestamp(job.expire_time),
        pages_total=job.summary.pages_total,
        pages_done=job.summary.pages_done,
    )
    if job.summary.start_time is not None:
        message.start_time.CopyFrom(timestamp(job.summary.start_time))
    if job.end_time is not None:
        message.end_time.CopyFrom(timestamp(job.end_time))
        message.duration.CopyFrom(duration(job.end_time - job.create_time))
    if job.finished and job.finished.failure:
        message.failure.CopyFrom(failure_to_proto(job.finished.failure))
        message.error = job.finished.failure.message
    if job.finished and job.finished.result:
        message.result.CopyFrom(result_to_proto(job.finished.result, job.spec.question))
    return message


def event_to_proto(event: Event, job_id: str) -> job_pb2.JobEvent:
    """Return an event as callers see it; a finished job is without its page results."""
    message = job_pb2.JobEvent(
        sequence=event.sequence, job_id=job_id, event_time=timestamp(event.time)
    )
    match event.kind:
        case Accepted(job):
            message.accepted.job.CopyFrom(job_to_proto(job))
        case Progressed(summary):
            message.progress.CopyFrom(_progress(summary))
        case PageDone(result):
            message.page_result.CopyFrom(page_to_proto(result, event.question))
        case LeaderChanged():
            message.provisional.CopyFrom(_provisional(event.kind, event.question))
        case JobEnded(job):
            message.finished.job.CopyFrom(job_to_proto(job))
        case Heartbeat():
            message.heartbeat.SetInParent()
    return message


def progress_text(summary: Summary, status: JobStatus) -> str:
    """Return the state as a sentence for people."""
    match status:
        case JobStatus.COMPLETED:
            return "Classification completed"
        case JobStatus.FAILED:
            return "Classification failed"
        case JobStatus.CANCELLED:
            return "Classification cancelled"
        case JobStatus.QUEUED:
            return "Starting classification..."
        case JobStatus.PROCESSING if summary.pages_total is None:
            return "Analyzing document..."
        case JobStatus.PROCESSING:
            page = min(summary.pages_done + 1, summary.pages_total or 1)
            return f"Processing page {page} of {summary.pages_total}"


def _progress(summary: Summary) -> job_pb2.JobProgress:
    return job_pb2.JobProgress(
        status=job_pb2.JobStatus.Value(f"JOB_STATUS_{summary.status}"),
        progress=progress_text(summary, summary.status),
        pages_total=summary.pages_total,
        pages_done=summary.pages_done,
    )


def _provisional(change: LeaderChanged, question: Question) -> job_pb2.ProvisionalResult:
    return job_pb2.ProvisionalResult(
        classification=question.categories[change.label].name,
        confidence=change.confidence,
        outcome=classification.Outcome.Value(f"OUTCOME_{change.outcome}"),
        pages_seen=change.pages,
    )
