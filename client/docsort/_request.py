"""From what the caller gives to the request that is sent."""

import difflib
import re
import uuid
from collections.abc import Iterable, Mapping
from datetime import timedelta
from typing import Final, Literal, TypeAlias, TypedDict, cast, overload

from google.protobuf.duration_pb2 import Duration

from docsort._categories import CategoryLike, read_categories
from docsort._convert import enum_to_number
from docsort._enums import JobStatus, Priority
from docsort._models import Category, Criterion, UploadedDocument
from docsort._parcel import Parcel
from docsort.v1 import (
    classification_pb2,
    classification_service_pb2,
    document_pb2,
    job_pb2,
    job_service_pb2,
)

Pages: TypeAlias = str | Iterable[int | tuple[int, int]]

# The contract counts pages in 32 bits.
_LAST_PAGE: Final = 2**31 - 1
# What google.protobuf.Duration holds: about 10,000 years.
_LONGEST_SECONDS: Final = 315_576_000_000
_RUN: Final = re.compile(r"\s*(\d+)\s*(?:-\s*(\d+)\s*)?")


class Options(TypedDict, total=False):
    """Say how a job should run; what is left out, or None, is the server's choice.

    pages: the pages to classify, as numbers, (first, last) pairs, or text such as "1,3,5-7".
    min_confidence: the least confidence, 0 to 1, for MATCHED.
    min_margin: the least lead over the second category, 0 to 1, for MATCHED.
    deadline: how long the job may take, in seconds; it then finishes with what it has.
    engine: the name of one of the server's engines.
    evidence: whether to quote the lines that meet criteria.
    segments: whether to report runs of pages.
    labels: names of your own for the job, echoed in it and usable in filters.
    ttl: how long the server keeps the job, in seconds.
    priority: "high" for a job that goes before others.
    request_id: a UUID; the same id with the same request is the same job. One is made if left
        out.
    """

    pages: Pages | None
    min_confidence: float | None
    min_margin: float | None
    deadline: float | None
    engine: str | None
    evidence: bool | None
    segments: bool | None
    labels: Mapping[str, str] | None
    ttl: float | None
    priority: Priority | Literal["normal", "high"] | None
    request_id: str | None


def build_request(
    document: bytes | Parcel | UploadedDocument,
    categories: Iterable[CategoryLike],
    options: Options,
) -> classification_service_pb2.ClassifyRequest:
    """Return the request; a parcel is named in it and has to be uploaded before.

    Raises ValueError for categories, pages or numbers that cannot be read, TypeError for an
    option that does not exist or is of the wrong type.
    """
    check_options(options)
    return classification_service_pb2.ClassifyRequest(
        document=_source(document),
        categories=[_category(category) for category in read_categories(categories)],
        options=_options(options),
        request_id=options.get("request_id") or str(uuid.uuid4()),
    )


def build_submission(
    document: bytes | Parcel | UploadedDocument,
    categories: Iterable[CategoryLike],
    options: Options,
) -> job_service_pb2.SubmitJobRequest:
    """Return the same request for a job that nobody watches. Raises ValueError likewise."""
    request = build_request(document, categories, options)
    return job_service_pb2.SubmitJobRequest(
        document=request.document,
        categories=request.categories,
        options=request.options if request.HasField("options") else None,
        request_id=request.request_id,
    )


def _source(document: bytes | Parcel | UploadedDocument) -> document_pb2.DocumentSource:
    if isinstance(document, bytes):
        return document_pb2.DocumentSource(content=document)
    return document_pb2.DocumentSource(document_id=document.document_id)


def check_options(options: Options) -> None:
    """Raise TypeError for an option that does not exist, naming the nearest that does."""
    for name in options:
        if name in Options.__annotations__:
            continue
        near = difflib.get_close_matches(name, Options.__annotations__, n=1)
        hint = (
            f"did you mean '{near[0]}'?" if near else f"known: {', '.join(Options.__annotations__)}"
        )
        raise TypeError(f"unknown option '{name}'; {hint}")


def build_filter(
    statuses: Iterable[str], labels: Mapping[str, str] | None
) -> job_service_pb2.JobFilter:
    """Return which jobs are meant. Raises ValueError for an unknown state."""
    return job_service_pb2.JobFilter(statuses=map(_status, statuses), labels=labels)


