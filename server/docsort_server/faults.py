"""What can go wrong, as data: reasons, failures and the one exception that carries them.

Anyone may import this module and it imports nobody: the parsers, the engine and the jobs raise
`Fault`; `errors.py` alone knows how a fault looks on the wire.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping


class Reason(StrEnum):
    """Machine-readable causes; the names equal those of `docsort.v1.ErrorReason`."""

    INTERNAL = "INTERNAL"
    INVALID_REQUEST = "INVALID_REQUEST"
    UNSUPPORTED_DOCUMENT = "UNSUPPORTED_DOCUMENT"
    EMPTY_DOCUMENT = "EMPTY_DOCUMENT"
    DOCUMENT_TOO_LARGE = "DOCUMENT_TOO_LARGE"
    CORRUPT_DOCUMENT = "CORRUPT_DOCUMENT"
    ENCRYPTED_DOCUMENT = "ENCRYPTED_DOCUMENT"
    TOO_MANY_PAGES = "TOO_MANY_PAGES"
    PARSER_CRASHED = "PARSER_CRASHED"
    PARSER_TIMEOUT = "PARSER_TIMEOUT"
    JOB_NOT_FOUND = "JOB_NOT_FOUND"
    JOB_FINISHED = "JOB_FINISHED"
    IDEMPOTENCY_MISMATCH = "IDEMPOTENCY_MISMATCH"
    OVERLOADED = "OVERLOADED"
    SHUTTING_DOWN = "SHUTTING_DOWN"
    MODEL_UNAVAILABLE = "MODEL_UNAVAILABLE"
    DEADLINE = "DEADLINE"
    CANCELLED = "CANCELLED"
    JOB_NOT_FINISHED = "JOB_NOT_FINISHED"
    DOCUMENT_NOT_FOUND = "DOCUMENT_NOT_FOUND"
    EVENTS_EXPIRED = "EVENTS_EXPIRED"
    MODEL_OUTPUT_INVALID = "MODEL_OUTPUT_INVALID"
    BUDGET_SPENT = "BUDGET_SPENT"
    WRONG_PASSWORD = "WRONG_PASSWORD"  # noqa: S105 - no secret
    URI_NOT_ALLOWED = "URI_NOT_ALLOWED"
    URI_UNREACHABLE = "URI_UNREACHABLE"


@dataclass(frozen=True, slots=True)
class Failure:
    """Why a page or a job failed; part of results, never raised."""

    reason: Reason
    message: str
    metadata: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Violation:
    """One field of a request that breaks a rule; `path` uses proto field names."""

    path: str
    description: str


class Fault(Exception):  # noqa: N818 - a fault is the domain's word; `Error` names are the client's
    """Stop the current operation for a reason a caller can act on.

    `metadata` holds the limit and the value where a limit was hit; `violations` is filled for
    INVALID_REQUEST only; `retry_after` (seconds) is set where a later try may succeed.
    """

    def __init__(
        self,
        reason: Reason,
        message: str,
        *,
        metadata: Mapping[str, str] | None = None,
        violations: tuple[Violation, ...] = (),
        retry_after: float | None = None,
    ) -> None:
        super().__init__(message)
        self.reason = reason
        self.message = message
        self.metadata = dict(metadata or {})
        self.violations = violations
        self.retry_after = retry_after

    def failure(self) -> Failure:
        """Return the fault as a value that results can hold."""
        return Failure(self.reason, self.message, self.metadata)
