"""Requests and tokens per minute that several processes draw from one bucket."""

from __future__ import annotations

import asyncio
import json
import time
from typing import TYPE_CHECKING, Protocol

from docsort_server.engine.openai.allowance import BURST, MINUTE

if TYPE_CHECKING:
    from collections.abc import Callable

    from docsort_server.engine.openai.backend import Backend

# A process takes what it needs, or what comes in such a time (in seconds) where that is more: so it
# asks the store a few times a second at most, and a process that is killed takes little with it.
_PORTION = 0.25


class Cell(Protocol):
    """A small value that processes share."""

    async def read(self) -> tuple[bytes, int]:
        """Return the value and its revision; empty and 0 where there is none."""

    async def write(self, body: bytes, revision: int) -> bool:
        """Replace the value of a revision; False where it has another one by now."""


class SharedAllowance:
    """Draw portions from a bucket that all share, and spend them here.

    The minute's limit holds for all processes together. A clock that goes ahead of the others lends
    them its time once, never again: the bucket fills up to the latest time that any has seen. While
    the store is away everybody waits, since nobody knows what the others take.
    """

    def __init__(
        self, backend: Backend, cell: Cell, clock: Callable[[], float] = time.time
    ) -> None:
        self._rates = (backend.requests_per_minute / MINUTE, backend.tokens_per_minute / MINUTE)
        self._most = tuple(max(1.0, rate * BURST) for rate in self._rates)
        self._cell = cell
        self._clock = clock
        self._pocket = [0.0, 0.0]
        self._drawing = asyncio.Lock()

    async def take(self, tokens: int) -> float:
        """Take one request of about so many tokens and return 0, or the seconds to wait first."""
        needed = (1.0, min(float(tokens), self._most[1]))
        async with self._drawing:
            if self._wait(needed):
                await self._draw(needed)
            if wait := self._wait(needed):
                return wait
            for index, amount in enumerate(needed):
                self._pocket[index] -= amount
        return 0.0

    async def settle(self, estimated: int, used: int) -> None:
        """Put back what was not used, or owe what was used beyond it."""
        self._pocket[1] += estimated - used

    def _wait(self, needed: tuple[float, ...]) -> float:
        """Return the seconds in which what the pocket lacks would come in; 0 where it has all."""
        lacking = [
            (amount - held) / rate
            for amount, held, rate in zip(needed, self._pocket, self._rates, strict=True)
            if rate
        ]
        return max([0.0, *lacking])

    async def _draw(self, needed: tuple[float, ...]) -> None:
        """Fill the pocket as far as the bucket has it."""
        while True:
            body, revision = await self._cell.read()
            when, levels = self._filled(body)
            drawn = [
                # When there is little, the half of it is for others.
                min(level, max(amount - held, min(rate * _PORTION, level / 2))) if rate else 0.0
                for level, amount, held, rate in zip(
                    levels, needed, self._pocket, self._rates, strict=True
                )
            ]
            if not any(drawn):
                return
            left = [level - each for level, each in zip(levels, drawn, strict=True)]
            if await self._cell.write(json.dumps([when, *left]).encode(), revision):
                self._pocket = [a + b for a, b in zip(self._pocket, drawn, strict=True)]
                return

    def _filled(self, body: bytes) -> tuple[float, list[float]]:
        """Return the time up to which the bucket is filled, and what is in it."""
        now = self._clock()
        if not body:
            return now, list(self._most)
        before, *levels = json.loads(body)
        when = max(now, before)
        return when, [
            min(most, level + (when - before) * rate)
            for most, level, rate in zip(self._most, levels, self._rates, strict=True)
        ]
