"""The job store that the settings ask for, with the server behind it."""

from __future__ import annotations

import asyncio
from contextlib import AsyncExitStack, asynccontextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from docsort_server.jobs.store import jetstream, memory
from docsort_server.nats.binary import find_binary
from docsort_server.nats.embedded import embedded

if TYPE_CHECKING:
    from collections.abc import AsyncGenerator

    from docsort_server.jobs.store.protocols import Store
    from docsort_server.settings import Settings

# The shortest time after which everything is forgotten, in seconds, and what is added to the
# longest life of a job so that its last records do not go before their time.
RETENTION = 7 * 24 * 3600.0
MARGIN = 24 * 3600.0


@asynccontextmanager
async def job_store(settings: Settings) -> AsyncGenerator[Store, None]:
    """Open the store for the block.

    Raises `NatsServerError` where the server's own NATS cannot run, `StoreError` where the store
    cannot be opened.
    """
    if settings.store == "memory":
        yield memory.open_store(max_bytes=settings.memory_store_bytes)
        return
    async with AsyncExitStack() as stack:
        servers, capacity = await _servers(stack, settings)
        shape = jetstream.Shape(
            replicas=settings.nats_replicas,
            retention=max(RETENTION, settings.max_job_ttl + MARGIN),
            capacity=capacity,
        )
        opening = jetstream.open_store(servers, settings.nats_prefix, shape)
        yield await stack.enter_async_context(opening)


async def _servers(
    stack: AsyncExitStack, settings: Settings
) -> tuple[jetstream.Servers, int | None]:
    """Return where NATS is and how much it may keep; None where others decide that."""
    if settings.nats:
        urls = [url.strip() for url in settings.nats.split(",")]
        return jetstream.Servers(urls), None
    binary = await asyncio.to_thread(find_binary, settings.nats_server)
    running = embedded(binary, Path(settings.data) / "nats", sync=settings.sync)
    endpoint = await stack.enter_async_context(running)
    return jetstream.Servers([endpoint.url], endpoint.token), endpoint.capacity
