"""Render jobs as the bodies of two well-known services, for programs that speak those already.

Two rules: an enum prints its value in lower case, and what is unset prints null. Nothing is
rounded before it gets here; here fractions and durations are, to two decimals.
"""

from typing import Final, TypeAlias

from docsort._convert import job_from_proto
from docsort._enums import JobStatus, Verdict
from docsort._models import (
    CategoryConfidence,
    ClassificationResult,
    Job,
    PageResult,
    Submission,
)
from docsort._parts import CriterionConfidence
from docsort.v1 import job_pb2

Body: TypeAlias = dict[str, object]

_CANCELLED: Final = "Classification cancelled"


def pages(job: Job | job_pb2.Job) -> Body:
    """Return the pages format: the answer page by page.

    Its readers know "processing", "completed" and "failed" only: a cancelled job has failed. A
    page without an answer has nulls, never a category it was not given.
    """
    job = _model(job)
    cancelled = job.status is JobStatus.CANCELLED
    body: Body = {
        "job_id": job.job_id,
        "status": _status(job.status),
        "progress": job.progress,
        "error": _CANCELLED if cancelled else job.error,
    }
    if job.result is not None:
        body["result"] = _pages_result(job.result)
    return body


def criteria(job: Job | job_pb2.Job) -> Body:
    """Return the criteria format: the answer with each category's criteria.

    A category without criteria has its score for a fraction. Where none has criteria,
    `response_confidence` is null: `pages` has the confidence then. A job without an answer has a
    null category.
    """
    job = _model(job)
    result = job.result or ClassificationResult()
    return {
        "job_id": job.job_id,
        "result": {"category": result.classification},
        "response_confidence": _response_confidence(result),
        "duration": _rounded(job.duration),
    }


def submitted(
    job: Job | job_pb2.Job | Submission,
    *,
    quota_remaining: int | None = None,
    message: str = "Classification started",
) -> Body:
    """Return the pages format's answer to a job just submitted.

    A `Submission` brings its own message. Where nobody counts quotas `quota_remaining` is null.
    """
    if isinstance(job, Submission):
        message = job.message
    else:
        job = _model(job)
    return {
        "job_id": job.job_id,
        "status": _status(job.status),
        "message": message,
        "quota_remaining": quota_remaining,
    }


def _model(job: Job | job_pb2.Job) -> Job:
    return job_from_proto(job) if isinstance(job, job_pb2.Job) else job


def _status(status: JobStatus) -> str:
    if status in (JobStatus.COMPLETED, JobStatus.FAILED):
        return str(status)
    return "failed" if status is JobStatus.CANCELLED else "processing"


def _pages_result(result: ClassificationResult) -> Body:
    return {
        "success": result.success,
        "classification": result.classification,
        "confidence": result.confidence,
        "total_pages": result.total_pages,
        "processed_pages": result.processed_pages,
        "page_results": [_page(page) for page in result.page_results],
    }


def _page(page: PageResult) -> Body:
    return {
        "page": page.page,
        "success": page.success,
        "classification": page.classification,
        "raw_result": page.raw_result,
        "confidence": page.confidence,
    }


def _response_confidence(result: ClassificationResult) -> Body | None:
    if result.response_confidence is None:
        return None
    scores = {entry.category: entry.score for entry in result.category_scores}
    entries = result.response_confidence.categories
    return {"categories": [_category(entry, scores.get(entry.category)) for entry in entries]}


def _category(entry: CategoryConfidence, score: float | None) -> Body:
    fraction = _rounded(entry.confidence)
    return {
        "category": entry.category,
        "confidence": fraction if entry.criteria_confidence else score,
        "criteria_confidence": [_criterion(item) for item in entry.criteria_confidence],
    }


def _criterion(item: CriterionConfidence) -> Body:
    return {
        "criterion": item.criterion,
        "confidence": "high" if item.confidence is Verdict.MET else "low",
    }


def _rounded(value: float | None) -> float | None:
    return None if value is None else round(value, 2)
