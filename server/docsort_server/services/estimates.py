"""Estimates for jobs that are only thought of."""

from __future__ import annotations

from typing import TYPE_CHECKING

from docsort_server.convert.documents import given_document_from_proto
from docsort_server.convert.estimates import estimate_to_proto
from docsort_server.convert.requests import options_from_proto, question_from_proto
from docsort_server.jobs.identity import DEFAULT_TENANT

if TYPE_CHECKING:
    from docsort.v1.job_service_pb2 import EstimateJobRequest, EstimateJobResponse
    from docsort_server.jobs.estimate import Estimator
    from docsort_server.services.counter import Counter


class Estimates:
    """Check requests as those of jobs, and answer what they would take."""

    def __init__(self, estimator: Estimator, counter: Counter) -> None:
        self._estimator = estimator
        self._counter = counter

    async def estimate(self, request: EstimateJobRequest) -> EstimateJobResponse:
        """Return what the job would take. Raises `Fault` for one that would not be accepted."""
        await self._counter.require_fit(request)
        estimate = await self._estimator.estimate(
            DEFAULT_TENANT,
            given_document_from_proto(request.document),
            question_from_proto(request.categories, request.options),
            options_from_proto(request.options),
        )
        return estimate_to_proto(estimate)
