"""JobService: submit, read, watch, cancel and delete jobs."""

from __future__ import annotations

from contextlib import aclosing
from typing import TYPE_CHECKING

from docsort.v1.job_service_pb2 import (
    CancelJobRequest,
    CancelJobResponse,
    DeleteJobRequest,
    DeleteJobResponse,
    EstimateJobRequest,
    EstimateJobResponse,
    GetJobRequest,
    GetJobResponse,
    ListJobsRequest,
    ListJobsResponse,
    ListPageResultsRequest,
    ListPageResultsResponse,
    SubmitJobRequest,
    SubmitJobResponse,
    WaitJobRequest,
    WaitJobResponse,
    WatchJobRequest,
    WatchJobResponse,
    WatchJobsRequest,
    WatchJobsResponse,
)
from docsort.v1.job_service_pb2_grpc import JobServiceServicer
from docsort_server.convert.jobs import progress_text, status_to_proto
from docsort_server.jobs.identity import DEFAULT_TENANT
from docsort_server.jobs.store.protocols import JobKey
from docsort_server.services.feed import FeedRelay
from docsort_server.services.lists import JobLister
from docsort_server.services.pages import PageLister
from docsort_server.validate import check_job_id, wait_seconds

if TYPE_CHECKING:
    from collections.abc import AsyncGenerator

    from docsort_server.interceptors.handlers import Context
    from docsort_server.jobs.catalogue import Catalogue
    from docsort_server.jobs.desk import JobDesk
    from docsort_server.jobs.feed import JobFeed
    from docsort_server.services.counter import Counter
    from docsort_server.services.estimates import Estimates
    from docsort_server.services.events import Outbox

STARTED = "Classification started"


class JobService(JobServiceServicer):
    """Make jobs and look after those that exist."""

    def __init__(
        self,
        counter: Counter,
        desk: JobDesk,
        outbox: Outbox,
        catalogue: Catalogue,
        feed: JobFeed,
        estimates: Estimates,
    ) -> None:
        self._counter = counter
        self._desk = desk
        self._outbox = outbox
        self._pages = PageLister(desk)
        self._jobs = JobLister(catalogue, desk)
        self._feed = FeedRelay(feed)
        self._estimates = estimates

    async def SubmitJob(  # noqa: N802 - the name is the contract's
        self, request: SubmitJobRequest, context: Context
    ) -> SubmitJobResponse:
        """Accept the document and return its job."""
        key = await self._counter.submit(request, detached=True)
        job = await self._desk.get(key)
        message = progress_text(job.summary, job.status) if job.finished else STARTED
        return SubmitJobResponse(
            job_id=key.job_id, status=status_to_proto(job.status), message=message
        )

    async def EstimateJob(  # noqa: N802 - the name is the contract's
        self, request: EstimateJobRequest, context: Context
    ) -> EstimateJobResponse:
        """Tell what a job would take."""
        return await self._estimates.estimate(request)

    async def GetJob(  # noqa: N802 - the name is the contract's
        self, request: GetJobRequest, context: Context
    ) -> GetJobResponse:
        """Return the job as it stands."""
        key = _key(request.job_id)
        job = await self._desk.get(key)
        return GetJobResponse(job=await self._outbox.job(key, job))

    async def WaitJob(  # noqa: N802 - the name is the contract's
        self, request: WaitJobRequest, context: Context
    ) -> WaitJobResponse:
        """Return the job at its end, or at the timeout."""
        key = _key(request.job_id)
        job = await self._desk.wait(key, wait_seconds(request))
        return WaitJobResponse(job=await self._outbox.job(key, job))

    async def WatchJob(  # noqa: N802 - the name is the contract's
        self, request: WatchJobRequest, context: Context
    ) -> AsyncGenerator[WatchJobResponse, None]:
        """Stream the job's events after a sequence."""
        key = _key(request.job_id)
        async with aclosing(self._outbox.events(key, request.after_sequence)) as events:
            async for event in events:
                yield WatchJobResponse(event=event)

    async def WatchJobs(  # noqa: N802 - the name is the contract's
        self, request: WatchJobsRequest, context: Context
    ) -> AsyncGenerator[WatchJobsResponse, None]:
        """Stream what becomes of all jobs."""
        async with aclosing(self._feed.watch(request)) as messages:
            async for message in messages:
                yield message

    async def CancelJob(  # noqa: N802 - the name is the contract's
        self, request: CancelJobRequest, context: Context
    ) -> CancelJobResponse:
        """Stop the job and return it."""
        key = _key(request.job_id)
        job = await self._desk.cancel(key)
        return CancelJobResponse(job=await self._outbox.job(key, job))

    async def ListJobs(  # noqa: N802 - the name is the contract's
        self, request: ListJobsRequest, context: Context
    ) -> ListJobsResponse:
        """Return some jobs, newest first."""
        return await self._jobs.list(request)

    async def ListPageResults(  # noqa: N802 - the name is the contract's
        self, request: ListPageResultsRequest, context: Context
    ) -> ListPageResultsResponse:
        """Return some of a finished job's page results."""
        return await self._pages.list(_key(request.job_id), request)

    async def DeleteJob(  # noqa: N802 - the name is the contract's
        self, request: DeleteJobRequest, context: Context
    ) -> DeleteJobResponse:
        """Forget a finished job."""
        await self._desk.delete(_key(request.job_id))
        return DeleteJobResponse()


def _key(job_id: str) -> JobKey:
    return JobKey(DEFAULT_TENANT, check_job_id(job_id))
