"""Work together and alone."""

import asyncio

from docsort_server.jobs.quarantine import Quarantine


async def settle() -> None:
    """Let every task that can go on go on."""
    for _ in range(10):
        await asyncio.sleep(0)


class Worker:
    """A task that holds the quarantine until it is let go."""

    def __init__(self, quarantine: Quarantine, *, alone: bool) -> None:
        self.working = False
        self._quarantine = quarantine
        self._alone = alone
        self._go = asyncio.Event()
        self.task = asyncio.create_task(self._work())

    async def _work(self) -> None:
        holding = self._quarantine.alone() if self._alone else self._quarantine.together()
        async with holding:
            self.working = True
            try:
                await self._go.wait()
            finally:
                self.working = False

    async def end(self) -> None:
        """Let it go."""
        self._go.set()
        await self.task
        await settle()


async def test_many_work_together_and_one_alone() -> None:
    """Whoever wants to be alone waits for all, and all wait for it."""
    quarantine = Quarantine()
    first, second = (Worker(quarantine, alone=False) for _ in range(2))
    await settle()
    assert first.working
    assert second.working
    suspect, late = Worker(quarantine, alone=True), Worker(quarantine, alone=False)
    await first.end()
    assert not suspect.working
    await second.end()
    assert suspect.working
    assert not late.working
    await suspect.end()
    assert late.working
    await late.end()


async def test_two_suspects_take_turns() -> None:
    """Alone is alone."""
    quarantine = Quarantine()
    first, second = (Worker(quarantine, alone=True) for _ in range(2))
    await settle()
    assert (first.working, second.working) == (True, False)
    await first.end()
    assert second.working
    await second.end()


async def test_who_gives_up_waiting_holds_up_nobody() -> None:
    """A cancelled suspect leaves the way free, whether it waits or works."""
    quarantine = Quarantine()
    first, suspect = Worker(quarantine, alone=False), Worker(quarantine, alone=True)
    await settle()
    late = Worker(quarantine, alone=False)
    await settle()
    assert not late.working
    suspect.task.cancel()
    await settle()
    assert late.working
    await first.end()
    await late.end()
    working = Worker(quarantine, alone=True)
    await settle()
    working.task.cancel()
    await settle()
    last = Worker(quarantine, alone=False)
    await settle()
    assert last.working
    await last.end()
