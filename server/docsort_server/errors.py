"""How faults look on the wire: google.rpc.Status with its standard details.

Details stay under 6 KiB: above 16 KiB of metadata the gRPC core would turn any status into
RESOURCE_EXHAUSTED.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import grpc
from google.protobuf.any_pb2 import Any
from google.rpc import error_details_pb2 as details
from google.rpc import status_pb2
from grpc_status import rpc_status

from docsort_server.convert.times import duration
from docsort_server.faults import Fault, Reason

if TYPE_CHECKING:
    from collections.abc import Iterator

    from google.protobuf.message import Message

DOMAIN = "docsort.v1"
PUSHBACK = "grpc-retry-pushback-ms"
MAX_VIOLATIONS = 20
# Characters of any text: it may quote what the caller sent.
_TEXT = 200

_CODES = {
    Reason.INVALID_REQUEST: grpc.StatusCode.INVALID_ARGUMENT,
    Reason.UNSUPPORTED_DOCUMENT: grpc.StatusCode.INVALID_ARGUMENT,
    Reason.EMPTY_DOCUMENT: grpc.StatusCode.INVALID_ARGUMENT,
    Reason.DOCUMENT_TOO_LARGE: grpc.StatusCode.INVALID_ARGUMENT,
    # Of jobs these are in the job; a call that opens a document itself ends with them.
    Reason.CORRUPT_DOCUMENT: grpc.StatusCode.INVALID_ARGUMENT,
    Reason.ENCRYPTED_DOCUMENT: grpc.StatusCode.INVALID_ARGUMENT,
    Reason.WRONG_PASSWORD: grpc.StatusCode.INVALID_ARGUMENT,
    Reason.TOO_MANY_PAGES: grpc.StatusCode.INVALID_ARGUMENT,
    Reason.PARSER_CRASHED: grpc.StatusCode.INVALID_ARGUMENT,
    Reason.PARSER_TIMEOUT: grpc.StatusCode.INVALID_ARGUMENT,
    Reason.URI_UNREACHABLE: grpc.StatusCode.UNAVAILABLE,
    Reason.URI_NOT_ALLOWED: grpc.StatusCode.PERMISSION_DENIED,
    Reason.JOB_NOT_FOUND: grpc.StatusCode.NOT_FOUND,
    Reason.DOCUMENT_NOT_FOUND: grpc.StatusCode.NOT_FOUND,
    Reason.JOB_FINISHED: grpc.StatusCode.FAILED_PRECONDITION,
    Reason.JOB_NOT_FINISHED: grpc.StatusCode.FAILED_PRECONDITION,
    Reason.IDEMPOTENCY_MISMATCH: grpc.StatusCode.ALREADY_EXISTS,
    Reason.EVENTS_EXPIRED: grpc.StatusCode.OUT_OF_RANGE,
    Reason.OVERLOADED: grpc.StatusCode.UNAVAILABLE,
    Reason.SHUTTING_DOWN: grpc.StatusCode.UNAVAILABLE,
}

# What was not found: its type, and the key of its name in the metadata.
_RESOURCES = {
    Reason.JOB_NOT_FOUND: ("docsort.v1.Job", "job_id"),
    Reason.DOCUMENT_NOT_FOUND: ("docsort.v1.Document", "document_id"),
}


@dataclass(frozen=True, slots=True)
class RichStatus(grpc.Status):
    """A status with its trailers, as `abort_with_status` takes it."""

    code: grpc.StatusCode
    details: str
    trailing_metadata: tuple[tuple[str, str | bytes], ...]


def status_of(fault: Fault) -> RichStatus:
    """Return the status, details and trailers of a fault."""
    code = _CODES.get(fault.reason, grpc.StatusCode.INTERNAL)
    text = _short(fault.message)
    message = status_pb2.Status(code=code.value[0], message=text)
    for detail in _details(fault):
        packed = Any()
        packed.Pack(detail)
        message.details.append(packed)
    trailers = list(rpc_status.to_status(message).trailing_metadata)
    if fault.retry_after is not None:
        trailers.append((PUSHBACK, str(round(fault.retry_after * 1000))))
    return RichStatus(code, text, tuple(trailers))


def _details(fault: Fault) -> Iterator[Message]:
    yield details.ErrorInfo(reason=fault.reason, domain=DOMAIN, metadata=fault.metadata)
    if fault.violations:
        yield details.BadRequest(
            field_violations=[
                details.BadRequest.FieldViolation(
                    field=_short(violation.path), description=_short(violation.description)
                )
                for violation in fault.violations[:MAX_VIOLATIONS]
            ]
        )
    if resource := _RESOURCES.get(fault.reason):
        kind, key = resource
        yield details.ResourceInfo(
            resource_type=kind,
            resource_name=fault.metadata.get(key, ""),
            description=_short(fault.message),
        )
    if fault.reason in {Reason.JOB_FINISHED, Reason.JOB_NOT_FINISHED}:
        yield details.PreconditionFailure(
            violations=[
                details.PreconditionFailure.Violation(
                    type=fault.reason,
                    subject=fault.metadata.get("job_id", ""),
                    description=_short(fault.message),
                )
            ]
        )
    if fault.retry_after is not None:
        yield details.RetryInfo(retry_delay=duration(fault.retry_after))


def _short(text: str) -> str:
    return text if len(text) <= _TEXT else f"{text[: _TEXT - 3]}..."
