"""How long an upload takes beside a bare gRPC server that only hashes the same bytes.

    make bench    or    python bench/upload.py [--mib 50 100] [--runs 7] [--sync always 100ms]

All servers get the same messages from the same sender, in turns: ours, the bare one, and one that
also writes what it is sent to a file, which tells how much of the time is the disk's.
"""

from __future__ import annotations

import argparse
import asyncio
import hashlib
import os
import subprocess
import sys
import time
from contextlib import contextmanager
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING

import grpc.aio

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from bench.figures import Figure, spread, table
from bench.service import ROOT, end_cleanly, service
from docsort.v1.document_service_pb2 import UploadDocumentRequest, UploadHeader
from docsort.v1.document_service_pb2_grpc import DocumentServiceStub

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Iterator

    from bench.scale import Scale

MIB = 1024 * 1024
CHUNK = 960 * 1024
BOUND = 2.0
SYNCS = ("always", "100ms")


async def measure(scale: Scale) -> list[Figure]:
    """Measure every size with every way to force writes to disk, each on a server of its own."""
    found: list[Figure] = []
    for sync in scale.syncs:
        with (
            service(store="jetstream", sync=sync) as server,
            _peer() as bare,
            TemporaryDirectory(prefix="docsort-bench-") as folder,
            _peer(folder, sync) as keeping,
        ):
            places = (server.address, bare, keeping)
            found += [
                await _figure(places, mib, scale.upload_runs, sync) for mib in scale.upload_mib
            ]
    return found


async def _figure(places: tuple[str, str, str], mib: int, runs: int, sync: str) -> Figure:
    """Measure our server beside the bare one, and beside the one that keeps a file."""
    taken = []
    for _ in range(runs + 1):
        content = os.urandom(MIB) * mib
        taken.append([await _seconds(place, content) for place in places])
    # The first round warms all up.
    ours, theirs, kept = zip(*taken[1:], strict=True)
    ratios = [mine / other for mine, other in zip(ours, theirs, strict=True)]
    beside = median(mine / other for mine, other in zip(ours, kept, strict=True))
    note = f"ratio {spread(ratios)}; {mib / median(ours):.0f} MiB/s; {beside:.2f} beside a file"
    return Figure(
        f"upload of {mib} MiB, sync {sync}",
        1000 * median(theirs) * median(ratios),
        "ms",
        "bare gRPC ms",
        1000 * median(theirs),
        BOUND,
        note,
    )


async def _seconds(address: str, content: bytes) -> float:
    """Upload a document that the server does not know; return how long that took."""
    start = b"%%PDF-1.7 %d\n" % time.time_ns()
    content = start + content[len(start) :]
    digest = hashlib.sha256(content).hexdigest()
    options = (("grpc.use_local_subchannel_pool", 1),)
    async with grpc.aio.insecure_channel(address, options=options) as channel:
        await channel.channel_ready()
        started = time.monotonic()
        answer = await DocumentServiceStub(channel).UploadDocument(_parts(content))
        seconds = time.monotonic() - started
    if answer.document.document_id != digest:
        raise RuntimeError("the document has not arrived")
    return seconds


async def _parts(content: bytes) -> AsyncIterator[UploadDocumentRequest]:
    yield UploadDocumentRequest(header=UploadHeader(size_bytes=len(content)))
    view = memoryview(content)
    for start in range(0, len(content), CHUNK):
        yield UploadDocumentRequest(chunk=bytes(view[start : start + CHUNK]))


@contextmanager
def _peer(*arguments: str) -> Iterator[str]:
    process = subprocess.Popen(
        [sys.executable, "-m", "bench.upload_peer", *arguments],
        env={**os.environ, "PYTHONPATH": f"{ROOT}:{ROOT / 'client'}"},
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    assert process.stdout is not None
    with process:
        yield process.stdout.readline().strip()
        process.terminate()


def main() -> None:
    """Measure what the arguments say."""
    from bench.scale import Scale  # noqa: PLC0415

    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--mib", type=int, nargs="+", default=[50, 100])
    parser.add_argument("--runs", type=int, default=7)
    parser.add_argument("--sync", nargs="+", default=SYNCS)
    arguments = parser.parse_args()
    end_cleanly()
    scale = Scale(
        upload_mib=tuple(arguments.mib), upload_runs=arguments.runs, syncs=tuple(arguments.sync)
    )
    print(table(asyncio.run(measure(scale))))


if __name__ == "__main__":
    main()
