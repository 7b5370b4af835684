"""Who stops a job, how fast, and what is left of it."""

import asyncio
import signal
import sys
import time
import uuid

import grpc
import pytest
from eventually import eventually
from google.protobuf.duration_pb2 import Duration
from job_parts import Gate, ScriptedEngine, submission
from rpc_server import (
    Calls,
    Served,
    connected,
    durable,
    events,
    kind_of,
    next_of,
    refusal,
    request,
    served,
)

from docsort.v1 import classification_pb2 as classification
from docsort.v1 import error_reason_pb2, job_pb2
from docsort_server.jobs.store.protocols import JobKey


def held() -> ScriptedEngine:
    """Return an engine that never answers."""
    return ScriptedEngine(Gate())


def within(seconds: float) -> classification.ClassificationOptions:
    """Return options with a deadline."""
    deadline = Duration(nanos=int(seconds * 1e9))
    return classification.ClassificationOptions(deadline=deadline)


async def stopped(server: Served) -> float:
    """Wait until nothing is read or classified; return the seconds that took."""
    return await eventually(lambda: not server.reader.streams and not server.engine.working)


async def test_cancel_stops_reading_and_classifying_within_a_second() -> None:
    """The reader is closed, the engine free, and not one more page is begun."""
    async with served(held()) as server:
        call = server.calls.classify(request(500))
        accepted = await next_of(call, "accepted")
        await eventually(lambda: server.engine.working == 4)
        started = time.monotonic()
        job = await server.calls.cancel(accepted.job_id)
        await stopped(server)
        assert time.monotonic() - started < 1.0
        begun = len(server.reader.read)
        rest = await events(call)
        assert len(server.reader.read) == begun < 30
    assert job.status == job_pb2.JOB_STATUS_CANCELLED
    assert job.failure.reason == error_reason_pb2.ERROR_REASON_CANCELLED
    assert job.error == "Classification cancelled"
    assert rest[-1].finished.job == job


async def test_cancel_frees_the_place_of_the_job() -> None:
    """With room for one job, the next is taken as soon as the first is cancelled."""
    gate = Gate()
    async with served(ScriptedEngine(gate), max_jobs=1, pages=1) as server:
        call = server.calls.classify(request(5))
        accepted = await next_of(call, "accepted")
        await server.calls.cancel(accepted.job_id)
        await eventually(lambda: server.jobs.admission.running == 0)
        gate.open()
        found = await events(server.calls.classify(request(5)))
        assert kind_of(found[-1]) == "finished"
        await events(call)


async def test_cancel_is_idempotent() -> None:
    """Cancelling again, and many times at once, gives the same cancelled job."""
    async with served(held()) as server:
        accepted = await next_of(server.calls.classify(request(5)), "accepted")
        jobs = await asyncio.gather(*(server.calls.cancel(accepted.job_id) for _ in range(5)))
        jobs.append(await server.calls.cancel(accepted.job_id))
    assert all(job == jobs[0] for job in jobs)
    assert jobs[0].status == job_pb2.JOB_STATUS_CANCELLED


async def test_cancel_of_a_finished_job_is_refused() -> None:
    """A completed job cannot be cancelled, and stays as it is."""
    async with served() as server:
        found = await events(server.calls.classify(request(2)))
        with pytest.raises(grpc.aio.AioRpcError) as caught:
            await server.calls.cancel(found[0].job_id)
        assert await server.calls.get(found[0].job_id) == found[-1].finished.job
    assert refusal(caught.value).info.reason == "JOB_FINISHED"


async def test_a_cancelled_job_keeps_the_pages_it_had() -> None:
    """Pages that were done stay in the stream; nothing follows `finished`."""
    gate = Gate()
    async with served(ScriptedEngine(gate)) as server:
        call = server.calls.classify(request(9))
        gate.let(2)
        first = await next_of(call, "page_result")
        await next_of(call, "page_result")
        await server.calls.cancel(first.job_id)
        again = await events(server.calls.watch(first.job_id))
    assert [kind_of(event) for event in again] == [
        "accepted",
        "page_result",
        "page_result",
        "finished",
    ]


async def test_the_deadline_gives_the_partial_result() -> None:
    """Pages in time make the result; the others are listed as not processed, with a warning."""
    gate = Gate()
    async with served(ScriptedEngine(gate)) as server:
        call = server.calls.classify(request(6, options=within(0.3)))
        gate.let(2)
        found = await events(call)
        await stopped(server)
    result = found[-1].finished.job.result
    assert found[-1].finished.job.status == job_pb2.JOB_STATUS_COMPLETED
    assert (result.processed_pages, result.total_pages, len(result.page_results)) == (2, 6, 2)
    assert [warning.code for warning in result.warnings] == [
        classification.WARNING_CODE_DEADLINE_REACHED
    ]
    left_out = [page.page for page in result.aggregation.pages if page.weight == 0]
    assert len(left_out) == 4
    assert {page.exclusion for page in result.aggregation.pages if page.weight == 0} == {
        classification.PAGE_EXCLUSION_NOT_PROCESSED
    }


async def test_the_deadline_without_a_page_fails_the_job() -> None:
    """With nothing to show the job has failed, for the reason DEADLINE, within a second of it."""
    async with served(held()) as server:
        started = time.monotonic()
        found = await events(server.calls.classify(request(6, options=within(0.2))))
        took = time.monotonic() - started
        await stopped(server)
    job = found[-1].finished.job
    assert 0.15 < took < 1.2
    assert job.status == job_pb2.JOB_STATUS_FAILED
    assert job.failure.reason == error_reason_pb2.ERROR_REASON_DEADLINE
    assert not job.HasField("result")


