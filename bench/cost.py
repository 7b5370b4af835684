"""What the whole service costs in CPU beside the bare loop of reading and classifying."""

from __future__ import annotations

import asyncio
import json
import os
import subprocess
import sys
from dataclasses import dataclass
from statistics import median
from typing import TYPE_CHECKING

from bench.asking import classify, fresh
from bench.drawing import categories, drawn
from bench.figures import Figure, spread
from bench.service import CLASSIFIER, PARSER, ROOT
from docsort import AsyncClient

if TYPE_CHECKING:
    from bench.scale import Scale
    from bench.service import Service

MOST = 2.5


@dataclass(frozen=True, slots=True)
class Spent:
    """CPU milliseconds per page, by part of the service."""

    server: float
    parsers: float
    classifiers: float

    @property
    def whole(self) -> float:
        """All parts together."""
        return self.server + self.parsers + self.classifiers


async def measure(service: Service, scale: Scale) -> tuple[list[Figure], float]:
    """Measure both in turn; also return the pages per second of one document alone."""
    spent: list[Spent] = []
    bare: list[float] = []
    speeds: list[float] = []
    async with AsyncClient(service.address) as client:
        await classify(client, fresh(scale.pages), categories())
        for _ in range(scale.cpu_runs):
            before = _used(service)
            timing = await classify(client, fresh(scale.pages), categories())
            spent.append(_between(before, _used(service), scale.pages))
            speeds.append(scale.pages / timing.whole)
            bare.append(await asyncio.to_thread(_bare, scale.pages))
    return _figures(spent, bare), median(speeds)


def _figures(spent: list[Spent], bare: list[float]) -> list[Figure]:
    ratios = [each.whole / peer for each, peer in zip(spent, bare, strict=True)]
    whole, peer = median(each.whole for each in spent), median(bare)
    against = "bare loop ms"
    return [
        Figure("CPU per page", whole, "ms", against, peer, MOST, f"ratios {spread(ratios)}"),
        Figure("  of it the server", median(each.server for each in spent), "ms", against, peer),
        Figure("  of it parsers", median(each.parsers for each in spent), "ms", against, peer),
        Figure(
            "  of it classifiers", median(each.classifiers for each in spent), "ms", against, peer
        ),
    ]


def _used(service: Service) -> tuple[float, float, float]:
    parsers = sum(each.cpu for each in service.workers(PARSER))
    classifiers = sum(each.cpu for each in service.workers(CLASSIFIER))
    return service.process.cpu, parsers, classifiers


def _between(
    before: tuple[float, float, float], after: tuple[float, float, float], pages: int
) -> Spent:
    server, parsers, classifiers = (
        1_000 * (late - early) / pages for early, late in zip(before, after, strict=True)
    )
    return Spent(server, parsers, classifiers)


def _bare(pages: int) -> float:
    """Return the CPU milliseconds per page of the bare loop, in a process of its own."""
    paths = os.pathsep.join((str(ROOT), str(ROOT / "server"), str(ROOT / "client")))
    ran = subprocess.run(
        [sys.executable, "-m", "bench.bare", drawn(pages)],
        env={**os.environ, "PYTHONPATH": paths},
        check=True,
        capture_output=True,
        text=True,
    )
    told = json.loads(ran.stdout)
    return 1_000 * float(told["cpu"]) / int(told["pages"])
