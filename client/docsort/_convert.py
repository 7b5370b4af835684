"""Models to and from protobuf messages.

Models carry the field names of their messages, so one walk over the descriptors serves them
all; a test holds the names equal. A message field that no model knows is skipped.
"""

import dataclasses
import functools
import operator
from collections.abc import Callable
from datetime import UTC, timedelta
from typing import Any, TypeAlias, cast

from google.protobuf.descriptor import Descriptor, EnumDescriptor, FieldDescriptor
from google.protobuf.message import Message

from docsort import _enums, _events, _models, _planning
from docsort._enums import ChangeKind, OpenEnum
from docsort._events import Event, JobChange
from docsort._models import Failure, Job, PageResult, Submission, UploadedDocument
from docsort._planning import CategoriesCheck, Estimate
from docsort.v1 import (
    classification_pb2,
    document_pb2,
    error_reason_pb2,
    job_pb2,
    job_service_pb2,
    schema_service_pb2,
)

# What a walk over descriptors meets cannot be typed; the public functions below are.
Value: TypeAlias = Any
Convert: TypeAlias = Callable[[Value], Value]

_MESSAGES: dict[str, type[Message]] = {
    "Aggregation": classification_pb2.Aggregation,
    "CategoriesCheck": schema_service_pb2.CheckCategoriesResponse,
    "CategoryConfidence": classification_pb2.CategoryConfidence,
    "CategoryScore": classification_pb2.CategoryScore,
    "ClassificationResult": classification_pb2.ClassificationResult,
    "CostRange": job_service_pb2.CostRange,
    "CountRange": job_service_pb2.CountRange,
    "CriterionConfidence": classification_pb2.CriterionConfidence,
    "CriterionResult": classification_pb2.CriterionResult,
    "Estimate": job_service_pb2.EstimateJobResponse,
    "Failure": error_reason_pb2.Failure,
    "Finding": schema_service_pb2.Finding,
    "FindingSubject": schema_service_pb2.FindingSubject,
    "Job": job_pb2.Job,
    "PageResult": classification_pb2.PageResult,
    "PageWeight": classification_pb2.PageWeight,
    "Provenance": classification_pb2.Provenance,
    "ResponseConfidence": classification_pb2.ResponseConfidence,
    "ResultWarning": classification_pb2.Warning,
    "RevisedPage": classification_pb2.RevisedPage,
    "Segment": classification_pb2.Segment,
    "Shortfall": classification_pb2.Shortfall,
    "Submission": job_service_pb2.SubmitJobResponse,
    "Suggestion": classification_pb2.Suggestion,
    "TimeRange": job_service_pb2.TimeRange,
    "UploadedDocument": document_pb2.Document,
    "Usage": classification_pb2.Usage,
}
_MODELS: dict[str, type] = {
    message.DESCRIPTOR.full_name: getattr(_models, name, None) or getattr(_planning, name)
    for name, message in _MESSAGES.items()
}
_WELL_KNOWN: dict[str, tuple[Convert, Convert]] = {
    "google.protobuf.Timestamp": (
        lambda stamp: stamp.ToDatetime(tzinfo=UTC),
        lambda moment: moment,
    ),
    "google.protobuf.Duration": (
        lambda duration: duration.ToTimedelta().total_seconds(),
        lambda seconds: timedelta(seconds=seconds),
    ),
}
_ENVELOPE = ("sequence", "job_id", "event_time")
_KINDS: dict[str, type] = {
    "accepted": _events.Accepted,
    "progress": _events.Progress,
    "page_result": _events.PageFinished,
    "provisional": _events.Provisional,
    "finished": _events.Finished,
}


def job_from_proto(message: job_pb2.Job) -> Job:
    """Read a job."""
    return cast("Job", _read(message))


def job_to_proto(job: Job) -> job_pb2.Job:
    """Write a job."""
    return cast("job_pb2.Job", _write(job))


