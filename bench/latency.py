"""How soon a first page comes, and how soon a cancel takes effect."""

from __future__ import annotations

import asyncio
import time
from contextlib import aclosing
from statistics import median
from typing import TYPE_CHECKING

from bench.asking import classify, first_page, fresh, reworded
from bench.drawing import categories
from bench.figures import Figure, spread
from docsort import Accepted, AsyncClient, Finished, PageFinished

if TYPE_CHECKING:
    from bench.scale import Scale
    from bench.service import Service

FIRST_PAGE_MS = 100.0
CANCEL_MS = 1_000.0
# After how many pages a job is cancelled: well under way, far from its end.
_CANCEL_AFTER = 10
# Workers count as idle when they used no CPU for so many seconds.
_QUIET = 0.25
_SAMPLE = 0.004


async def measure(service: Service, scale: Scale) -> list[Figure]:
    """Measure on a running server."""
    async with AsyncClient(service.address) as client:
        await classify(client, fresh(scale.short), categories())
        known = [
            await first_page(client, fresh(scale.pages), categories()) for _ in range(scale.runs)
        ]
        new = [await first_page(client, fresh(scale.pages), reworded()) for _ in range(scale.runs)]
        cancels = [await _cancel(service, client, scale.long) for _ in range(scale.runs)]
    return [
        _limited(f"first page of {scale.pages}", known, FIRST_PAGE_MS),
        _limited(f"first page of {scale.pages}, new categories", new, FIRST_PAGE_MS),
        _limited("cancel to finished event", [each[0] for each in cancels], CANCEL_MS),
        _limited("cancel to idle workers", [each[1] for each in cancels], CANCEL_MS),
    ]


def _limited(name: str, seconds: list[float], limit: float) -> Figure:
    values = [1_000 * each for each in seconds]
    return Figure(name, median(values), "ms", "limit ms", limit, 1.0, spread(values, "ms"))


async def _cancel(service: Service, client: AsyncClient, pages: int) -> tuple[float, float]:
    """Return the seconds from CancelJob to the finished event and to workers at rest."""
    async with aclosing(client.stream(fresh(pages), categories())) as events:
        job_id, done = "", 0
        async for event in events:
            job_id = event.job_id if isinstance(event, Accepted) else job_id
            done += isinstance(event, PageFinished)
            if done == _CANCEL_AFTER:
                break
        started = time.monotonic()
        resting = asyncio.create_task(_rested(service))
        cancelling = asyncio.create_task(client.cancel_job(job_id))
        async for event in events:
            if isinstance(event, Finished):
                finished = time.monotonic() - started
        await cancelling
        return finished, max(0.0, await resting - started)


async def _rested(service: Service) -> float:
    """Return when the workers last used CPU."""
    before, last = -1, time.monotonic()
    while time.monotonic() - last < _QUIET:
        await asyncio.sleep(_SAMPLE)
        used = _busy(service)
        if used != before:
            before, last = used, time.monotonic()
    return last


def _busy(service: Service) -> int:
    total = 0
    for worker in service.workers():
        try:
            total += worker.busy_ns
        except OSError:
            continue
    return total
