"""Many streams at a time: how fast events flow, and what a stream costs."""

from __future__ import annotations

import asyncio
import json
import os
import subprocess
import sys
import time
from contextlib import AsyncExitStack, asynccontextmanager, contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING

import grpc.aio

from bench.asking import classify, fresh
from bench.drawing import categories
from bench.figures import Figure
from bench.peer import METHOD
from bench.processes import Process
from bench.service import ROOT, service
from docsort import Accepted, AsyncClient
from docsort.v1.job_service_pb2 import WatchJobRequest

if TYPE_CHECKING:
    from collections.abc import AsyncGenerator, Iterator

    from bench.scale import Scale

WATCH = "/docsort.v1.JobService/WatchJob"
# The server takes 100 streams on a connection.
STREAMS_PER_CHANNEL = 50


@dataclass(frozen=True, slots=True)
class Flow:
    """What many streams got together, and what that cost their server.

    `memory` is the most bytes that the server grew by meanwhile, `cpu` its CPU seconds.
    """

    streams: int
    events: int
    size: int
    seconds: float
    cpu: float
    memory: int

    @property
    def rate(self) -> float:
        """Events per second over all streams."""
        return self.events / self.seconds

    @property
    def cpu_us(self) -> float:
        """CPU microseconds of the server per event."""
        return 1e6 * self.cpu / self.events

    @property
    def kib(self) -> float:
        """KiB of the server per stream."""
        return self.memory / 1024 / self.streams


async def measure(scale: Scale, alone: float) -> list[Figure]:
    """Measure on a server of its own; `alone` is the pages per second of a single document."""
    with service() as server:
        async with AsyncClient(server.address) as client:
            await classify(client, fresh(scale.pages), categories())
        watched = await _watched(server.address, server.process, scale)
        pages, kib, seconds = await _many_jobs(server.address, server.process, scale)
    with _peer() as (address, process):
        request = json.dumps([2, watched.size]).encode()
        await _flow(address, process, METHOD, request, scale.streams)
        request = json.dumps([watched.events // watched.streams, watched.size]).encode()
        peer = await _flow(address, process, METHOD, request, scale.streams)
    return [
        *_of_watchers(watched, peer),
        Figure(
            f"pages/s, {scale.streams} jobs at once",
            pages / seconds,
            "1/s",
            "one document 1/s",
            alone,
            note=f"{scale.job_pages} pages each, all done in {seconds:.2f} s; more is better",
        ),
        Figure("server per job stream", kib, "KiB", "bare gRPC KiB", peer.kib),
    ]


def _of_watchers(watched: Flow, peer: Flow) -> list[Figure]:
    note = f"{watched.events} events of {watched.size} bytes in {watched.seconds:.2f} s"
    name = f"{watched.streams} watchers"
    return [
        Figure(
            f"events/s, {name} of one running job",
            watched.rate,
            "1/s",
            "bare gRPC 1/s",
            peer.rate,
            note=f"{note}; more is better",
        ),
        Figure("server CPU per event", watched.cpu_us, "us", "bare gRPC us", peer.cpu_us),
        Figure("server per watcher", watched.kib, "KiB", "bare gRPC KiB", peer.kib),
    ]


async def _watched(address: str, process: Process, scale: Scale) -> Flow:
    """Watch one running job with all streams, from its first event to its last."""
    async with AsyncClient(address) as client:
        events = client.stream(fresh(scale.pages), categories())
        accepted = await anext(events)
        assert isinstance(accepted, Accepted)
        request = WatchJobRequest(job_id=accepted.job_id).SerializeToString()
        flow = await _flow(address, process, WATCH, request, scale.streams)
        async for _ in events:
            pass
    return flow


async def _many_jobs(address: str, process: Process, scale: Scale) -> tuple[int, float, float]:
    """Classify on all streams; return pages, KiB per stream and seconds."""
    documents = [fresh(scale.job_pages) for _ in range(scale.streams)]
    before = process.resident
    process.forget_peak()
    async with AsyncExitStack() as stack:
        clients = [
            await stack.enter_async_context(_own_client(address))
            for _ in range(0, scale.streams, STREAMS_PER_CHANNEL)
        ]
        started = time.monotonic()
        await asyncio.gather(
            *(
                classify(clients[number % len(clients)], content, categories())
                for number, content in enumerate(documents)
            )
        )
        seconds = time.monotonic() - started
    kib = (process.peak - before) / 1024 / scale.streams
    return scale.streams * scale.job_pages, kib, seconds


async def _flow(address: str, process: Process, method: str, request: bytes, streams: int) -> Flow:
    """Open the streams on a few connections and take all that comes."""
    before, cpu = process.resident, process.cpu
    process.forget_peak()
    async with AsyncExitStack() as stack:
        calls: list[grpc.aio.UnaryStreamMultiCallable[bytes, bytes]] = [
            (await stack.enter_async_context(own_channel(address))).unary_stream(method)
            for _ in range(0, streams, STREAMS_PER_CHANNEL)
        ]
        started = time.monotonic()
        taken = await asyncio.gather(
            *(_take(calls[number % len(calls)](request)) for number in range(streams))
        )
        seconds = time.monotonic() - started
    events = sum(count for count, _ in taken)
    size = sum(length for _, length in taken) // events
    return Flow(streams, events, size, seconds, process.cpu - cpu, process.peak - before)


async def _take(call: grpc.aio.UnaryStreamCall[bytes, bytes]) -> tuple[int, int]:
    count = size = 0
    async for message in call:
        count += 1
        size += len(message)
    return count, size


@asynccontextmanager
async def own_channel(address: str) -> AsyncGenerator[grpc.aio.Channel, None]:
    """Open a channel with a connection that no other channel shares."""
    options = (("grpc.use_local_subchannel_pool", 1),)
    async with grpc.aio.insecure_channel(address, options=options) as channel:
        await channel.channel_ready()
        yield channel


@asynccontextmanager
async def _own_client(address: str) -> AsyncGenerator[AsyncClient, None]:
    async with own_channel(address) as channel, AsyncClient(address, channel=channel) as client:
        yield client


@contextmanager
def _peer() -> Iterator[tuple[str, Process]]:
    process = subprocess.Popen(
        [sys.executable, "-m", "bench.peer"],
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    assert process.stdout is not None
    with process:
        yield process.stdout.readline().strip(), Process(process.pid)
        process.terminate()
