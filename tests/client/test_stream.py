"""A stream that breaks is taken up again without loss or repeat."""

import asyncio
import contextlib
import dataclasses

import grpc
import pytest
from client_scripts import (
    CATEGORIES,
    DURABLE,
    QUICK,
    durable,
    finished,
    omitted,
    script,
    serving,
    streamed,
)
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

import docsort
from docsort import ErrorReason
from docsort.testing import Cut, Server
from docsort.v1 import classification_service_pb2, job_pb2, job_service_pb2

RESUMABLE = [
    grpc.StatusCode.UNAVAILABLE,
    grpc.StatusCode.INTERNAL,
    grpc.StatusCode.UNKNOWN,
    grpc.StatusCode.CANCELLED,
    grpc.StatusCode.OK,
]
EVENTS = script()


@pytest.mark.parametrize("code", RESUMABLE, ids=lambda code: code.name)
async def test_cut_after_every_event(code: grpc.StatusCode) -> None:
    """Wherever a stream is cut, the durable events come once and in order."""

    async def cut(after: int) -> list[docsort.Event]:
        async with serving(Server(EVENTS, cuts=[Cut(after, code)])) as client:
            return await streamed(client)

    runs = await asyncio.gather(*(cut(after) for after in range(len(EVENTS) + 1)))
    assert [durable(run) for run in runs] == [durable(EVENTS)] * len(runs)


@settings(max_examples=15, deadline=None, suppress_health_check=list(HealthCheck))
@given(st.lists(st.tuples(st.integers(0, len(EVENTS)), st.sampled_from(RESUMABLE)), max_size=4))
def test_cuts_in_any_combination(cuts: list[tuple[int, grpc.StatusCode]]) -> None:
    """Any number of cuts leaves the durable events whole, and sequences never go back."""

    async def run() -> list[docsort.Event]:
        server = Server(EVENTS, cuts=[Cut(after, code) for after, code in cuts])
        async with serving(server) as client:
            return await streamed(client)

    events = asyncio.run(run())
    assert durable(events) == durable(EVENTS)
    sequences = [event.sequence for event in events]
    assert sequences == sorted(sequences)


async def test_first_cut_repeats_the_request() -> None:
    """Without any event the same request goes again under the same request_id."""
    server = Server(EVENTS, cuts=[Cut(0)])
    async with serving(server) as client:
        await streamed(client)
    first, second = server.requests
    assert isinstance(first, classification_service_pb2.ClassifyRequest)
    assert first == second
    assert len(first.request_id) == 36


async def test_resumes_after_the_last_durable_sequence() -> None:
    """The job is watched from where the stream was cut."""
    server = Server(EVENTS, cuts=[Cut(5)])
    async with serving(server) as client:
        await streamed(client)
    watch = await server.received(job_service_pb2.WatchJobRequest)
    assert (watch.job_id, watch.after_sequence) == ("job-1", 3)


async def test_server_restarts_on_the_same_port() -> None:
    """A server that goes away and comes back is found again."""
    server = Server(EVENTS, cuts=[Cut(3, code=None)])
    events: list[docsort.Event] = []
    async with serving(server) as client:
        stream = client.stream(b"%PDF-1.4", CATEGORIES)
        events += [await anext(stream) for _ in range(3)]
        await server.stop()
        await server.start()
        events += [event async for event in stream]
    assert durable(events) == durable(EVENTS)


async def test_silence_is_broken() -> None:
    """A stream without any sign of life is given up and taken up again."""
    server = Server(EVENTS, cuts=[Cut(2, code=None)])
    async with serving(server, dataclasses.replace(QUICK, idle=0.2)) as client:
        assert durable(await streamed(client)) == durable(EVENTS)
    assert len(server.requests) == 2


async def test_heartbeats_and_unknown_kinds_are_swallowed() -> None:
    """A heartbeat, and an event of a kind this client does not know, yield nothing."""
    beat = job_pb2.JobEvent(sequence=1, job_id="job-1", heartbeat=job_pb2.Heartbeat())
    unknown = job_pb2.JobEvent(sequence=2, job_id="job-1")
    unknown.MergeFromString(b"\xf2\x07\x02\x08\x01")  # field 126, as a newer server may send
    server = Server([EVENTS[0], beat, unknown, *EVENTS[1:]])
    async with serving(server) as client:
        assert await streamed(client) == EVENTS


async def test_repeats_are_dropped_and_nothing_follows_finished() -> None:
    """Durable events sent twice come once, and what follows `finished` does not come."""
    server = Server([EVENTS[0], *EVENTS, *EVENTS])
    async with serving(server) as client:
        assert durable(await streamed(client)) == durable(EVENTS)


async def test_gives_up_after_the_time_to_resume() -> None:
    """A stream that stays broken ends with an error naming what was tried."""
    server = Server(EVENTS, cuts=[Cut(1)] + [Cut(0)] * 200)
    async with serving(server, dataclasses.replace(QUICK, resume=0.3)) as client:
        with pytest.raises(docsort.APIConnectionError, match=r"0\.3 s of trying") as caught:
            await streamed(client)
    assert caught.value.code is grpc.StatusCode.UNAVAILABLE


async def test_retry_info_is_waited_for() -> None:
    """The next attempt comes no sooner than the server asked for."""
    busy = Cut(0, reason=ErrorReason.OVERLOADED, retry_after=0.3)
    server = Server(EVENTS, cuts=[busy])
    async with serving(server) as client:
        began = asyncio.get_running_loop().time()
        await streamed(client)
        assert asyncio.get_running_loop().time() - began >= 0.3


