"""How the command ends: exit codes, and what is said to whoever has to act."""

import enum
from typing import Final

import grpc

from docsort._enums import ErrorReason
from docsort._errors import (
    APIConnectionError,
    APITimeoutError,
    ConflictError,
    DocsortError,
    EventsExpiredError,
    InvalidRequestError,
    JobLostError,
    NotFoundError,
    OverloadedError,
    ShuttingDownError,
)


class Exit(enum.IntEnum):
    """Exit codes; of several files the greatest counts."""

    OK = 0
    FAILED = 1
    USAGE = 2
    UNREACHABLE = 3
    INTERRUPTED = 130


_ADVICE: Final[dict[ErrorReason, str]] = {
    ErrorReason.UNSUPPORTED_DOCUMENT: "Convert it to one of these, such as PDF.",
    ErrorReason.WRONG_PASSWORD: "Give the right one by --password-file.",
    ErrorReason.URI_NOT_ALLOWED: "Allow it in the server's settings, or send the file itself.",
    ErrorReason.URI_UNREACHABLE: "Check the address and try again later.",
    ErrorReason.EMPTY_DOCUMENT: "Check how the file was made or copied.",
    ErrorReason.DOCUMENT_TOO_LARGE: "Split it, or save it with smaller images.",
    ErrorReason.CORRUPT_DOCUMENT: "Open and save it anew with a PDF program, then try again.",
    ErrorReason.ENCRYPTED_DOCUMENT: "Give its password by --password-file.",
    ErrorReason.TOO_MANY_PAGES: "Select some by --pages, or raise the server's setting max_pages.",
    ErrorReason.PARSER_CRASHED: "Save it anew with a PDF program, or leave pages out by --pages.",
    ErrorReason.PARSER_TIMEOUT: "Save it anew with a PDF program, or leave pages out by --pages.",
    ErrorReason.JOB_NOT_FOUND: "Check the id; a finished job is forgotten after a while.",
    ErrorReason.DOCUMENT_NOT_FOUND: "Upload it again with: docsort upload FILE",
    ErrorReason.JOB_FINISHED: "Read it with: docsort get JOB",
    ErrorReason.JOB_NOT_FINISHED: "Wait for its end, or stop it with: docsort cancel JOB",
    ErrorReason.IDEMPOTENCY_MISMATCH: "Use a new --request-id for a new request.",
    ErrorReason.EVENTS_EXPIRED: "Begin anew without --resume, or with --from-start.",
    ErrorReason.OVERLOADED: "Try again in a moment.",
    ErrorReason.SHUTTING_DOWN: "Try again when the server is back.",
    ErrorReason.MODEL_UNAVAILABLE: "Try again later.",
    ErrorReason.MODEL_OUTPUT_INVALID: "Try another model, or fewer and clearer categories.",
    ErrorReason.DEADLINE: "Allow more time with --deadline.",
    ErrorReason.INTERNAL: "Try again; if it stays, report it with the error id.",
}
_UNREACHABLE: Final = (
    "Is it running? Start one with docsort-server, or name another with --server HOST:PORT."
)
_SILENT: Final = "It is overloaded or without its job store; see: docsort-server status"
_NOT_OFFERED: Final = (
    "It may run with role worker, or be older than this client; name another with "
    "--server HOST:PORT."
)


class Advised(Exception):  # noqa: N818 - it carries an error
    """Carry an error with better advice than its reason alone can give."""

    def __init__(self, error: DocsortError, advice: str) -> None:
        super().__init__(advice)
        self.error = error
        self.advice = advice


def exit_code(error: DocsortError) -> Exit:
    """Return the exit code for an error."""
    if isinstance(error, APIConnectionError | JobLostError | OverloadedError | ShuttingDownError):
        return Exit.UNREACHABLE
    if isinstance(error, InvalidRequestError | NotFoundError | ConflictError | EventsExpiredError):
        return Exit.USAGE
    if _not_offered(error):
        return Exit.USAGE
    return Exit.FAILED


def complaint(error: DocsortError, *, about: str = "", advice: str = "") -> str:
    """Return what to print: the reason, a sentence, what to do, and the fields at fault."""
    parts = [*([about] if about else []), *([error.reason] if error.reason else [])]
    # Violations say it in full; the message would only say it again.
    said = "the request is not valid" if error.violations else error.message
    message = said.rstrip(". ") + "."
    lines = [f"{': '.join([*parts, message])} {advice or _advice(error)}".rstrip()]
    lines += [f"  {violation.field}: {violation.description}" for violation in error.violations]
    if error.metadata.get("error_id"):
        lines.append(f"  error id: {error.metadata['error_id']}")
    return "\n".join(lines)


def _advice(error: DocsortError) -> str:
    if isinstance(error, JobLostError):
        return ""  # its message says what to do
    if error.reason:
        return _ADVICE.get(error.reason, "")
    if _not_offered(error):
        return _NOT_OFFERED
    if isinstance(error, APITimeoutError):
        return _SILENT
    return _UNREACHABLE if isinstance(error, APIConnectionError) else ""


def _not_offered(error: DocsortError) -> bool:
    return error.code is grpc.StatusCode.UNIMPLEMENTED and not error.reason
