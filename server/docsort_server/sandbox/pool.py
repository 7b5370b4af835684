"""A fixed number of worker processes, leased in turn and replaced when they die."""

from __future__ import annotations

import asyncio
import contextlib
import logging
from collections import deque
from functools import partial
from typing import TYPE_CHECKING

from docsort_server.faults import Fault, Reason
from docsort_server.sandbox.errors import WorkerStartError
from docsort_server.sandbox.process import WorkerProcess
from docsort_server.sandbox.worker import Worker

if TYPE_CHECKING:
    from collections.abc import AsyncGenerator

    from docsort_server.sandbox.limits import Limits

logger = logging.getLogger(__name__)

_FIRST_PAUSE = 0.1
_LONGEST_PAUSE = 5.0


class WorkerPool:
    """Keeps `size` processes of one handler alive and lends them out, first come, first served.

    `handler` names a factory as "package.module:factory"; see `handler.Handler`. A process that
    dies, hangs or is spent is replaced in the background; one that keeps dying before it served
    anything is retried with growing pauses. `restarts` counts replacements since the start. A pool
    that was not started by then starts with its first lease.
    """

    def __init__(self, handler: str, *, size: int, limits: Limits, name: str) -> None:
        self.restarts = 0
        self._handler = handler
        self._size = size
        self._limits = limits
        self._name = name
        self._closed = False
        self._warned = False
        self._starting: asyncio.Task[None] | None = None
        self._keepers: list[asyncio.Task[None]] = []
        self._workers: set[Worker] = set()
        self._idle: deque[Worker] = deque()
        self._waiters: deque[asyncio.Future[Worker]] = deque()

    @property
    def size(self) -> int:
        """How many processes the pool keeps."""
        return self._size

    @property
    def pids(self) -> tuple[int, ...]:
        """The ids of the processes that are ready or at work."""
        return tuple(sorted(worker.pid for worker in self._workers))

    async def start(self) -> None:
        """Start all processes and wait until they are ready.

        Raises WorkerStartError, with nothing left running, when one cannot start, and the Fault
        SHUTTING_DOWN when the pool is closed meanwhile.
        """
        ready = [asyncio.get_running_loop().create_future() for _ in range(self._size)]
        self._keepers = [
            asyncio.create_task(self._keep(first), name=f"{self._name}-{slot}")
            for slot, first in enumerate(ready)
        ]
        for keeper, first in zip(self._keepers, ready, strict=True):
            keeper.add_done_callback(partial(_give_up, first))
        try:
            results = await asyncio.gather(*ready, return_exceptions=True)
        except asyncio.CancelledError:
            await self._end()
            raise
        errors = [result for result in results if isinstance(result, BaseException)]
        if errors:
            await self._end()
            raise errors[0]

    async def close(self) -> None:
        """End every process, busy or not.

        Requests at work raise WorkerDied; those who wait for a lease, and later ones, get the
        Fault SHUTTING_DOWN.
        """
        self._closed = True
        for waiter in self._waiters:
            if not waiter.done():
                waiter.set_exception(_closing())
        self._waiters.clear()
        await self._end()
        if self._starting:
            await asyncio.wait((self._starting,))

    async def _end(self) -> None:
        for keeper in self._keepers:
            keeper.cancel()
        await asyncio.gather(*self._keepers, return_exceptions=True)
        self._keepers.clear()

    @contextlib.asynccontextmanager
    async def lease(self, prefer: str | None = None) -> AsyncGenerator[Worker, None]:
        """Lend a worker: of the idle ones that which last served `prefer`, else wait in turn."""
        await self._started()
        worker = await self._take(prefer)
        if prefer is not None:
            worker.remember(prefer)
        try:
            yield worker
        finally:
            try:
                await worker.settle()
            finally:
                self._give_back(worker)

    async def _started(self) -> None:
        """Wait for the start, which goes on for the others when one of those who wait leaves."""
        if self._starting is None:
            if self._keepers or self._closed:
                return
            self._starting = asyncio.create_task(self._start(), name=f"{self._name}-start")
            self._starting.add_done_callback(self._told)
        starting = self._starting
        await asyncio.wait((starting,))
        starting.result()

    def _told(self, starting: asyncio.Task[None]) -> None:
        self._starting = None
        if not starting.cancelled():
            starting.exception()  # there may be nobody left to tell

    async def _start(self) -> None:
        if self._closed:
            raise _closing()
        try:
            await self.start()
        except WorkerStartError as error:
            if self._closed:
                raise _closing() from error
            # Of those that run one that does not start is tried again too.
            logger.warning("%s: a worker did not start: %s", self._name, error)
            await self.start()

    async def _take(self, prefer: str | None) -> Worker:
        if self._closed:
            raise _closing()
        if self._idle:
            return self._pick(prefer)
        waiter: asyncio.Future[Worker] = asyncio.get_running_loop().create_future()
        self._waiters.append(waiter)
        try:
            return await waiter
        except asyncio.CancelledError:
            if waiter.done() and not waiter.cancelled() and not waiter.exception():
                self._give_back(waiter.result())
            raise

    def _pick(self, prefer: str | None) -> Worker:
        if prefer is not None:
            for worker in self._idle:
                if worker.holds(prefer):
                    self._idle.remove(worker)
                    return worker
        return self._idle.popleft()

    def _give_back(self, worker: Worker) -> None:
        if worker.spent:
            worker.kill()
        if not worker.dead:
            self._offer(worker)

    def _offer(self, worker: Worker) -> None:
        while self._waiters:
            waiter = self._waiters.popleft()
            if not waiter.done():
                waiter.set_result(worker)
                return
        self._idle.append(worker)

    async def _keep(self, first: asyncio.Future[None]) -> None:
        """Own one slot: start a process, wait for its end, start the next."""
        pause = 0.0
        while True:
            await asyncio.sleep(pause)
            try:
                served = await self._live(first)
            except (WorkerStartError, OSError) as error:
                if not first.done():
                    first.set_exception(WorkerStartError(str(error)))
                    return
                logger.warning("%s: a worker did not start: %s", self._name, error)
                served = 0
            self.restarts += 1
            pause = 0.0 if served else min(max(_FIRST_PAUSE, 2 * pause), _LONGEST_PAUSE)

    async def _live(self, first: asyncio.Future[None]) -> int:
        process = await WorkerProcess.start(self._handler, self._limits, self._name)
        self._warn(process.missing)
        worker = Worker(process, self._limits)
        self._workers.add(worker)
        if not first.done():
            first.set_result(None)
        self._offer(worker)
        try:
            await process.status()
        finally:
            self._workers.discard(worker)
            with contextlib.suppress(ValueError):
                self._idle.remove(worker)
            worker.kill()  # so that whoever holds it does not give it back
            await process.end()
        if not (worker.spent or self._closed):
            status = await process.status()
            logger.warning("%s: a worker ended (status %d) and is replaced", self._name, status)
        return worker.requests

    def _warn(self, missing: tuple[str, ...]) -> None:
        """Say once what keeps these processes in less than it could."""
        if missing and not self._warned:
            self._warned = True
            text = "%s: this system has no %s, so that the processes are confined by less"
            logger.warning(text, self._name, " and no ".join(missing))


def _give_up(first: asyncio.Future[None], _: asyncio.Task[None]) -> None:
    """Tell whoever waits for the first process of a slot that nobody starts it any more."""
    if not first.done():
        first.set_exception(_closing())


def _closing() -> Fault:
    return Fault(Reason.SHUTTING_DOWN, "the server is shutting down", retry_after=1.0)
