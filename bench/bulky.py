"""What one very large document costs: time to its first page, and memory while it is read.

    python bench/bulky.py [--mib 100] [--pages 2000] [--runs 5] [--store jetstream]

The document holds a picture and some text on every page. It is uploaded first, so that no time is
the network's. The first page of the whole is held against the same of a job that asks for that
page alone, in turns, each on a copy that the server has not seen. Memory is what the server, its
workers and its nats-server hold beyond what they held at rest, memory files counted once.
"""

from __future__ import annotations

import argparse
import asyncio
import random
import sys
import time
from contextlib import aclosing, suppress
from pathlib import Path
from statistics import median
from typing import TYPE_CHECKING

from PIL import Image
from reportlab.lib.pagesizes import A4
from reportlab.lib.utils import ImageReader
from reportlab.pdfgen.canvas import Canvas

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from bench.drawing import KINDS, categories, write
from bench.figures import Figure, spread, table
from bench.holding import held
from bench.service import ROOT, end_cleanly, service
from docsort import AsyncClient, OverloadedError, PageFinished

if TYPE_CHECKING:
    from bench.service import Service
    from docsort import UploadedDocument

MIB = 1024 * 1024
FIRST_PAGE = 1.5
MEMORY = 1.3
_SAMPLE = 0.05
_VERSION = 2
# How many such documents the setting under test admits.
_ADMITTED = 2


async def measure(mib: int, pages: int, runs: int, store: str) -> list[Figure]:
    """Measure on a server of its own that admits two such documents."""
    content = bulky(mib, pages).read_bytes()
    size = len(content)
    sizes = {"max_document_bytes": 2 * size, "max_jobs_bytes": _ADMITTED * size + MIB}
    with service("docsort_server", store=store, max_pages=pages, **sizes) as server:
        async with AsyncClient(server.address) as client:
            await _first_page(client, await _stored(client, content))
            whole, alone = [], []
            for _ in range(runs):
                alone.append(await _first_page(client, await _stored(client, content), pages="1"))
                whole.append(await _first_page(client, await _stored(client, content)))
            copies = [await _stored(client, content) for _ in range(_ADMITTED + 1)]
            peak = await _peak(server, client, copies[:_ADMITTED])
            admitted = await _admitted(client, copies)
    name = f"{size / MIB:.0f} MiB, {pages} pages"
    return [
        Figure(
            f"first page of {name}",
            1_000 * median(whole),
            "ms",
            "asked for alone, ms",
            1_000 * median(alone),
            FIRST_PAGE,
            f"ratios {spread([a / b for a, b in zip(whole, alone, strict=True)])}",
        ),
        Figure(
            f"memory of {_ADMITTED} times {name}",
            peak / MIB,
            "MiB",
            "documents MiB",
            _ADMITTED * size / MIB,
            MEMORY,
        ),
        Figure("documents admitted at a time", admitted, "", "setting", _ADMITTED, 1.0),
    ]


def bulky(mib: int, pages: int) -> Path:
    """Return a PDF of about so many MiB, drawn before or now."""
    path = ROOT / "build" / "bench" / f"bulky-{mib}-{pages}-v{_VERSION}.pdf"
    if path.exists():
        return path
    path.parent.mkdir(parents=True, exist_ok=True)
    canvas = Canvas(str(path.with_suffix(".new")), pagesize=A4, pageCompression=0, invariant=1)
    chance = random.Random(1)
    kinds = list(KINDS.values())
    # Noise does not compress: three bytes a pixel, and a quarter more as text; less the rest.
    side = int(((mib * MIB / pages - 4_096) / 3.75) ** 0.5)
    for number in range(pages):
        noise = Image.frombytes("RGB", (side, side), chance.randbytes(3 * side * side))
        canvas.drawImage(ImageReader(noise), 400, 40, 120, 120)
        write(canvas, kinds[number // 3 % len(kinds)](chance, number + 1))
    canvas.save()
    path.with_suffix(".new").rename(path)
    return path


async def _stored(client: AsyncClient, content: bytes) -> UploadedDocument:
    """Upload a copy that the server has not seen."""
    return await client.upload(content + b"\n%% copy %d\n" % time.time_ns())


async def _first_page(
    client: AsyncClient, document: UploadedDocument, pages: str | None = None
) -> float:
    """Return the seconds to the first page's result; the rest of the job is cancelled."""
    started = time.monotonic()
    async with aclosing(client.stream(document, categories(), pages=pages)) as events:
        async for event in events:
            if isinstance(event, PageFinished):
                seconds = time.monotonic() - started
                break
        else:
            raise RuntimeError("the stream ended without a page")
    await client.delete_document(document.document_id)
    return seconds


async def _peak(server: Service, client: AsyncClient, documents: list[UploadedDocument]) -> int:
    """Return the most bytes held beyond those at rest while documents are classified at a time."""
    await asyncio.sleep(1.0)
    rest = most = held(server.process)
    jobs = [client.classify(document, categories()) for document in documents]
    running = asyncio.gather(*jobs)
    while not running.done():
        most = max(most, await asyncio.to_thread(held, server.process))
        await asyncio.sleep(_SAMPLE)
    await running
    return most - rest


async def _admitted(client: AsyncClient, documents: list[UploadedDocument]) -> int:
    """Submit all documents at once; return how many jobs were taken on."""
    jobs = []
    with suppress(OverloadedError):
        for document in documents:
            jobs.append((await client.submit(document, categories())).job_id)  # noqa: PERF401
    for job_id in jobs:
        await client.cancel_job(job_id)
    return len(jobs)


def main() -> int:
    """Measure what the arguments say; 1 where a bound is missed."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--mib", type=int, default=100)
    parser.add_argument("--pages", type=int, default=2_000)
    parser.add_argument("--runs", type=int, default=5)
    parser.add_argument("--store", choices=("jetstream", "memory"), default="jetstream")
    asked = parser.parse_args()
    end_cleanly()
    found = asyncio.run(measure(asked.mib, asked.pages, asked.runs, asked.store))
    print(table(found))
    return 1 if any(each.verdict == "MISSED" for each in found) else 0


if __name__ == "__main__":
    raise SystemExit(main())
