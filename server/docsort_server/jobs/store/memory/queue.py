"""The task queue in memory."""

from __future__ import annotations

import asyncio
from collections import deque
from typing import TYPE_CHECKING

from docsort_server.jobs.store.protocols import LANES, SPANS

if TYPE_CHECKING:
    from collections.abc import AsyncGenerator

    from docsort_server.jobs.store.protocols import JobKey, Task


class MemoryDelivery:
    """A delivered task; it returns to the queue unless it is settled in `ack_wait` seconds."""

    def __init__(self, queue: MemoryTaskQueue, task: Task, attempt: int) -> None:
        self._queue = queue
        self._task = task
        self._attempt = attempt
        self._settled = asyncio.Event()
        self._timer = self._arm()

    @property
    def task(self) -> Task:
        """The task."""
        return self._task

    @property
    def attempt(self) -> int:
        """How often the task was delivered, this time included."""
        return self._attempt

    @property
    def settled(self) -> asyncio.Event:
        """Set when the task is out of the consumer's hands."""
        return self._settled

    @property
    def held(self) -> bool:
        """Whether the task is surely nobody else's."""
        return not self._settled.is_set()

    async def ack(self) -> None:
        """Settle the task: it is done and gone."""
        if self._close():
            self._queue.settle(self._task)

    async def nak(self) -> None:
        """Give the task back for another delivery."""
        self._give_back()

    async def in_progress(self) -> None:
        """Ask for another `ack_wait` seconds."""
        if not self._settled.is_set():
            self._timer.cancel()
            self._timer = self._arm()

    def _arm(self) -> asyncio.TimerHandle:
        return asyncio.get_running_loop().call_later(self._queue.ack_wait, self._give_back)

    def _give_back(self) -> None:
        if self._close():
            self._queue.give_back(self._task)

    def _close(self) -> bool:
        if self._settled.is_set():
            return False
        self._timer.cancel()
        self._settled.set()
        return True


class MemoryTaskQueue:
    """Queue tasks by kind and lane; each is delivered to one consumer at a time."""

    def __init__(self, ack_wait: float = 10.0) -> None:
        self.ack_wait = ack_wait
        self._waiting: dict[str, dict[str, deque[Task]]] = {}
        self._attempts: dict[Task, int] = {}
        self._changed = asyncio.Condition()
        self._wakers: set[asyncio.Task[None]] = set()

    async def put(self, task: Task) -> bool:
        """Queue a task unless an equal one is unsettled; tell whether it was queued."""
        if task in self._attempts:
            return False
        self._attempts[task] = 0
        await self._enqueue(task)
        return True

    async def consume(self, kind: str, *, credit: int) -> AsyncGenerator[MemoryDelivery, None]:
        """Yield tasks of a kind, at most `credit` of them unsettled at a time, for ever."""
        held: set[MemoryDelivery] = set()
        while True:
            held = {delivery for delivery in held if not delivery.settled.is_set()}
            if len(held) >= credit:
                await _any_settled(held)
                continue
            delivery = MemoryDelivery(self, *await self._take(kind))
            held.add(delivery)
            yield delivery

    async def purge(self, key: JobKey) -> None:
        """Drop a job's queued page tasks."""
        lanes = [lane for kind in SPANS for lane in self._waiting.get(kind, {}).values()]
        for lane in lanes:
            for task in [task for task in lane if task.key == key]:
                lane.remove(task)
                self._attempts.pop(task, None)

    def settle(self, task: Task) -> None:
        """Forget a task that is done."""
        self._attempts.pop(task, None)

    def give_back(self, task: Task) -> None:
        """Queue a delivered task again."""
        waker = asyncio.get_running_loop().create_task(self._enqueue(task))
        self._wakers.add(waker)
        waker.add_done_callback(self._wakers.discard)

    async def _enqueue(self, task: Task) -> None:
        async with self._changed:
            lanes = self._waiting.setdefault(task.kind, {lane: deque() for lane in LANES})
            lanes[task.lane].append(task)
            self._changed.notify_all()

    async def _take(self, kind: str) -> tuple[Task, int]:
        async with self._changed:
            while True:
                for lane in self._waiting.get(kind, {}).values():
                    if lane:
                        task = lane.popleft()
                        self._attempts[task] = self._attempts.get(task, 0) + 1
                        return task, self._attempts[task]
                await self._changed.wait()


async def _any_settled(held: set[MemoryDelivery]) -> None:
    waits = {asyncio.ensure_future(delivery.settled.wait()) for delivery in held}
    try:
        await asyncio.wait(waits, return_when=asyncio.FIRST_COMPLETED)
    finally:
        for wait in waits:
            wait.cancel()
