"""Leasing, replacing and ending worker processes."""

from __future__ import annotations

import asyncio
import contextlib
import os
import signal
import time
from collections.abc import Callable

import pytest
from eventually import alive, children_of, eventually

from docsort_server.faults import Fault, Reason
from docsort_server.sandbox.errors import WorkerDied, WorkerStartError, WorkerTimeout
from docsort_server.sandbox.limits import MIB, Limits
from docsort_server.sandbox.pool import WorkerPool

PoolOf = Callable[..., contextlib.AbstractAsyncContextManager[WorkerPool]]


async def pid_of(pool: WorkerPool, prefer: str | None = None) -> int:
    """Return which process a lease gets."""
    async with pool.lease(prefer) as worker:
        await worker.call({"do": "echo"}, seconds=10)
        return worker.pid


async def test_start_waits_for_all_and_close_leaves_none(pool_of: PoolOf) -> None:
    """All processes are up when `start` returns and none is left when `close` does."""
    before = children_of(os.getpid())
    async with pool_of(size=3) as pool:
        assert set(pool.pids) == children_of(os.getpid()) - before
        assert len(pool.pids) == 3
        assert await pid_of(pool) in pool.pids
    assert children_of(os.getpid()) == before
    assert not pool.pids


async def test_a_pool_starts_with_its_first_lease() -> None:
    """Who never needs a process has none; those who come together start them once."""
    before = children_of(os.getpid())
    pool = WorkerPool("sandbox_handlers:puppet", size=2, limits=Limits(256 * MIB), name="late")
    try:
        assert children_of(os.getpid()) == before
        await asyncio.gather(*(pid_of(pool) for _ in range(4)))
        assert len(pool.pids) == 2
    finally:
        await pool.close()
    assert children_of(os.getpid()) == before


async def test_close_does_not_wait_for_a_hung_worker(pool_of: PoolOf) -> None:
    """A busy, hung process is killed; its caller and those in the queue are told."""
    async with pool_of() as pool:
        (pid,) = pool.pids
        hung = asyncio.create_task(hang(pool))
        await eventually(lambda: not pool._idle)
        queued = asyncio.create_task(pid_of(pool))
        await eventually(lambda: len(pool._waiters) == 1)
        started = time.monotonic()
        await pool.close()
        assert time.monotonic() - started < 1.5
        assert not alive(pid)
        with pytest.raises(WorkerDied):
            await hung
        for refused in (queued, asyncio.ensure_future(pid_of(pool))):
            with pytest.raises(Fault) as caught:
                await refused
            assert caught.value.reason is Reason.SHUTTING_DOWN


async def hang(pool: WorkerPool, seconds: float = 30) -> None:
    """Occupy a worker until it dies."""
    async with pool.lease() as worker:
        await worker.call({"do": "count", "to": 1, "hang_at": 0}, seconds=seconds)


@pytest.mark.parametrize(
    ("handler", "seconds", "told"),
    [
        # Only the last one waits for its time: on a busy machine a process may take it to start.
        ("sandbox_handlers:stillborn", 30.0, "LookupError: no lexicon"),
        ("sandbox_handlers:mayfly", 30.0, "status 3"),
        ("no_such_module:factory", 30.0, "ModuleNotFoundError"),
        ("sandbox_handlers:sluggard", 0.5, "not ready within 0.5 s"),
    ],
)
async def test_a_pool_that_cannot_start_says_why(handler: str, seconds: float, told: str) -> None:
    """`start` raises with the cause and leaves no process behind."""
    before = children_of(os.getpid())
    pool = WorkerPool(handler, size=2, limits=Limits(start_seconds=seconds), name="broken")
    with pytest.raises(WorkerStartError, match=told):
        await pool.start()
    assert children_of(os.getpid()) == before


async def test_a_killed_worker_is_replaced(pool_of: PoolOf) -> None:
    """A process that dies while idle makes room for another, which serves the next lease."""
    async with pool_of() as pool:
        (pid,) = pool.pids
        os.kill(pid, signal.SIGKILL)
        await eventually(lambda: pool.restarts == 1 and len(pool.pids) == 1)
        assert await pid_of(pool) != pid


async def test_a_hung_neighbour_disturbs_nobody(pool_of: PoolOf) -> None:
    """While one worker hangs and is replaced, the other keeps answering."""
    async with pool_of(size=2) as pool:
        hung = asyncio.create_task(hang(pool, seconds=0.4))
        await eventually(lambda: len(pool._idle) == 1)
        served = 0
        while not hung.done():
            await pid_of(pool)
            served += 1
        assert served > 20
        with pytest.raises(WorkerTimeout):
            await hung
        await eventually(lambda: len(pool.pids) == 2)


