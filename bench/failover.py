"""How soon work goes on: after the loss of the process that did it, and after a cold start."""

from __future__ import annotations

import asyncio
import tempfile
import time
from contextlib import aclosing
from pathlib import Path
from statistics import median
from typing import TYPE_CHECKING

from bench.events import CATEGORIES
from bench.figures import Figure, spread
from bench.free_server import document
from bench.service import service
from docsort import AsyncClient, PageFinished
from docsort_server.nats.binary import find_binary
from docsort_server.nats.embedded import embedded

if TYPE_CHECKING:
    from collections.abc import Callable

    from bench.scale import Scale

COLD_START_MS = 500.0
# Seconds for which a silent worker keeps its tasks.
ACK_WAIT = 10.0
_INTERVAL = 0.02
# Pages that are seen before and after the kill; some of the latter were on their way already.
_BEFORE, _AFTER = 50, 100


async def measure(scale: Scale) -> list[Figure]:
    """Kill the process that runs a job while another one could."""
    starts = [await _cold_start() for _ in range(max(2, scale.runs))]
    found = [
        Figure(
            "job engine's cold start",
            median(starts),
            "ms",
            "limit ms",
            COLD_START_MS,
            1.0,
            spread(starts, "ms"),
        )
    ]
    if scale.losses:
        silences = [await _silence() for _ in range(scale.losses)]
        note = "from the kill to the next page; " + spread(silences, "s")
        found.append(Figure("fail-over", median(silences), "s", "ack wait s", ACK_WAIT, 1.5, note))
    return found


async def _cold_start() -> float:
    """Return the milliseconds that a nats-server takes to serve on an empty folder."""
    binary = await asyncio.to_thread(find_binary)
    with tempfile.TemporaryDirectory(prefix="docsort-bench-") as folder:
        started = time.monotonic()
        async with embedded(binary, Path(folder)):
            return 1_000 * (time.monotonic() - started)


async def _silence() -> float:
    """Return the seconds without a page after the kill of the process that worked."""
    binary = await asyncio.to_thread(find_binary)
    with tempfile.TemporaryDirectory(prefix="docsort-bench-") as folder:
        async with embedded(binary, Path(folder), sync="100ms") as engine:
            url = engine.url.replace("://", f"://{engine.token}@")
            with service("bench.free_server", store="jetstream", nats=url) as first:
                # It is alone, so it takes the job; the second one starts when it is at work.
                async with AsyncClient(first.address) as client:
                    job = await client.submit(document(2_000, _INTERVAL), CATEGORIES)
                    async with aclosing(client.watch(job.job_id)) as events:
                        async for event in events:
                            if isinstance(event, PageFinished):
                                break
                with service("bench.free_server", store="jetstream", nats=url) as second:
                    return await _longest_gap(second.address, job.job_id, first.kill)


async def _longest_gap(address: str, job_id: str, kill: Callable[[], None]) -> float:
    """Return the longest time between two pages around the kill, as a watcher elsewhere sees it."""
    gaps: list[float] = []
    last = time.monotonic()
    async with AsyncClient(address) as client, aclosing(client.watch(job_id)) as events:
        async for event in events:
            if not isinstance(event, PageFinished):
                continue
            gaps.append(time.monotonic() - last)
            last = time.monotonic()
            if len(gaps) == _BEFORE:
                kill()
            if len(gaps) == _BEFORE + _AFTER:
                break
    return max(gaps[_BEFORE:])
