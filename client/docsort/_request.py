"""From what the caller gives to the request that is sent."""

import contextlib
import uuid
from collections.abc import Generator, Iterable, Mapping
from typing import TypeAlias, cast

from docsort._categories import CategoryLike, read_categories
from docsort._convert import enum_to_number
from docsort._enums import JobStatus
from docsort._errors import DocumentError
from docsort._models import Category, Criterion, RemoteDocument, UploadedDocument
from docsort._options import Options, build_options, check_options
from docsort._parcel import Parcel
from docsort._planning import Sample
from docsort.v1 import (
    classification_pb2,
    classification_service_pb2,
    document_pb2,
    job_pb2,
    job_service_pb2,
    schema_service_pb2,
)

Material: TypeAlias = bytes | Parcel | UploadedDocument | RemoteDocument


def build_request(
    document: Material,
    categories: Iterable[CategoryLike],
    options: Options,
) -> classification_service_pb2.ClassifyRequest:
    """Return the request; a parcel is named in it and has to be uploaded before.

    Raises ValueError for categories, pages or numbers that cannot be read, TypeError for an
    option that does not exist or is of the wrong type.
    """
    check_options(options)
    return classification_service_pb2.ClassifyRequest(
        document=_source(document, options.get("password") or ""),
        categories=[_category(category) for category in read_categories(categories)],
        options=build_options(options),
        request_id=options.get("request_id") or str(uuid.uuid4()),
    )


def build_submission(
    document: Material,
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


def build_estimate(
    document: Material,
    categories: Iterable[CategoryLike],
    options: Options,
) -> job_service_pb2.EstimateJobRequest:
    """Return the same request for a job that is only thought of. Raises ValueError likewise."""
    request = build_request(document, categories, options)
    return job_service_pb2.EstimateJobRequest(
        document=request.document,
        categories=request.categories,
        options=request.options if request.HasField("options") else None,
    )


def build_check(
    categories: Iterable[CategoryLike],
) -> schema_service_pb2.CheckCategoriesRequest:
    """Return the request to look at categories. Raises ValueError where they cannot be read."""
    read = map(_category, read_categories(categories))
    return schema_service_pb2.CheckCategoriesRequest(categories=read)


def build_sample(sample: Sample, material: Material | None) -> schema_service_pb2.Sample:
    """Return a sample; `material` is its document, if it has any."""
    if material is None:
        return schema_service_pb2.Sample(text=sample.text, category=sample.category)
    source = _source(material, "")
    return schema_service_pb2.Sample(document=source, category=sample.category)


@contextlib.contextmanager
def naming_sample(number: int) -> Generator[None, None, None]:
    """Have an error about a sample's document tell which one, as those of the check itself do."""
    try:
        yield
    except DocumentError as error:
        error.metadata = {**error.metadata, "field": f"samples[{number}]"}
        raise


def _source(document: Material, password: str) -> document_pb2.DocumentSource:
    if isinstance(document, bytes):
        return document_pb2.DocumentSource(content=document, password=password)
    if isinstance(document, RemoteDocument):
        return document_pb2.DocumentSource(uri=document.uri, password=password)
    return document_pb2.DocumentSource(document_id=document.document_id, password=password)


def build_filter(
    statuses: Iterable[str], labels: Mapping[str, str] | None
) -> job_service_pb2.JobFilter:
    """Return which jobs are meant. Raises ValueError for an unknown state, TypeError for text."""
    if isinstance(statuses, str):
        raise TypeError(f"statuses: give a list of states, such as ['{statuses}']")
    return job_service_pb2.JobFilter(statuses=map(_status, statuses), labels=labels)


def _category(category: Category) -> classification_pb2.Category:
    criteria = (c if isinstance(c, Criterion) else Criterion(c) for c in category.criteria)
    return classification_pb2.Category(
        name=category.name,
        description=category.description,
        threshold=category.threshold,
        examples=category.examples,
        criteria=[
            classification_pb2.Criterion(
                text=criterion.text,
                required=criterion.required,
                negative=criterion.negative,
                weight=criterion.weight,
                pattern=criterion.pattern,
            )
            for criterion in criteria
        ],
    )


def _status(value: str) -> job_pb2.JobStatus.ValueType:
    if not value or value not in tuple(JobStatus):
        known = ", ".join(status for status in JobStatus if status)
        raise ValueError(f"statuses: '{value}' is none of {known}")
    number = enum_to_number(job_pb2.JobStatus.DESCRIPTOR, JobStatus(value))
    return cast("job_pb2.JobStatus.ValueType", number)
