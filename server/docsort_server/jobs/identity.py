"""Names for jobs and the keys that follow from them."""

from __future__ import annotations

import uuid
from typing import TYPE_CHECKING

from docsort_server.jobs.store.protocols import JobKey

if TYPE_CHECKING:
    from docsort_server.jobs.model import JobSpec
    from docsort_server.jobs.store.protocols import Task

# The one tenant until callers have identities.
DEFAULT_TENANT = "default"
_NAMESPACE = uuid.UUID("6f1f0a5e-53b0-4c5e-9f0e-2f7c2d8b6a11")


def job_key(tenant: str, request_id: str) -> JobKey:
    """Name the job of a request: the same for the same UUID however written, new without one."""
    if not request_id:
        return JobKey(tenant, str(uuid.uuid4()))
    return JobKey(tenant, str(uuid.uuid5(_NAMESPACE, f"{tenant}/{uuid.UUID(request_id)}")))


def document_key(key: JobKey) -> str:
    """Name the document that belongs to a job and goes with it."""
    return f"job.{key.tenant}.{key.job_id}"


def password_key(key: JobKey) -> str:
    """Name the password of a job's document, which goes with the job's own documents."""
    return f"pw.{key.tenant}.{key.job_id}"


def uploaded_key(tenant: str, document_id: str) -> str:
    """Name a document that was uploaded, which no job takes with it."""
    return f"up.{tenant}.{document_id}"


def source_key(key: JobKey, spec: JobSpec) -> str:
    """Name the document that a job is about."""
    return uploaded_key(key.tenant, spec.document_id) if spec.document_id else document_key(key)


def span_name(first: int, last: int) -> str:
    """Name a span of pages for its task."""
    return f"{first}-{last}"


def span_of(task: Task) -> tuple[int, int]:
    """Return the first and last page of a page task."""
    first, last = task.span.split("-")
    return int(first), int(last)
