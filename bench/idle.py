"""What watchers cost that wait for a job which does nothing."""

from __future__ import annotations

import asyncio
from contextlib import AsyncExitStack
from typing import TYPE_CHECKING

from bench.events import CATEGORIES
from bench.figures import Figure
from bench.free_server import document
from bench.service import service
from bench.streams import STREAMS_PER_CHANNEL, WATCH, own_channel
from docsort import AsyncClient
from docsort.v1.job_service_pb2 import WatchJobRequest

if TYPE_CHECKING:
    import grpc.aio

    from bench.scale import Scale
    from bench.service import Service

MINUTE_MS = 60_000.0
_LONG = 3_600.0


async def measure(scale: Scale) -> list[Figure]:
    """Hold many streams open: half on one job, half on jobs of their own."""
    settings = {"store": "jetstream", "sync": "100ms", "max_jobs": scale.idle + 10}
    with service("bench.free_server", **settings) as server:
        async with AsyncClient(server.address) as client, AsyncExitStack() as stack:
            shared = await _idle_job(client, "shared")
            half = scale.idle // 2
            own = [await _idle_job(client, str(number)) for number in range(scale.idle - half)]
            await asyncio.sleep(1.0)
            before, nats = server.process.resident, _nats_bytes(server)
            calls: list[grpc.aio.UnaryStreamMultiCallable[bytes, bytes]] = [
                (await stack.enter_async_context(own_channel(server.address))).unary_stream(WATCH)
                for _ in range(0, scale.idle, STREAMS_PER_CHANNEL)
            ]
            watching = [
                await _watch(calls[number % len(calls)], job)
                for number, job in enumerate([shared] * half + own)
            ]
            grown = server.process.resident - before
            nats_grown = _nats_bytes(server) - nats
            cpu = await _cpu_of(server, scale.idle_seconds)
            for call in watching:
                call.cancel()
    name, each = f"{scale.idle} idle watchers", 1024 * scale.idle
    used = 1_000 * 60 * cpu / scale.idle_seconds
    note = "CPU ms a minute, leases and heartbeats included, over one core"
    return [
        Figure(f"{name}: server memory each", grown / each, "KiB", "nats KiB", nats_grown / each),
        Figure(f"{name}: server CPU", used, "ms/min", "core ms/min", MINUTE_MS, None, note),
    ]


async def _idle_job(client: AsyncClient, salt: str) -> str:
    content = document(2, _LONG, salt)
    return (await client.submit(content, CATEGORIES)).job_id


async def _watch(
    call: grpc.aio.UnaryStreamMultiCallable[bytes, bytes], job_id: str
) -> grpc.aio.UnaryStreamCall[bytes, bytes]:
    """Open a stream and take its first event."""
    stream = call(WatchJobRequest(job_id=job_id).SerializeToString())
    await stream.read()
    return stream


async def _cpu_of(server: Service, seconds: float) -> float:
    """Return the CPU seconds that the server and its nats-server use meanwhile."""
    processes = [server.process, *([server.nats] if server.nats else [])]
    before = sum(process.cpu for process in processes)
    await asyncio.sleep(seconds)
    return sum(process.cpu for process in processes) - before


def _nats_bytes(server: Service) -> int:
    return server.nats.resident if server.nats else 0
