"""The store implementations that the contract suite runs on, each with a way to pass time."""

import tempfile
import time
from collections.abc import AsyncGenerator, Awaitable, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

from docsort_server.jobs.store import jetstream
from docsort_server.jobs.store.memory import open_store
from docsort_server.jobs.store.protocols import JobKey, Store, Task
from docsort_server.nats.binary import find_binary
from docsort_server.nats.embedded import Endpoint, embedded

# Seconds until an unsettled task is delivered again.
ACK_WAIT = 0.2
# What a test's store may hold; far less than a disk has, and enough.
CAPACITY = 256 * 1024 * 1024
# And of answers beside that.
CACHE = 64 * 1024


@dataclass(frozen=True, slots=True)
class StoreCase:
    """An empty store; `pass_time` returns once so many seconds have passed for it."""

    store: Store
    pass_time: Callable[[float], Awaitable[None]]


@asynccontextmanager
async def memory() -> AsyncGenerator[StoreCase, None]:
    """Open the memory store on a clock that only the test moves."""
    now = [0.0]

    async def pass_time(seconds: float) -> None:
        now[0] += seconds

    store = open_store(ACK_WAIT, lambda: now[0], cache_bytes=CACHE)
    yield StoreCase(store, pass_time)


@asynccontextmanager
async def on_jetstream() -> AsyncGenerator[StoreCase, None]:
    """Open a store on a nats-server of its own, on a clock that the test moves forward."""
    ahead = [0.0]

    async def pass_time(seconds: float) -> None:
        ahead[0] += seconds

    timing = jetstream.Timing(ack_wait=ACK_WAIT, look=0.05)
    with tempfile.TemporaryDirectory() as folder:
        async with (
            embedded(find_binary(), Path(folder), sync="2m") as endpoint,
            opened(endpoint, timing, lambda: time.time() + ahead[0]) as store,
        ):
            yield StoreCase(store, pass_time)


def opened(
    endpoint: Endpoint,
    timing: jetstream.Timing | None = None,
    clock: Callable[[], float] = time.time,
) -> AbstractAsyncContextManager[Store]:
    """Open a store on a server that runs."""
    servers = jetstream.Servers((endpoint.url,), endpoint.token)
    shape = jetstream.Shape(capacity=CAPACITY, cache_bytes=CACHE)
    return jetstream.open_store(servers, shape=shape, timing=timing, clock=clock)


# Every implementation of the four protocols is listed here.
OPENERS: dict[str, Callable[[], AbstractAsyncContextManager[StoreCase]]] = {
    "jetstream": on_jetstream,
    "memory": memory,
}


def key(name: str = "a", tenant: str = "default") -> JobKey:
    """Name a job."""
    return JobKey(tenant, name)


def page_task(span: str, *, lane: str = "normal", job: str = "a") -> Task:
    """Return a task for a span of pages."""
    return Task("page", lane, key(job), span)
