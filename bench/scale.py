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
    upload_mib: tuple[int, ...] = (50, 100)
    upload_runs: int = 7


FULL = Scale()
QUICK = Scale(
    pages=48,
    short=10,
    long=64,
    runs=2,
    cpu_runs=1,
    streams=10,
    job_pages=1,
    upload_mib=(2,),
    upload_runs=1,
)
