"""Requests to one worker process."""

from __future__ import annotations

import asyncio
import contextlib
import mmap
import os
import signal
import tempfile
import time
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from eventually import alive, eventually, process_state

from docsort_server.faults import Fault, Reason
from docsort_server.sandbox.errors import WorkerDied, WorkerTimeout
from docsort_server.sandbox.limits import MIB
from docsort_server.sandbox.pool import WorkerPool

PoolOf = Callable[..., contextlib.AbstractAsyncContextManager[WorkerPool]]


async def call(pool: WorkerPool, request: dict[str, Any], seconds: float = 10) -> dict[str, Any]:
    """Lease a worker for one call."""
    async with pool.lease() as worker:
        return await worker.call(request, seconds=seconds)


async def test_a_call_is_answered(pool_of: PoolOf) -> None:
    """A worker returns what its handler yields, non-ASCII text and large frames included."""
    request = {"do": "echo", "text": "Übermaß \ud83d €" * 50_000}
    async with pool_of() as pool:
        assert await call(pool, request) == request


async def test_garbage_is_looked_for_once_a_worker_serves(pool_of: PoolOf) -> None:
    """What a handler loads is no garbage and is not searched for any; what requests make is."""
    async with pool_of() as pool:
        assert await call(pool, {"do": "tidy"}) == {"loading": False, "serving": True}


async def test_a_stream_yields_every_frame_in_order(pool_of: PoolOf) -> None:
    """All frames come, in order, and the worker serves again afterwards."""
    async with pool_of() as pool, pool.lease() as worker:
        for _ in range(2):
            stream = worker.stream({"do": "count", "to": 500}, frame_seconds=10)
            assert [frame["number"] async for frame in stream] == list(range(500))


async def test_a_file_is_handed_over(pool_of: PoolOf) -> None:
    """The handler reads from a descriptor that the caller passes, which stays the caller's."""
    async with pool_of() as pool, pool.lease() as worker:
        with tempfile.TemporaryFile() as file:
            file.write(b"handed over")
            file.flush()
            for _ in range(3):
                reply = await worker.call({"do": "read"}, file.fileno(), seconds=10)
                assert reply == {"content": "handed over"}
            before = await worker.call({"do": "look"}, seconds=10)
            await worker.call({"do": "read"}, file.fileno(), seconds=10)
            assert await worker.call({"do": "look"}, seconds=10) == before, "a descriptor leaked"


async def test_a_fault_reaches_the_caller_whole(pool_of: PoolOf) -> None:
    """Reason, message and metadata of a Fault survive the process boundary."""
    async with pool_of() as pool:
        with pytest.raises(Fault) as caught:
            await call(pool, {"do": "fault"})
        assert pool.restarts == 0
    assert caught.value.reason is Reason.TOO_MANY_PAGES
    assert caught.value.message == "too many"
    assert caught.value.metadata == {"limit": "max_pages"}


async def test_a_fault_is_valid_unicode(pool_of: PoolOf) -> None:
    """What a worker says can be encoded, whatever it says: it ends up in messages to callers."""
    async with pool_of() as pool:
        with pytest.raises(Fault) as caught:
            await call(pool, {"do": "surrogates"})
    assert caught.value.message == "b?d"
    assert caught.value.metadata == {"k?": "v?"}


@pytest.mark.parametrize(
    ("request_", "name"),
    [
        ({"do": "recurse"}, "RecursionError"),
        ({"do": "allocate", "bytes": 4096 * MIB}, "MemoryError"),
        ({"do": "absent"}, "AttributeError"),
    ],
)
async def test_other_errors_tell_their_class_only(
    pool_of: PoolOf, request_: dict[str, Any], name: str
) -> None:
    """What is no Fault is INTERNAL with the name of the class; the worker lives on."""
    async with pool_of() as pool:
        before = pool.pids
        with pytest.raises(Fault) as caught:
            await call(pool, request_)
        assert (caught.value.reason, caught.value.message) == (Reason.INTERNAL, name)
        assert await call(pool, {"do": "echo"}) == {"do": "echo"}
        assert pool.pids == before


async def test_the_text_of_an_error_stays_in_the_worker(pool_of: PoolOf) -> None:
    """An exception in mid-stream ends it without quoting what it said."""
    async with pool_of() as pool, pool.lease() as worker:
        stream = worker.stream({"do": "error"}, frame_seconds=10)
        assert await anext(stream) == {"before": True}
        with pytest.raises(Fault, match=r"^ValueError$"):
            await anext(stream)


async def test_too_large_a_reply_is_an_error(pool_of: PoolOf) -> None:
    """A reply over the frame limit is refused by the worker itself, which lives on."""
    async with pool_of() as pool:
        with pytest.raises(Fault, match="exceeds"):
            await call_padded(pool, 5 * MIB)
        assert await call_padded(pool, 1 * MIB) == 1 * MIB
        assert pool.restarts == 0


async def call_padded(pool: WorkerPool, size: int) -> int:
    """Have one frame of about `size` bytes sent, and return its padding's length."""
    reply = await call(pool, {"do": "count", "to": 1, "bytes": size})
    return len(reply["padding"])


async def test_too_large_a_request_is_an_error(pool_of: PoolOf) -> None:
    """A request over the frame limit never leaves the server, and the worker stays usable."""
    async with pool_of() as pool:
        with pytest.raises(Fault, match="exceeds"):
            await call(pool, {"do": "echo", "text": "x" * 5 * MIB})
        assert await call(pool, {"do": "echo"}) == {"do": "echo"}


