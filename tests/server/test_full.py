"""A store without room: new jobs are refused, running ones end, and room is noticed."""

import asyncio
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from pathlib import Path

import grpc
import pytest
from google.rpc import error_details_pb2
from job_parts import Gate, ScriptedEngine
from pdf_files import pdf
from rpc_server import Calls, Refusal, connected, events, next_of, refusal, request, served
from server_process import started
from store_cases import CAPACITY

from docsort.v1 import job_pb2
from docsort.v1.classification_pb2 import Category
from docsort_server.jobs.store.jetstream import Servers, Shape, open_store
from docsort_server.jobs.store.protocols import Store
from docsort_server.nats.binary import find_binary
from docsort_server.nats.embedded import embedded

MIB = 1024 * 1024
COMPLETED = job_pb2.JOB_STATUS_COMPLETED
# Descriptions that take most of what a request may have, and are kept with the job.
WORDY = [Category(name=f"Kind {number}", description="word " * 240) for number in range(200)]


async def refused(calls: Calls) -> Refusal:
    """Return how a submission is refused."""
    with pytest.raises(grpc.aio.AioRpcError) as caught:
        await calls.submit(request(pdf("a letter")))
    return refusal(caught.value)


def assert_asked_to_return(found: Refusal) -> None:
    """Check that a caller is told what is full and when to come again."""
    assert found.code is grpc.StatusCode.UNAVAILABLE
    assert found.info.reason == "OVERLOADED"
    assert found.info.metadata["limit"] == "store_bytes"
    retry = found.detail(error_details_pb2.RetryInfo)
    assert isinstance(retry, error_details_pb2.RetryInfo)
    assert retry.retry_delay.ToMilliseconds() > 0


async def fill(calls: Calls) -> tuple[list[str], Refusal]:
    """Submit wordy jobs until one is refused; return those accepted, and the refusal."""
    accepted: list[str] = []
    while True:
        try:
            answer = await calls.submit(request(pdf("an invoice"), WORDY))
        except grpc.aio.AioRpcError as error:
            return accepted, refusal(error)
        accepted.append(answer.job_id)
        assert len(accepted) < 100


async def until_accepted(calls: Calls) -> str:
    """Submit until that is accepted, and return the job."""
    async with asyncio.timeout(20):
        while True:
            try:
                return (await calls.submit(request(pdf("a letter")))).job_id
            except grpc.aio.AioRpcError as error:
                assert_asked_to_return(refusal(error))
                await asyncio.sleep(0.1)


async def test_a_full_store_takes_jobs_again_once_there_is_room(tmp_path: Path) -> None:
    """What was accepted before ends all the same, and deleted jobs make room without a restart."""
    settings = {"store": "jetstream", "sync": "2m", "store_bytes": 16 * MIB}
    async with started(tmp_path / "data", **settings) as server, connected(server.address) as chan:
        calls = Calls(chan)
        running = calls.classify(request(pdf(*["many words " * 50] * 300)), timeout=60)
        await next_of(running, "page_result")
        accepted, full = await fill(calls)
        assert_asked_to_return(full)
        assert (await events(running))[-1].finished.job.status == COMPLETED
        for job_id in accepted:
            assert (await calls.wait(job_id, 30)).status == COMPLETED
        # Their documents went with their ends: what is full now is full of results.
        more, full = await fill(calls)
        assert_asked_to_return(full)
        for job_id in more:
            assert (await calls.wait(job_id, 30)).status == COMPLETED
        for job_id in (*accepted, *more):
            await calls.delete(job_id)
        assert (await calls.wait(await until_accepted(calls), 30)).status == COMPLETED


@asynccontextmanager
async def store_on_a_disk(folder: Path, low: list[bool]) -> AsyncGenerator[Store, None]:
    """Open a store whose disk is low when the test says so."""
    async with embedded(find_binary(), folder, sync="2m") as endpoint:
        servers = Servers([endpoint.url], endpoint.token)
        shape = Shape(capacity=CAPACITY)
        async with open_store(servers, shape=shape, disk_is_low=lambda: low[0]) as store:
            yield store


async def test_a_low_disk_takes_jobs_again_once_there_is_room(tmp_path: Path) -> None:
    """A job that runs ends on the low disk; new ones are refused until others have made room."""
    gate, low = Gate(), [False]
    async with (
        store_on_a_disk(tmp_path, low) as store,
        served(ScriptedEngine(gate), store=store) as server,
    ):
        running = server.calls.classify(request(5))
        await next_of(running, "accepted")
        low[0] = True
        async with asyncio.timeout(10):
            # An answer is good for a while.
            while True:
                try:
                    await server.calls.submit(request(1))
                    # Not so many that the bound on jobs is met first.
                    await asyncio.sleep(0.05)
                except grpc.aio.AioRpcError as error:
                    assert_asked_to_return(refusal(error))
                    break
        gate.open()
        assert (await events(running))[-1].finished.job.status == COMPLETED
        assert_asked_to_return(await refused(server.calls))
        low[0] = False
        await until_accepted(server.calls)
