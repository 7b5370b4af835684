"""The rules for documents, categories and the small requests."""

from __future__ import annotations

import re
import uuid
from itertools import chain
from typing import TYPE_CHECKING

from docsort.v1 import classification_pb2 as classification
from docsort.v1 import job_pb2
from docsort_server.convert.times import seconds_of
from docsort_server.faults import Fault, Violation
from docsort_server.validate.criteria import criterion_rule, patterns_rule
from docsort_server.validate.examples import examples_rule, examples_size_rule
from docsort_server.validate.options import options_rule, ttl_rule
from docsort_server.validate.rules import (
    fault,
    raise_any,
    share_rule,
    text_rule,
    too_long,
    unknown,
)

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from docsort.v1.classification_service_pb2 import ClassifyRequest
    from docsort.v1.document_pb2 import DocumentSource
    from docsort.v1.job_service_pb2 import (
        EstimateJobRequest,
        SubmitJobRequest,
        WaitJobRequest,
    )

    Submission = ClassifyRequest | SubmitJobRequest

MAX_CATEGORIES = 200
MAX_NAME = 100
MAX_DESCRIPTION = 2_000
MAX_CRITERIA = 50
MAX_PASSWORD = 1_000
MAX_URI = 2_048
# The SHA-256 of a document's content.
DOCUMENT_ID = re.compile(r"[0-9a-f]{64}")
MAX_REQUEST_BYTES = 256 * 1024
# Every page result repeats the names; beyond this one would not fit into 256 KiB.
MAX_NAMES_BYTES = 160 * 1024
# Shorter than what proxies allow a request.
MAX_WAIT = 60.0


def check_submission(request: Submission, longest_ttl: float) -> None:
    """Raise `Fault` INVALID_REQUEST naming the fields at fault."""
    # First of all: looking at each entry of a request of any size would take seconds.
    raise_any(_size(request))
    raise_any(chain(_job_rule(request, longest_ttl), _request_id(request.request_id)))


def check_estimate(request: EstimateJobRequest, longest_ttl: float) -> None:
    """Raise `Fault` INVALID_REQUEST for what would be refused as a job."""
    raise_any(_size(request))
    raise_any(_job_rule(request, longest_ttl))


def _job_rule(request: Submission | EstimateJobRequest, longest_ttl: float) -> Iterator[Violation]:
    yield from document_rule(request.document, "document")
    yield from categories_rule(request.categories)
    yield from options_rule(request.options)
    yield from ttl_rule(request.options, longest_ttl)


def check_job_id(job_id: str) -> str:
    """Return a job id in its canonical form. Raises `Fault` INVALID_REQUEST."""
    try:
        return str(uuid.UUID(job_id))
    except ValueError:
        text = "must be a job id as given in `accepted`"
        raise fault([Violation("job_id", text)]) from None


def check_document_id(path: str, document_id: str) -> str:
    """Return the id of an uploaded document. Raises `Fault` INVALID_REQUEST naming `path`."""
    raise_any(_document_id(path, document_id))
    return document_id


def wait_seconds(request: WaitJobRequest) -> float:
    """Return how long to wait. Raises `Fault` INVALID_REQUEST."""
    if not request.HasField("timeout"):
        return MAX_WAIT
    seconds = seconds_of(request.timeout)
    if not 0 <= seconds <= MAX_WAIT:
        text = f"must be between 0 and {MAX_WAIT:.0f} seconds, is {seconds:g}"
        raise fault([Violation("timeout", text)])
    return seconds


def page_size(asked: int, default: int, most: int) -> int:
    """Return how many entries to list. Raises `Fault` INVALID_REQUEST."""
    if not 0 <= asked <= most:
        raise fault([Violation("page_size", f"must be between 1 and {most}, is {asked}")])
    return asked or default


def check_statuses(statuses: Sequence[job_pb2.JobStatus.ValueType]) -> None:
    """Raise `Fault` INVALID_REQUEST for what is no state of a job."""
    for index, status in enumerate(statuses):
        if not status or status not in job_pb2.JobStatus.values():
            text = f"must be a state of a job, is {status}"
            raise fault([Violation(f"filter.statuses[{index}]", text)])