@pytest.mark.parametrize("hex_", ["7fffffff", "000000025b5d", "0000000d7b226f64643a223a747275657d"])
async def test_a_broken_protocol_ends_the_worker(pool_of: PoolOf, hex_: str) -> None:
    """A worker that sends nonsense is killed, its caller told, and its place taken."""
    async with pool_of() as pool:
        with pytest.raises(WorkerDied) as caught:
            await call(pool, {"do": "raw", "hex": hex_})
        assert caught.value.status is None
        assert await call(pool, {"do": "echo"}) == {"do": "echo"}


async def test_no_reply_is_a_broken_protocol(pool_of: PoolOf) -> None:
    """A handler that yields nothing where one reply is due does not leave its caller waiting."""
    async with pool_of() as pool:
        with pytest.raises(WorkerDied, match="no reply"):
            await call(pool, {"do": "nothing"})


async def test_death_in_mid_stream_comes_after_the_frames_before(pool_of: PoolOf) -> None:
    """Frames sent before a crash arrive; then WorkerDied names the signal."""
    async with pool_of() as pool, pool.lease() as worker:
        stream = worker.stream({"do": "count", "to": 99, "die_at": 7}, frame_seconds=10)
        assert [(await anext(stream))["number"] for _ in range(7)] == list(range(7))
        with pytest.raises(WorkerDied) as caught:
            await anext(stream)
        assert caught.value.status == -signal.SIGSEGV
        with pytest.raises(WorkerDied):
            await worker.call({"do": "echo"}, seconds=10)


async def test_a_hang_is_a_timeout_and_the_process_is_killed(pool_of: PoolOf) -> None:
    """A frame that does not come in time costs the process its life, and only that stream."""
    async with pool_of() as pool, pool.lease() as worker:
        stream = worker.stream({"do": "count", "to": 9, "hang_at": 1}, frame_seconds=0.3)
        assert (await anext(stream))["number"] == 0
        started = time.monotonic()
        with pytest.raises(WorkerTimeout):
            await anext(stream)
        assert 0.25 < time.monotonic() - started < 1.5
        assert not alive(worker.pid)


async def test_a_slow_consumer_blocks_the_worker(pool_of: PoolOf) -> None:
    """The worker runs ahead by the read-ahead only, then sleeps until it is read again."""
    async with pool_of(read_ahead_bytes=64 * 1024) as pool, pool.lease() as worker:
        with shared_memory() as (fd, shared):
            request = {"do": "count", "to": 10_000, "bytes": 4000}
            stream = worker.stream(request, fd, frame_seconds=10)
            await anext(stream)
            await eventually(lambda: process_state(worker.pid) == "S")
            ahead = int.from_bytes(shared[:4], "big")
            assert 0 < ahead < 100, "64 KiB here, 64 KiB in flight: 32 frames and overhead"
            async for frame in stream:
                if frame["number"] == 500:
                    break
            assert int.from_bytes(shared[:4], "big") >= 500
            await stream.aclose()


async def test_closing_a_stream_stops_the_handler(pool_of: PoolOf) -> None:
    """A closed stream closes the handler's generator at once; the process serves the next."""
    async with pool_of() as pool, pool.lease() as worker:
        with shared_memory() as (fd, shared):
            request = {"do": "count", "to": 10**9, "bytes": 1000}
            stream = worker.stream(request, fd, frame_seconds=10)
            await anext(stream)
            started = time.monotonic()
            await stream.aclose()
            assert time.monotonic() - started < 0.5
            assert shared[4:] == (1).to_bytes(4, "big"), "the generator was not closed"
        assert await worker.call({"do": "echo"}, seconds=10) == {"do": "echo"}
        assert pool.restarts == 0


async def test_cancelling_a_hung_call_frees_the_place_within_a_second(pool_of: PoolOf) -> None:
    """A cancelled caller is let go, its hung process killed and replaced."""
    async with pool_of() as pool:
        (pid,) = pool.pids
        task = asyncio.create_task(call(pool, {"do": "count", "to": 1, "hang_at": 0}))
        await eventually(lambda: process_state(pid) == "S" and not pool_idle(pool))
        started = time.monotonic()
        task.cancel()
        with pytest.raises(asyncio.CancelledError):
            await task
        assert await call(pool, {"do": "echo"}) == {"do": "echo"}
        assert time.monotonic() - started < 1.5
        assert not alive(pid)


def pool_idle(pool: WorkerPool) -> bool:
    """Tell whether any worker of the pool waits for a lease."""
    return bool(pool._idle)


async def test_two_requests_at_once_are_a_mistake(pool_of: PoolOf) -> None:
    """A worker refuses a second request while the first is under way."""
    async with pool_of() as pool, pool.lease() as worker:
        stream = worker.stream({"do": "count", "to": 9}, frame_seconds=10)
        await anext(stream)
        with pytest.raises(RuntimeError, match="one request"):
            await worker._send({"request": {}}, None)
        await stream.aclose()


@contextlib.contextmanager
def shared_memory() -> Iterator[tuple[int, mmap.mmap]]:
    """Give eight bytes that a worker writes and the test sees."""
    fd = os.memfd_create("shared")
    os.truncate(fd, 8)
    with mmap.mmap(fd, 8) as shared:
        yield fd, shared
    os.close(fd)