def page_ranges(pages: Pages) -> list[tuple[int, int]]:
    """Return (first, last) pairs; neighbouring single numbers become one pair.

    Raises ValueError for text that is not of the form "1,3,5-7", and for numbers that are no
    pages.
    """
    ranges: list[tuple[int, int]] = []
    if isinstance(pages, int) or not isinstance(pages, Iterable):
        raise TypeError(f"pages: give numbers, pairs or text, found {type(pages).__name__}")
    for item in _runs(pages) if isinstance(pages, str) else pages:
        first, last = _run(item)
        if ranges and isinstance(item, int) and ranges[-1][1] == first - 1:
            first = ranges.pop()[0]
        ranges.append((first, last))
    return ranges


def _runs(text: str) -> Iterable[tuple[int, int]]:
    for part in text.split(","):
        match = _RUN.fullmatch(part)
        first, last = match.groups() if match else ("0", None)
        pair = (int(first), int(last or first))
        if not _is_run(*pair):
            raise ValueError(f"pages: '{part.strip()}' is not a page or run of pages as in 1,3,5-7")
        yield pair


def _run(item: object) -> tuple[int, int]:
    match item:
        case int(page) if _is_run(page, page):
            return page, page
        case (int(first), int(last)) if _is_run(first, last):
            return first, last
    raise ValueError(f"pages: {item!r} is not a page or a pair (first, last)")


def _is_run(first: int, last: int) -> bool:
    return 1 <= first <= last <= _LAST_PAGE


def _category(category: Category) -> classification_pb2.Category:
    texts = (c.text if isinstance(c, Criterion) else c for c in category.criteria)
    return classification_pb2.Category(
        name=category.name,
        description=category.description,
        criteria=[classification_pb2.Criterion(text=text) for text in texts],
    )


def _options(options: Options) -> classification_pb2.ClassificationOptions | None:
    message = classification_pb2.ClassificationOptions(
        pages=[
            classification_pb2.PageRange(first=first, last=last)
            for first, last in page_ranges(options.get("pages") or ())
        ],
        min_confidence=_number("min_confidence", options.get("min_confidence")),
        min_margin=_number("min_margin", options.get("min_margin")),
        engine=options.get("engine") or "",
        evidence=options.get("evidence"),
        segments=options.get("segments"),
        labels=options.get("labels"),
    )
    priority = options.get("priority")
    if priority:
        message.priority = _priority(priority)
    set_seconds(message.deadline, "deadline", options.get("deadline"))
    set_seconds(message.ttl, "ttl", options.get("ttl"))
    return message


def _status(value: str) -> job_pb2.JobStatus.ValueType:
    if not value or value not in tuple(JobStatus):
        known = ", ".join(status for status in JobStatus if status)
        raise ValueError(f"statuses: '{value}' is none of {known}")
    number = enum_to_number(job_pb2.JobStatus.DESCRIPTOR, JobStatus(value))
    return cast("job_pb2.JobStatus.ValueType", number)


def _priority(value: str) -> classification_pb2.Priority.ValueType:
    if value not in tuple(Priority):
        raise ValueError(f"priority: '{value}' is neither normal nor high")
    number = enum_to_number(classification_pb2.Priority.DESCRIPTOR, Priority(value))
    return cast("classification_pb2.Priority.ValueType", number)


@overload
def _number(name: str, value: float) -> float: ...


@overload
def _number(name: str, value: float | None) -> float | None: ...


def _number(name: str, value: object) -> float | None:
    if value is None or (isinstance(value, int | float) and not isinstance(value, bool)):
        return value
    raise TypeError(f"{name}: give a number, found {type(value).__name__}")


def set_seconds(message: Duration, name: str, value: float | None) -> None:
    """Set a duration. Raises TypeError and ValueError for what is no number of seconds."""
    if value is None:
        return
    if not abs(_number(name, value)) <= _LONGEST_SECONDS:
        raise ValueError(f"{name}: {value} is not a number of seconds")
    message.FromTimedelta(timedelta(seconds=value))
