"""How soon a page's result is at its watcher, and what is left to come after a break."""

from __future__ import annotations

import time
from contextlib import aclosing
from statistics import median, quantiles
from typing import TYPE_CHECKING

from bench.figures import Figure, spread
from bench.free_server import document
from bench.service import service
from docsort import AsyncClient, PageFinished

if TYPE_CHECKING:
    from bench.scale import Scale

MEDIAN_MS, LATE_MS = 3.0, 20.0
CATEGORIES = ("Invoice", "Contract", "Letter")
_RESUME_PAGES = 500


async def measure(scale: Scale) -> list[Figure]:
    """Measure on servers of their own, whose pages are answered at a steady rate."""
    found = []
    # The bounds are for writes that are forced to disk ten times a second.
    for sync in scale.syncs:
        bound = 1.0 if sync == "100ms" else None
        with service("bench.free_server", store="jetstream", sync=sync) as server:
            async with AsyncClient(server.address) as client:
                await _late(client, 50, 0.5)
                for rate in scale.rates:
                    found += _limited(
                        f"{rate}/s, sync {sync}",
                        bound,
                        await _late(client, rate, scale.rate_seconds),
                    )
                if bound:
                    found.append(await _resumed(client, scale.runs))
    return found


def _limited(name: str, bound: float | None, late: list[float]) -> list[Figure]:
    value, note = median(late), f"{len(late)} events, worst {max(late):.1f} ms"
    last = quantiles(late, n=100)[98] if len(late) > 1 else value
    return [
        Figure(f"event to watcher, {name}: p50", value, "ms", "limit ms", MEDIAN_MS, bound, note),
        Figure(f"event to watcher, {name}: p99", last, "ms", "limit ms", LATE_MS, bound, note),
    ]


async def _late(client: AsyncClient, rate: int, seconds: float) -> list[float]:
    """Return the milliseconds from each page's answer by the engine to its event at the client."""
    late = []
    content = document(max(2, int(rate * seconds)), 1 / rate)
    async with aclosing(client.stream(content, CATEGORIES)) as events:
        async for event in events:
            if isinstance(event, PageFinished):
                answered = float(event.page_result.raw_result or "nan")
                late.append(1_000 * (time.time() - answered))
    return late


async def _resumed(client: AsyncClient, runs: int) -> Figure:
    """Measure the first event of a watch that goes on in the middle of a finished job."""
    async with aclosing(client.stream(document(_RESUME_PAGES), CATEGORIES)) as events:
        seen = [event async for event in events]
    middle = seen[len(seen) // 2]
    values = []
    for _ in range(runs):
        started = time.monotonic()
        async with aclosing(client.watch(middle.job_id, middle.sequence)) as rest:
            await anext(rest)
            values.append(1_000 * (time.monotonic() - started))
    name = f"resume in the middle of {_RESUME_PAGES} pages"
    return Figure(name, median(values), "ms", "limit ms", LATE_MS, None, spread(values, "ms"))