async def test_a_deadline_that_is_met_changes_nothing() -> None:
    """A job that ends in time has no warning, and its end comes once."""
    async with served() as server:
        found = await events(server.calls.classify(request(3, options=within(0.9))))
    assert not found[-1].finished.job.result.warnings
    assert len(durable(found)) == 5


async def test_a_call_deadline_ends_the_call_only() -> None:
    """The stream ends with DEADLINE_EXCEEDED; the job goes on and can be watched to its end."""
    gate = Gate()
    request_id = str(uuid.uuid4())
    async with served(ScriptedEngine(gate)) as server:
        call = server.calls.classify(request(3, request_id=request_id), timeout=0.2)
        with pytest.raises(grpc.aio.AioRpcError) as caught:
            await events(call)
        gate.open()
        found = await events(server.calls.classify(request(3, request_id=request_id)))
    assert caught.value.code() is grpc.StatusCode.DEADLINE_EXCEEDED
    assert found[-1].finished.job.status == job_pb2.JOB_STATUS_COMPLETED


async def end_of(server: Served, job_id: str) -> tuple[job_pb2.Job, float]:
    """Wait for a job's end without watching it; return it and the seconds that took."""
    key = JobKey("default", job_id)
    log = server.jobs.desk._journal._log
    started = time.monotonic()
    async for record in log.tail(key):
        if record and record.slot == "final":
            break
    return await server.calls.get(job_id), time.monotonic() - started


@pytest.mark.parametrize("way", ["cancelled call", "closed channel"])
async def test_a_vanished_caller_ends_the_job_after_the_grace(way: str) -> None:
    """However the call ended, the job goes on for the grace and is then cancelled."""
    async with served(held(), orphan_grace=0.3) as server, connected(server.address) as channel:
        call = Calls(channel).classify(request(50))
        accepted = await next_of(call, "accepted")
        if way == "cancelled call":
            call.cancel()
        else:
            await channel.close()
        job, took = await end_of(server, accepted.job_id)
        await stopped(server)
    assert 0.2 < took < 1.3
    assert job.status == job_pb2.JOB_STATUS_CANCELLED
    assert job.failure.reason == error_reason_pb2.ERROR_REASON_CANCELLED


CALLER = """
import asyncio, sys
from rpc_server import Calls, connected, next_of, request
async def main():
    async with connected(sys.argv[1]) as channel:
        call = Calls(channel).classify(request(50))
        print((await next_of(call, "accepted")).job_id, flush=True)
        await next_of(call, "finished")
asyncio.run(main())
"""


async def test_a_killed_caller_ends_the_job_after_the_grace() -> None:
    """A process that dies by SIGKILL is missed like any other caller."""
    async with served(held(), orphan_grace=0.3) as server:
        caller = await asyncio.create_subprocess_exec(
            *(sys.executable, "-c", CALLER, server.address),
            stdout=asyncio.subprocess.PIPE,
            env={"PYTHONPATH": ":".join(sys.path)},
        )
        assert caller.stdout
        job_id = (await caller.stdout.readline()).decode().strip()
        caller.send_signal(signal.SIGKILL)
        await caller.communicate()
        job, took = await end_of(server, job_id)
    assert took < 1.3
    assert job.status == job_pb2.JOB_STATUS_CANCELLED


async def test_watching_again_within_the_grace_keeps_the_job() -> None:
    """A job that is watched again in time outlives several graces and completes."""
    gate = Gate()
    async with served(ScriptedEngine(gate), orphan_grace=0.3, heartbeat=0.1) as server:
        call = server.calls.classify(request(4))
        accepted = await next_of(call, "accepted")
        call.cancel()
        again = server.calls.watch(accepted.job_id, accepted.sequence)
        started = time.monotonic()
        while time.monotonic() - started < 0.8:
            await next_of(again, "heartbeat")
        gate.open()
        found = await events(again)
    assert found[-1].finished.job.status == job_pb2.JOB_STATUS_COMPLETED


async def test_one_of_several_watchers_is_enough() -> None:
    """When the caller leaves and another still watches, the job goes on."""
    gate = Gate()
    async with served(ScriptedEngine(gate), orphan_grace=0.2, heartbeat=0.1) as server:
        call = server.calls.classify(request(2))
        accepted = await next_of(call, "accepted")
        other = server.calls.watch(accepted.job_id)
        await next_of(other, "accepted")
        call.cancel()
        for _ in range(6):
            await next_of(other, "heartbeat")
        gate.open()
        found = await events(other)
    assert found[-1].finished.job.status == job_pb2.JOB_STATUS_COMPLETED


async def test_a_detached_job_needs_no_watcher() -> None:
    """Nobody ever watches; the job still completes after the grace has passed."""
    gate = Gate()
    async with served(ScriptedEngine(gate), orphan_grace=0.1) as server:
        key = await server.jobs.intake.submit(submission(2, detached=True))
        await eventually(lambda: server.engine.working == 2)
        ending = asyncio.ensure_future(end_of(server, key.job_id))
        await asyncio.wait([ending], timeout=0.4)
        assert not ending.done()
        gate.open()
        job, _ = await ending
    assert job.status == job_pb2.JOB_STATUS_COMPLETED
