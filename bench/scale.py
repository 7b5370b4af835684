"""How large a run of the benchmarks is."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Scale:
    """Sizes of documents in pages, repetitions, and streams held open at a time."""

    pages: int = 350
    short: int = 20
    long: int = 2_000
    runs: int = 15
    cpu_runs: int = 5
    streams: int = 200
    job_pages: int = 5
    rates: tuple[int, ...] = (30, 100)
    rate_seconds: float = 10.0
    jobs: int = 100
    job_runs: int = 3
    idle: int = 1_000
    idle_seconds: float = 20.0
    losses: int = 3
    syncs: tuple[str, ...] = ("100ms", "always")
    upload_mib: tuple[int, ...] = (50, 100)
    upload_runs: int = 7


FULL = Scale()
QUICK = Scale(
    pages=24,
    short=5,
    long=32,
    runs=1,
    cpu_runs=1,
    streams=4,
    job_pages=1,
    rates=(100,),
    rate_seconds=0.3,
    jobs=2,
    job_runs=1,
    idle=4,
    idle_seconds=0.3,
    losses=0,
    syncs=("100ms",),
    upload_mib=(1,),
    upload_runs=1,
)
