"""A model on the loopback whose answers take times with a heavy tail, drawn from a seed.

Run as `python -m bench.tail_model SEED`; prints its port and serves until its standard input ends.
What becomes of a page is drawn from the seed and the page, whoever asks about it and when: how long
its answer takes, and whether the first call about it is refused or never answered.
"""

from __future__ import annotations

import asyncio
import math
import random
import sys
from dataclasses import dataclass
from typing import ClassVar

from bench.slow_model import GOOD, REFUSAL, Model

# Seconds: half of the answers take longer than the first, one in a hundred longer than the second.
MEDIAN, LATE = 0.6, 5.0
# No answer takes longer: one that took longer than a client waits would never be had.
LONGEST = 9.0
# Standard deviations at which a normal distribution has a hundredth left.
_HUNDREDTH = 2.326
_SIGMA = math.log(LATE / MEDIAN) / _HUNDREDTH
# Parts of the first calls that are refused, and that are never answered.
REFUSED, HANGING = 0.02, 0.01


@dataclass(frozen=True, slots=True)
class Draw:
    """What becomes of a page: seconds of its answer, and how its first call ends."""

    seconds: float
    refused: bool
    hangs: bool

    def cost(self, timeout: float) -> float:
        """Return the seconds that it takes of a place at the model, however it is scheduled."""
        return self.seconds + (timeout if self.hangs else 0.0)


def draw(seed: int, page: str) -> Draw:
    """Return what becomes of a page."""
    chance = random.Random(f"{seed} {page}")
    luck = chance.random()
    seconds = min(LONGEST, chance.lognormvariate(math.log(MEDIAN), _SIGMA))
    return Draw(seconds, luck < REFUSED, REFUSED <= luck < REFUSED + HANGING)


def name_of(number: int) -> str:
    """Return how the requests about a page name it."""
    return f'"page":{number},'


class TailModel(Model):
    """One connection, one request at a time; the first call about each page may end badly."""

    seen: ClassVar[set[str]] = set()

    def __init__(self, seed: int) -> None:
        super().__init__(0.0, 1 << 30)
        self._seed = seed

    def requested(self, body: bytes) -> None:
        """Answer in the time that was drawn."""
        start = body.rfind(b'\\"page\\":')
        page = body[start : body.find(b",", start) + 1].replace(b"\\", b"").decode()
        drawn, first = draw(self._seed, page), page not in self.seen
        self.seen.add(page)
        if first and drawn.refused:
            self._transport.write(REFUSAL)
        elif not (first and drawn.hangs):
            asyncio.get_running_loop().call_later(drawn.seconds, self._transport.write, GOOD)


async def main(seed: int) -> None:
    """Serve until the standard input ends."""
    loop = asyncio.get_running_loop()
    server = await loop.create_server(lambda: TailModel(seed), "127.0.0.1", 0, backlog=1_024)
    print(server.sockets[0].getsockname()[1], flush=True)
    await loop.run_in_executor(None, sys.stdin.read)


if __name__ == "__main__":
    asyncio.run(main(int(sys.argv[1])))
