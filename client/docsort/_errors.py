"""What can go wrong. One class per reason; the same for a refused call and for a failed job.

DocsortError
├── APIConnectionError            the server cannot be reached, or was lost for too long
│   └── APITimeoutError           it was reached but did not answer in time
├── InvalidRequestError           INVALID_REQUEST; `violations` names the fields
│   └── CategoriesError           categories that cannot be read; a ValueError too
├── DocumentError                 the document is the problem
│   ├── UnsupportedDocumentError  UNSUPPORTED_DOCUMENT
│   ├── EmptyDocumentError        EMPTY_DOCUMENT
│   ├── DocumentTooLargeError     DOCUMENT_TOO_LARGE
│   ├── CorruptDocumentError      CORRUPT_DOCUMENT
│   ├── EncryptedDocumentError    ENCRYPTED_DOCUMENT
│   ├── WrongPasswordError        WRONG_PASSWORD
│   ├── UriNotAllowedError        URI_NOT_ALLOWED
│   ├── UriUnreachableError       URI_UNREACHABLE; a later retry may help
│   ├── TooManyPagesError         TOO_MANY_PAGES
│   ├── ParserCrashedError        PARSER_CRASHED
│   └── ParserTimeoutError        PARSER_TIMEOUT
├── NotFoundError                 what was asked for does not exist
│   ├── JobNotFoundError          JOB_NOT_FOUND
│   │   └── JobLostError          the same of a job whose events came before: the server lost it
│   └── DocumentNotFoundError     DOCUMENT_NOT_FOUND
├── ConflictError                 the call does not fit the state of things
│   ├── JobFinishedError          JOB_FINISHED
│   ├── JobNotFinishedError       JOB_NOT_FINISHED
│   └── IdempotencyMismatchError  IDEMPOTENCY_MISMATCH
├── EventsExpiredError            EVENTS_EXPIRED; list the jobs, then watch without a token
├── OverloadedError               OVERLOADED; `retry_after` in seconds
├── ShuttingDownError             SHUTTING_DOWN; `retry_after` in seconds
├── ModelUnavailableError         MODEL_UNAVAILABLE
├── ModelOutputInvalidError       MODEL_OUTPUT_INVALID; the model answered with nothing that fits
├── BudgetSpentError              BUDGET_SPENT; the job's budget was spent before any page
├── DeadlineError                 DEADLINE; the job's own deadline passed before any page
├── JobCancelledError             CANCELLED
└── InternalError                 INTERNAL; quote `error_id` when reporting it
"""

from collections.abc import Mapping
from dataclasses import dataclass

import grpc

from docsort._enums import ErrorReason


@dataclass(frozen=True, slots=True)
class FieldViolation:
    """Name a field of the request by its path in the contract, and what is wrong with it."""

    field: str
    description: str


class DocsortError(Exception):
    """Be the root of everything this package raises by itself.

    `code` is the status of a refused call and None for a failure inside a job; `job_id` is empty
    where no job is known; `retry_after` is in seconds, None unless the server gave it.
    """

    def __init__(
        self,
        message: str,
        *,
        reason: ErrorReason = ErrorReason.UNSPECIFIED,
        code: grpc.StatusCode | None = None,
        metadata: Mapping[str, str] | None = None,
        job_id: str = "",
        retry_after: float | None = None,
        violations: tuple[FieldViolation, ...] = (),
    ) -> None:
        super().__init__(message)
        self.message = message
        self.reason = reason
        self.code = code
        self.metadata: Mapping[str, str] = dict(metadata or {})
        self.job_id = job_id
        self.retry_after = retry_after
        self.violations = violations


class APIConnectionError(DocsortError):
    """Report a server that cannot be reached, or was lost for longer than `Timeouts.resume`."""


class APITimeoutError(APIConnectionError):
    """Report a server that was reached but did not answer in time."""


class InvalidRequestError(DocsortError):
    """Report a request that breaks a documented constraint; `violations` names the fields."""


class CategoriesError(InvalidRequestError, ValueError):
    """Name the entry, counted from 1, and the key that cannot be read; nothing was sent."""


class DocumentError(DocsortError):
    """Report a document that cannot be classified, whatever the server does."""


class UnsupportedDocumentError(DocumentError):
    """Report content of a kind that the server does not read."""


class EmptyDocumentError(DocumentError):
    """Report a document without bytes or without pages."""


class DocumentTooLargeError(DocumentError):
    """Report content larger than allowed; `metadata` holds limit, value and actual."""


class CorruptDocumentError(DocumentError):
    """Report a document damaged beyond reading."""


class EncryptedDocumentError(DocumentError):
    """Report a document that needs a password."""


class WrongPasswordError(DocumentError):
    """Report a password that does not open the document."""


class UriNotAllowedError(DocumentError):
    """Report a URI that the server does not fetch documents from."""


class UriUnreachableError(DocumentError):
    """Report a document that the server could not fetch; a later retry may help."""


class TooManyPagesError(DocumentError):
    """Report a document with more pages than the server reads."""


class ParserCrashedError(DocumentError):
    """Report a document that ended the process which read it."""


class ParserTimeoutError(DocumentError):
    """Report a document that takes too long to read."""


class NotFoundError(DocsortError):
    """Report that what was asked for does not exist."""


class JobNotFoundError(NotFoundError):
    """Report a job that was never known or has expired."""


class JobLostError(JobNotFoundError):
    """Report a job that was being followed and is not known any more: submit it again.

    A server that keeps its jobs in memory has forgotten them when it starts anew.
    """


class DocumentNotFoundError(NotFoundError):
    """Report a document that was never uploaded, has expired or was deleted: upload it again."""


class ConflictError(DocsortError):
    """Report a call that does not fit the state of things."""


class JobFinishedError(ConflictError):
    """Report that a finished job cannot be cancelled."""


class JobNotFinishedError(ConflictError):
    """Report that a running job can be neither deleted nor paged through."""


class IdempotencyMismatchError(ConflictError):
    """Report a request_id that was used before with another request."""


class EventsExpiredError(DocsortError):
    """Report a resume token of a store that was started anew: list the jobs, then watch anew."""


class OverloadedError(DocsortError):
    """Report a server that holds as much work as it may; retry after `retry_after` seconds."""


class ShuttingDownError(DocsortError):
    """Report a server that is going away; retry after `retry_after` seconds."""


class ModelUnavailableError(DocsortError):
    """Report an engine that is out of reach or has failed."""


class ModelOutputInvalidError(DocsortError):
    """Report a model whose answer fits none of the categories, even when asked again."""


class BudgetSpentError(DocsortError):
    """Report that the job's budget was spent before any page was answered."""


class DeadlineError(DocsortError):
    """Report that the job's own deadline passed before any page was classified."""


class JobCancelledError(DocsortError):
    """Report that the job was cancelled."""


class InternalError(DocsortError):
    """Report a fault inside docsort."""

    @property
    def error_id(self) -> str:
        """The id under which the server logged the fault; empty if it gave none."""
        return self.metadata.get("error_id", "")
