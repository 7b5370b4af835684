"""Measure latency, CPU, memory and streams of a server of its own, on this machine.

    make bench    or    python bench/run.py [--quick] [--output FILE]

Every figure stands beside a limit or beside a peer measured in the same run. Ends with 1 where
a bound is missed.
"""

from __future__ import annotations

import argparse
import asyncio
import sys
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from bench import (
    cost,
    events,
    failover,
    figures,
    idle,
    latency,
    memory,
    streams,
    throughput,
    upload,
)
from bench.drawing import drawn
from bench.scale import FULL, QUICK, Scale
from bench.service import ROOT, end_cleanly, service


async def measure(scale: Scale) -> list[figures.Figure]:
    """Take all figures, telling what is being measured."""
    told("drawing documents")
    for pages in (scale.pages, scale.short, scale.long, scale.job_pages):
        drawn(pages)
    with service() as server:
        told("first page and cancel")
        found = await latency.measure(server, scale)
        told("CPU beside the bare loop")
        costs, alone = await cost.measure(server, scale)
    told("memory")
    found += costs + await memory.measure(scale)
    told("streams")
    found += await streams.measure(scale, alone)
    for part in (events, throughput, idle, failover, upload):
        told(f"the job engine: {part.__name__.rpartition('.')[2]}")
        found += await part.measure(scale)
    return found


def told(what: str) -> None:
    """Say what goes on."""
    print(f"... {what}", file=sys.stderr, flush=True)


def main() -> int:
    """Parse the arguments, measure, print and save."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--quick", action="store_true", help="small documents, few repetitions")
    parser.add_argument("--output", type=Path, default=ROOT / "build" / "bench.json")
    arguments = parser.parse_args()
    end_cleanly()
    started = time.monotonic()
    found = asyncio.run(measure(QUICK if arguments.quick else FULL))
    seconds = time.monotonic() - started
    print(figures.table(found))
    figures.save(found, arguments.output, seconds)
    print(f"\n{seconds:.0f} s; written to {arguments.output}")
    return 1 if any(each.verdict == "MISSED" for each in found) else 0


if __name__ == "__main__":
    raise SystemExit(main())
