"""A watch ends where its job ends, and tells when the server has lost the job."""

import asyncio
from collections.abc import Callable

import grpc
import pytest
from client_scripts import DURABLE, QUICK, durable, script, serving, streamed

import docsort
from docsort.testing import Cut, Server
from docsort.v1 import job_service_pb2

EVENTS = script()
GONE = Cut(
    code=grpc.StatusCode.NOT_FOUND, reason=docsort.ErrorReason.JOB_NOT_FOUND, message="No job."
)


async def watched(server: Server, after: int) -> list[docsort.Event]:
    """Watch with the asyncio client."""
    async with serving(server) as client:
        return [event async for event in client.watch("job-1", after)]


async def watched_blocking(server: Server, after: int) -> list[docsort.Event]:
    """Watch with the blocking client."""

    def run() -> list[docsort.Event]:
        with docsort.Client(server.target, timeouts=QUICK) as client:
            return list(client.watch("job-1", after))

    async with server:
        return await asyncio.to_thread(run)


each_client = pytest.mark.parametrize("watch", [watched, watched_blocking])
Watch = Callable[[Server, int], "asyncio.Future[list[docsort.Event]]"]


@each_client
@pytest.mark.parametrize("after", [6, 2**32 - 1])
async def test_nothing_after_the_end(watch: Watch, after: int) -> None:
    """Past the last event of a finished job a watch ends without events, and without trying on."""
    server = Server(EVENTS)
    assert await watch(server, after) == []
    asked = [type(request) for request in server.requests]
    assert asked == [
        *(job_service_pb2.WatchJobRequest, job_service_pb2.GetJobRequest),
        job_service_pb2.WatchJobRequest,
    ]


@each_client
async def test_a_call_that_ends_early_is_not_the_end(watch: Watch) -> None:
    """A watch that ends with OK before its job's last event goes on, whatever came before."""
    ok = grpc.StatusCode.OK
    server = Server(EVENTS, cuts=[Cut(0, ok), Cut(4, ok), Cut(0, ok), Cut(0, ok)])
    events = await watch(server, 3)
    assert durable(events) == [e for e in EVENTS if isinstance(e, DURABLE) and e.sequence > 3]


@each_client
async def test_a_running_job_is_watched_on(watch: Watch) -> None:
    """While the job is not final its watch is taken up again until there is something."""
    running = script()[:-1]
    server = Server(running, cuts=[Cut(0, grpc.StatusCode.OK)] * 3 + [GONE])
    with pytest.raises(docsort.JobNotFoundError) as caught:
        await watch(server, 99)
    assert not isinstance(caught.value, docsort.JobLostError)


@each_client
async def test_a_job_that_was_lost(watch: Watch) -> None:
    """A job that sent events and is not known any more was lost, and the error says what to do."""
    with pytest.raises(docsort.JobLostError, match="no longer knows job job-1") as caught:
        await watch(Server(EVENTS, cuts=[Cut(3), GONE]), 0)
    error = caught.value
    assert "submit the document again" in error.message
    assert (error.reason, error.job_id) == (docsort.ErrorReason.JOB_NOT_FOUND, "job-1")
    assert error.code is grpc.StatusCode.NOT_FOUND


async def test_a_stream_whose_job_was_lost() -> None:
    """A stream tells it likewise, and does not try to cancel what is not there."""
    server = Server(EVENTS, cuts=[Cut(3), GONE])
    async with serving(server) as client:
        with pytest.raises(docsort.JobLostError):
            await streamed(client)
    assert not any(isinstance(r, job_service_pb2.CancelJobRequest) for r in server.requests)


@each_client
async def test_a_job_that_was_never_known(watch: Watch) -> None:
    """Without any event before, the server's own answer stands."""
    with pytest.raises(docsort.JobNotFoundError, match=r"No job\.") as caught:
        await watch(Server(EVENTS, cuts=[GONE]), 0)
    assert type(caught.value) is docsort.JobNotFoundError


@each_client
@pytest.mark.parametrize("after", [-1, 2**32])
async def test_numbers_that_are_no_sequence(watch: Watch, after: int) -> None:
    """A sequence that the contract cannot carry is a mistake of the caller."""
    server = Server(EVENTS)
    with pytest.raises(ValueError, match=f"from 0 to 4294967295, found {after}"):
        await watch(server, after)
    assert server.requests == []
