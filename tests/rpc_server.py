"""A real server on a free port, around a scripted reader and engine, and a channel to it."""

from collections.abc import AsyncGenerator, AsyncIterable, Iterable, Mapping
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from datetime import timedelta
from typing import cast

import grpc
from google.protobuf.message import Message
from google.rpc import error_details_pb2, status_pb2
from grpc_health.v1.health import aio as health
from grpc_status import rpc_status
from job_parts import FETCHER, ScriptedEngine, ScriptedReader, build, document, running

from docsort.v1 import classification_pb2 as classification
from docsort.v1 import job_pb2
from docsort.v1.classification_service_pb2 import ClassifyRequest, ClassifyResponse
from docsort.v1.classification_service_pb2_grpc import ClassificationServiceStub
from docsort.v1.job_service_pb2 import (
    CancelJobRequest,
    DeleteJobRequest,
    EstimateJobRequest,
    EstimateJobResponse,
    GetJobRequest,
    JobFilter,
    ListJobsRequest,
    ListJobsResponse,
    ListPageResultsRequest,
    ListPageResultsResponse,
    SubmitJobRequest,
    SubmitJobResponse,
    WaitJobRequest,
    WatchJobRequest,
    WatchJobResponse,
    WatchJobsRequest,
    WatchJobsResponse,
)
from docsort.v1.job_service_pb2_grpc import JobServiceStub
from docsort.v1.schema_service_pb2 import CheckCategoriesRequest, CheckCategoriesResponse
from docsort.v1.schema_service_pb2_grpc import SchemaServiceStub
from docsort_server import app
from docsort_server.engine.schema.checker import Checker
from docsort_server.jobs.assembly import JobEngine
from docsort_server.jobs.store.protocols import Store
from docsort_server.settings import Settings

Call = grpc.aio.UnaryStreamCall[ClassifyRequest, ClassifyResponse]
Watch = grpc.aio.UnaryStreamCall[WatchJobRequest, WatchJobResponse]
Feed = grpc.aio.UnaryStreamCall[WatchJobsRequest, WatchJobsResponse]
Stream = AsyncIterable[ClassifyResponse] | AsyncIterable[WatchJobResponse]
DURABLE = ("accepted", "page_result", "finished")


class Calls:
    """The service's calls over one channel."""

    def __init__(self, channel: grpc.aio.Channel) -> None:
        self._classification = ClassificationServiceStub(channel)
        self._jobs = JobServiceStub(channel)
        self._schema = SchemaServiceStub(channel)

    def classify(self, request: ClassifyRequest, timeout: float | None = 30) -> Call:
        """Submit and watch."""
        return self._classification.Classify(request, timeout=timeout)

    def watch(self, job_id: str, after: int = 0, timeout: float | None = 30) -> Watch:
        """Watch a job after a sequence."""
        request = WatchJobRequest(job_id=job_id, after_sequence=after)
        return self._jobs.WatchJob(request, timeout=timeout)

    def feed(
        self, token: str = "", *, from_start: bool = False, chosen: JobFilter | None = None
    ) -> Feed:
        """Watch all jobs."""
        asked = WatchJobsRequest(filter=chosen, resume_token=token, from_start=from_start)
        return self._jobs.WatchJobs(asked, timeout=60)

    async def get(self, job_id: str) -> job_pb2.Job:
        """Return a job."""
        return (await self._jobs.GetJob(GetJobRequest(job_id=job_id), timeout=30)).job

    async def submit(self, message: ClassifyRequest) -> SubmitJobResponse:
        """Submit what `request` made."""
        asked = SubmitJobRequest(
            document=message.document,
            categories=message.categories,
            options=message.options,
            request_id=message.request_id,
        )
        return await self._jobs.SubmitJob(asked, timeout=30)

    async def estimate(self, message: ClassifyRequest) -> EstimateJobResponse:
        """Ask what the job of what `request` made would take."""
        asked = EstimateJobRequest(
            document=message.document, categories=message.categories, options=message.options
        )
        return await self._jobs.EstimateJob(asked, timeout=30)

    async def check(self, message: CheckCategoriesRequest) -> CheckCategoriesResponse:
        """Ask what is wrong with categories."""
        return await self._schema.CheckCategories(message, timeout=30)

    async def wait(self, job_id: str, seconds: float | None = None) -> job_pb2.Job:
        """Wait for a job."""
        asked = WaitJobRequest(job_id=job_id)
        if seconds is not None:
            asked.timeout.FromTimedelta(timedelta(seconds=seconds))
        return (await self._jobs.WaitJob(asked, timeout=90)).job

    async def pages(self, job_id: str, size: int = 0, token: str = "") -> ListPageResultsResponse:
        """List some page results."""
        asked = ListPageResultsRequest(job_id=job_id, page_size=size, page_token=token)
        return await self._jobs.ListPageResults(asked, timeout=30)

    async def list(
        self,
        size: int = 0,
        token: str = "",
        *,
        statuses: Iterable[job_pb2.JobStatus.ValueType] = (),
        labels: Mapping[str, str] | None = None,
    ) -> ListJobsResponse:
        """List some jobs."""
        chosen = JobFilter(statuses=statuses, labels=labels)
        asked = ListJobsRequest(filter=chosen, page_size=size, page_token=token)
        return await self._jobs.ListJobs(asked, timeout=30)

    async def delete(self, job_id: str) -> None:
        """Delete a job."""
        await self._jobs.DeleteJob(DeleteJobRequest(job_id=job_id), timeout=30)

    async def cancel(self, job_id: str) -> job_pb2.Job:
        """Cancel a job."""
        return (await self._jobs.CancelJob(CancelJobRequest(job_id=job_id), timeout=30)).job


