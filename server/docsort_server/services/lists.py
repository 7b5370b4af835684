"""Lists of jobs, some at a time."""

from __future__ import annotations

from typing import TYPE_CHECKING

from docsort.v1 import job_pb2
from docsort.v1.job_service_pb2 import ListJobsRequest, ListJobsResponse
from docsort_server.convert.jobs import brief_to_proto
from docsort_server.jobs.catalogue import JobFilter, place_of
from docsort_server.jobs.identity import DEFAULT_TENANT
from docsort_server.jobs.model import JobStatus
from docsort_server.jobs.store.protocols import JobKey
from docsort_server.services.tokens import Token
from docsort_server.validate import check_statuses, page_size

if TYPE_CHECKING:
    from docsort.v1 import job_service_pb2
    from docsort_server.jobs.catalogue import Catalogue, Listing, Place
    from docsort_server.jobs.desk import JobDesk

DEFAULT_SIZE = 50
MOST = 200
ANSWER_BYTES = 1024 * 1024


class JobLister:
    """Page through the catalogue."""

    def __init__(self, catalogue: Catalogue, desk: JobDesk) -> None:
        self._catalogue = catalogue
        self._desk = desk

    async def list(self, request: ListJobsRequest) -> ListJobsResponse:
        """Return the jobs that follow the token, as many as asked for and fit."""
        chosen = filter_from_proto(request.filter)
        size = page_size(request.page_size, DEFAULT_SIZE, MOST)
        token = Token("jobs", [sorted(chosen.statuses), sorted(chosen.labels.items())])
        after = _place(token, request.page_token) if request.page_token else None
        listing = await self._catalogue.list(chosen, size, after)
        return await self._answer(listing, chosen, token)

    async def _answer(self, listing: Listing, chosen: JobFilter, token: Token) -> ListJobsResponse:
        answer, more, left = ListJobsResponse(), listing.more, ANSWER_BYTES
        last: Place | None = None
        for job_id, brief in listing.jobs:
            checked = await self._desk.checked(JobKey(DEFAULT_TENANT, job_id), brief)
            job = brief_to_proto(job_id, checked or brief)
            left -= job.ByteSize()
            if last and left < 0:
                more = last
                break
            last = place_of(job_id, brief)
            if checked and chosen.takes(checked):
                answer.jobs.append(job)
        if more:
            answer.next_page_token = token.write(*more)
        return answer


def filter_from_proto(message: job_service_pb2.JobFilter) -> JobFilter:
    """Return which jobs are meant. Raises `Fault` INVALID_REQUEST."""
    check_statuses(message.statuses)
    names = (job_pb2.JobStatus.Name(status) for status in message.statuses)
    statuses = frozenset(JobStatus(name.removeprefix("JOB_STATUS_")) for name in names)
    return JobFilter(statuses, dict(message.labels))


def _place(token: Token, text: str) -> Place:
    when, job_id = token.read(text, int, str)
    return int(when), str(job_id)
