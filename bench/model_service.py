"""Measure the whole service with a model behind it: how near it keeps the model to its limit.

    python bench/model_service.py [--runs 5] [--quick] [--store memory|jetstream] [--json FILE]

The model is a process of its own on the loopback that takes 200 ms a call. Times are those of a
client in this process, from its call to the end of the job.
"""

from __future__ import annotations

import argparse
import asyncio
import sys
import time
from contextlib import aclosing
from dataclasses import dataclass
from math import ceil
from pathlib import Path
from statistics import median
from typing import TYPE_CHECKING

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from bench.asking import fresh
from bench.figures import Figure, save, spread, table
from bench.model_engine import SECONDS, backend
from bench.service import Service, end_cleanly, service
from docsort import AsyncClient, Category, Finished, PageFinished

if TYPE_CHECKING:
    from contextlib import AbstractContextManager

ROOT = Path(__file__).resolve().parent.parent
# The first page may take so long beside the model's own time.
FIRST_PAGE = 0.06
GOAL_CPU_MS = 5.0
# Pages, calls at a time, and the largest ratio that is good.
FULL = ((50, 8, 1.05), (50, 32, 1.15), (352, 32, 1.10), (352, 100, None))
QUICK = ((16, 8, None),)


@dataclass(frozen=True, slots=True)
class Took:
    """Seconds of one job at the client, and what all pages cost the service's processes."""

    first_page: float
    whole: float
    cpu: float


def main() -> int:
    """Measure, print and save; return 1 where a bound is missed."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--quick", action="store_true", help="little of everything")
    parser.add_argument("--runs", type=int, default=5, help="jobs of each size")
    parser.add_argument("--store", default="jetstream", help="where jobs live")
    parser.add_argument("--json", type=Path, default=ROOT / "build/model_service.json")
    given = parser.parse_args()
    end_cleanly()
    started = time.monotonic()
    found: list[Figure] = []
    for pages, at_once, bound in QUICK if given.quick else FULL:
        with backend(SECONDS) as port, serving(port, at_once, given.store) as server:
            took = asyncio.run(measure(server, pages, given.runs))
        found += figures(pages, at_once, bound, took)
    print(table(found))
    save(found, given.json, time.monotonic() - started)
    return int(not given.quick and any(figure.verdict == "MISSED" for figure in found))


def serving(port: int, at_once: int, store: str) -> AbstractContextManager[Service]:
    """Run a server for the slow model."""
    return service(
        store=store,
        engine="openai",
        openai_base_url=f"http://127.0.0.1:{port}/v1",
        openai_model="slow",
        openai_max_concurrency=at_once,
    )


async def measure(server: Service, pages: int, runs: int) -> list[Took]:
    """Classify fresh documents one after the other; the first one, which warms up, is left out."""
    async with AsyncClient(server.address) as client:
        return [await job(server, client, pages) for _ in range(runs + 1)][1:]


async def job(server: Service, client: AsyncClient, pages: int) -> Took:
    """Classify one document. Raises RuntimeError where it did not complete."""
    content, before = fresh(pages), server.cpu()
    started = time.perf_counter()
    first = 0.0
    async with aclosing(client.stream(content, unasked())) as events:
        async for event in events:
            if isinstance(event, PageFinished):
                first = first or time.perf_counter() - started
            elif isinstance(event, Finished):
                took = time.perf_counter() - started
                result = event.job.result
                if result is None or result.processed_pages != pages:
                    raise RuntimeError(f"the job did not complete: {event.job.error}")
                return Took(first, took, server.cpu() - before)
    raise RuntimeError("the stream ended early")


def unasked() -> tuple[Category, ...]:
    """Return a question to which no answer is kept."""
    return (Category("Invoice", f"asks for payment, {time.time_ns()}"), Category("Contract"))


def figures(pages: int, at_once: int, bound: float | None, took: list[Took]) -> list[Figure]:
    """Hold the times against those of a service that costs nothing."""
    least = ceil(pages / at_once) * SECONDS
    whole, first = ([getattr(each, name) for each in took] for name in ("whole", "first_page"))
    name = f"{pages} pages, {at_once} at once"
    cpu = 1_000 * median(each.cpu for each in took) / pages
    allowed = (SECONDS + FIRST_PAGE) / SECONDS if bound else None
    return [
        Figure(name, median(whole), "s", "limit s", least, bound, spread(whole)),
        Figure(
            f"{name}: first page", median(first), "s", "model s", SECONDS, allowed, spread(first)
        ),
        Figure(f"{name}: CPU of a page", cpu, "ms", "goal ms", GOAL_CPU_MS, 1.0 if bound else None),
    ]


if __name__ == "__main__":
    sys.exit(main())