async def test_a_worker_that_keeps_dying_is_retried_with_pauses() -> None:
    """A process that dies before it served anything does not make the pool spin."""
    pool = WorkerPool("sandbox_handlers:puppet", size=1, limits=Limits(), name="dying")
    await pool.start()
    try:
        pool._handler = "sandbox_handlers:mayfly"
        os.kill(pool.pids[0], signal.SIGKILL)
        await eventually(lambda: pool.restarts >= 3)
        started, before = time.monotonic(), pool.restarts
        await eventually(lambda: pool.restarts > before)
        assert time.monotonic() - started > 0.2, "no pause grew between the starts"
        pool._handler = "sandbox_handlers:puppet"
        assert await pid_of(pool)
    finally:
        await pool.close()


async def test_leases_are_granted_in_turn(pool_of: PoolOf) -> None:
    """Who waits first is served first, and a waiter who gives up loses nobody's turn."""
    async with pool_of() as pool:
        order: list[int] = []

        async def one(number: int) -> None:
            async with pool.lease(prefer=str(number)):
                order.append(number)

        async with pool.lease():
            tasks = [asyncio.create_task(one(number)) for number in range(5)]
            await eventually(lambda: len(pool._waiters) == 5)
            tasks[1].cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
        assert order == [0, 2, 3, 4]


async def test_a_turn_granted_to_a_cancelled_waiter_is_not_lost(pool_of: PoolOf) -> None:
    """A waiter cancelled between grant and wake-up hands the worker on."""
    async with pool_of() as pool:
        async with pool.lease():
            waiter = asyncio.create_task(pid_of(pool))
            await eventually(lambda: len(pool._waiters) == 1)
        waiter.cancel()
        with pytest.raises(asyncio.CancelledError):
            await waiter
        assert await asyncio.wait_for(pid_of(pool), 5) in pool.pids


async def test_a_preferred_worker_is_chosen_when_free(pool_of: PoolOf) -> None:
    """A key finds the process it was served by, while others are free too."""
    async with pool_of(size=3) as pool:
        home = {key: await pid_of(pool, key) for key in ("a", "b", "c")}
        assert len(set(home.values())) == 3
        for key in ("b", "a", "c", "b"):
            assert await pid_of(pool, key) == home[key]


async def test_a_worker_is_replaced_after_its_share_of_requests(pool_of: PoolOf) -> None:
    """No process serves more than `max_requests`."""
    async with pool_of(max_requests=3) as pool:
        pids = [await pid_of(pool) for _ in range(7)]
        assert pids[0] == pids[2] != pids[3] == pids[5] != pids[6]
        await eventually(lambda: len(pool.pids) == 1)


async def test_a_worker_that_grew_is_replaced(pool_of: PoolOf) -> None:
    """A process over `max_rss_bytes` is replaced after the request, not during it."""
    async with pool_of(max_rss_bytes=64 * MIB) as pool:
        first = await pid_of(pool)
        async with pool.lease() as worker:
            reply = await worker.call({"do": "grow", "bytes": 80 * MIB}, seconds=10)
            assert reply == {"pid": first}
        assert await pid_of(pool) != first


async def test_an_abandoned_stream_does_not_leave_with_the_lease(pool_of: PoolOf) -> None:
    """A lease that ends with its stream open returns a worker that is ready."""
    async with pool_of() as pool:
        async with pool.lease() as worker:
            stream = worker.stream({"do": "count", "to": 10**9}, frame_seconds=10)
            await anext(stream)
        assert await pid_of(pool) == worker.pid
        await stream.aclose()


async def test_nothing_blocks_the_event_loop(pool_of: PoolOf) -> None:
    """A heartbeat on the loop keeps its pace while workers start, stream, hang and die."""
    gaps: list[float] = []

    async def heartbeat() -> None:
        before = time.monotonic()
        while True:
            await asyncio.sleep(0.005)
            gaps.append(time.monotonic() - before)
            before = time.monotonic()

    beating = asyncio.create_task(heartbeat())
    async with pool_of(size=2) as pool:
        with contextlib.suppress(WorkerTimeout):
            await hang(pool, seconds=0.2)
        async with pool.lease() as worker:
            stream = worker.stream({"do": "count", "to": 2000, "bytes": 3000}, frame_seconds=10)
            assert sum([1 async for _ in stream]) == 2000
    beating.cancel()
    assert max(gaps) < 0.25, f"the loop stood still for {max(gaps):.3f} s"


async def test_a_worker_that_died_under_its_lease_is_not_lent_again(pool_of: PoolOf) -> None:
    """A process that dies while its holder does something else is not given back."""
    async with pool_of() as pool:
        async with pool.lease() as worker:
            os.kill(worker.pid, signal.SIGKILL)
            await eventually(lambda: not pool.pids)
        assert await pid_of(pool) != worker.pid
