"""The job store that the settings ask for, with the server behind it."""

from __future__ import annotations

import asyncio
from contextlib import AbstractAsyncContextManager, AsyncExitStack, asynccontextmanager
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from docsort_server.jobs.store import jetstream, memory
from docsort_server.nats.binary import find_binary
from docsort_server.nats.capacity import disk_is_low
from docsort_server.nats.embedded import Endpoint, embedded

if TYPE_CHECKING:
    from collections.abc import AsyncGenerator

    from docsort_server.jobs.store.protocols import Store
    from docsort_server.settings import Settings

# The shortest time after which everything is forgotten, in seconds, and what is added to the
# longest life of a job or document so that its last records and chunks do not go before their time.
RETENTION = 7 * 24 * 3600.0
MARGIN = 24 * 3600.0


@asynccontextmanager
async def job_store(settings: Settings) -> AsyncGenerator[Store, None]:
    """Open the store for the block.

    Raises `NatsServerError` where the server's own NATS cannot run, `StoreError` where the store
    cannot be opened.
    """
    if settings.store == "memory":
        yield memory.open_store(
            max_bytes=settings.memory_store_bytes,
            max_document_bytes=settings.memory_document_bytes,
        )
        return
    async with AsyncExitStack() as stack:
        shape = jetstream.Shape(
            replicas=settings.nats_replicas,
            retention=max(
                RETENTION, settings.max_job_ttl + MARGIN, settings.max_document_ttl + MARGIN
            ),
        )
        if settings.nats:
            servers = jetstream.Servers([url.strip() for url in settings.nats.split(",")])
            opening = jetstream.open_store(servers, settings.nats_prefix, shape)
        else:
            endpoint = await stack.enter_async_context(await _own_server(settings))
            opening = jetstream.open_store(
                jetstream.Servers([endpoint.url], endpoint.token),
                settings.nats_prefix,
                replace(shape, capacity=endpoint.capacity),
                disk_is_low=lambda: disk_is_low(Path(settings.data)),
            )
        yield await stack.enter_async_context(opening)


async def _own_server(settings: Settings) -> AbstractAsyncContextManager[Endpoint]:
    binary = await asyncio.to_thread(find_binary, settings.nats_server)
    return embedded(binary, Path(settings.data) / "nats", sync=settings.sync)
