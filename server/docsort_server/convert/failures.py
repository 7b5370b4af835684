"""Failures to proto messages and back."""

from __future__ import annotations

from docsort.v1 import error_reason_pb2
from docsort_server.faults import Failure, Reason


def failure_to_proto(failure: Failure) -> error_reason_pb2.Failure:
    """Return a failure as callers see it."""
    reason = error_reason_pb2.ErrorReason.Value(f"ERROR_REASON_{failure.reason}")
    return error_reason_pb2.Failure(
        reason=reason, message=failure.message, metadata=failure.metadata
    )


def failure_from_proto(message: error_reason_pb2.Failure) -> Failure:
    """Return a stored failure."""
    name = error_reason_pb2.ErrorReason.Name(message.reason).removeprefix("ERROR_REASON_")
    return Failure(Reason(name), message.message, dict(message.metadata))
