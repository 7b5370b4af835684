"""The blocking client behaves as the asyncio one does."""

import asyncio
import contextlib
import dataclasses
import threading
from collections.abc import Callable, Generator
from concurrent.futures import ThreadPoolExecutor
from typing import TypeVar

import grpc
import grpc_testing
import pytest
from client_scripts import CATEGORIES, QUICK, durable, failing, finished, omitted, script
from google.rpc import error_details_pb2, status_pb2
from grpc_status import rpc_status

import docsort
from docsort._convert import event_to_proto
from docsort.testing import Cut, Server
from docsort.v1 import classification_service_pb2, job_service_pb2

EVENTS = script()
CLASSIFY = classification_service_pb2.DESCRIPTOR.services_by_name["ClassificationService"]
JOBS = job_service_pb2.DESCRIPTOR.services_by_name["JobService"]
Answer = TypeVar("Answer")


async def blocking(
    server: Server,
    work: Callable[[docsort.Client], Answer],
    timeouts: docsort.Timeouts = QUICK,
) -> Answer:
    """Run plain code with a blocking client while the server plays in this loop."""

    def run() -> Answer:
        with docsort.Client(server.target, timeouts=timeouts) as client:
            return work(client)

    async with server:
        return await asyncio.to_thread(run)


def stream(client: docsort.Client) -> list[docsort.Event]:
    """Classify something and return all events."""
    return list(client.stream(b"%PDF-1.4", CATEGORIES))


@pytest.mark.parametrize("after", range(len(EVENTS) + 1))
async def test_cut_after_every_event(after: int) -> None:
    """Wherever a stream is cut, the durable events come once and in order."""
    events = await blocking(Server(EVENTS, cuts=[Cut(after)]), stream)
    assert durable(events) == durable(EVENTS)


async def test_silence_is_broken() -> None:
    """A stream without any sign of life is given up and taken up again."""
    server = Server(EVENTS, cuts=[Cut(2, code=None)])
    events = await blocking(server, stream, dataclasses.replace(QUICK, idle=0.2))
    assert durable(events) == durable(EVENTS)


async def test_slow_reader_is_not_silence() -> None:
    """The time a caller takes between two events does not count."""
    timeouts = dataclasses.replace(QUICK, idle=0.2)

    def slowly(client: docsort.Client) -> int:
        events = client.stream(b"%PDF-1.4", CATEGORIES)
        next(events)
        threading.Event().wait(2 * timeouts.idle)
        return len(list(events)) + 1

    server = Server(EVENTS)
    assert await blocking(server, slowly, timeouts) == len(EVENTS)
    assert len(server.requests) == 1


async def test_leaving_early_cancels_the_job() -> None:
    """A `break` closes the stream, which cancels the job."""

    def leave(client: docsort.Client) -> None:
        for _ in client.stream(b"%PDF-1.4", CATEGORIES):
            break

    server = Server(EVENTS, cuts=[Cut(3, code=None)])
    await blocking(server, leave)
    assert isinstance(server.requests[-1], job_service_pb2.CancelJobRequest)


async def test_leaving_the_client_cancels_the_job() -> None:
    """A stream that is still held when the client ends is cancelled, once."""
    held: list[Generator[docsort.Event, None, None]] = []

    def leave(client: docsort.Client) -> None:
        held.append(client.stream(b"%PDF-1.4", CATEGORIES))
        next(held[0])

    server = Server(EVENTS, cuts=[Cut(3, code=None)])
    await blocking(server, leave)
    held[0].close()
    cancels = [r for r in server.requests if isinstance(r, job_service_pb2.CancelJobRequest)]
    assert len(cancels) == 1


async def test_interrupt_cancels_the_job() -> None:
    """Ctrl-C inside the loop over a stream cancels the job."""

    def interrupted(client: docsort.Client) -> None:
        with contextlib.closing(client.stream(b"%PDF-1.4", CATEGORIES)) as events:
            next(events)
            raise KeyboardInterrupt

    server = Server(EVENTS, cuts=[Cut(3, code=None)])
    with pytest.raises(KeyboardInterrupt):
        await blocking(server, interrupted)
    assert isinstance(server.requests[-1], job_service_pb2.CancelJobRequest)


