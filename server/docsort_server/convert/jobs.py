"""Jobs and events as callers see them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from docsort.v1 import classification_pb2 as classification
from docsort.v1 import job_pb2
from docsort_server.convert.failures import failure_to_proto
from docsort_server.convert.results import page_to_proto, result_to_proto
from docsort_server.convert.times import timestamp
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
    from docsort_server.jobs.model import Brief, Event, Job, Summary


def job_to_proto(job: Job) -> job_pb2.Job:
    """Return a job as callers see it, without its page results."""
    message = brief_to_proto(job.job_id, job.brief)
    if job.finished and job.finished.result:
        message.result.CopyFrom(result_to_proto(job.finished.result, job.spec.question))
    return message


def brief_to_proto(job_id: str, brief: Brief) -> job_pb2.Job:
    """Return a job as lists tell of it, without its result."""
    message = job_pb2.Job(
        job_id=job_id,
        status=status_to_proto(brief.status),
        progress=progress_text(brief.summary, brief.status),
        create_time=timestamp(brief.create_time),
        expire_time=timestamp(brief.expire_time),
        pages_total=brief.summary.pages_total,
        pages_done=brief.summary.pages_done,
        labels=brief.labels,
    )
    if brief.summary.start_time is not None:
        message.start_time.CopyFrom(timestamp(brief.summary.start_time))
    if brief.end_time is not None:
        message.end_time.CopyFrom(timestamp(brief.end_time))
        # Of the times as they are told: a list and the job itself must not differ by rounding.
        micros = message.end_time.ToMicroseconds() - message.create_time.ToMicroseconds()
        message.duration.FromMicroseconds(micros)
    if brief.failure:
        message.failure.CopyFrom(failure_to_proto(brief.failure))
        message.error = brief.failure.message
    return message


def status_to_proto(status: JobStatus) -> job_pb2.JobStatus.ValueType:
    """Return a status as callers see it."""
    return job_pb2.JobStatus.Value(f"JOB_STATUS_{status}")


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
        status=status_to_proto(summary.status),
        progress=progress_text(summary, summary.status),
        pages_total=summary.pages_total,
        pages_done=summary.pages_done,
    )


def _provisional(change: LeaderChanged, question: Question) -> job_pb2.ProvisionalResult:
    return job_pb2.ProvisionalResult(
        classification=question.categories[change.label].name,
        confidence=change.confidence or 0.0,
        outcome=classification.Outcome.Value(f"OUTCOME_{change.outcome}"),
        pages_seen=change.pages,
    )
