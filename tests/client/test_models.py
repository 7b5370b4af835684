"""Models mirror the contract, field by field and value by value."""

import dataclasses
from datetime import UTC, datetime

import pytest
from google.protobuf.descriptor import EnumDescriptor
from google.protobuf.message import Message

import docsort
from docsort import _convert, _enums
from docsort.v1 import classification_pb2, error_reason_pb2, job_pb2, schema_service_pb2

ENUMS = [
    enum
    for file in (classification_pb2, job_pb2, error_reason_pb2, schema_service_pb2)
    for enum in file.DESCRIPTOR.enum_types_by_name.values()
]


@pytest.mark.parametrize("name", sorted(_convert._MESSAGES))
def test_field_names(name: str) -> None:
    """A model has the fields of its message, in the same order."""
    model = _convert._MODELS[_convert._MESSAGES[name].DESCRIPTOR.full_name]
    fields = [field.name for field in _convert._MESSAGES[name].DESCRIPTOR.fields]
    assert [field.name for field in dataclasses.fields(model)] == fields


@pytest.mark.parametrize("enum", ENUMS, ids=lambda enum: enum.name)
def test_enum_values(enum: EnumDescriptor) -> None:
    """An enum has a member for each value of the contract and no other."""
    members = {_convert.enum_from_number(enum, value.number) for value in enum.values}
    assert members == set(getattr(_enums, enum.name))


def fill(message: Message, depth: int = 0) -> Message:
    """Set every field of a message, so that nothing can be lost unseen."""
    for field in message.DESCRIPTOR.fields:
        if field.message_type is not None and field.message_type.GetOptions().map_entry:
            getattr(message, field.name)["key"] = "value"
        elif field.message_type is not None:
            target = getattr(message, field.name)
            fill(target.add() if field.is_repeated else target, depth + 1)
        elif field.enum_type is not None:
            setattr(message, field.name, 1)
        else:
            value = (field.number + depth) * (1000 if field.name == "nanos" else 1)
            plain = str(value) if field.type == field.TYPE_STRING else value
            if field.is_repeated:
                getattr(message, field.name).append(plain)
            else:
                setattr(message, field.name, plain)
    return message


def test_job_survives_the_round_trip() -> None:
    """A job with every field set is the same after reading and writing it."""
    message = job_pb2.Job()
    fill(message)
    assert _convert.job_to_proto(_convert.job_from_proto(message)) == message


@pytest.mark.parametrize("kind", ["accepted", "progress", "page_result", "provisional", "finished"])
def test_event_survives_the_round_trip(kind: str) -> None:
    """An event with every field set is the same after reading and writing it."""
    message = job_pb2.JobEvent(sequence=7, job_id="job-1")
    message.event_time.FromDatetime(datetime(2030, 1, 2, tzinfo=UTC))
    fill(getattr(message, kind))
    event = _convert.event_from_proto(message)
    assert event is not None
    assert _convert.event_to_proto(event) == message


def test_absent_is_none_and_times_are_aware() -> None:
    """What is unset is None; times know their zone and durations are seconds."""
    message = job_pb2.Job(job_id="job-1")
    message.create_time.FromDatetime(datetime(2030, 1, 2, 3, 4, 5, tzinfo=UTC))
    message.duration.FromMilliseconds(1230)
    job = _convert.job_from_proto(message)
    assert job.create_time == datetime(2030, 1, 2, 3, 4, 5, tzinfo=UTC)
    assert job.duration == 1.23
    assert (job.result, job.end_time, job.error, job.pages_total) == (None,) * 4


def test_unknown_enum_values_are_kept() -> None:
    """A value of a newer server is a member of its own and is written back as it came."""
    message = classification_pb2.PageResult()
    message.MergeFromString(b"\x30\x63")  # outcome = 99
    page = _convert._read(message)
    assert isinstance(page, docsort.PageResult)
    assert page.outcome == "unknown_99"
    assert page.outcome not in set(docsort.Outcome)
    assert _convert._write(page) == message


def test_unset_enum_is_false() -> None:
    """An enum that is not set can be asked for like a flag."""
    page = docsort.PageResult(page=1)
    assert not page.text_source
    assert docsort.TextSource.TEXT_LAYER


def test_events_of_unknown_kind_are_none() -> None:
    """Kinds that this client does not know are no events."""
    assert _convert.event_from_proto(job_pb2.JobEvent(sequence=3)) is None