async def test_overload_that_lasts_is_told() -> None:
    """A server that asks for more time than there is gets its own error."""
    busy = Cut(0, reason=ErrorReason.OVERLOADED, retry_after=60.0)
    async with serving(Server(EVENTS, cuts=[busy])) as client:
        with pytest.raises(docsort.OverloadedError) as caught:
            await streamed(client)
    assert caught.value.retry_after == 60.0


async def test_final_status_is_not_retried() -> None:
    """Every status that is not resumable ends the stream at once."""
    server = Server(EVENTS, cuts=[Cut(2, grpc.StatusCode.NOT_FOUND)])
    async with serving(server) as client:
        with pytest.raises(docsort.NotFoundError):
            await streamed(client)
    assert len(server.requests) == 1


async def test_leaving_early_cancels_the_job() -> None:
    """Closing a stream before its end calls CancelJob and waits for it."""
    server = Server(EVENTS, cuts=[Cut(3, code=None)])
    async with serving(server) as client:
        async with contextlib.aclosing(client.stream(b"%PDF-1.4", CATEGORIES)) as events:
            await anext(events)
        assert isinstance(server.requests[-1], job_service_pb2.CancelJobRequest)
        assert server.requests[-1].job_id == "job-1"


async def test_break_and_leaving_the_client_cancels_the_job() -> None:
    """A plain `break` followed by the end of the client cancels exactly once."""
    server = Server(EVENTS, cuts=[Cut(3, code=None)])
    async with serving(server) as client:
        async for _ in client.stream(b"%PDF-1.4", CATEGORIES):
            break
        await client.close()
        cancels = [r for r in server.requests if isinstance(r, job_service_pb2.CancelJobRequest)]
        assert len(cancels) == 1


async def test_cancelled_task_cancels_the_job() -> None:
    """A task that is cancelled while it waits for events cancels its job."""
    server = Server(EVENTS, cuts=[Cut(3, code=None)])
    async with serving(server) as client:
        third = asyncio.Event()

        async def consume() -> None:
            async for event in client.stream(b"%PDF-1.4", CATEGORIES):
                if isinstance(event, docsort.PageFinished):
                    third.set()

        task = asyncio.create_task(consume())
        await third.wait()
        task.cancel()
        with pytest.raises(asyncio.CancelledError):
            await task
        assert isinstance(server.requests[-1], job_service_pb2.CancelJobRequest)


async def test_leaving_before_any_event_cancels_nothing() -> None:
    """Without an event there is no job to name: the server's orphan grace ends it."""
    server = Server(EVENTS, cuts=[Cut(0, code=None)])
    async with serving(server) as client:
        with pytest.raises(TimeoutError):
            async with asyncio.timeout(0.2):
                await streamed(client)
    assert len(server.requests) == 1


async def test_leaving_a_watch_cancels_nothing() -> None:
    """Whoever only watches a job does not stop it."""
    server = Server(EVENTS)
    async with serving(server) as client, contextlib.aclosing(client.watch("job-1")) as events:
        await anext(events)
    assert [type(request).__name__ for request in server.requests] == ["WatchJobRequest"]


async def test_watch_goes_on_after_a_sequence() -> None:
    """A watch yields what comes after the sequence given."""
    async with serving(Server(EVENTS)) as client:
        events = [event async for event in client.watch("job-1", after_sequence=3)]
    assert durable(events) == [e for e in EVENTS if isinstance(e, DURABLE) and e.sequence > 3]


async def test_left_out_pages_are_folded_from_the_stream() -> None:
    """`finished`, classify, watch from the middle and get_job all bring every page."""
    expected = finished(EVENTS)
    async with serving(Server(omitted(EVENTS), cuts=[Cut(4)])) as client:
        assert (await streamed(client))[-1] == expected
        assert await client.classify(b"%PDF-1.4", CATEGORIES) == expected.job.result
        assert [e async for e in client.watch("job-1", 3)][-1] == expected
        assert await client.get_job("job-1") == expected.job


async def test_client_closed_under_a_stream() -> None:
    """A stream whose client is closed by another task ends with an error, not a cancellation."""
    late = Cut(code=grpc.StatusCode.FAILED_PRECONDITION, reason=ErrorReason.JOB_FINISHED)
    server = Server(EVENTS, cuts=[Cut(1, code=None)], refusals={"CancelJob": late})
    async with server:
        client = docsort.AsyncClient(server.target, timeouts=QUICK)
        stream = client.stream(b"%PDF-1.4", CATEGORIES)
        await anext(stream)
        reading = asyncio.ensure_future(anext(stream))
        await asyncio.sleep(0)
        await client.close()
        with pytest.raises(RuntimeError, match="closed"):
            await reading


async def test_unreachable_server_is_named() -> None:
    """A wrong address is an error within the time to connect, and names the target."""
    timeouts = docsort.Timeouts(connect=0.3)
    async with docsort.AsyncClient("127.0.0.1:1", timeouts=timeouts) as client:
        with pytest.raises(docsort.APIConnectionError, match=r"127\.0\.0\.1:1 within 0\.3 s"):
            await client.classify(b"%PDF-1.4", CATEGORIES)


async def test_client_may_start_before_its_server() -> None:
    """A client that is started together with its server waits for it."""
    server = Server(EVENTS)
    await server.start()
    await server.stop()
    async with docsort.AsyncClient(server.target, timeouts=QUICK) as client:
        task = asyncio.create_task(client.classify(b"%PDF-1.4", CATEGORIES))
        await asyncio.sleep(0)
        async with server:
            assert (await task).classification == "Invoice"
