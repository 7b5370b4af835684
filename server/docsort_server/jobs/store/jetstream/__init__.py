"""Jobs on NATS JetStream: they survive the process, and replicas share them."""

from __future__ import annotations

import time
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from docsort_server.faults import Fault
from docsort_server.jobs.store.jetstream.api import JetStream
from docsort_server.jobs.store.jetstream.cache import JetStreamAnswerCache
from docsort_server.jobs.store.jetstream.cells import JetStreamCell
from docsort_server.jobs.store.jetstream.connection import Connection
from docsort_server.jobs.store.jetstream.documents import JetStreamDocumentStore
from docsort_server.jobs.store.jetstream.index import JetStreamJobIndex
from docsort_server.jobs.store.jetstream.live import Live
from docsort_server.jobs.store.jetstream.log import LOOK, JetStreamJobLog
from docsort_server.jobs.store.jetstream.names import Names
from docsort_server.jobs.store.jetstream.patience import Patience
from docsort_server.jobs.store.jetstream.queue import JetStreamTaskQueue
from docsort_server.jobs.store.jetstream.room import Room
from docsort_server.jobs.store.jetstream.servers import Servers
from docsort_server.jobs.store.jetstream.streams import Shape, ensure_streams
from docsort_server.jobs.store.jetstream.trouble import Away, Refused
from docsort_server.jobs.store.protocols import Store, StoreError

if TYPE_CHECKING:
    from collections.abc import AsyncGenerator, Callable

# Seconds that the engine has to tell that it is there.
PROBE = 2.0

__all__ = ["Servers", "Shape", "Timing", "open_store"]


@dataclass(frozen=True, slots=True)
class Timing:
    """How long things may take, in seconds.

    `ack_wait` until a silent consumer loses its task, `hurry` for callers who wait for an answer,
    `look` between checks that a silent job still exists, `connect` for the first connection,
    `settle` for a cluster that has just begun to have its streams.
    """

    ack_wait: float = 10.0
    hurry: float = 5.0
    look: float = LOOK
    connect: float = 20.0
    settle: float = 60.0


@asynccontextmanager
async def open_store(
    servers: Servers,
    prefix: str = "docsort",
    shape: Shape | None = None,
    timing: Timing | None = None,
    clock: Callable[[], float] = time.time,
    disk_is_low: Callable[[], bool] | None = None,
) -> AsyncGenerator[Store, None]:
    """Connect to the engine, make its streams and yield the store on them.

    `clock` tells what has expired. The store waits for an engine that is away; its `hurried` view
    gives up with `Fault` OVERLOADED, and takes no documents while the logs are nearly full or
    `disk_is_low` says so. Raises `StoreError` where the engine is not there or refuses.
    """
    names, shape, timing = Names(prefix), shape or Shape(), timing or Timing()
    async with AsyncExitStack() as stack:
        try:
            opening = Connection.open(servers, timing.connect)
            connection = await stack.enter_async_context(opening)
            jetstream = JetStream(connection, replicated=shape.replicas > 1)
            await Patience(connection, timing.settle).until_done(
                lambda _: ensure_streams(jetstream, names, shape)
            )
        except (Away, Refused, Fault) as error:
            raise StoreError(f"the job store cannot be used: {error}") from None

        live = await stack.enter_async_context(Live.open(jetstream, names))
        room = Room(jetstream, names, disk_is_low, alone=shape.alone)

        def view(seconds: float | None) -> Store:
            patience = Patience(connection, seconds)

            @asynccontextmanager
            async def room_for(size: int) -> AsyncGenerator[None, None]:
                promise = await patience.until_done(lambda _: room.promise(size))
                try:
                    yield
                finally:
                    await room.settle(promise)

            return Store(
                JetStreamJobLog(
                    jetstream, names, patience, live, clock, timing.look, shape.retention
                ),
                JetStreamTaskQueue(jetstream, names, patience, timing.ack_wait, shape.page_tasks),
                JetStreamDocumentStore(
                    jetstream, names, patience, clock, room if seconds else None
                ),
                JetStreamJobIndex(jetstream, names, patience, clock),
                lambda name: JetStreamCell(jetstream, names, patience, name),
                JetStreamAnswerCache(jetstream, names, clock) if shape.cache_bytes else None,
                durable=True,
                room_for=room_for if seconds else None,
            )

        async def answers() -> bool:
            try:
                await jetstream.require_leader(names.events, seconds=PROBE)
            except (Away, Refused):
                return False
            return True

        yield replace(view(None), hurried=view(timing.hurry), answers=answers)
