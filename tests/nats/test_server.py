"""`docsort-server` with jobs on disk, from the outside, through the end of its processes."""

import asyncio
import os
import signal
from pathlib import Path

from eventually import alive, eventually
from pdf_files import pdf
from rpc_server import Calls, connected, durable, events, next_of, request
from server_process import refused, started

from docsort.v1 import job_pb2

STORE = {"store": "jetstream", "sync": "2m"}
REQUEST_ID = "3f2504e0-4f89-41d3-9a0c-0305e82c3301"


def engine_of(data: Path) -> int:
    """Return the process id of a server's own nats-server."""
    return int((data / "nats" / "lock").read_text())


async def test_jobs_outlive_their_server(tmp_path: Path) -> None:
    """A finished job replays the same events from another process, the document is not kept."""
    async with started(tmp_path / "data", **STORE) as server, connected(server.address) as channel:
        before = await events(Calls(channel).classify(request(pdf("an invoice", "a contract"))))
        engine = engine_of(server.data)
        assert await server.end(signal.SIGTERM) == 0
        assert not alive(engine)
    job = before[-1].finished.job
    assert job.status == job_pb2.JOB_STATUS_COMPLETED
    async with started(tmp_path / "data", **STORE) as server, connected(server.address) as channel:
        calls = Calls(channel)
        assert durable(await events(calls.watch(job.job_id))) == durable(before)
        rest = durable(await events(calls.watch(job.job_id, after=before[-1].sequence - 1)))
        assert rest == [before[-1]]
        assert await calls.get(job.job_id) == job


async def test_a_killed_server_leaves_its_job_to_the_next(tmp_path: Path) -> None:
    """Every page has one result in the end, none changed, and nobody has to submit again."""
    document = pdf(*["many words " * 50] * 60)
    async with started(tmp_path / "data", **STORE) as server, connected(server.address) as channel:
        call = Calls(channel).classify(request(document, request_id=REQUEST_ID))
        job_id = (await next_of(call, "accepted")).accepted.job.job_id
        await next_of(call, "page_result")
        engine = engine_of(server.data)
        await server.end(signal.SIGKILL)
        await server.no_worker_left()
        await eventually(lambda: not alive(engine), 5)
        call.cancel()
    async with started(tmp_path / "data", **STORE) as server, connected(server.address) as channel:
        found = durable(await events(Calls(channel).watch(job_id)))
        assert found[-1].finished.job.status == job_pb2.JOB_STATUS_COMPLETED
        pages = [
            each.page_result.page for each in found if each.WhichOneof("kind") == "page_result"
        ]
        assert sorted(pages) == list(range(1, 61))
        again = Calls(channel).classify(request(document, request_id=REQUEST_ID))
        assert durable(await events(again)) == found


async def test_a_job_goes_on_when_the_engine_is_killed(tmp_path: Path) -> None:
    """The watcher's call does not even end, and each event comes once."""
    async with started(tmp_path / "data", **STORE) as server, connected(server.address) as channel:
        call = Calls(channel).classify(request(pdf(*["many words " * 50] * 60)))
        await next_of(call, "page_result")
        os.kill(engine_of(server.data), signal.SIGKILL)
        found = durable(await asyncio.wait_for(events(call), 30))
        assert found[-1].finished.job.status == job_pb2.JOB_STATUS_COMPLETED
        assert len(found) == 59 + 1
        assert [each.sequence for each in found] == sorted({each.sequence for each in found})


async def test_a_stopped_server_gives_its_job_back(tmp_path: Path) -> None:
    """Without time to finish a job is neither failed nor lost: the next server goes on with it."""
    settings = {**STORE, "drain_grace": 0}
    async with (
        started(tmp_path / "data", **settings) as server,
        connected(server.address) as channel,
    ):
        call = Calls(channel).classify(request(pdf(*["many words " * 50] * 60)))
        job_id = (await next_of(call, "accepted")).accepted.job.job_id
        assert await server.end(signal.SIGTERM) == 0
        call.cancel()
    async with started(tmp_path / "data", **STORE) as server, connected(server.address) as channel:
        job = (await events(Calls(channel).watch(job_id)))[-1].finished.job
        assert job.status == job_pb2.JOB_STATUS_COMPLETED


async def test_a_missing_binary_is_told(tmp_path: Path) -> None:
    """One sentence, exit code 1."""
    code, text = await refused(
        *("--store", "jetstream", "--data", str(tmp_path)), nats_server="/nowhere"
    )
    assert code == 1
    assert text == "docsort-server: there is no nats-server at /nowhere\n"
