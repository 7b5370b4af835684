"""Every kind of entry as a record's bytes."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from docsort.v1 import classification_pb2 as classification
from docsort.v1 import job_pb2
from docsort_server.codec.pages import page_from_record, page_to_record
from docsort_server.codec.results import result_from_record, result_to_record
from docsort_server.convert.budgets import budget_to_proto
from docsort_server.convert.categories import category_to_proto
from docsort_server.convert.failures import failure_from_proto, failure_to_proto
from docsort_server.convert.requests import options_from_proto, question_from_proto
from docsort_server.convert.times import duration, seconds_of, timestamp
from docsort_server.engine.result import PageResult, without_segments
from docsort_server.faults import Fault, Reason
from docsort_server.jobs import journal
from docsort_server.jobs.model import (
    Brief,
    Called,
    Extracted,
    Finished,
    JobSpec,
    JobStatus,
    StopCause,
    Stopped,
    Summary,
    Tried,
)
from docsort_server.record.v1 import record_pb2 as record

if TYPE_CHECKING:
    from docsort_server.jobs.model import Entry

# Below what any message broker takes: a record that is too large is an error, never retried.
RECORD_BYTES = 900 * 1024


class ProtoRecordCodec:
    """Encode entries as protobuf messages of `docsort_server.record.v1`."""

    def encode(self, entry: Entry) -> bytes:
        """Encode an entry. Raises `Fault` INTERNAL above 900 KiB.

        The end of a job is no larger: it is told without segments before it is not told at all.
        """
        body = _to_record(entry).SerializeToString()
        if len(body) > RECORD_BYTES and isinstance(entry, Finished) and entry.result:
            entry = replace(entry, result=without_segments(entry.result))
            body = _to_record(entry).SerializeToString()
        if len(body) > RECORD_BYTES:
            message = f"A record of {len(body)} bytes exceeds the store's {RECORD_BYTES}."
            raise Fault(Reason.INTERNAL, message, metadata={"limit": "record_bytes"})
        return body

    def decode(self, slot: str, body: bytes) -> Entry:
        """Decode what `encode` made for this kind of slot."""
        match slot:
            case journal.ACCEPTED:
                return _spec_from_record(record.AcceptedRecord.FromString(body))
            case journal.EXTRACTED:
                return _extracted_from_record(record.ExtractedRecord.FromString(body))
            case journal.STOP:
                cause = record.StopRecord.FromString(body).cause
                name = record.StopRecord.Cause.Name(cause).removeprefix("CAUSE_")
                return Stopped(StopCause(name))
            case journal.FINAL:
                return _finished_from_record(record.FinishedRecord.FromString(body))
            case _ if slot.startswith(f"{journal.TRY}."):
                tried = record.TryRecord.FromString(body)
                return Tried(tried.page, tried.number, void=tried.void)
            case _ if slot.startswith(f"{journal.CALL}."):
                return Called(record.CallRecord.FromString(body).number)
            case _:
                return page_from_record(record.PageRecord.FromString(body))

    def encode_brief(self, brief: Brief) -> bytes:
        """Encode what lists tell of a job."""
        return _brief_to_record(brief).SerializeToString()

    def decode_brief(self, body: bytes) -> Brief:
        """Decode what lists tell of a job."""
        return _brief_from_record(record.BriefRecord.FromString(body))


_Record = (
    record.AcceptedRecord
    | record.ExtractedRecord
    | record.PageRecord
    | record.TryRecord
    | record.CallRecord
    | record.StopRecord
    | record.FinishedRecord
)


def _to_record(entry: Entry) -> _Record:
    match entry:
        case JobSpec():
            return _spec_to_record(entry)
        case Extracted():
            return _extracted_to_record(entry)
        case PageResult():
            return page_to_record(entry)
        case Tried(page, number, void):
            return record.TryRecord(page=page, number=number, void=void)
        case Called(number):
            return record.CallRecord(number=number)
        case Stopped(cause):
            return record.StopRecord(cause=record.StopRecord.Cause.Value(f"CAUSE_{cause}"))
        case Finished():
            return _finished_to_record(entry)


def _spec_to_record(spec: JobSpec) -> record.AcceptedRecord:
    question, chosen = spec.question, spec.options
    options = classification.ClassificationOptions(
        pages=[classification.PageRange(first=a, last=b) for a, b in chosen.pages],
        min_confidence=question.min_confidence,
        min_margin=question.min_margin,
        engine=chosen.engine,
        evidence=question.evidence,
        segments=chosen.segments,
        labels=chosen.labels,
        priority=classification.Priority.Value(f"PRIORITY_{chosen.priority}"),
        fallback_engines=chosen.fallback_engines,
        budget=budget_to_proto(chosen.budget) if chosen.budget else None,
    )
    if not chosen.cache:
        options.cache = False
    if chosen.stop_decided:
        options.stop_when = classification.STOP_WHEN_DECIDED
    if chosen.deadline is not None:
        options.deadline.CopyFrom(duration(chosen.deadline))
    message = record.AcceptedRecord(
        options=options,
        document_digest=spec.document_digest,
        document_size=spec.document_size,
        fingerprint=spec.fingerprint,
        ttl=duration(spec.ttl),
        detached=spec.detached,
        document_id=spec.document_id,
        locked=spec.locked,
        document_uri=spec.document_uri,
    )
    message.categories.extend(map(category_to_proto, question.categories))
    return message


def _spec_from_record(message: record.AcceptedRecord) -> JobSpec:
    return JobSpec(
        question=question_from_proto(message.categories, message.options),
        options=options_from_proto(message.options),
        document_digest=message.document_digest,
        document_size=message.document_size,
        fingerprint=message.fingerprint,
        ttl=seconds_of(message.ttl),
        detached=message.detached,
        document_id=message.document_id,
        locked=message.locked,
        document_uri=message.document_uri,
    )


def _extracted_to_record(entry: Extracted) -> record.ExtractedRecord:
    message = record.ExtractedRecord(
        total_pages=entry.total_pages,
        selected=[classification.PageRange(first=a, last=b) for a, b in entry.selected],
        beyond_end=entry.beyond_end,
        start_time=timestamp(entry.start_time),
        left_out=entry.left_out,
    )
    if entry.failure:
        message.failure.CopyFrom(failure_to_proto(entry.failure))
    return message


def _extracted_from_record(message: record.ExtractedRecord) -> Extracted:
    return Extracted(
        start_time=seconds_of(message.start_time),
        total_pages=message.total_pages,
        selected=tuple((run.first, run.last) for run in message.selected),
        beyond_end=message.beyond_end,
        failure=failure_from_proto(message.failure) if message.HasField("failure") else None,
        left_out=tuple(message.left_out),
    )


def _finished_to_record(entry: Finished) -> record.FinishedRecord:
    message = record.FinishedRecord(
        status=job_pb2.JobStatus.Value(f"JOB_STATUS_{entry.status}"),
        summary=_summary_to_record(entry.summary),
    )
    if entry.failure:
        message.failure.CopyFrom(failure_to_proto(entry.failure))
    if entry.result:
        message.result.CopyFrom(result_to_record(entry.result))
    return message


def _finished_from_record(message: record.FinishedRecord) -> Finished:
    return Finished(
        status=_status(message.status),
        summary=_summary_from_record(message.summary),
        result=result_from_record(message.result) if message.HasField("result") else None,
        failure=failure_from_proto(message.failure) if message.HasField("failure") else None,
    )


def _brief_to_record(brief: Brief) -> record.BriefRecord:
    message = record.BriefRecord(
        create_time=timestamp(brief.create_time),
        ttl=duration(brief.ttl),
        labels=brief.labels,
        summary=_summary_to_record(brief.summary),
        status=job_pb2.JobStatus.Value(f"JOB_STATUS_{brief.status}"),
    )
    if brief.end_time is not None:
        message.end_time.CopyFrom(timestamp(brief.end_time))
    if brief.failure:
        message.failure.CopyFrom(failure_to_proto(brief.failure))
    return message


def _brief_from_record(message: record.BriefRecord) -> Brief:
    return Brief(
        create_time=seconds_of(message.create_time),
        ttl=seconds_of(message.ttl),
        labels=dict(message.labels),
        summary=_summary_from_record(message.summary),
        status=_status(message.status),
        end_time=seconds_of(message.end_time) if message.HasField("end_time") else None,
        failure=failure_from_proto(message.failure) if message.HasField("failure") else None,
    )


def _summary_to_record(summary: Summary) -> record.SummaryRecord:
    message = record.SummaryRecord(
        status=job_pb2.JobStatus.Value(f"JOB_STATUS_{summary.status}"),
        pages_total=summary.pages_total,
        pages_done=summary.pages_done,
    )
    if summary.start_time is not None:
        message.start_time.CopyFrom(timestamp(summary.start_time))
    return message


def _summary_from_record(message: record.SummaryRecord) -> Summary:
    return Summary(
        status=_status(message.status),
        pages_total=message.pages_total if message.HasField("pages_total") else None,
        pages_done=message.pages_done,
        start_time=seconds_of(message.start_time) if message.HasField("start_time") else None,
    )


def _status(value: job_pb2.JobStatus.ValueType) -> JobStatus:
    return JobStatus(job_pb2.JobStatus.Name(value).removeprefix("JOB_STATUS_"))
