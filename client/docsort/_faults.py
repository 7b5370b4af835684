"""From the status of a call, or the failure of a job, to the exception that stands for it."""

from typing import Final, Protocol, TypeVar, cast

import grpc
from google.protobuf.message import Message
from google.rpc import error_details_pb2, status_pb2
from grpc_status import rpc_status

from docsort import _errors
from docsort._enums import ErrorReason
from docsort._errors import DocsortError, FieldViolation
from docsort._models import ClassificationResult, Failure, Job

_Detail = TypeVar("_Detail", bound=Message)

DOMAIN: Final = "docsort.v1"
BY_REASON: Final[dict[ErrorReason, type[DocsortError]]] = {
    ErrorReason.INTERNAL: _errors.InternalError,
    ErrorReason.INVALID_REQUEST: _errors.InvalidRequestError,
    ErrorReason.UNSUPPORTED_DOCUMENT: _errors.UnsupportedDocumentError,
    ErrorReason.EMPTY_DOCUMENT: _errors.EmptyDocumentError,
    ErrorReason.DOCUMENT_TOO_LARGE: _errors.DocumentTooLargeError,
    ErrorReason.CORRUPT_DOCUMENT: _errors.CorruptDocumentError,
    ErrorReason.ENCRYPTED_DOCUMENT: _errors.EncryptedDocumentError,
    ErrorReason.TOO_MANY_PAGES: _errors.TooManyPagesError,
    ErrorReason.PARSER_CRASHED: _errors.ParserCrashedError,
    ErrorReason.PARSER_TIMEOUT: _errors.ParserTimeoutError,
    ErrorReason.JOB_NOT_FOUND: _errors.JobNotFoundError,
    ErrorReason.JOB_FINISHED: _errors.JobFinishedError,
    ErrorReason.IDEMPOTENCY_MISMATCH: _errors.IdempotencyMismatchError,
    ErrorReason.OVERLOADED: _errors.OverloadedError,
    ErrorReason.SHUTTING_DOWN: _errors.ShuttingDownError,
    ErrorReason.MODEL_UNAVAILABLE: _errors.ModelUnavailableError,
    ErrorReason.DEADLINE: _errors.DeadlineError,
    ErrorReason.CANCELLED: _errors.JobCancelledError,
    ErrorReason.JOB_NOT_FINISHED: _errors.JobNotFinishedError,
    ErrorReason.DOCUMENT_NOT_FOUND: _errors.DocumentNotFoundError,
    ErrorReason.EVENTS_EXPIRED: _errors.EventsExpiredError,
    ErrorReason.MODEL_OUTPUT_INVALID: _errors.ModelOutputInvalidError,
    ErrorReason.BUDGET_SPENT: _errors.BudgetSpentError,
    ErrorReason.WRONG_PASSWORD: _errors.WrongPasswordError,
    ErrorReason.URI_NOT_ALLOWED: _errors.UriNotAllowedError,
    ErrorReason.URI_UNREACHABLE: _errors.UriUnreachableError,
}
_BY_CODE: Final[dict[grpc.StatusCode, type[DocsortError]]] = {
    grpc.StatusCode.INVALID_ARGUMENT: _errors.InvalidRequestError,
    grpc.StatusCode.OUT_OF_RANGE: _errors.InvalidRequestError,
    grpc.StatusCode.NOT_FOUND: _errors.NotFoundError,
    grpc.StatusCode.ALREADY_EXISTS: _errors.ConflictError,
    grpc.StatusCode.FAILED_PRECONDITION: _errors.ConflictError,
    grpc.StatusCode.UNAVAILABLE: _errors.APIConnectionError,
    grpc.StatusCode.CANCELLED: _errors.APIConnectionError,
    grpc.StatusCode.DEADLINE_EXCEEDED: _errors.APITimeoutError,
    grpc.StatusCode.INTERNAL: _errors.InternalError,
    grpc.StatusCode.UNKNOWN: _errors.InternalError,
}
# What gRPC itself says of these tells a caller nothing.
_SAID: Final[dict[grpc.StatusCode, str]] = {
    grpc.StatusCode.UNIMPLEMENTED: "the server does not offer this call",
    grpc.StatusCode.DEADLINE_EXCEEDED: "the server was reached but did not answer in time",
}
_RESUMABLE: Final = frozenset(
    {
        grpc.StatusCode.UNAVAILABLE,
        grpc.StatusCode.INTERNAL,
        grpc.StatusCode.UNKNOWN,
        grpc.StatusCode.CANCELLED,
    }
)


class RpcFailure(Protocol):
    """Be what both stacks of gRPC raise: a code, its text, and metadata with the details."""

    def code(self) -> grpc.StatusCode:
        """Return the status."""

    def details(self) -> str | None:
        """Return the text beside it."""


def from_rpc(failure: RpcFailure, *, target: str, job_id: str = "") -> DocsortError:
    """Return the exception for a call that failed at `target`."""
    status = _status(failure)
    info = _detail(status, error_details_pb2.ErrorInfo())
    code = failure.code()
    reason = ErrorReason(info.reason if info and info.domain == DOMAIN else "")
    kind = BY_REASON.get(reason) or _BY_CODE.get(code, DocsortError)
    text = failure.details() or code.name
    return kind(
        text if reason else f"{target}: {_SAID.get(code, text)}",
        reason=reason,
        code=code,
        metadata=dict(info.metadata) if info else None,
        job_id=job_id,
        retry_after=_retry_after(status),
        violations=_violations(status),
    )


def from_failure(failure: Failure | None, *, job_id: str) -> DocsortError:
    """Return the exception for a job that failed or was cancelled."""
    failure = failure or Failure(message="the job failed without telling why")
    kind = BY_REASON.get(failure.reason, DocsortError)
    return kind(failure.message, reason=failure.reason, metadata=failure.metadata, job_id=job_id)


def result_of(job: Job) -> ClassificationResult:
    """Return the result of a finished job; raises the failure of one that has none."""
    if job.result is None:
        raise from_failure(job.failure, job_id=job.job_id)
    return job.result


def is_resumable(error: DocsortError) -> bool:
    """Tell whether a broken stream should be taken up again after this."""
    if error.code is None:
        return isinstance(error, _errors.APIConnectionError)
    return error.code in _RESUMABLE


def _status(failure: RpcFailure) -> status_pb2.Status | None:
    try:
        return cast("status_pb2.Status | None", rpc_status.from_call(cast("grpc.Call", failure)))
    except ValueError:
        # Details that contradict the status itself come from a broken intermediary.
        return None


def _detail(status: status_pb2.Status | None, into: _Detail) -> _Detail | None:
    for detail in status.details if status else ():
        if detail.Unpack(into):
            return into
    return None


def _retry_after(status: status_pb2.Status | None) -> float | None:
    retry = _detail(status, error_details_pb2.RetryInfo())
    return retry.retry_delay.ToTimedelta().total_seconds() if retry else None


def _violations(status: status_pb2.Status | None) -> tuple[FieldViolation, ...]:
    bad = _detail(status, error_details_pb2.BadRequest())
    found = bad.field_violations if bad else ()
    return tuple(FieldViolation(v.field, v.description) for v in found)
