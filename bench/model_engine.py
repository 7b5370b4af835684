"""Measure the model engine alone: how near it keeps a backend to its limit, and what that costs.

    python bench/model_engine.py [--runs 10] [--quick] [--json FILE]

The backend is a process of its own on the loopback that takes 200 ms a call. Nothing else of the
service runs: no document is read and no job is kept.
"""

from __future__ import annotations

import argparse
import asyncio
import os
import subprocess
import sys
import time
from contextlib import asynccontextmanager, contextmanager
from dataclasses import dataclass
from math import ceil
from pathlib import Path
from statistics import median
from typing import TYPE_CHECKING

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

import aiohttp

from bench.figures import Figure, save, spread, table
from bench.processes import Process
from docsort_server.documents.model import PageContent
from docsort_server.engine.model import Category, Question, Turn
from docsort_server.engine.openai.backend import Backend
from docsort_server.engine.openai.engine import OpenAIEngine
from docsort_server.faults import Fault

if TYPE_CHECKING:
    from collections.abc import AsyncGenerator, Iterator

ROOT = Path(__file__).resolve().parent.parent
SECONDS = 0.2
UNBOUNDED = 10_000
NARROW = 24
WIDE = 100
# The first seconds of a narrow backend are spent on finding out how narrow it is.
SETTLING = 5.0
QUESTION = Question((Category("Invoice", "asks for payment"), Category("Contract")))
TEXT = "\n".join(f"Line {line}: goods and services as agreed, 12.50" for line in range(120))


@dataclass(frozen=True, slots=True)
class Scale:
    """How much is measured."""

    runs: int
    pages: tuple[tuple[int, int, float], ...]
    narrow_seconds: float
    crowd: int


FULL = Scale(10, ((50, 8, 1.05), (50, 32, 1.15), (352, 8, 1.05), (352, 32, 1.10)), 20.0, 500)
QUICK = Scale(2, ((16, 8, 1.5),), 1.0, 50)


def main() -> int:
    """Measure, print and save; return 1 where a bound is missed."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--quick", action="store_true", help="little of everything")
    parser.add_argument("--runs", type=int, help="repetitions of each number of pages")
    parser.add_argument("--json", type=Path, default=ROOT / "build/model_engine.json")
    given = parser.parse_args()
    scale = QUICK if given.quick else FULL
    started = time.monotonic()
    found = asyncio.run(measure(scale, given.runs or scale.runs))
    print(table(found))
    save(found, given.json, time.monotonic() - started)
    return int(not given.quick and any(figure.verdict == "MISSED" for figure in found))


async def measure(scale: Scale, runs: int) -> list[Figure]:
    """Take all figures; memory first, while none of it is free for reuse."""
    found = [await _memory(scale.crowd)]
    for terms in scale.pages:
        found += await _pages(*terms, runs)
    found += await _narrow(scale.narrow_seconds)
    found.append(await _cpu(scale.crowd))
    return found


async def _pages(pages: int, at_once: int, bound: float, runs: int) -> list[Figure]:
    """Time a document's pages, first call to last answer, beside a bare loop in turn."""
    took, bare = [], []
    with backend(SECONDS) as port:
        async with engine_at(port, at_once) as engine, aiohttp.ClientSession() as session:
            for _ in range(runs):
                bare.append(await _bare(session, port, pages, at_once))
                started = time.perf_counter()
                await asyncio.gather(*(_classify(engine, number) for number in range(pages)))
                took.append(time.perf_counter() - started)
    least = ceil(pages / at_once) * SECONDS
    name = f"{pages} pages, {at_once} at once"
    note, others = (spread([each / least for each in times]) for times in (took, bare))
    return [
        Figure(name, median(took), "s", "limit s", least, bound, note),
        Figure(f"{name}, beside a bare loop", median(took), "s", "s", median(bare), None, others),
    ]


async def _bare(session: aiohttp.ClientSession, port: int, pages: int, at_once: int) -> float:
    """Time as many requests of the same size with nothing around them."""
    gate = asyncio.Semaphore(at_once)

    async def call() -> None:
        async with gate, session.post(f"http://127.0.0.1:{port}/", json={"text": TEXT}) as reply:
            await reply.read()

    started = time.perf_counter()
    await asyncio.gather(*(call() for _ in range(pages)))
    return time.perf_counter() - started


