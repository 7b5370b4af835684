"""Pools that start with their first lease, and what can go wrong while they do."""

from __future__ import annotations

import asyncio
import contextlib

import pytest
from eventually import eventually
from worker_starts import counted_starts

from docsort_server.faults import Fault, Reason
from docsort_server.sandbox.errors import WorkerStartError
from docsort_server.sandbox.limits import Limits
from docsort_server.sandbox.pool import WorkerPool
from docsort_server.sandbox.process import WorkerProcess


@pytest.mark.parametrize("chance", [WorkerStartError("by chance"), BlockingIOError(11, "no fork")])
async def test_a_start_that_fails_is_tried_again(
    monkeypatch: pytest.MonkeyPatch, chance: Exception
) -> None:
    """Where a pool starts with its first lease, one process that does not start costs nothing.

    Nor does one that the system has no room for at that moment.
    """
    starts = [chance]
    start = WorkerProcess.start

    async def unlucky(handler: str, limits: Limits, name: str) -> WorkerProcess:
        if starts:
            raise starts.pop()
        return await start(handler, limits, name)

    monkeypatch.setattr(WorkerProcess, "start", unlucky)
    pool = WorkerPool("sandbox_handlers:puppet", size=1, limits=Limits(), name="unlucky")
    async with pool.lease() as worker:
        assert await worker.call({"do": "echo"}, seconds=10) == {"do": "echo"}
    await pool.close()


async def test_whoever_leaves_while_it_starts_ends_it_for_nobody_else(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """The call that a pool starts for may be cancelled: the start goes on for those who wait."""
    starts = counted_starts(monkeypatch)
    pool = WorkerPool("sandbox_handlers:puppet", size=2, limits=Limits(), name="puppet")

    async def echoed() -> dict[str, object]:
        async with pool.lease() as worker:
            return await worker.call({"do": "echo"}, seconds=10)

    leaving, staying = (asyncio.create_task(echoed()) for _ in range(2))
    await eventually(lambda: len(starts) == 2)
    leaving.cancel()
    assert await staying == {"do": "echo"}
    assert leaving.cancelled()
    assert len(starts) == 2
    await pool.close()


async def test_a_start_for_whom_nobody_waits_any_more_serves_the_next() -> None:
    """Whoever asks later finds it as far as it has come."""
    pool = WorkerPool("sandbox_handlers:puppet", size=1, limits=Limits(), name="puppet")
    with contextlib.suppress(TimeoutError):
        async with asyncio.timeout(0), pool.lease():
            pass
    async with pool.lease() as worker:
        assert await worker.call({"do": "echo"}, seconds=10) == {"do": "echo"}
    await pool.close()


async def test_a_start_that_fails_for_nobody_is_made_anew(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Those who wait are told; where all have left, the pool starts anew for the next."""
    starts = []
    start = WorkerProcess.start

    async def unlucky(handler: str, limits: Limits, name: str) -> WorkerProcess:
        starts.append(name)
        if len(starts) <= 2:
            raise WorkerStartError("by chance")
        return await start(handler, limits, name)

    monkeypatch.setattr(WorkerProcess, "start", unlucky)
    pool = WorkerPool("sandbox_handlers:puppet", size=1, limits=Limits(), name="unlucky")
    with contextlib.suppress(TimeoutError):
        async with asyncio.timeout(0), pool.lease():
            pass
    await eventually(lambda: len(starts) == 2 and pool._starting is None)
    async with pool.lease() as worker:
        assert await worker.call({"do": "echo"}, seconds=10) == {"do": "echo"}
    await pool.close()


async def test_a_pool_that_the_system_has_no_room_for_does_not_start(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Told as every other start that fails, which those who ask for pages know how to take."""

    async def full(handler: str, limits: Limits, name: str) -> WorkerProcess:
        raise BlockingIOError(11, "no fork")

    monkeypatch.setattr(WorkerProcess, "start", full)
    pool = WorkerPool("sandbox_handlers:puppet", size=2, limits=Limits(), name="full")
    with pytest.raises(WorkerStartError, match="no fork"):
        await pool.start()


async def test_a_pool_that_is_closed_while_it_starts_lends_nothing() -> None:
    """Whoever waits for the start is told of the end, and no process is left."""
    pool = WorkerPool("sandbox_handlers:puppet", size=1, limits=Limits(), name="closed")

    async def lease() -> None:
        async with pool.lease():
            pass

    waiting = asyncio.create_task(lease())
    await asyncio.sleep(0)
    await pool.close()
    async with asyncio.timeout(5):
        with pytest.raises(Fault) as caught:
            await waiting
    assert caught.value.reason is Reason.SHUTTING_DOWN
    assert not pool.pids


async def test_a_start_that_fails_is_not_tried_again_after_the_close(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Else its processes would outlive the pool."""
    starts = []
    ends: list[asyncio.Task[None]] = []

    async def unlucky(handler: str, limits: Limits, name: str) -> WorkerProcess:
        starts.append(name)
        ends.append(asyncio.create_task(pool.close()))
        raise WorkerStartError("by chance")

    monkeypatch.setattr(WorkerProcess, "start", unlucky)
    pool = WorkerPool("sandbox_handlers:puppet", size=1, limits=Limits(), name="unlucky")
    with pytest.raises(Fault) as caught:
        async with pool.lease():
            pass
    await asyncio.gather(*ends)
    assert caught.value.reason is Reason.SHUTTING_DOWN
    assert starts == ["unlucky"]
