"""The calls of the service on the asyncio stack."""

import asyncio
import contextlib
from collections.abc import AsyncGenerator
from datetime import timedelta
from typing import Final, TypeAlias, TypeVar, cast

import grpc
import grpc.aio

from docsort._channel import channel_options, check_target
from docsort._convert import (
    check_from_proto,
    document_from_proto,
    estimate_from_proto,
    job_from_proto,
    page_from_proto,
    submission_from_proto,
)
from docsort._errors import APIConnectionError, APITimeoutError
from docsort._faults import from_rpc
from docsort._models import Job, PageResult, Submission, UploadedDocument
from docsort._parcel import Parcel
from docsort._planning import CategoriesCheck, Estimate
from docsort._stream import Cursor
from docsort._timeouts import Timeouts
from docsort._upload import SEND_CHUNKS, SIGN_SECONDS, Part, Progress, chunk_of, header_of
from docsort.v1 import classification_service_pb2 as classification
from docsort.v1 import (
    classification_service_pb2_grpc,
    document_service_pb2,
    document_service_pb2_grpc,
    job_pb2,
    job_service_pb2,
    job_service_pb2_grpc,
    schema_service_pb2,
    schema_service_pb2_grpc,
)

_Request = TypeVar("_Request")
_Response = TypeVar("_Response")
_ClassifyCall: TypeAlias = grpc.aio.UnaryStreamCall[
    classification.ClassifyRequest, classification.ClassifyResponse
]
_WatchCall: TypeAlias = grpc.aio.UnaryStreamCall[
    job_service_pb2.WatchJobRequest, job_service_pb2.WatchJobResponse
]

_UploadCall: TypeAlias = grpc.aio.StreamUnaryCall[
    document_service_pb2.UploadDocumentRequest, document_service_pb2.UploadDocumentResponse
]

_DRAIN_SECONDS: Final = 1.0
# Entries that are asked for at a time.
_PAGE_SIZE: Final = 200


