"""Servers that divide the work, as processes on one NATS server."""

import asyncio
import os
import signal
import time
from collections.abc import AsyncGenerator
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import grpc
import pytest
from eventually import children_of
from grpc_health.v1.health_pb2 import HealthCheckRequest, HealthCheckResponse
from grpc_health.v1.health_pb2_grpc import HealthStub
from pdf_files import pdf
from rpc_server import Calls, Watch, connected, durable, events, next_of, request
from server_process import ServerProcess, refused, shared_nats, started

import docsort
from docsort.v1 import job_pb2
from docsort.v1.classification_pb2 import Category
from docsort.v1.schema_service_pb2 import CheckCategoriesRequest, Sample

# So long that whatever happens to a process happens while it works.
PAGES = 240


@cache
def long_document() -> bytes:
    """Return a document that a server works on for seconds."""
    return pdf(*["many words " * 150] * PAGES)


COMPLETED = job_pb2.JOB_STATUS_COMPLETED


@dataclass(frozen=True, slots=True)
class Cluster:
    """A NATS server with servers of any role on it."""

    folder: Path
    nats: str
    stack: AsyncExitStack

    async def start(
        self, name: str, role: str, listen: str = "127.0.0.1:0", **settings: object
    ) -> ServerProcess:
        """Start a server."""
        return await self.stack.enter_async_context(
            started(
                self.folder / name,
                listen,
                store="jetstream",
                nats=self.nats,
                role=role,
                **settings,
            )
        )

    async def calls(self, server: ServerProcess) -> Calls:
        """Return calls to a server."""
        return Calls(await self.stack.enter_async_context(connected(server.address)))


@pytest.fixture
async def cluster(tmp_path: Path) -> AsyncGenerator[Cluster, None]:
    """Run a NATS server without any docsort-server."""
    async with shared_nats(tmp_path / "shared") as nats, AsyncExitStack() as stack:
        yield Cluster(tmp_path, nats, stack)


@asynccontextmanager
async def at_work(calls: Calls) -> AsyncGenerator[Watch, None]:
    """Submit a long job and yield a watch of it that has seen some work."""
    job_id = (await calls.submit(request(long_document()))).job_id
    watch = calls.watch(job_id, timeout=60)
    await next_of(watch, "page_result")
    yield watch
    watch.cancel()


def assert_whole(found: list[job_pb2.JobEvent], seen: int) -> None:
    """Check that the rest of a watch has all the pages but those seen, once each, and the end."""
    rest = durable(found)
    assert rest[-1].finished.job.status == COMPLETED
    assert rest[-1].finished.job.pages_done == PAGES
    assert len({each.sequence for each in rest}) == len(rest) == PAGES - seen + 1


async def test_what_an_api_takes_the_workers_do(cluster: Cluster) -> None:
    """The api has no process but its own and the workers no calls but health."""
    api = await cluster.start("api", "api")
    first, second = await cluster.start("one", "worker"), await cluster.start("two", "worker")
    calls = await cluster.calls(api)
    found = await events(calls.classify(request(pdf(*["an invoice"] * 100))))
    assert found[-1].finished.job.status == COMPLETED
    assert await calls.get(found[-1].job_id) == found[-1].finished.job
    assert children_of(api.process.pid) == set()
    assert [len(children_of(each.process.pid)) for each in (first, second)] == [2, 2]
    with pytest.raises(grpc.aio.AioRpcError) as caught:
        await (await cluster.calls(first)).list()
    assert caught.value.code() is grpc.StatusCode.UNIMPLEMENTED
    async with connected(first.address) as channel:
        stub = HealthStub(channel)
        answer = await stub.Check(HealthCheckRequest())  # type: ignore[attr-defined]
        assert answer.status == HealthCheckResponse.SERVING


async def test_a_killed_worker_leaves_its_work_to_the_other(cluster: Cluster) -> None:
    """Once its tasks have not been heard of for their time, the job goes on, and ends whole."""
    api, lost = await cluster.start("api", "api"), await cluster.start("lost", "worker")
    # Before the work, as below.
    await cluster.start("other", "worker")
    async with at_work(await cluster.calls(api)) as watch:
        await lost.end(signal.SIGKILL)
        await lost.no_worker_left()
        assert_whole(await events(watch), seen=1)


