"""Unexpected exceptions: logged whole under an id, told to callers as the id alone."""

from __future__ import annotations

import uuid
from typing import TYPE_CHECKING

from docsort_server.faults import Failure, Fault, Reason

if TYPE_CHECKING:
    import logging


def incident(log: logging.Logger, where: str, error: BaseException) -> Failure:
    """Log an unexpected exception and return what callers may know of it.

    The text of an unknown exception may quote a document or a secret, so it never leaves.
    """
    error_id = uuid.uuid4().hex[:12]
    log.error("unexpected error %s in %s", error_id, where, exc_info=error)
    message = f"Internal error {error_id}; the server's log has the rest."
    return Failure(Reason.INTERNAL, message, {"error_id": error_id})


def failure_of(log: logging.Logger, where: str, error: Exception) -> Failure:
    """Return an exception as a value that results can hold, and log what nobody expected.

    A fault keeps its words. One for which nobody but docsort can be to blame is logged like any
    other exception, and gets the id to find it by.
    """
    if not isinstance(error, Fault):
        return incident(log, where, error)
    if error.reason is not Reason.INTERNAL:
        return error.failure()
    logged = incident(log, where, error)
    return Failure(error.reason, error.message, {**error.metadata, **logged.metadata})
