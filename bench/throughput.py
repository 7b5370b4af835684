"""What the job engine costs and carries where the pages themselves are free."""

from __future__ import annotations

import asyncio
import time
from contextlib import aclosing
from dataclasses import dataclass
from statistics import median
from typing import TYPE_CHECKING

from bench.events import CATEGORIES
from bench.figures import Figure
from bench.free_server import document
from bench.service import service
from docsort import AsyncClient

if TYPE_CHECKING:
    from bench.scale import Scale
    from bench.service import Service

OVERHEAD_MS = 2.0
_PAGES = 20
_AT_ONCE = 30


@dataclass(frozen=True, slots=True)
class Load:
    """What one load took: seconds, and CPU seconds of the server and its nats-server."""

    seconds: float
    cpu: float


async def measure(scale: Scale) -> list[Figure]:
    """Run the same jobs through memory and through JetStream, in turns."""
    stores = {"memory": {"store": "memory"}}
    stores |= {sync: {"store": "jetstream", "sync": sync} for sync in scale.syncs}
    loads: dict[str, list[Load]] = {name: [] for name in stores}
    for _ in range(scale.job_runs):
        for name, settings in stores.items():
            with service("bench.free_server", **settings) as server:
                loads[name].append(await _load(server, scale.jobs))
    pages = scale.jobs * _PAGES
    rates = {name: pages / median(load.seconds for load in runs) for name, runs in loads.items()}
    return [
        *(_overhead(sync, loads["memory"], loads[sync], pages) for sync in scale.syncs),
        *(_carried(sync, scale.jobs, rates) for sync in scale.syncs),
    ]


def _overhead(sync: str, memory: list[Load], durable: list[Load], pages: int) -> Figure:
    paired = [1_000 * (b.cpu - a.cpu) / pages for a, b in zip(memory, durable, strict=True)]
    name = f"CPU a page of durable jobs, sync {sync}"
    note = f"more than in memory, median of {len(paired)}; server and nats-server"
    return Figure(name, median(paired), "ms", "limit ms", OVERHEAD_MS, 1.0, note)


def _carried(sync: str, jobs: int, rates: dict[str, float]) -> Figure:
    name = f"pages/s, {jobs} jobs of {_PAGES} free pages, sync {sync}"
    note = f"{rates[sync] / _PAGES:.0f} jobs/s; more is better"
    return Figure(name, rates[sync], "1/s", "memory 1/s", rates["memory"], None, note)


async def _load(server: Service, jobs: int) -> Load:
    """Classify so many documents, some at once, each watched to its end."""
    places = asyncio.Semaphore(_AT_ONCE)
    async with AsyncClient(server.address) as client:

        async def one(salt: str) -> None:
            async with places:
                stream = client.stream(document(_PAGES, salt=salt), CATEGORIES)
                async with aclosing(stream) as events:
                    async for _ in events:
                        pass

        await one("warm")
        before, started = _cpu(server), time.monotonic()
        await asyncio.gather(*(one(str(number)) for number in range(jobs)))
        return Load(time.monotonic() - started, _cpu(server) - before)


def _cpu(server: Service) -> float:
    return server.process.cpu + (server.nats.cpu if server.nats else 0.0)
