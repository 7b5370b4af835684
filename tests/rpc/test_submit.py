"""Jobs that run whoever watches, and waiting for them."""

import asyncio

import grpc
import pytest
from google.protobuf.duration_pb2 import Duration
from job_parts import Gate, ScriptedEngine
from rpc_server import durable, events, next_of, refusal, request, served

from docsort.v1 import classification_pb2 as classification
from docsort.v1 import job_pb2

ID = "6ba7b810-9dad-41d1-80b4-00c04fd430c8"
UNKNOWN = "00000000-0000-4000-8000-000000000000"
CANCELLED = job_pb2.JOB_STATUS_CANCELLED
Options = classification.ClassificationOptions


async def test_a_submitted_job_needs_nobody_to_watch_it() -> None:
    """It outlives the orphan grace that ends a job of Classify, and ends as any other."""
    gate = Gate()
    async with served(ScriptedEngine(gate), orphan_grace=0.1) as server:
        orphan = server.calls.classify(request(2))
        orphan_id = (await next_of(orphan, "accepted")).job_id
        answer = await server.calls.submit(request(3))
        orphan.cancel()
        async with asyncio.timeout(10):
            # Looked at, not watched: that would keep it.
            while (await server.calls.get(orphan_id)).status != CANCELLED:  # noqa: ASYNC110
                await asyncio.sleep(0)
        gate.open()
        job = await server.calls.wait(answer.job_id)
    assert answer.message == "Classification started"
    assert answer.status in {job_pb2.JOB_STATUS_QUEUED, job_pb2.JOB_STATUS_PROCESSING}
    assert job.status == job_pb2.JOB_STATUS_COMPLETED
    assert [page.page for page in job.result.page_results] == [1, 2, 3]


async def test_the_same_request_id_is_the_same_job() -> None:
    """Submitted twice or watched by Classify, it is one job; another request is refused."""
    async with served() as server:
        first = await server.calls.submit(request(2, request_id=ID))
        await server.calls.wait(first.job_id)
        again = await server.calls.submit(request(2, request_id=ID))
        seen = await events(server.calls.classify(request(2, request_id=ID)))
        with pytest.raises(grpc.aio.AioRpcError) as caught:
            await server.calls.submit(request(3, request_id=ID))
        assert sorted(server.engine.seen) == [1, 2]
    assert (again.job_id, again.status) == (first.job_id, job_pb2.JOB_STATUS_COMPLETED)
    assert again.message == "Classification completed"
    assert {event.job_id for event in seen} == {first.job_id}
    assert refusal(caught.value).info.reason == "IDEMPOTENCY_MISMATCH"


async def test_a_job_of_classify_cannot_be_made_to_outlive_its_watchers() -> None:
    """SubmitJob under the id of such a job is refused: it could not keep its promise."""
    async with served() as server:
        await events(server.calls.classify(request(1, request_id=ID)))
        with pytest.raises(grpc.aio.AioRpcError) as caught:
            await server.calls.submit(request(1, request_id=ID))
    assert refusal(caught.value).info.reason == "IDEMPOTENCY_MISMATCH"


async def test_labels_are_echoed() -> None:
    """The caller's labels are in every job that is told, from `accepted` on."""
    labels = {"team": "claims", "a/b.c": ""}
    async with served() as server:
        asked = request(1, options=Options(labels=labels))
        seen = durable(await events(server.calls.classify(asked)))
        job = await server.calls.get(seen[0].job_id)
    assert dict(seen[0].accepted.job.labels) == labels
    assert dict(seen[-1].finished.job.labels) == labels
    assert dict(job.labels) == labels


async def test_a_job_is_kept_for_its_ttl() -> None:
    """The time to live of the request counts from acceptance; without one the server's does."""
    async with served() as server:
        short = await server.calls.submit(request(1, options=Options(ttl=Duration(seconds=90))))
        plain = await server.calls.submit(request(1))
        jobs = [await server.calls.wait(each.job_id) for each in (short, plain)]
    kept = [job.expire_time.ToSeconds() - job.create_time.ToSeconds() for job in jobs]
    assert kept == [90, 3600]