class AsyncCalls:
    """Make single calls: connect first, convert the answer, raise the typed error."""

    def __init__(
        self,
        target: str,
        timeouts: Timeouts,
        max_message_bytes: int,
        channel: grpc.aio.Channel | None,
    ) -> None:
        self.target = check_target(target)
        self.closed = False
        self._timeouts = timeouts
        self._max_message_bytes = max_message_bytes
        self._given = channel
        self._made: grpc.aio.Channel | None = None

    async def connect(self) -> None:
        """Wait for the connection; raises APIConnectionError naming the target."""
        if self._given is not None:
            return
        limit = self._timeouts.connect
        try:
            async with asyncio.timeout(limit):
                await self._channel.channel_ready()
        except TimeoutError:
            raise APIConnectionError(f"cannot reach {self.target} within {limit:g} s") from None

    async def submit(self, request: job_service_pb2.SubmitJobRequest) -> Submission:
        """Hand a document in."""
        async with self._calling():
            response = await self._jobs.SubmitJob(request, timeout=self._timeouts.call)
        return submission_from_proto(response)

    async def estimate(self, request: job_service_pb2.EstimateJobRequest) -> Estimate:
        """Ask what a job would take."""
        async with self._calling():
            response = await self._jobs.EstimateJob(request, timeout=self._timeouts.call)
        return estimate_from_proto(response)

    async def check(self, request: schema_service_pb2.CheckCategoriesRequest) -> CategoriesCheck:
        """Ask what is likely to go wrong with categories."""
        async with self._calling():
            stub = schema_service_pb2_grpc.SchemaServiceStub(self._channel)
            response = await stub.CheckCategories(request, timeout=self._timeouts.call)
        return check_from_proto(response)

    async def upload(
        self, parcel: Parcel, ttl: float | None, progress: Progress | None
    ) -> UploadedDocument:
        """Send a document, or only its name where the server has it."""
        header = header_of(parcel, ttl)
        async with self._calling():
            call = self._documents.UploadDocument()
            try:
                await self._send(call, header, parcel, progress)
                async with asyncio.timeout(self._timeouts.call):
                    response = await call
            except TimeoutError:
                raise APITimeoutError(f"{self.target}: the upload got no answer in time") from None
            finally:
                call.cancel()
        return document_from_proto(response.document)

    async def delete_document(self, document_id: str) -> None:
        """Delete an uploaded document."""
        request = document_service_pb2.DeleteDocumentRequest(document_id=document_id)
        async with self._calling():
            await self._documents.DeleteDocument(request, timeout=self._timeouts.call)

    async def get_job(self, job_id: str) -> Job:
        """Read a job as the server has it."""
        request = job_service_pb2.GetJobRequest(job_id=job_id)
        async with self._calling(job_id):
            response = await self._jobs.GetJob(request, timeout=self._timeouts.call)
        return job_from_proto(response.job)

    async def wait_job(self, job_id: str, seconds: float) -> Job:
        """Read a job at its end, or as it stands after so many seconds."""
        request = job_service_pb2.WaitJobRequest(job_id=job_id)
        request.timeout.FromTimedelta(timedelta(seconds=seconds))
        async with self._calling(job_id):
            response = await self._jobs.WaitJob(request, timeout=seconds + self._timeouts.call)
        return job_from_proto(response.job)

    async def cancel_job(self, job_id: str) -> Job:
        """Cancel a job."""
        request = job_service_pb2.CancelJobRequest(job_id=job_id)
        async with self._calling(job_id):
            response = await self._jobs.CancelJob(request, timeout=self._timeouts.call)
        return job_from_proto(response.job)

    async def delete_job(self, job_id: str) -> None:
        """Delete a job."""
        request = job_service_pb2.DeleteJobRequest(job_id=job_id)
        async with self._calling(job_id):
            await self._jobs.DeleteJob(request, timeout=self._timeouts.call)

    async def list_jobs(self, chosen: job_service_pb2.JobFilter) -> AsyncGenerator[Job, None]:
        """Yield jobs, the newest first, asking for some at a time."""
        request = job_service_pb2.ListJobsRequest(filter=chosen, page_size=_PAGE_SIZE)
        while True:
            async with self._calling():
                response = await self._jobs.ListJobs(request, timeout=self._timeouts.call)
            for job in response.jobs:
                yield job_from_proto(job)
            request.page_token = response.next_page_token
            if not request.page_token:
                return

    async def page_results(self, job_id: str) -> AsyncGenerator[PageResult, None]:
        """Yield a finished job's page results, asking for some at a time."""
        request = job_service_pb2.ListPageResultsRequest(job_id=job_id, page_size=_PAGE_SIZE)
        while True:
            async with self._calling(job_id):
                response = await self._jobs.ListPageResults(request, timeout=self._timeouts.call)
            for page in response.page_results:
                yield page_from_proto(page)
            request.page_token = response.next_page_token
            if not request.page_token:
                return

    async def events(self, cursor: Cursor) -> AsyncGenerator[job_pb2.JobEvent, None]:
        """Yield what one call brings, as it comes."""
        await self.connect()
        call = self._open(cursor)
        try:
            while (event := await self._next(call, cursor)) is not None:
                yield event
        finally:
            call.cancel()

    async def changes(
        self, request: job_service_pb2.WatchJobsRequest
    ) -> AsyncGenerator[job_service_pb2.WatchJobsResponse, None]:
        """Yield what one call of the feed brings, as it comes."""
        await self.connect()
        call = self._jobs.WatchJobs(request)
        try:
            while (message := await self._read(call, self._timeouts.idle)) is not None:
                yield message
        finally:
            call.cancel()

    async def close(self) -> None:
        """Close the channel, unless it is the caller's own."""
        self.closed = True
        if self._made is not None:
            await self._made.close()

    @contextlib.asynccontextmanager
    async def _calling(self, job_id: str = "") -> AsyncGenerator[None, None]:
        await self.connect()
        try:
            yield
        except grpc.aio.AioRpcError as failure:
            raise from_rpc(failure, target=self.target, job_id=job_id) from failure

    @property
    def _jobs(self) -> "job_service_pb2_grpc.JobServiceAsyncStub":
        # A class of the type stubs only.
        return job_service_pb2_grpc.JobServiceStub(self._channel)

    @property
    def _documents(self) -> "document_service_pb2_grpc.DocumentServiceAsyncStub":
        return document_service_pb2_grpc.DocumentServiceStub(self._channel)

    @property
    def _channel(self) -> grpc.aio.Channel:
        # Made on first use: a channel belongs to the event loop that it is made in.
        if self._given is not None:
            return self._given
        if self.closed:
            raise RuntimeError("the client is closed")
        if self._made is None:
            options = channel_options(self._max_message_bytes)
            self._made = grpc.aio.insecure_channel(self.target, options=options)
        return self._made

    def _open(self, cursor: Cursor) -> _ClassifyCall | _WatchCall:
        request = cursor.request
        if isinstance(request, classification.ClassifyRequest):
            stub = classification_service_pb2_grpc.ClassificationServiceStub(self._channel)
            return stub.Classify(request)
        return self._jobs.WatchJob(request)

    async def _send(
        self, call: _UploadCall, header: Part, parcel: Parcel, progress: Progress | None
    ) -> None:
        """Send all parts, or as many as are taken: an answer may come before the last one."""
        await call.write(header)
        await _sign(call)
        pieces, sent = parcel.pieces(), 0
        while not call.done() and (piece := await asyncio.to_thread(next, pieces, None)):
            with contextlib.suppress(asyncio.InvalidStateError):
                async with asyncio.timeout(self._timeouts.idle):
                    await call.write(chunk_of(piece))
            sent += len(piece)
            if progress:
                progress(sent, parcel.size)
        await call.done_writing()

    async def _next(
        self, call: _ClassifyCall | _WatchCall, cursor: Cursor
    ) -> job_pb2.JobEvent | None:
        # After `finished` only the end of the call is left to come.
        limit = _DRAIN_SECONDS if cursor.finished else self._timeouts.idle
        response = await self._read(cast("_ClassifyCall", call), limit, cursor.job_id)
        return response.event if response is not None else None

    async def _read(
        self, call: "grpc.aio.UnaryStreamCall[_Request, _Response]", limit: float, job_id: str = ""
    ) -> _Response | None:
        """Return the next message of a stream; None at its end."""
        try:
            async with asyncio.timeout(limit):
                response = await call.read()
        except TimeoutError:
            text = f"{self.target}: no sign of life within {limit:g} s"
            raise APITimeoutError(text, job_id=job_id) from None
        except asyncio.CancelledError:
            self._raise_if_closed()
            raise
        except grpc.aio.AioRpcError as failure:
            raise from_rpc(failure, target=self.target, job_id=job_id) from failure
        return None if response is grpc.aio.EOF else cast("_Response", response)

    def _raise_if_closed(self) -> None:
        # Closing a channel cancels its calls, which looks like a cancelled task but is none.
        task = asyncio.current_task()
        if self.closed and task is not None and not task.cancelling():
            raise RuntimeError("the client was closed while a stream was open")


async def _sign(call: _UploadCall) -> None:
    """Wait until the content is wanted, or the answer is there without it."""
    with contextlib.suppress(TimeoutError):
        async with asyncio.timeout(SIGN_SECONDS):
            if SEND_CHUNKS not in [tuple(each) for each in await call.initial_metadata()]:
                await call.code()