async def test_left_out_pages_are_folded_from_the_stream() -> None:
    """Classify, watch from the middle and get_job all bring every page."""
    expected = finished(EVENTS)

    def all_ways(client: docsort.Client) -> list[docsort.Job]:
        watched = list(client.watch("job-1", 3))[-1]
        assert isinstance(watched, docsort.Finished)
        result = client.classify(b"%PDF-1.4", CATEGORIES)
        return [
            watched.job,
            client.get_job("job-1"),
            dataclasses.replace(watched.job, result=result),
        ]

    jobs = await blocking(Server(omitted(EVENTS)), all_ways)
    assert jobs == [expected.job] * 3


async def test_failed_job_is_raised() -> None:
    """A job that fails raises the exception of its reason."""

    def classify(client: docsort.Client) -> None:
        with pytest.raises(docsort.EncryptedDocumentError):
            client.classify(b"%PDF-1.4", CATEGORIES)

    await blocking(Server(failing(docsort.ErrorReason.ENCRYPTED_DOCUMENT)), classify)


async def test_cancel_and_refusals() -> None:
    """Single calls answer with jobs and raise typed errors."""

    def calls(client: docsort.Client) -> docsort.Job:
        with pytest.raises(docsort.JobNotFoundError):
            client.get_job("job-9")
        return client.cancel_job("job-1")

    missing = Cut(code=grpc.StatusCode.NOT_FOUND, reason=docsort.ErrorReason.JOB_NOT_FOUND)
    job = await blocking(Server(EVENTS, refusals={"GetJob": missing}), calls)
    assert job.status is docsort.JobStatus.CANCELLED


def test_unreachable_server_is_named() -> None:
    """A wrong address is an error within the time to connect, and names the target."""
    client = docsort.Client("127.0.0.1:1", timeouts=docsort.Timeouts(connect=0.3))
    with client, pytest.raises(docsort.APIConnectionError, match=r"127\.0\.0\.1:1 within 0\.3 s"):
        client.classify(b"%PDF-1.4", CATEGORIES)


def test_closed_client_says_so() -> None:
    """Calls after the end of the client are a mistake of the caller."""
    client = docsort.Client("127.0.0.1:1")
    client.close()
    with pytest.raises(RuntimeError, match="closed"):
        client.get_job("job-1")


@pytest.fixture
def channel() -> grpc_testing.Channel:
    """Return a channel whose other end is the test."""
    time = grpc_testing.strict_real_time()
    return grpc_testing.channel([CLASSIFY, JOBS], time)


def test_streams_over_a_channel_of_the_callers_own(channel: grpc_testing.Channel) -> None:
    """A channel given by the caller is used as it is, and resumed on."""
    with docsort.Client(channel=channel) as client, ThreadPoolExecutor(1) as pool:
        events = client.stream(b"%PDF-1.4", CATEGORIES)
        began = pool.submit(next, events)
        _, request, call = channel.take_unary_stream(CLASSIFY.methods_by_name["Classify"])
        assert request.document.content == b"%PDF-1.4"
        first = classification_service_pb2.ClassifyResponse(event=event_to_proto(EVENTS[0]))
        call.send_response(first)
        assert began.result(timeout=10) == EVENTS[0]
        rest = pool.submit(list, events)
        call.terminate((), grpc.StatusCode.UNAVAILABLE, "gone")
        _, watch, call = channel.take_unary_stream(JOBS.methods_by_name["WatchJob"])
        assert (watch.job_id, watch.after_sequence) == ("job-1", 1)
        for event in EVENTS[1:]:
            message = job_service_pb2.WatchJobResponse(event=event_to_proto(event))
            call.send_response(message)
        call.terminate((), grpc.StatusCode.OK, "")
        assert rest.result(timeout=10) == EVENTS[1:]


def test_details_over_a_channel_of_the_callers_own(channel: grpc_testing.Channel) -> None:
    """Rich details in the trailers of a fake channel become the typed error."""
    status = status_pb2.Status(code=grpc.StatusCode.NOT_FOUND.value[0], message="No such job.")
    info = error_details_pb2.ErrorInfo(reason="JOB_NOT_FOUND", domain="docsort.v1")
    status.details.add().Pack(info)
    sent = rpc_status.to_status(status)
    with docsort.Client(channel=channel) as client, ThreadPoolExecutor(1) as pool:
        job = pool.submit(client.get_job, "job-9")
        _, _, call = channel.take_unary_unary(JOBS.methods_by_name["GetJob"])
        call.terminate(None, sent.trailing_metadata, sent.code, sent.details)
        with pytest.raises(docsort.JobNotFoundError, match="No such job"):
            job.result(timeout=10)