def submission_from_proto(message: job_service_pb2.SubmitJobResponse) -> Submission:
    """Read the answer to a job submitted."""
    return cast("Submission", _read(message))


def submission_to_proto(answer: Submission) -> job_service_pb2.SubmitJobResponse:
    """Write the answer to a job submitted."""
    return cast("job_service_pb2.SubmitJobResponse", _write(answer))


def document_from_proto(message: document_pb2.Document) -> UploadedDocument:
    """Read what the server keeps of an upload."""
    return cast("UploadedDocument", _read(message))


def document_to_proto(document: UploadedDocument) -> document_pb2.Document:
    """Write what the server keeps of an upload."""
    return cast("document_pb2.Document", _write(document))


def estimate_from_proto(message: job_service_pb2.EstimateJobResponse) -> Estimate:
    """Read what a job would take."""
    return cast("Estimate", _read(message))


def estimate_to_proto(estimate: Estimate) -> job_service_pb2.EstimateJobResponse:
    """Write what a job would take."""
    return cast("job_service_pb2.EstimateJobResponse", _write(estimate))


def check_from_proto(message: schema_service_pb2.CheckCategoriesResponse) -> CategoriesCheck:
    """Read what was found about categories."""
    return cast("CategoriesCheck", _read(message))


def check_to_proto(check: CategoriesCheck) -> schema_service_pb2.CheckCategoriesResponse:
    """Write what was found about categories."""
    return cast("schema_service_pb2.CheckCategoriesResponse", _write(check))


def page_from_proto(message: classification_pb2.PageResult) -> PageResult:
    """Read a page's result."""
    return cast("PageResult", _read(message))


def enum_to_number(enum: EnumDescriptor, member: OpenEnum) -> int:
    """Return the number of a member; 0 for one that is unset."""
    return _number(enum, member)


def failure_from_proto(message: error_reason_pb2.Failure) -> Failure:
    """Read a failure."""
    return cast("Failure", _read(message))


def event_from_proto(message: job_pb2.JobEvent) -> Event | None:
    """Read an event; None for a heartbeat and for kinds that this client does not know."""
    kind = message.WhichOneof("kind")
    if kind is None or kind not in _KINDS:
        return None
    stamp = message.event_time.ToDatetime(tzinfo=UTC) if message.HasField("event_time") else None
    body = getattr(message, kind)
    if kind == "page_result":
        content = {"page_result": _read(body)}
    else:
        content = {name: read(body) for name, read in _readers(body.DESCRIPTOR)}
    event = _KINDS[kind](
        sequence=message.sequence, job_id=message.job_id, event_time=stamp, **content
    )
    return cast("Event", event)


def event_to_proto(event: Event) -> job_pb2.JobEvent:
    """Write an event."""
    kind = next(name for name, model in _KINDS.items() if isinstance(event, model))
    message = job_pb2.JobEvent(sequence=event.sequence, job_id=event.job_id)
    if event.event_time is not None:
        message.event_time.FromDatetime(event.event_time)
    body = getattr(message, kind)
    body.SetInParent()
    if isinstance(event, _events.PageFinished):
        body.CopyFrom(_write(event.page_result))
        return message
    names = (f.name for f in dataclasses.fields(event) if f.name not in _ENVELOPE)
    values = {name: _written(body.DESCRIPTOR, name, getattr(event, name)) for name in names}
    body.MergeFrom(type(body)(**values))
    return message


def change_from_proto(message: job_service_pb2.WatchJobsResponse) -> JobChange | None:
    """Read a change; None for a heartbeat and for kinds that this client does not know."""
    kind = message.WhichOneof("change")
    if kind is None or kind not in tuple(ChangeKind):
        return None
    stamp = message.event_time.ToDatetime(tzinfo=UTC) if message.HasField("event_time") else None
    job = job_from_proto(getattr(message, kind))
    return JobChange(ChangeKind(kind), job, stamp, message.resume_token)