def bad_token(field: str) -> Fault:
    """Return the fault for a token that this server did not give for this request."""
    return fault([Violation(field, "must be as given in the answer to an equal request")])


def document_rule(document: DocumentSource, path: str) -> Iterator[Violation]:
    """Check where a document comes from."""
    source = document.WhichOneof("source")
    if not source:
        yield Violation(f"{path}.source", "must be set: `content`, `document_id` or `uri`")
    if source == "document_id":
        yield from _document_id(f"{path}.document_id", document.document_id)
    if source == "uri" and not 1 <= len(document.uri) <= MAX_URI:
        yield Violation(f"{path}.uri", f"must have 1 to {MAX_URI} characters")
    if len(document.password) > MAX_PASSWORD:
        # How it begins is nobody's business.
        text = f"must have at most {MAX_PASSWORD} characters"
        yield Violation(f"{path}.password", text)


def _document_id(path: str, document_id: str) -> Iterator[Violation]:
    if not DOCUMENT_ID.fullmatch(document_id):
        text = "must be an id as given by UploadDocument: 64 lower-case hexadecimal digits"
        yield Violation(path, text)


def categories_rule(categories: Sequence[classification.Category]) -> Iterator[Violation]:
    """Check categories with their criteria."""
    if not 1 <= len(categories) <= MAX_CATEGORIES:
        text = f"must have 1 to {MAX_CATEGORIES} entries, has {len(categories)}"
        yield Violation("categories", text)
        return
    seen: dict[str, int] = {}
    for index, category in enumerate(categories):
        path = f"categories[{index}]"
        yield from text_rule(f"{path}.name", category.name, MAX_NAME)
        first = seen.setdefault(category.name.strip().casefold(), index)
        if first != index:
            text = f"must be unique ignoring case; categories[{first}] has the same name"
            yield Violation(f"{path}.name", text)
        if len(category.description) > MAX_DESCRIPTION:
            yield too_long(f"{path}.description", category.description, MAX_DESCRIPTION)
        if category.HasField("threshold"):
            yield from share_rule(f"{path}.threshold", category.threshold)
        yield from examples_rule(path, category.examples)
        yield from _criteria(path, category.criteria)
        yield from unknown(path, category)
    yield from patterns_rule(categories)
    yield from examples_size_rule(categories)
    yield from _result_size(categories)


def _criteria(path: str, criteria: Sequence[classification.Criterion]) -> Iterator[Violation]:
    if len(criteria) > MAX_CRITERIA:
        text = f"must have at most {MAX_CRITERIA} entries, has {len(criteria)}"
        yield Violation(f"{path}.criteria", text)
        return
    seen: set[str] = set()
    for index, criterion in enumerate(criteria):
        yield from criterion_rule(f"{path}.criteria[{index}]", criterion)
        if criterion.text in seen:
            text = "must be unique within the category"
            yield Violation(f"{path}.criteria[{index}].text", text)
        seen.add(criterion.text)


def _request_id(request_id: str) -> Iterator[Violation]:
    if not request_id:
        return
    try:
        uuid.UUID(request_id)
    except ValueError:
        yield Violation("request_id", "must be a UUID")


def size_rule(size: int, path: str) -> Iterator[Violation]:
    """Bound a request without its documents."""
    if size > MAX_REQUEST_BYTES:
        text = f"must be at most {MAX_REQUEST_BYTES} bytes in all without the document, are {size}"
        yield Violation(path, text)


def _size(request: Submission | EstimateJobRequest) -> Iterator[Violation]:
    size = request.ByteSize() - request.document.ByteSize()
    yield from size_rule(size, "options" if request.options.ByteSize() > size / 2 else "categories")


def _result_size(categories: Sequence[classification.Category]) -> Iterator[Violation]:
    names = sum(_result_bytes(category) for category in categories)
    if names > MAX_NAMES_BYTES:
        text = "have too many criteria with too long texts: one page's result would exceed 256 KiB"
        yield Violation("categories", text)


def _result_bytes(category: classification.Category) -> int:
    """Bound the bytes that a category adds to every page result, evidence aside."""
    name = len(category.name.encode())
    return name + 16 + sum(name + len(c.text.encode()) + 24 for c in category.criteria)
