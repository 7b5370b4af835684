"""Check requests against the constraints that the protos state."""

from docsort_server.validate.checks import check_categories
from docsort_server.validate.rules import invalid
from docsort_server.validate.submissions import (
    DOCUMENT_ID,
    MAX_NAMES_BYTES,
    bad_token,
    check_document_id,
    check_estimate,
    check_job_id,
    check_statuses,
    check_submission,
    page_size,
    wait_seconds,
)

__all__ = [
    "DOCUMENT_ID",
    "MAX_NAMES_BYTES",
    "bad_token",
    "check_categories",
    "check_document_id",
    "check_estimate",
    "check_job_id",
    "check_statuses",
    "check_submission",
    "invalid",
    "page_size",
    "wait_seconds",
]