def change_to_proto(change: JobChange) -> job_service_pb2.WatchJobsResponse:
    """Write a change."""
    message = job_service_pb2.WatchJobsResponse(resume_token=change.resume_token)
    if change.event_time is not None:
        message.event_time.FromDatetime(change.event_time)
    getattr(message, change.kind).CopyFrom(job_to_proto(change.job))
    return message


def enum_from_number(enum: EnumDescriptor, number: int) -> OpenEnum:
    """Return the member for a number; numbers of newer servers become `unknown_<number>`."""
    return _members(enum).get(number) or _enum_class(enum)(f"unknown_{number}" if number else "")


def _read(message: Message) -> object:
    return _maker(message.DESCRIPTOR)(message)


@functools.cache
def _maker(descriptor: Descriptor) -> Convert:
    model, readers = _MODELS[descriptor.full_name], _readers(descriptor)
    return lambda message: model(**{name: read(message) for name, read in readers})


def _write(model: Value) -> Message:
    message = _MESSAGES[type(model).__name__]
    names = (f.name for f in dataclasses.fields(model))
    return message(**{n: _written(message.DESCRIPTOR, n, getattr(model, n)) for n in names})


@functools.cache
def _readers(descriptor: Descriptor) -> tuple[tuple[str, Convert], ...]:
    model = _MODELS.get(descriptor.full_name)
    known = {f.name for f in dataclasses.fields(model)} if model else None
    fields = (f for f in descriptor.fields if known is None or f.name in known)
    return tuple((f.name, _reader(f)) for f in fields)


def _reader(field: FieldDescriptor) -> Convert:
    name = field.name
    if _is_map(field):
        return lambda message: dict(getattr(message, name))
    convert = _from(field)
    if field.is_repeated:
        return lambda message: tuple(map(convert, getattr(message, name)))
    if field.has_presence:
        return lambda message: convert(getattr(message, name)) if message.HasField(name) else None
    # Plain values are most of a page: they take the shortest way.
    if field.enum_type is None:
        return operator.attrgetter(name)
    return lambda message: convert(getattr(message, name))


def _from(field: FieldDescriptor) -> Convert:
    if field.enum_type is not None:
        return functools.partial(enum_from_number, field.enum_type)
    if field.message_type is None:
        return lambda value: value
    well_known = _WELL_KNOWN.get(field.message_type.full_name)
    return well_known[0] if well_known else _maker(field.message_type)


def _written(descriptor: Value, name: str, value: Value) -> Value:
    field = descriptor.fields_by_name[name]
    if value is None or _is_map(field):
        return value
    write = _to(field)
    return [write(item) for item in value] if field.is_repeated else write(value)


def _to(field: FieldDescriptor) -> Convert:
    if field.enum_type is not None:
        return functools.partial(_number, field.enum_type)
    if field.message_type is None:
        return lambda value: value
    well_known = _WELL_KNOWN.get(field.message_type.full_name)
    return well_known[1] if well_known else _write


def _number(enum: EnumDescriptor, member: OpenEnum) -> int:
    known = {value: number for number, value in _members(enum).items()}
    if member in known:
        return known[member]
    return int(member.removeprefix("unknown_")) if member else 0


@functools.cache
def _members(enum: EnumDescriptor) -> dict[int, OpenEnum]:
    model = _enum_class(enum)
    prefix = enum.values_by_number[0].name.removesuffix("UNSPECIFIED")
    names = {value.number: value.name.removeprefix(prefix) for value in enum.values}
    capitals = model is _enums.ErrorReason
    return {n: model(name if capitals else name.lower()) for n, name in names.items() if n}


def _enum_class(enum: EnumDescriptor) -> type[OpenEnum]:
    return cast("type[OpenEnum]", getattr(_enums, enum.name))


def _is_map(field: FieldDescriptor) -> bool:
    return field.message_type is not None and field.message_type.GetOptions().map_entry