async def test_high_priority_goes_first() -> None:
    """Pages of a job of high priority are worked on before those that wait already."""
    gate = Gate()
    async with served(ScriptedEngine(gate, span=1), spans=1, pages=1) as server:
        plain = await server.calls.submit(request(4))
        watch = server.calls.watch(plain.job_id)
        await next_of(watch, "progress")
        high = Options(priority=classification.PRIORITY_HIGH)
        first = await server.calls.submit(request(2, options=high))
        await next_of(server.calls.watch(first.job_id), "progress")
        gate.open()
        jobs = [await server.calls.wait(each.job_id) for each in (first, plain)]
    assert jobs[0].end_time.ToNanoseconds() < jobs[1].end_time.ToNanoseconds()


@pytest.mark.parametrize(
    ("options", "path"),
    [
        (Options(ttl=Duration(nanos=1)), "options.ttl"),
        (Options(ttl=Duration(seconds=604_801)), "options.ttl"),
        (Options(labels={"": "x"}), "options.labels['']"),
        (Options(labels={"a b": "x"}), "options.labels['a b']"),
        (Options(labels={"a": "x" * 257}), "options.labels['a']"),
        (Options(labels={str(n): "" for n in range(33)}), "options.labels"),
        (Options(priority=7), "options.priority"),  # type: ignore[arg-type]
    ],
)
async def test_options_out_of_bounds_are_named(options: Options, path: str) -> None:
    """A label, a time to live or a priority that cannot be is refused with its field."""
    async with served() as server:
        with pytest.raises(grpc.aio.AioRpcError) as caught:
            await server.calls.submit(request(1, options=options))
    found = refusal(caught.value)
    assert found.info.reason == "INVALID_REQUEST"
    assert path in found.text


async def test_waiting_ends_with_the_job() -> None:
    """All who wait get the finished job as soon as it ends."""
    gate = Gate()
    async with served(ScriptedEngine(gate)) as server:
        job_id = (await server.calls.submit(request(2))).job_id
        waiting = [asyncio.create_task(server.calls.wait(job_id)) for _ in range(5)]
        await server.calls.wait(job_id, 0)
        gate.open()
        async with asyncio.timeout(10):
            jobs = await asyncio.gather(*waiting)
        assert await server.calls.get(job_id) == jobs[0]
    assert all(job == jobs[0] for job in jobs)


async def test_waiting_ends_at_the_timeout() -> None:
    """The job is told as it stands, and can be waited for again."""
    gate = Gate()
    async with served(ScriptedEngine(gate)) as server:
        job_id = (await server.calls.submit(request(2))).job_id
        standing = await server.calls.wait(job_id, 0.05)
        gate.open()
        ended = await server.calls.wait(job_id, 30)
    assert not standing.HasField("end_time")
    assert ended.status == job_pb2.JOB_STATUS_COMPLETED


async def test_waiting_is_watching() -> None:
    """While somebody waits, a job of Classify outlives the orphan grace."""
    gate = Gate()
    async with served(ScriptedEngine(gate), orphan_grace=0.2) as server:
        call = server.calls.classify(request(1))
        job_id = (await next_of(call, "accepted")).job_id
        waiting = asyncio.create_task(server.calls.wait(job_id, 1.0))
        call.cancel()
        standing = await waiting
    assert standing.status != job_pb2.JOB_STATUS_CANCELLED


@pytest.mark.parametrize(
    ("job_id", "seconds", "reason"),
    [(UNKNOWN, 1, "JOB_NOT_FOUND"), ("x", 1, "INVALID_REQUEST"), (UNKNOWN, 61, "INVALID_REQUEST")],
)
async def test_what_cannot_be_waited_for(job_id: str, seconds: float, reason: str) -> None:
    """Unknown jobs, ids that are none and waits longer than a minute are refused at once."""
    async with served() as server:
        with pytest.raises(grpc.aio.AioRpcError) as caught:
            await server.calls.wait(job_id, seconds)
    assert refusal(caught.value).info.reason == reason
