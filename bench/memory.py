"""What documents of different length cost in memory."""

from __future__ import annotations

import asyncio
import os
import subprocess
import sys
from typing import TYPE_CHECKING

import grpc.aio

from bench.asking import classify, fresh
from bench.drawing import categories, drawn
from bench.figures import Figure
from bench.service import CLASSIFIER, PARSER, ROOT, service
from docsort import AsyncClient
from docsort.v1.job_service_pb2 import WatchJobRequest
from docsort.v1.job_service_pb2_grpc import JobServiceStub

if TYPE_CHECKING:
    from bench.processes import Process
    from bench.scale import Scale
    from bench.service import Service

_MIB = 1024 * 1024
FLAT = 1.10
# The stored results are held as bytes and as objects about them; twice is the most allowed.
STORED = 2.0
# Below so many pages, what the server allocates in larger steps hides what it stores.
_TELLING = 1_000
_MEASURED = 2
_CLASSIFIERS = "classifiers"


async def measure(scale: Scale) -> list[Figure]:
    """Measure a short and a long document, each on a server of its own."""
    with service() as server:
        short = await _peaks(server, scale.short)
    with service() as server:
        parsers = len(server.workers(PARSER))
        long = await _peaks(server, scale.long)
        growth, stored = await _growth(server, scale.long)
    walk = await asyncio.to_thread(_walk, scale.long)
    # Whoever reads PDFs by PDFium pays for the walk; all that is beyond it is ours.
    least = {kind: peak + walk * parsers for kind, peak in short.items()}
    least[_CLASSIFIERS] = short[_CLASSIFIERS]
    against = f"{scale.short} pages MiB"
    note = f"with {walk:.1f} MiB that PDFium takes to reach the last page, in each of {parsers}"
    return [
        *(
            Figure(
                f"{kind} peak, {scale.long} pages",
                long[kind],
                "MiB",
                against,
                least[kind],
                FLAT,
                "" if kind == _CLASSIFIERS else note,
            )
            for kind in short
        ),
        Figure(
            "server growth per page",
            growth,
            "KiB",
            "stored KiB",
            stored,
            STORED if scale.long >= _TELLING else None,
        ),
    ]


async def _peaks(server: Service, pages: int) -> dict[str, float]:
    parsers, classifiers = server.workers(PARSER), server.workers(CLASSIFIER)
    async with AsyncClient(server.address, upload_above=16 * _MIB) as client:
        await classify(client, fresh(pages), categories())
    return {
        "parsers": _peak(parsers),
        _CLASSIFIERS: _peak(classifiers),
        "all workers": _peak(parsers) + _peak(classifiers),
    }


def _walk(pages: int) -> float:
    """Return the MiB that PDFium alone takes to reach the last page."""
    ran = subprocess.run(
        [sys.executable, "-m", "bench.walk", drawn(pages)],
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        check=True,
        capture_output=True,
        text=True,
    )
    return max(0.0, float(ran.stdout))


def _peak(workers: list[Process]) -> float:
    """Return the sum of the workers' peaks in MiB."""
    return sum(worker.peak for worker in workers) / _MIB


async def _growth(server: Service, pages: int) -> tuple[float, float]:
    """Return KiB per page by which the server grows, and those of the results it stores.

    It has had one job as long before. What the first two allocate for good, the heap's own slack
    for one, is no result: the next two are measured.
    """
    # Within the request: uploads would stay in memory after their jobs, as they should.
    async with AsyncClient(server.address, upload_above=16 * _MIB) as client:
        await classify(client, fresh(pages), categories())
        before = server.process.resident
        for _ in range(_MEASURED):
            timing = await classify(client, fresh(pages), categories())
    growth = (server.process.resident - before) / _MEASURED
    stored = await _bytes_of(server.address, timing.job.job_id)
    return growth / 1024 / pages, stored / 1024 / pages


async def _bytes_of(address: str, job_id: str) -> int:
    """Return the bytes of a job's page results as they are sent."""
    async with grpc.aio.insecure_channel(address) as channel:
        events = JobServiceStub(channel).WatchJob(WatchJobRequest(job_id=job_id))
        return sum([each.event.page_result.ByteSize() async for each in events])