@dataclass(frozen=True, slots=True)
class Served:
    """A running server with the parts that a test looks into."""

    address: str
    calls: Calls
    jobs: JobEngine
    reader: ScriptedReader
    engine: ScriptedEngine
    health: health.HealthServicer
    server: grpc.aio.Server


@dataclass(frozen=True, slots=True)
class RealServer:
    """A complete server in this process, with calls to it."""

    app: app.App
    calls: Calls


@asynccontextmanager
async def served(
    engine: ScriptedEngine | None = None,
    settings: Settings | None = None,
    store: Store | None = None,
    **terms: float,
) -> AsyncGenerator[Served, None]:
    """Serve a scripted engine for as long as the block runs; `terms` are those of the jobs."""
    reader, engine = ScriptedReader(), engine or ScriptedEngine()
    jobs = build(reader, engine, store, **terms)
    settings = settings or Settings(listen="127.0.0.1:0", engine_workers=1)
    async with AsyncExitStack() as stack:
        await stack.enter_async_context(running(jobs))
        # Its processes start with the first check of categories.
        classifiers = app._classifiers(settings)
        stack.push_async_callback(classifiers.close)
        checker = Checker(classifiers, seconds=settings.engine_seconds)
        server, servicer, address = await app._serve(stack, settings, jobs, FETCHER, checker)
        channel = await stack.enter_async_context(connected(address))
        yield Served(address, Calls(channel), jobs, reader, engine, servicer, server)


@asynccontextmanager
async def connected(
    address: str, *options: tuple[str, int]
) -> AsyncGenerator[grpc.aio.Channel, None]:
    """Open a channel of its own connection, without retries that would hide a status."""
    options = (("grpc.use_local_subchannel_pool", 1), ("grpc.enable_retries", 0), *options)
    async with grpc.aio.insecure_channel(address, options=options) as channel:
        yield channel


def request(
    pages: int | bytes = 3,
    categories: Iterable[str | classification.Category] = ("Invoice", "Contract", "Letter"),
    *,
    request_id: str = "",
    options: classification.ClassificationOptions | None = None,
) -> ClassifyRequest:
    """Return a request on a scripted document of so many pages, or on these bytes."""
    content = pages if isinstance(pages, bytes) else document(pages)
    message = ClassifyRequest(request_id=request_id, options=options)
    message.document.content = content
    for category in categories:
        if isinstance(category, str):
            message.categories.add(name=category)
        else:
            message.categories.append(category)
    return message


async def events(
    call: Stream,
) -> list[job_pb2.JobEvent]:
    """Return a stream's events to its end."""
    return [response.event async for response in call]


async def next_of(call: Stream, kind: str) -> job_pb2.JobEvent:
    """Return the stream's next event of a kind, skipping others."""
    async for response in call:
        if response.event.WhichOneof("kind") == kind:
            return response.event
    raise AssertionError(f"the stream ended without {kind}")


def kind_of(event: job_pb2.JobEvent) -> str:
    """Return which kind an event is."""
    return str(event.WhichOneof("kind"))


def durable(found: Iterable[job_pb2.JobEvent]) -> list[job_pb2.JobEvent]:
    """Return the events that are replayed."""
    return [event for event in found if kind_of(event) in DURABLE]


def fold(found: Iterable[job_pb2.JobEvent]) -> job_pb2.Job:
    """Return the job that a stream's durable events add up to."""
    seen = durable(found)
    job = job_pb2.Job()
    job.CopyFrom(seen[-1].finished.job)
    pages = [event.page_result for event in seen if kind_of(event) == "page_result"]
    if job.HasField("result"):
        del job.result.page_results[:]
        job.result.page_results_omitted = False
        job.result.page_results.extend(sorted(pages, key=lambda page: page.page))
    return job


@dataclass(frozen=True, slots=True)
class Refusal:
    """A call's error status, taken apart."""

    code: grpc.StatusCode
    text: str
    details: dict[type[Message], Message]
    trailers: dict[str, str | bytes]

    @property
    def info(self) -> error_details_pb2.ErrorInfo:
        """The reason, domain and metadata."""
        found = self.details[error_details_pb2.ErrorInfo]
        assert isinstance(found, error_details_pb2.ErrorInfo)
        return found

    def detail(self, kind: type[Message]) -> Message:
        """Return a detail of a kind."""
        return self.details[kind]


_DETAILS: tuple[type[Message], ...] = (
    error_details_pb2.ErrorInfo,
    error_details_pb2.BadRequest,
    error_details_pb2.ResourceInfo,
    error_details_pb2.PreconditionFailure,
    error_details_pb2.RetryInfo,
)


def refusal(error: grpc.aio.AioRpcError) -> Refusal:
    """Take an error apart."""
    trailers = dict(error.trailing_metadata() or ())
    status = rpc_status.from_call(cast("grpc.Call", error)) or status_pb2.Status()
    found: dict[type[Message], Message] = {}
    for packed in status.details:
        (kind,) = [
            each for each in _DETAILS if packed.type_url.endswith(f"/{each.DESCRIPTOR.full_name}")
        ]
        assert kind not in found
        found[kind] = kind()
        packed.Unpack(found[kind])
    return Refusal(error.code(), str(error.details()), found, trailers)
