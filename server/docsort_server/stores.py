"""The job store that the settings ask for, with the server behind it."""

from __future__ import annotations

import asyncio
import logging
import sys
import time
from contextlib import AsyncExitStack, asynccontextmanager, contextmanager
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, cast

from docsort_server.jobs.store import memory
from docsort_server.nats.binary import find_binary
from docsort_server.nats.capacity import disk_is_low
from docsort_server.nats.embedded import embedded
from docsort_server.nats.errors import NatsServerError

if TYPE_CHECKING:
    from collections.abc import AsyncGenerator, Generator

    from docsort_server.jobs.store.protocols import Store
    from docsort_server.nats.endpoint import Endpoint
    from docsort_server.settings import Settings

log = logging.getLogger(__name__)

# The shortest time after which everything is forgotten, in seconds, and what is added to the
# longest life of a job or document so that its last records and chunks do not go before their time.
RETENTION = 7 * 24 * 3600.0
MARGIN = 24 * 3600.0


def engine_folder(data: Path) -> Path:
    """Return where a server's own NATS server keeps its files."""
    return data / "nats"


@asynccontextmanager
async def job_store(settings: Settings) -> AsyncGenerator[Store, None]:
    """Open the store for the block.

    Raises `NatsServerError` where the server's own NATS cannot run, `StoreError` where the store
    cannot be opened.
    """
    retention = max(RETENTION, MARGIN + max(settings.max_job_ttl, settings.max_document_ttl))
    if settings.store == "memory":
        yield memory.open_store(
            settings.task_wait,
            max_bytes=settings.memory_store_bytes,
            retention=retention,
            max_document_bytes=settings.memory_document_bytes,
            cache_bytes=settings.cache_bytes,
        )
        return
    async with _durable(settings, retention) as store:
        yield store


@contextmanager
def _without_websockets() -> Generator[None]:
    """Hide aiohttp from the NATS client, which is slow to load and there for WebSockets alone.

    No setting leads to them.
    """
    if "aiohttp" in sys.modules:
        yield
        return
    loaded = cast("dict[str, object]", sys.modules)
    loaded["aiohttp"] = None
    try:
        yield
    finally:
        del loaded["aiohttp"]


@asynccontextmanager
async def _durable(settings: Settings, retention: float) -> AsyncGenerator[Store, None]:
    with _without_websockets():
        from docsort_server.jobs.store import jetstream  # noqa: PLC0415 - a fifth of a server's start

    began = time.monotonic()
    async with AsyncExitStack() as stack:
        shape = jetstream.Shape(
            replicas=settings.nats_replicas,
            retention=retention,
            page_tasks=settings.cluster_page_tasks or None,
            cache_bytes=settings.cache_bytes,
        )
        timing = jetstream.Timing(ack_wait=settings.task_wait)
        if settings.nats:
            servers = jetstream.Servers(settings.nats_urls)
            shape = replace(shape, capacity=settings.store_bytes or None)
            opening = jetstream.open_store(servers, settings.nats_prefix, shape, timing)
        else:
            endpoint = await stack.enter_async_context(_own_server(settings))
            opening = jetstream.open_store(
                jetstream.Servers([endpoint.url], endpoint.token),
                settings.nats_prefix,
                replace(shape, capacity=endpoint.capacity, alone=True),
                timing,
                disk_is_low=lambda: disk_is_low(Path(settings.data)),
            )
        store = await stack.enter_async_context(opening)
        log.info("the job engine was ready in %.2f s", time.monotonic() - began)
        yield store


@asynccontextmanager
async def _own_server(settings: Settings) -> AsyncGenerator[Endpoint, None]:
    if not settings.data:
        raise NatsServerError("there is no folder to keep jobs in: set data")
    binary = await asyncio.to_thread(find_binary, settings.nats_server)
    folder = engine_folder(Path(settings.data))
    limit = settings.store_bytes
    async with embedded(
        binary, folder, sync=settings.sync, limit=limit, beside=settings.cache_bytes
    ) as endpoint:
        yield endpoint
