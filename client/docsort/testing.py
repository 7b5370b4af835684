"""A scripted server in the same process, for the tests of programs that use docsort.

    async with docsort.testing.Server(job_events(["Invoice", "Contract"])) as server:
        async with docsort.AsyncClient(server.target) as client:
            result = await client.classify(b"%PDF-", ["Invoice", "Contract"])

It is a real gRPC server on a free port of the loopback, so the client under test does all that
it does in production. `Cut` ends a stream or refuses a call; `Server.requests` tells what came.
A blocking client is tested with `await asyncio.to_thread(...)`.
"""

import asyncio
import itertools
from collections.abc import AsyncIterator, Iterator, Mapping, Sequence
from types import TracebackType
from typing import Self, TypeAlias, TypeVar

import grpc
import grpc.aio
from google.protobuf.message import Message
from grpc_status import rpc_status

from docsort._convert import estimate_to_proto, event_to_proto, job_to_proto
from docsort._events import Event, Finished, JobChange
from docsort._feed_script import changes_of, feed
from docsort._keeper import Keeper, not_found
from docsort._planning import CategoriesCheck, Estimate
from docsort._schema_script import ScriptedSchema
from docsort._script import Cut, cancelled, job_events
from docsort.v1 import (
    classification_service_pb2,
    classification_service_pb2_grpc,
    document_pb2,
    document_service_pb2_grpc,
    job_pb2,
    job_service_pb2,
    job_service_pb2_grpc,
    schema_service_pb2_grpc,
)

__all__ = ["Cut", "ScriptEvent", "Server", "job_events"]

ScriptEvent: TypeAlias = Event | job_pb2.JobEvent
_Request = TypeVar("_Request", bound=Message)
_Entry = TypeVar("_Entry")
_Context: TypeAlias = grpc.aio.ServicerContext[Message, Message]
# A port of its own, and documents of any size: the client has its own limit.
_OPTIONS = [("grpc.so_reuseport", 0), ("grpc.max_receive_message_length", -1)]
_DURABLE = ("accepted", "page_result", "finished")


