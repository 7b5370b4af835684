"""Who is killed when: drawn by the seed, written down as it happens."""

from __future__ import annotations

import asyncio
import signal
import time
from contextlib import suppress
from dataclasses import dataclass
from itertools import islice
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import random
    from collections.abc import Iterator, Sequence

    from bench.chaos.nodes import Nodes
    from bench.chaos.records import Record
    from bench.chaos.victims import Victim

# A docsort process is killed, or the whole engine, or its leader; or the leader stands still.
SERVER, ENGINE, LEADER, FREEZE = "server", "engine", "leader", "freeze"
SINGLE = (SERVER, ENGINE)
CLUSTER = (SERVER, LEADER, FREEZE, LEADER, ENGINE)
# Seconds for which the leader of a cluster stands still.
FROZEN = 30.0


@dataclass(frozen=True, slots=True)
class Plan:
    """What is done, `every` so many seconds, at most `most` times; each kind is drawn.

    In `rounds` every kind comes once before any comes again, and the engine is back before the
    next one: a cluster takes seconds to elect a leader.
    """

    kinds: Sequence[str]
    every: float
    most: int | None = None
    rounds: bool = False

    def draw(self, chance: random.Random) -> Iterator[str]:
        """Yield what to do next."""
        while True:
            if self.rounds:
                yield from chance.sample(self.kinds, len(self.kinds))
            else:
                yield chance.choice(self.kinds)


class Killer:
    """Kill servers and engines and start them again."""

    def __init__(
        self, servers: Sequence[Victim], nodes: Nodes, record: Record, chance: random.Random
    ) -> None:
        self._servers = servers
        self._nodes = nodes
        self._record = record
        self._chance = chance
        self._stopping = asyncio.Event()
        self._returning: asyncio.Task[None] | None = None

    async def run(self, plan: Plan) -> None:
        """Do what the plan says until told to stop; what was killed last is back then."""
        for kind in islice(plan.draw(self._chance), plan.most):
            if await self._stopped(plan.every):
                break
            await self._do(kind)
            if plan.rounds:
                await self._back()
        await self._back()

    async def _back(self) -> None:
        if self._returning:
            await self._returning

    def stop(self) -> None:
        """Let `run` come to its end."""
        self._stopping.set()

    async def _stopped(self, seconds: float) -> bool:
        """Wait so long, or until told to stop."""
        with suppress(TimeoutError):
            async with asyncio.timeout(seconds):
                await self._stopping.wait()
        return self._stopping.is_set()

    async def _do(self, kind: str) -> None:
        match kind:
            case "server":
                await self._kill(kind, self._chance.choice(self._servers))
            case "leader":
                await self._kill(kind, await self._leader())
            case "freeze":
                await self._freeze(await self._leader())
            case _:
                await self._kill(kind, *self._nodes.victims.values())

    async def _leader(self) -> Victim:
        return self._nodes.victims[await self._nodes.back()]

    async def _kill(self, kind: str, *victims: Victim) -> None:
        since = time.time()
        await asyncio.gather(*(victim.kill() for victim in victims))
        names = [victim.name for victim in victims]
        self._record.write("kill", kind=kind, victims=names, since=since)
        for victim in victims:
            await victim.start()
        if kind != SERVER:
            self._expect_return()

    async def _freeze(self, victim: Victim) -> None:
        self._record.write("kill", kind=FREEZE, victims=[victim.name], since=time.time())
        victim.signal(signal.SIGSTOP)
        self._expect_return()
        await self._stopped(FROZEN)
        victim.signal(signal.SIGCONT)
        # It takes itself for the leader until its peers tell it, and hands out tasks once more.
        self._record.write("kill", kind="thaw", victims=[victim.name], since=time.time())

    def _expect_return(self) -> None:
        if self._returning is None or self._returning.done():
            self._returning = asyncio.create_task(self._return())

    async def _return(self) -> None:
        await self._nodes.back()
        self._record.write("back")