async def _narrow(seconds: float) -> list[Figure]:
    """Keep a backend busy that refuses what is above its capacity, beside one known to."""
    rate, failed, ended = await _rate(WIDE, seconds)
    known, *_ = await _rate(NARROW, seconds)
    name = f"{NARROW} of {WIDE} at once taken"
    capacity = NARROW / SECONDS
    return [
        Figure(f"{name}: seconds for those of", capacity / rate, "s", "capacity s", 1, 1 / 0.85),
        Figure(f"{name}: beside a known limit", known / rate, "s", "s", 1.0),
        Figure(f"{name}: failed pages", failed, "", "of", ended, 0.0),
    ]


async def _rate(window: int, seconds: float) -> tuple[float, int, int]:
    """Return answers a second after the settling, failures, and answers in all."""
    loop = asyncio.get_running_loop()
    ended: list[float] = []
    failed = 0

    async def work(engine: OpenAIEngine, until: float) -> None:
        nonlocal failed
        while loop.time() < until:
            try:
                await _classify(engine, len(ended))
            except Fault:
                failed += 1
            ended.append(loop.time())

    with backend(SECONDS, NARROW) as port:
        async with engine_at(port, window) as engine:
            start = loop.time()
            until = start + SETTLING + seconds
            await asyncio.gather(*(work(engine, until) for _ in range(2 * WIDE)))
    counted = [each for each in ended if start + SETTLING <= each < until]
    return len(counted) / seconds, failed, len(ended)


async def _cpu(crowd: int) -> Figure:
    """Return the processor time of a call in this process."""
    calls = 10 * crowd
    with backend(SECONDS) as port:
        async with engine_at(port, 100) as engine:
            await asyncio.gather(*(_classify(engine, number) for number in range(crowd)))
            before = time.process_time()
            await asyncio.gather(*(_classify(engine, number) for number in range(calls)))
            used = 1_000 * (time.process_time() - before) / calls
    return Figure("CPU of a page, 100 at once", used, "ms", "goal ms", 5.0, 1.0)


async def _memory(crowd: int) -> Figure:
    """Return what calls in flight add to this process."""
    process = Process(os.getpid())
    with backend(3.0) as port:
        async with engine_at(port, crowd) as engine:
            await _classify(engine, 0)
            before = process.resident
            calls = [asyncio.create_task(_classify(engine, number)) for number in range(crowd)]
            await asyncio.sleep(2.0)
            grown = (process.resident - before) / 1024 / 1024
            await asyncio.gather(*calls)
    return Figure(f"{crowd} calls in flight", grown, "MiB", "goal MiB", 60.0, 1.0)


async def _classify(engine: OpenAIEngine, number: int) -> None:
    page = PageContent(number, f"{number}\n{TEXT}", 595.0, 842.0, 960, 0, 0, 0.0)
    verdict = await engine.classify(page, QUESTION, Turn(number % 3))
    assert len(verdict.scores) == len(QUESTION.categories)


@contextmanager
def backend(seconds: float, at_once: int = UNBOUNDED) -> Iterator[int]:
    """Run the slow model and yield its port."""
    with model("slow_model", seconds, at_once) as port:
        yield port


@contextmanager
def model(name: str, *arguments: float) -> Iterator[int]:
    """Run one of the models of this folder and yield its port."""
    command = [sys.executable, "-m", f"bench.{name}", *map(str, arguments)]
    with subprocess.Popen(
        command, cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as process:
        assert process.stdout is not None
        yield int(process.stdout.readline())
        process.terminate()


@asynccontextmanager
async def engine_at(port: int, at_once: int) -> AsyncGenerator[OpenAIEngine, None]:
    """Run an engine for the slow model."""
    url = f"http://127.0.0.1:{port}/v1"
    engine = OpenAIEngine(Backend("slow", url, "slow", max_concurrency=at_once))
    try:
        yield engine
    finally:
        await engine.close()


if __name__ == "__main__":
    sys.exit(main())
