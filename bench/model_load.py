"""Measure the service where models are as they are: slow now and then, refusing, shared by many.

    python bench/model_load.py [--runs 3] [--quick] [--json FILE]

First a model whose answers have a heavy tail, beside the best that any schedule of the same answers
could do; then documents of one page that come at random while the model has half of what it can do,
alone and beside jobs of 2,000 pages.
"""

from __future__ import annotations

import argparse
import asyncio
import heapq
import random
import sys
import time
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from statistics import median, quantiles
from typing import TYPE_CHECKING

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))


from bench.figures import Figure, save, spread, table
from bench.model_engine import SECONDS, backend, model
from bench.model_service import job
from bench.service import Service, end_cleanly, service
from bench.tail_model import draw, name_of
from docsort import AsyncClient

if TYPE_CHECKING:
    from contextlib import AbstractContextManager

ROOT = Path(__file__).resolve().parent.parent
# Largest ratios that are good: to the best schedule, and to the same documents alone.
TAIL_BOUND, SHARED_BOUND = 1.15, 2.0
# Seconds after which a call is given up: twice what one answer in a hundred takes.
TIMEOUT = 10.0


@dataclass(frozen=True, slots=True)
class Scale:
    """How much is measured: pages and calls under the tail, seconds of short documents."""

    tail_pages: int
    at_once: int
    seconds: float
    short_at_once: int
    long_pages: int


FULL = Scale(800, 16, 30.0, 8, 2_000)
QUICK = Scale(24, 8, 2.0, 8, 60)


def main() -> int:
    """Measure, print and save; return 1 where a bound is missed."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--quick", action="store_true", help="little of everything")
    parser.add_argument("--runs", type=int, default=3, help="seeds of the tail")
    parser.add_argument("--json", type=Path, default=ROOT / "build/model_load.json")
    given = parser.parse_args()
    end_cleanly()
    started = time.monotonic()
    scale = QUICK if given.quick else FULL
    found = [*tail(scale, given.runs), *short_documents(scale)]
    print(table(found))
    save(found, given.json, time.monotonic() - started)
    return int(not given.quick and any(figure.verdict == "MISSED" for figure in found))


def serving(port: int, at_once: int) -> AbstractContextManager[Service]:
    """Run a server for a model."""
    return service(
        store="jetstream",
        engine="openai",
        openai_base_url=f"http://127.0.0.1:{port}/v1",
        openai_model="slow",
        openai_max_concurrency=at_once,
        openai_timeout=TIMEOUT,
    )


def tail(scale: Scale, runs: int) -> list[Figure]:
    """Hold jobs under the tail against schedules of the same answers."""
    took = []
    for seed in range(runs):
        with model("tail_model", seed) as port, serving(port, scale.at_once) as server:
            took.append(asyncio.run(one(server, scale.tail_pages)))
    costs = [
        [draw(seed, name_of(number)).cost(TIMEOUT) for number in range(1, scale.tail_pages + 1)]
        for seed in range(runs)
    ]
    name = f"heavy tail, {scale.tail_pages} pages, {scale.at_once} at once"
    figures = []
    for against, schedule in (("best s", best), ("in order s", in_order)):
        ratios = [
            whole / schedule(each, scale.at_once) for whole, each in zip(took, costs, strict=True)
        ]
        whole = median(took)
        measure = whole / median(ratios)
        figures.append(
            Figure(name, whole, "s", against, measure, TAIL_BOUND, f"ratios {spread(ratios)}")
        )
    return figures


async def one(server: Service, pages: int) -> float:
    """Return the seconds of one job, from its call to its end."""
    async with AsyncClient(server.address) as client:
        return (await job(server, client, pages)).whole


def in_order(costs: list[float], at_once: int) -> float:
    """Return the seconds of who does not know the costs: each place takes the next page."""
    places = [0.0] * at_once
    for cost in costs:
        heapq.heapreplace(places, places[0] + cost)
    return max(places)


def best(costs: list[float], at_once: int) -> float:
    """Return seconds that no schedule can go below: all places busy, or the longest page.

    A call that is never answered costs its place the time after which it is given up; no client can
    know earlier.
    """
    return max(sum(costs) / at_once, *costs)


def short_documents(scale: Scale) -> list[Figure]:
    """Measure documents of one page, alone and beside long jobs."""
    with (
        backend(SECONDS, scale.short_at_once) as port,
        serving(port, scale.short_at_once) as server,
    ):
        alone = asyncio.run(arriving(server, scale, long_pages=0))
    with (
        backend(SECONDS, scale.short_at_once) as port,
        serving(port, scale.short_at_once) as server,
    ):
        beside = asyncio.run(arriving(server, scale, long_pages=scale.long_pages))
    rate = f"one page, {_rate(scale):.0f} a second"
    shared = f"{rate}, beside {scale.long_pages} pages"
    figures = []
    for part, pick in (("p50", median), ("p99", _late)):
        lone, busy = pick(alone), pick(beside)
        figures += [
            Figure(f"{rate}: {part}", lone, "s", "model s", SECONDS, None, f"n={len(alone)}"),
            Figure(f"{shared}: {part}", busy, "s", "alone s", lone, SHARED_BOUND),
        ]
    return figures


def _rate(scale: Scale) -> float:
    """Return half of the documents a second that the model can answer."""
    return scale.short_at_once / SECONDS / 2


def _late(seconds: list[float]) -> float:
    return quantiles(seconds, n=100)[-1]


async def arriving(server: Service, scale: Scale, *, long_pages: int) -> list[float]:
    """Return the seconds of documents that come at random, at half of what the model can do."""
    chance = random.Random(7)
    # At half of that rate where the other half is for long jobs, which would take all of it.
    rate = _rate(scale)
    async with AsyncClient(server.address) as client:
        await job(server, client, 1)
        async with asyncio.TaskGroup() as group:
            long = [group.create_task(job(server, client, long_pages))] if long_pages else []
            await asyncio.sleep(1.0 if long_pages else 0.0)
            ends = time.monotonic() + scale.seconds
            short = []
            while time.monotonic() < ends:
                short.append(group.create_task(job(server, client, 1)))
                await asyncio.sleep(chance.expovariate(rate))
            found = [each.whole for each in await asyncio.gather(*short)]
            for each in long:
                each.cancel()
            with suppress(asyncio.CancelledError):
                await asyncio.gather(*long)
    return found


if __name__ == "__main__":
    sys.exit(main())
