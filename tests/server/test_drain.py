"""The order in which a server lets go, observed through its own calls."""

import asyncio
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager

import grpc
import pytest
from grpc_health.v1.health_pb2 import HealthCheckRequest, HealthCheckResponse
from grpc_health.v1.health_pb2_grpc import HealthStub
from job_parts import Gate, ScriptedEngine
from rpc_server import Served, connected, events, next_of, refusal, request, served

from docsort.v1 import error_reason_pb2, job_pb2
from docsort_server.app import App
from docsort_server.lifecycle import Lifecycle
from docsort_server.sandbox.limits import Limits
from docsort_server.sandbox.pool import WorkerPool

SERVING = HealthCheckResponse.SERVING
NOT_SERVING = HealthCheckResponse.NOT_SERVING


def app_of(server: Served) -> App:
    """Return a scripted server as the lifecycle knows it; its pools hold no process."""
    pool = WorkerPool("nothing:nobody", size=1, limits=Limits(), name="none")
    work = asyncio.create_task(asyncio.sleep(0))
    return App(server.address, server.server, server.health, server.jobs, work, pool, pool)


@asynccontextmanager
async def draining(
    server: Served, *, delay: float, grace: float
) -> AsyncGenerator[asyncio.Task[None], None]:
    """Drain a server while the block runs."""
    lifecycle = Lifecycle(delay=delay, grace=grace)
    task = asyncio.create_task(lifecycle.drain(app_of(server)))
    try:
        yield task
    finally:
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)


@asynccontextmanager
async def health_of(server: Served) -> AsyncGenerator[HealthStub, None]:
    """Open the health service on a connection of its own."""
    async with connected(server.address) as channel:
        yield HealthStub(channel)


async def statuses(stub: HealthStub) -> AsyncGenerator[int, None]:
    """Yield the health as it changes."""
    async for answer in stub.Watch(HealthCheckRequest()):  # type: ignore[attr-defined]
        yield answer.status


async def test_health_goes_first_while_calls_still_work() -> None:
    """Balancers hear NOT_SERVING at once; until the delay is over new work is taken."""
    async with served() as server, health_of(server) as stub:
        watch = statuses(stub)
        assert await anext(watch) == SERVING
        async with draining(server, delay=5, grace=5):
            assert await anext(watch) == NOT_SERVING
            found = await events(server.calls.classify(request(2)))
        await watch.aclose()
    assert found[-1].finished.job.status == job_pb2.JOB_STATUS_COMPLETED


async def test_a_running_job_ends_within_the_grace() -> None:
    """New work is refused with SHUTTING_DOWN, the running job completes, the server stops."""
    gate = Gate()
    async with served(ScriptedEngine(gate)) as server:
        call = server.calls.classify(request(2))
        accepted = await next_of(call, "accepted")
        async with draining(server, delay=0, grace=20) as drain:
            refused = await until_refused(server)
            assert (await server.calls.get(accepted.job_id)).job_id == accepted.job_id
            gate.open()
            found = await events(call)
            await asyncio.wait_for(drain, 10)
    assert refused == "SHUTTING_DOWN"
    assert found[-1].finished.job.status == job_pb2.JOB_STATUS_COMPLETED


async def until_refused(server: Served) -> str:
    """Submit until that is refused; return the reason."""
    while True:
        call = server.calls.classify(request(1))
        try:
            await next_of(call, "accepted")
        except grpc.aio.AioRpcError as error:
            return refusal(error).info.reason
        call.cancel()


async def test_after_the_grace_watchers_get_an_end() -> None:
    """A job that does not end is FAILED with SHUTTING_DOWN, and its streams end with OK."""
    async with served(ScriptedEngine(Gate())) as server:
        call = server.calls.classify(request(50))
        accepted = await next_of(call, "accepted")
        other = server.calls.watch(accepted.job_id)
        async with draining(server, delay=0, grace=0.05) as drain:
            streams = await asyncio.gather(events(call), events(other))
            await asyncio.wait_for(drain, 10)
        codes = [await call.code(), await other.code()]
    assert codes == [grpc.StatusCode.OK] * 2
    for stream in streams:
        job = stream[-1].finished.job
        assert job.status == job_pb2.JOB_STATUS_FAILED
        assert job.failure.reason == error_reason_pb2.ERROR_REASON_SHUTTING_DOWN


async def test_an_idle_server_is_gone_at_once() -> None:
    """Without jobs nothing is waited for, and afterwards nobody answers."""
    async with served() as server:
        await events(server.calls.classify(request(1)))
        async with draining(server, delay=0, grace=30) as drain:
            await asyncio.wait_for(drain, 2)
        with pytest.raises(grpc.aio.AioRpcError) as caught:
            await events(server.calls.classify(request(1)))
    assert caught.value.code() is grpc.StatusCode.UNAVAILABLE


async def test_stop_is_heard_without_a_signal() -> None:
    """`stop` is what a failure inside the server uses."""
    lifecycle = Lifecycle(delay=0, grace=0)
    stopping = asyncio.create_task(lifecycle.stopping())
    await asyncio.sleep(0)
    assert not stopping.done()
    lifecycle.stop()
    await asyncio.wait_for(stopping, 1)