@pytest.mark.parametrize("grace", [30, 0])
async def test_a_draining_worker_hands_over_at_once(cluster: Cluster, grace: int) -> None:
    """Nobody waits for its tasks to be missed: the next page comes long before that."""
    api = await cluster.start("api", "api")
    leaving = await cluster.start("leaving", "worker", drain_grace=grace)
    # Before the work, which might be done by the time that another one has started.
    await cluster.start("other", "worker")
    async with at_work(await cluster.calls(api)) as watch:
        told = time.time()
        assert await leaving.end(signal.SIGTERM) == 0
        rest = await events(watch)
        assert_whole(rest, seen=1)
    later = [when for event in rest if (when := event.event_time.ToMicroseconds() / 1e6) > told]
    gaps = [after - before for before, after in zip([told, *later], later, strict=False)]
    # Ten seconds for a task that nobody gives back; on an idle machine it is a tenth of one.
    assert max(gaps) < 5


async def test_a_client_outlives_its_api(cluster: Cluster) -> None:
    """The work goes on while no api is there, and the client takes the stream up at the next."""
    api = await cluster.start("api", "api")
    await cluster.start("worker", "worker")
    pages: list[int] = []
    async with docsort.AsyncClient(api.address) as client:
        async for event in client.stream(long_document(), ["Invoice", "Letter"]):
            match event:
                case docsort.PageFinished(page_result=page):
                    pages.append(page.page)
                    if len(pages) == 1:
                        await api.end(signal.SIGKILL)
                        await cluster.start("next", "api", listen=api.address)
                case docsort.Finished(job=job):
                    assert job.result is not None
                    assert job.result.processed_pages == PAGES
                case _:
                    pass
    assert sorted(pages) == list(range(1, PAGES + 1))


async def test_a_role_alone_is_refused() -> None:
    """Without servers to share it would be an island, which no other process reaches."""
    ran = await asyncio.gather(
        refused("--role", "worker"), refused("--role", "api", "--store", "jetstream")
    )
    assert [code for code, _ in ran] == [2, 2]
    for (_, text), role in zip(ran, ("worker", "api"), strict=True):
        assert text == (
            f"docsort-server: role {role} needs store jetstream and nats, the servers that it "
            "shares with the other roles\n"
        )


async def test_readiness_follows_the_engine(tmp_path: Path) -> None:
    """A server whose engine has been away for its time is not ready, and is again by itself."""
    settings = {"store": "jetstream", "sync": "2m", "store_away_seconds": 0.5}
    async with started(tmp_path / "data", **settings) as server, connected(server.address) as chan:
        watch = HealthStub(chan).Watch(HealthCheckRequest())  # type: ignore[attr-defined]
        answers = aiter(watch)
        assert (await anext(answers)).status == HealthCheckResponse.SERVING
        engine = int((server.data / "nats" / "lock").read_text())
        os.kill(engine, signal.SIGSTOP)
        try:
            away = await asyncio.wait_for(anext(answers), 10)
        finally:
            os.kill(engine, signal.SIGCONT)
        assert away.status == HealthCheckResponse.NOT_SERVING
        back = await asyncio.wait_for(anext(answers), 10)
        assert back.status == HealthCheckResponse.SERVING
        watch.cancel()


async def test_an_api_looks_into_documents_by_itself(cluster: Cluster) -> None:
    """Estimates and checks need no worker: the processes for them start with the first call."""
    api = await cluster.start("api", "api")
    calls = await cluster.calls(api)
    told = await calls.estimate(request(pdf("a", "b")))
    sample = Sample(text="Dear Sir,\nthank you for your letter.\nYours sincerely")
    names = [Category(name="Letter"), Category(name="Invoice")]
    found = await calls.check(CheckCategoriesRequest(categories=names, samples=[sample]))
    assert (told.pages, told.HasField("time")) == (2, False)
    assert found.samples_judged == 1
