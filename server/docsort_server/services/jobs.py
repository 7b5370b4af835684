"""JobService: read, watch and cancel jobs."""

from __future__ import annotations

from contextlib import aclosing
from typing import TYPE_CHECKING

from docsort.v1.job_service_pb2 import (
    CancelJobRequest,
    CancelJobResponse,
    GetJobRequest,
    GetJobResponse,
    WatchJobRequest,
    WatchJobResponse,
)
from docsort.v1.job_service_pb2_grpc import JobServiceServicer
from docsort_server.jobs.identity import DEFAULT_TENANT
from docsort_server.jobs.store.protocols import JobKey
from docsort_server.validate import check_job_id

if TYPE_CHECKING:
    from collections.abc import AsyncGenerator

    from docsort_server.interceptors.handlers import Context
    from docsort_server.jobs.desk import JobDesk
    from docsort_server.services.events import Outbox


class JobService(JobServiceServicer):
    """Look after jobs that exist."""

    def __init__(self, desk: JobDesk, outbox: Outbox) -> None:
        self._desk = desk
        self._outbox = outbox

    async def GetJob(  # noqa: N802 - the name is the contract's
        self, request: GetJobRequest, context: Context
    ) -> GetJobResponse:
        """Return the job as it stands."""
        key = _key(request.job_id)
        job = await self._desk.get(key)
        return GetJobResponse(job=await self._outbox.job(key, job))

    async def WatchJob(  # noqa: N802 - the name is the contract's
        self, request: WatchJobRequest, context: Context
    ) -> AsyncGenerator[WatchJobResponse, None]:
        """Stream the job's events after a sequence."""
        key = _key(request.job_id)
        async with aclosing(self._outbox.events(key, request.after_sequence)) as events:
            async for event in events:
                yield WatchJobResponse(event=event)

    async def CancelJob(  # noqa: N802 - the name is the contract's
        self, request: CancelJobRequest, context: Context
    ) -> CancelJobResponse:
        """Stop the job and return it."""
        key = _key(request.job_id)
        job = await self._desk.cancel(key)
        return CancelJobResponse(job=await self._outbox.job(key, job))


def _key(job_id: str) -> JobKey:
    return JobKey(DEFAULT_TENANT, check_job_id(job_id))