class Server(
    classification_service_pb2_grpc.ClassificationServiceServicer,
    job_service_pb2_grpc.JobServiceServicer,
):
    """Play `events` to whoever classifies or watches.

    The n-th stream ends as the n-th of `cuts` says, later ones play to the end. As on a real
    server a stream begins after the sequence asked for, and what is not durable is played once.
    WatchJobs plays `changes`, or those of the events' job, and then falls silent. `estimate` and
    `check` answer EstimateJob and CheckCategories.
    `refusals` names methods that fail at once, such as {"GetJob": Cut(reason=...)}. After `stop`
    a `start` listens on the same port again.
    """

    def __init__(
        self,
        events: Sequence[ScriptEvent] = (),
        *,
        cuts: Sequence[Cut] = (),
        refusals: Mapping[str, Cut] | None = None,
        changes: Sequence[JobChange] = (),
        estimate: Estimate | None = None,
        check: CategoriesCheck | None = None,
    ) -> None:
        self.requests: list[Message] = []
        self._events = [
            each if isinstance(each, job_pb2.JobEvent) else event_to_proto(each) for each in events
        ]
        self._changes = changes or changes_of(self._events)
        self._cuts = list(cuts)
        self._refusals = dict(refusals or {})
        self._keeper = Keeper(self._note, self._refuse, _abort)
        self._schema = ScriptedSchema(check or CategoriesCheck(), self._note, self._refuse)
        self._estimate = estimate_to_proto(estimate or Estimate())
        self._played = 0
        self._port = 0
        self._server: grpc.aio.Server | None = None
        self._arrived = asyncio.Condition()
        self._cancelled = asyncio.Event()

    @property
    def target(self) -> str:
        """What the client connects to."""
        return f"127.0.0.1:{self._port}"

    @property
    def documents(self) -> dict[str, bytes]:
        """What was uploaded, by its id; jobs about anything else are refused."""
        return self._keeper.documents

    async def __aenter__(self) -> Self:
        await self.start()
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        await self.stop()

    async def start(self) -> None:
        """Listen; on the same port as before, if there was a before."""
        server = grpc.aio.server(options=_OPTIONS)
        classification_service_pb2_grpc.add_ClassificationServiceServicer_to_server(self, server)
        job_service_pb2_grpc.add_JobServiceServicer_to_server(self, server)
        schema_service_pb2_grpc.add_SchemaServiceServicer_to_server(self._schema, server)
        document_service_pb2_grpc.add_DocumentServiceServicer_to_server(self._keeper, server)
        self._port = server.add_insecure_port(self.target)
        await server.start()
        self._server = server

    async def stop(self) -> None:
        """End every call and stop listening."""
        if self._server is not None:
            await self._server.stop(None)
            self._server = None

    async def received(self, kind: type[_Request]) -> _Request:
        """Wait for a request of this kind and return the last one."""
        async with self._arrived:
            await self._arrived.wait_for(lambda: any(isinstance(r, kind) for r in self.requests))
        return next(r for r in reversed(self.requests) if isinstance(r, kind))

    async def Classify(  # noqa: N802 - named by the contract
        self, request: classification_service_pb2.ClassifyRequest, context: _Context
    ) -> AsyncIterator[classification_service_pb2.ClassifyResponse]:
        """Play from the start."""
        await self._note(request)
        await self._require(context, request.document)
        async for event in self._play(context, 0):
            yield classification_service_pb2.ClassifyResponse(event=event)

    async def WatchJob(  # noqa: N802 - named by the contract
        self, request: job_service_pb2.WatchJobRequest, context: _Context
    ) -> AsyncIterator[job_service_pb2.WatchJobResponse]:
        """Play what comes after the sequence asked for."""
        await self._note(request)
        async for event in self._play(context, request.after_sequence):
            yield job_service_pb2.WatchJobResponse(event=event)

    async def WatchJobs(  # noqa: N802 - named by the contract
        self, request: job_service_pb2.WatchJobsRequest, context: _Context
    ) -> AsyncIterator[job_service_pb2.WatchJobsResponse]:
        """Play the changes after the token, whatever the filter."""
        await self._note(request)
        await self._refuse(context, "WatchJobs")
        cut = self._cuts.pop(0) if self._cuts else Cut(len(self._changes), code=None)
        for message in feed(self._changes, request.resume_token, cut.after):
            yield message
        if cut.code is None:
            await asyncio.Event().wait()
        await _abort(context, cut)

    async def GetJob(  # noqa: N802 - named by the contract
        self, request: job_service_pb2.GetJobRequest, context: _Context
    ) -> job_service_pb2.GetJobResponse:
        """Answer with the last job of the script."""
        await self._note(request)
        await self._refuse(context, "GetJob")
        return job_service_pb2.GetJobResponse(job=self._job())

    async def SubmitJob(  # noqa: N802 - named by the contract
        self, request: job_service_pb2.SubmitJobRequest, context: _Context
    ) -> job_service_pb2.SubmitJobResponse:
        """Answer with the first job of the script."""
        await self._note(request)
        await self._refuse(context, "SubmitJob")
        await self._require(context, request.document)
        job = self._job(first=True)
        return job_service_pb2.SubmitJobResponse(
            job_id=job.job_id, status=job.status, message="Classification started"
        )

    async def EstimateJob(  # noqa: N802 - named by the contract
        self, request: job_service_pb2.EstimateJobRequest, context: _Context
    ) -> job_service_pb2.EstimateJobResponse:
        """Answer with the estimate of the script."""
        await self._note(request)
        await self._refuse(context, "EstimateJob")
        await self._require(context, request.document)
        return self._estimate

    async def WaitJob(  # noqa: N802 - named by the contract
        self, request: job_service_pb2.WaitJobRequest, context: _Context
    ) -> job_service_pb2.WaitJobResponse:
        """Answer with the last job of the script, whose end has always come."""
        await self._note(request)
        await self._refuse(context, "WaitJob")
        return job_service_pb2.WaitJobResponse(job=self._job())

    async def ListJobs(  # noqa: N802 - named by the contract
        self, request: job_service_pb2.ListJobsRequest, context: _Context
    ) -> job_service_pb2.ListJobsResponse:
        """Answer with the last job of the script without its result, whatever the filter."""
        await self._note(request)
        await self._refuse(context, "ListJobs")
        job = job_pb2.Job()
        job.CopyFrom(self._job())
        job.ClearField("result")
        return job_service_pb2.ListJobsResponse(jobs=[job])

    async def ListPageResults(  # noqa: N802 - named by the contract
        self, request: job_service_pb2.ListPageResultsRequest, context: _Context
    ) -> job_service_pb2.ListPageResultsResponse:
        """Answer with one page result of the script at a time; the token is its index."""
        await self._note(request)
        await self._refuse(context, "ListPageResults")
        pages = [e.page_result for e in self._events if e.HasField("page_result")]
        found, token = _one_of(sorted(pages, key=lambda page: page.page), request.page_token)
        return job_service_pb2.ListPageResultsResponse(page_results=found, next_page_token=token)

    async def DeleteJob(  # noqa: N802 - named by the contract
        self, request: job_service_pb2.DeleteJobRequest, context: _Context
    ) -> job_service_pb2.DeleteJobResponse:
        """Forget nothing: a script can be played again."""
        await self._note(request)
        await self._refuse(context, "DeleteJob")
        return job_service_pb2.DeleteJobResponse()

    async def CancelJob(  # noqa: N802 - named by the contract
        self, request: job_service_pb2.CancelJobRequest, context: _Context
    ) -> job_service_pb2.CancelJobResponse:
        """Cancel, which ends the streams that have fallen silent."""
        await self._note(request)
        await self._refuse(context, "CancelJob")
        self._cancelled.set()
        return job_service_pb2.CancelJobResponse(job=job_to_proto(cancelled(request.job_id)))

    async def _note(self, request: Message) -> None:
        async with self._arrived:
            self.requests.append(request)
            self._arrived.notify_all()

    async def _refuse(self, context: _Context, method: str) -> None:
        if method in self._refusals:
            await _abort(context, self._refusals[method])

    async def _require(self, context: _Context, source: document_pb2.DocumentSource) -> None:
        if source.document_id and source.document_id not in self.documents:
            await _abort(context, not_found(source.document_id))

    async def _play(self, context: _Context, after: int) -> AsyncIterator[job_pb2.JobEvent]:
        cut = self._cuts.pop(0) if self._cuts else None
        due = self._due(after)
        for index, event in due if cut is None else itertools.islice(due, cut.after):
            self._played = max(self._played, index + 1)
            yield event
        if cut is None:
            return
        if cut.code is None:
            yield await self._silence()
        await _abort(context, cut)

    async def _silence(self) -> job_pb2.JobEvent:
        await self._cancelled.wait()
        last = max((event.sequence for event in self._events), default=0)
        job = cancelled(self._job().job_id)
        return event_to_proto(Finished(last + 1, job.job_id, job))

    def _due(self, after: int) -> Iterator[tuple[int, job_pb2.JobEvent]]:
        for index, event in enumerate(self._events):
            durable = event.WhichOneof("kind") in _DURABLE
            if event.sequence > after if durable else index >= self._played:
                yield index, event

    def _job(self, *, first: bool = False) -> job_pb2.Job:
        jobs = [getattr(e, kind).job for e in self._events for kind in _with_job(e)]
        return jobs[0 if first else -1] if jobs else job_pb2.Job()


def _with_job(event: job_pb2.JobEvent) -> list[str]:
    kind = event.WhichOneof("kind")
    return [kind] if kind in ("accepted", "finished") else []


def _one_of(entries: Sequence[_Entry], token: str) -> tuple[Sequence[_Entry], str]:
    """Return a page of a single entry, and the token of the next one."""
    index = int(token or 0)
    return entries[index : index + 1], str(index + 1) if index + 1 < len(entries) else ""


async def _abort(context: _Context, cut: Cut) -> None:
    if cut.code not in (None, grpc.StatusCode.OK):
        await context.abort_with_status(rpc_status.to_status(cut.status()))
