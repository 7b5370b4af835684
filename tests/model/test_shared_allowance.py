"""Rates that several processes keep together."""

import pytest
from model_parts import backend

from docsort_server.engine.openai.shared_allowance import SharedAllowance
from docsort_server.jobs.store.memory.cells import MemoryCell

PER_SECOND = 40
# Five seconds' worth may go at once.
BURST = 5 * PER_SECOND


class Clock:
    """A time that a test moves."""

    def __init__(self) -> None:
        self.now = 1_000.0

    def __call__(self) -> float:
        """Return it."""
        return self.now


class CountingCell(MemoryCell):
    """Counts how often it is read."""

    def __init__(self) -> None:
        super().__init__()
        self.reads = 0

    async def read(self) -> tuple[bytes, int]:
        """Return the value and its revision."""
        self.reads += 1
        return await super().read()


def process(cell: MemoryCell, clock: Clock, **rates: int) -> SharedAllowance:
    """Return the allowance of one of several processes."""
    rates = rates or {"requests_per_minute": 60 * PER_SECOND}
    return SharedAllowance(backend(None, **rates), cell, clock)


async def taken(processes: list[SharedAllowance], tries: int) -> list[int]:
    """Let processes take in turn; return how much each one was given."""
    given = [0] * len(processes)
    for _ in range(tries):
        for index, each in enumerate(processes):
            given[index] += not await each.take(1)
    return given


async def test_all_processes_have_one_bucket() -> None:
    """Together they take what one would be given, and each of them a fair part."""
    cell, clock = MemoryCell(), Clock()
    processes = [process(cell, clock) for _ in range(3)]
    assert sum(await taken(processes, 300)) == BURST
    most = [0, 0, 0]
    for _ in range(40):
        clock.now += 0.25
        most = [a + b for a, b in zip(most, await taken(processes, 20), strict=True)]
    assert sum(most) == pytest.approx(10 * PER_SECOND, abs=1)
    assert min(most) > PER_SECOND


async def test_what_a_dead_process_had_is_lost_not_lent() -> None:
    """It is a portion; the others never get more than the rate."""
    cell, clock = MemoryCell(), Clock()
    dead = process(cell, clock)
    assert not await dead.take(1)
    (given,) = await taken([process(cell, clock)], 300)
    assert BURST - PER_SECOND <= given < BURST


async def test_a_clock_that_goes_ahead_lends_its_time_once() -> None:
    """After that everybody waits for the clocks of the others."""
    cell, clock, ahead = MemoryCell(), Clock(), Clock()
    here, there = process(cell, clock), process(cell, ahead)
    ahead.now += 2.0
    first = sum(await taken([here, there], 300))
    assert first <= BURST + 2 * PER_SECOND
    for each in (clock, ahead):
        each.now += 1.0
    assert sum(await taken([here, there], 300)) <= PER_SECOND + 1


async def test_tokens_are_corrected() -> None:
    """What was used beyond the estimate is owed; what was not used can be spent."""
    cell, clock = MemoryCell(), Clock()
    allowance = process(cell, clock, tokens_per_minute=6_000)
    assert await allowance.take(400) == 0.0
    await allowance.settle(400, 900)
    assert await allowance.take(100) == pytest.approx(5.0, abs=0.1)
    clock.now += 5.1
    assert await allowance.take(100) == 0.0
    await allowance.settle(100, 0)
    assert await allowance.take(100) == 0.0


async def test_a_request_larger_than_the_bucket_takes_a_full_one() -> None:
    """It would never go else."""
    allowance = process(MemoryCell(), Clock(), tokens_per_minute=6_000)
    assert await allowance.take(1_000_000) == 0.0
    assert await allowance.take(1) > 0.0


async def test_the_store_is_asked_for_portions() -> None:
    """Not for every call."""
    cell, clock = CountingCell(), Clock()
    assert await taken([process(cell, clock)], 100) == [100]
    assert cell.reads <= 12
