"""The calls of the service on the blocking stack."""

import contextlib
import threading
from collections.abc import Generator, Iterator
from datetime import timedelta
from typing import Final, Protocol, TypeVar, cast

import grpc

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
from docsort._faults import RpcFailure, from_rpc
from docsort._models import Job, PageResult, Submission, UploadedDocument
from docsort._parcel import Parcel
from docsort._planning import CategoriesCheck, Estimate
from docsort._silence import Silence
from docsort._stream import Cursor
from docsort._timeouts import Timeouts
from docsort._upload import Progress, Sending
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

_DRAIN_SECONDS: Final = 1.0
# Entries that are asked for at a time.
_PAGE_SIZE: Final = 200
_PROBE: Final = "/grpc.health.v1.Health/Check"
_UNREACHED: Final = (grpc.StatusCode.DEADLINE_EXCEEDED, grpc.StatusCode.UNAVAILABLE)


_Response_co = TypeVar("_Response_co", covariant=True)


class _WithEvent(Protocol):
    @property
    def event(self) -> job_pb2.JobEvent: ...


class _StreamCall(Protocol[_Response_co]):
    def __next__(self) -> _Response_co: ...

    def __iter__(self) -> Iterator[_Response_co]: ...

    def cancel(self) -> object: ...


class BlockingCalls:
    """Make single calls: connect first, convert the answer, raise the typed error."""

    def __init__(
        self,
        target: str,
        timeouts: Timeouts,
        max_message_bytes: int,
        channel: grpc.Channel | None,
    ) -> None:
        self.target = check_target(target)
        self._timeouts = timeouts
        self._own = channel is None
        self._channel = channel or grpc.insecure_channel(
            target, options=channel_options(max_message_bytes)
        )
        self._connected = not self._own
        self._closed = False

    def connect(self, within: float | None = None) -> None:
        """Wait for the connection; raises APIConnectionError naming the target.

        Any answer is one, even that nobody knows the method. gRPC's own way of waiting leaves a
        thread behind that fails when the channel is closed soon after.
        """
        if self._closed:
            raise RuntimeError("the client is closed")
        if self._connected:
            return
        limit = min(self._timeouts.connect, within or self._timeouts.connect)
        probe: grpc.UnaryUnaryMultiCallable[bytes, bytes] = self._channel.unary_unary(_PROBE)
        try:
            probe(b"", timeout=limit, wait_for_ready=True)
        except grpc.RpcError as failure:
            if cast("RpcFailure", failure).code() in _UNREACHED:
                raise APIConnectionError(f"cannot reach {self.target} within {limit:g} s") from None
        self._connected = True

    def submit(self, request: job_service_pb2.SubmitJobRequest) -> Submission:
        """Hand a document in."""
        with self._calling():
            response = self._jobs.SubmitJob(request, timeout=self._timeouts.call)
        return submission_from_proto(response)

    def estimate(self, request: job_service_pb2.EstimateJobRequest) -> Estimate:
        """Ask what a job would take."""
        with self._calling():
            response = self._jobs.EstimateJob(request, timeout=self._timeouts.call)
        return estimate_from_proto(response)

    def check(self, request: schema_service_pb2.CheckCategoriesRequest) -> CategoriesCheck:
        """Ask what is likely to go wrong with categories."""
        with self._calling():
            stub = schema_service_pb2_grpc.SchemaServiceStub(self._channel)
            response = stub.CheckCategories(request, timeout=self._timeouts.call)
        return check_from_proto(response)

    def upload(
        self, parcel: Parcel, ttl: float | None, progress: Progress | None
    ) -> UploadedDocument:
        """Send a document, or only its name where the server has it."""
        sending = Sending(parcel, ttl)
        with self._calling():
            call = self._documents.UploadDocument.future(sending.parts())
            call.add_done_callback(lambda _: sending.end())
            # It waits for the answer to the header, which nothing else tells of.
            listening = threading.Thread(target=_await_sign, args=(call, sending), daemon=True)
            listening.start()
            try:
                for sent in sending.progress(self._timeouts.idle):
                    if progress:
                        progress(sent, parcel.size)
                if sending.error:
                    raise sending.error
                response = call.result()
            except TimeoutError:
                raise APITimeoutError(f"{self.target}: the upload got no answer in time") from None
            finally:
                call.cancel()
                listening.join()
        return document_from_proto(response.document)

    def delete_document(self, document_id: str) -> None:
        """Delete an uploaded document."""
        request = document_service_pb2.DeleteDocumentRequest(document_id=document_id)
        with self._calling():
            self._documents.DeleteDocument(request, timeout=self._timeouts.call)

    def get_job(self, job_id: str) -> Job:
        """Read a job as the server has it."""
        request = job_service_pb2.GetJobRequest(job_id=job_id)
        with self._calling(job_id):
            response = self._jobs.GetJob(request, timeout=self._timeouts.call)
        return job_from_proto(response.job)

    def wait_job(self, job_id: str, seconds: float) -> Job:
        """Read a job at its end, or as it stands after so many seconds."""
        request = job_service_pb2.WaitJobRequest(job_id=job_id)
        request.timeout.FromTimedelta(timedelta(seconds=seconds))
        with self._calling(job_id):
            response = self._jobs.WaitJob(request, timeout=seconds + self._timeouts.call)
        return job_from_proto(response.job)

    def cancel_job(self, job_id: str, within: float | None = None) -> Job:
        """Cancel a job, within so many seconds instead of `Timeouts.call`."""
        request = job_service_pb2.CancelJobRequest(job_id=job_id)
        with self._calling(job_id, within):
            response = self._jobs.CancelJob(request, timeout=within or self._timeouts.call)
        return job_from_proto(response.job)

    def delete_job(self, job_id: str) -> None:
        """Delete a job."""
        request = job_service_pb2.DeleteJobRequest(job_id=job_id)
        with self._calling(job_id):
            self._jobs.DeleteJob(request, timeout=self._timeouts.call)

    def list_jobs(self, chosen: job_service_pb2.JobFilter) -> Generator[Job, None, None]:
        """Yield jobs, the newest first, asking for some at a time."""
        request = job_service_pb2.ListJobsRequest(filter=chosen, page_size=_PAGE_SIZE)
        while True:
            with self._calling():
                response = self._jobs.ListJobs(request, timeout=self._timeouts.call)
            for job in response.jobs:
                yield job_from_proto(job)
            request.page_token = response.next_page_token
            if not request.page_token:
                return

    def page_results(self, job_id: str) -> Generator[PageResult, None, None]:
        """Yield a finished job's page results, asking for some at a time."""
        request = job_service_pb2.ListPageResultsRequest(job_id=job_id, page_size=_PAGE_SIZE)
        while True:
            with self._calling(job_id):
                response = self._jobs.ListPageResults(request, timeout=self._timeouts.call)
            for page in response.page_results:
                yield page_from_proto(page)
            request.page_token = response.next_page_token
            if not request.page_token:
                return

    def events(self, cursor: Cursor) -> Generator[job_pb2.JobEvent, None, None]:
        """Yield what one call brings, as it comes."""
        self.connect()
        call = self._open(cursor)
        silence = Silence(call.cancel)
        try:
            while (event := self._next(call, silence, cursor)) is not None:
                yield event
        finally:
            silence.close()
            call.cancel()

    def changes(
        self, request: job_service_pb2.WatchJobsRequest
    ) -> Generator[job_service_pb2.WatchJobsResponse, None, None]:
        """Yield what one call of the feed brings, as it comes."""
        self.connect()
        call = cast("_StreamCall[job_service_pb2.WatchJobsResponse]", self._jobs.WatchJobs(request))
        silence = Silence(call.cancel)
        try:
            while (message := self._read(call, silence, self._timeouts.idle)) is not None:
                yield message
        finally:
            silence.close()
            call.cancel()

    def close(self) -> None:
        """Close the channel, unless it is the caller's own."""
        self._closed = True
        if self._own:
            self._channel.close()

    @contextlib.contextmanager
    def _calling(self, job_id: str = "", within: float | None = None) -> Iterator[None]:
        self.connect(within)
        try:
            yield
        except grpc.RpcError as failure:
            raise self._error(failure, job_id) from failure

    @property
    def _jobs(self) -> job_service_pb2_grpc.JobServiceStub:
        return job_service_pb2_grpc.JobServiceStub(self._channel)

    @property
    def _documents(self) -> document_service_pb2_grpc.DocumentServiceStub:
        return document_service_pb2_grpc.DocumentServiceStub(self._channel)

    def _open(self, cursor: Cursor) -> _StreamCall[_WithEvent]:
        request = cursor.request
        if isinstance(request, classification.ClassifyRequest):
            stub = classification_service_pb2_grpc.ClassificationServiceStub(self._channel)
            return cast("_StreamCall[_WithEvent]", stub.Classify(request))
        watch = self._jobs.WatchJob(request)
        return cast("_StreamCall[_WithEvent]", watch)

    def _next(
        self, call: _StreamCall[_WithEvent], silence: Silence, cursor: Cursor
    ) -> job_pb2.JobEvent | None:
        # After `finished` only the end of the call is left to come.
        limit = _DRAIN_SECONDS if cursor.finished else self._timeouts.idle
        response = self._read(call, silence, limit, cursor.job_id)
        return response.event if response is not None else None

    def _read(
        self, call: _StreamCall[_Response_co], silence: Silence, limit: float, job_id: str = ""
    ) -> _Response_co | None:
        """Return the next message of a stream; None at its end."""
        try:
            with silence.within(limit):
                return next(call)
        except StopIteration:
            return None
        except grpc.RpcError as failure:
            if silence.ended:
                text = f"{self.target}: no sign of life within {limit:g} s"
                raise APITimeoutError(text, job_id=job_id) from None
            raise self._error(failure, job_id) from failure

    def _error(self, failure: grpc.RpcError, job_id: str) -> Exception:
        error = from_rpc(cast("RpcFailure", failure), target=self.target, job_id=job_id)
        if self._own and error.code is grpc.StatusCode.UNAVAILABLE:
            self._connected = False
        return error


def _await_sign(call: grpc.Call, sending: Sending) -> None:
    # Returns once there are any, and when the call ends without.
    sending.note_sign(call.initial_metadata() or ())
