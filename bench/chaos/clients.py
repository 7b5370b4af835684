"""The callers of a run: they submit, retry, watch and write down all that they see."""

from __future__ import annotations

import asyncio
import random
import uuid
from contextlib import AsyncExitStack, asynccontextmanager
from itertools import count
from typing import TYPE_CHECKING

import grpc.aio

from bench.chaos.documents import CATEGORIES, draw
from bench.chaos.watching import Watcher, facts_of
from docsort import AsyncClient, DocsortError, Timeouts

if TYPE_CHECKING:
    from collections.abc import AsyncGenerator, Mapping

    from bench.chaos.records import Record

# The part of the jobs that are submitted by Classify; the others by SubmitJob.
_CLASSIFIED = 0.3
_TIMEOUTS = Timeouts(connect=2.0, call=10.0)
_PAUSES = (0.05, 0.5)
_OPTIONS = (
    ("grpc.initial_reconnect_backoff_ms", 100),
    ("grpc.max_reconnect_backoff_ms", 1_000),
    ("grpc.enable_retries", 0),
)


class Clients:
    """Callers of several replicas, each with a client and a bare channel."""

    def __init__(
        self,
        clients: Mapping[str, AsyncClient],
        channels: Mapping[str, grpc.aio.Channel],
        record: Record,
        seed: int,
        stays: tuple[float, float],
    ) -> None:
        self._clients = clients
        self._channels = channels
        self._record = record
        self._seed = seed
        self._stays = stays

    @classmethod
    @asynccontextmanager
    async def of(
        cls, addresses: Mapping[str, str], record: Record, seed: int, stays: tuple[float, float]
    ) -> AsyncGenerator[Clients, None]:
        """Connect for the block; `stays` bounds the seconds that a watcher stays with a replica."""
        async with AsyncExitStack() as stack:
            clients, channels = {}, {}
            for name, address in addresses.items():
                client = AsyncClient(address, timeouts=_TIMEOUTS)
                clients[name] = await stack.enter_async_context(client)
                channel = grpc.aio.insecure_channel(address, options=_OPTIONS)
                channels[name] = await stack.enter_async_context(channel)
            yield cls(clients, channels, record, seed, stays)

    async def job(self, number: int, pages: int, after: float) -> None:
        """Make a job after so many seconds, and watch it to its end."""
        chance = random.Random(f"{self._seed}/{number}")
        request_id = str(uuid.UUID(int=chance.getrandbits(128), version=4))
        content = await asyncio.to_thread(draw, number, pages)
        await asyncio.sleep(after)
        self._record.write("asked", job=number, request_id=request_id, pages=pages)
        if chance.random() < _CLASSIFIED:
            await self._classify(number, content, request_id, chance)
        else:
            job_id = await self._submit(number, content, request_id, chance)
            await asyncio.gather(*(self._watch(number, job_id, each) for each in "ab"))

    async def survey(self, number: int, job_id: str) -> None:
        """Write down how a job stands, as any replica tells."""
        chance = random.Random(f"{self._seed}/{number}/survey")
        while True:
            replica = chance.choice(sorted(self._clients))
            try:
                job = await self._clients[replica].get_job(job_id)
            except DocsortError as error:
                self._record.write("lost", job=number, replica=replica, reason=str(error.reason))
                await asyncio.sleep(chance.uniform(*_PAUSES))
            else:
                self._record.write("found", job=number, replica=replica, status=str(job.status))
                return

    async def list(self) -> None:
        """Write down which jobs each replica lists."""
        for name, client in self._clients.items():
            found = {job.job_id: str(job.status) async for job in client.list_jobs()}
            self._record.write("listed", replica=name, jobs=found)

    async def _submit(
        self, number: int, content: bytes, request_id: str, chance: random.Random
    ) -> str:
        while True:
            replica = chance.choice(sorted(self._clients))
            client = self._clients[replica]
            try:
                told = await client.submit(content, CATEGORIES, request_id=request_id)
            except DocsortError as error:
                self._refused(number, replica, error)
                await asyncio.sleep(chance.uniform(*_PAUSES))
            else:
                self._record.write("accepted", job=number, job_id=told.job_id, replica=replica)
                return told.job_id

    async def _classify(
        self, number: int, content: bytes, request_id: str, chance: random.Random
    ) -> None:
        """Classify with the client, which resumes by itself; a second watcher sees the same."""
        job_id: asyncio.Future[str] = asyncio.get_running_loop().create_future()
        async with asyncio.TaskGroup() as group:
            group.create_task(self._follow(number, job_id))
            for call in count(1):
                replica = chance.choice(sorted(self._clients))
                watch = {"watcher": f"{number:03}-classify-{call}", "job": number, "call": call}
                self._record.write("watch", **watch, replica=replica, after=0)
                events = self._clients[replica].stream(content, CATEGORIES, request_id=request_id)
                try:
                    async for event in events:
                        self._record.write("event", **watch, **facts_of(event))
                        if not job_id.done():
                            job_id.set_result(event.job_id)
                except DocsortError as error:
                    self._refused(number, replica, error)
                    await asyncio.sleep(chance.uniform(*_PAUSES))
                else:
                    return

    async def _follow(self, number: int, coming: asyncio.Future[str]) -> None:
        job_id = await coming
        self._record.write("accepted", job=number, job_id=job_id)
        await self._watch(number, job_id, "a")

    def _refused(self, number: int, replica: str, error: DocsortError) -> None:
        code = error.code.name if error.code else ""
        self._record.write(
            "refused", job=number, replica=replica, status=code, reason=str(error.reason)
        )

    async def _watch(self, number: int, job_id: str, name: str) -> None:
        name = f"{number:03}-{name}"
        chance = random.Random(f"{self._seed}/{name}")
        watcher = Watcher(name, number, self._channels, self._record, chance, self._stays)
        await watcher.run(job_id)
