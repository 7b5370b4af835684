"""This replica's consumers: they take tasks and run them until told to stop."""

from __future__ import annotations

import asyncio
import logging
from collections import Counter
from contextlib import aclosing, asynccontextmanager, suppress
from functools import partial
from typing import TYPE_CHECKING

from docsort_server.faults import Fault, Reason
from docsort_server.incidents import failure_of, incident
from docsort_server.jobs.journal import CLOSING, expiry
from docsort_server.jobs.model import Finished, JobStatus, StopCause, Stopped, Summary
from docsort_server.jobs.workbench import TaskLostError

if TYPE_CHECKING:
    from collections.abc import AsyncGenerator, Iterable, Mapping

    from docsort_server.faults import Failure
    from docsort_server.jobs.admission import Admission
    from docsort_server.jobs.coordinator import Coordinator
    from docsort_server.jobs.journal import Journal
    from docsort_server.jobs.register import Register
    from docsort_server.jobs.store.protocols import Delivery, JobKey, Store
    from docsort_server.jobs.workbench import Workbench

log = logging.getLogger(__name__)

# Signs of life for a task in hand, in the time after which its absence is taken for an end.
SIGNS = 3
# Seconds before a failed task is given back: the first time, and at most.
RETRY_FIRST = 0.2
RETRY_LONGEST = 5.0
# Seconds to give back what is in hand; later the engine takes it back by itself.
GIVE_BACK = 2.0
# A job whose coordinator failed this often is given up.
JOB_ATTEMPTS = 3


class Runner:
    """Consume job tasks and page tasks; cancel the page work of jobs that have ended.

    `spans` are the most page tasks in hand, by their kind.
    """

    def __init__(
        self,
        store: Store,
        journal: Journal,
        register: Register,
        coordinator: Coordinator,
        workbench: Workbench,
        admission: Admission,
        *,
        jobs: int,
        spans: Mapping[str, int],
        task_wait: float,
    ) -> None:
        self._store = store
        self._journal = journal
        self._register = register
        self._coordinator = coordinator
        self._workbench = workbench
        self._admission = admission
        self._jobs = jobs
        self._spans = {kind: most for kind, most in spans.items() if most}
        self._sign_of_life = task_wait / SIGNS
        self._working: dict[JobKey, dict[asyncio.Task[None], Delivery]] = {}
        # Those of them that nobody needs any more.
        self._needless: set[asyncio.Task[None]] = set()
        self._running: dict[JobKey, asyncio.Task[None]] = {}
        self._failures: Counter[JobKey] = Counter()
        self._consumers: list[asyncio.Task[None]] = []

    async def run(self) -> None:
        """Work for ever; cancelling it cancels the work in hand."""
        async with asyncio.TaskGroup() as group:
            group.create_task(self._cancel_ended())
            self._consumers = [
                group.create_task(self._consume_jobs(group)),
                *(group.create_task(self._consume_pages(group, kind)) for kind in self._spans),
            ]

    async def retire(self) -> None:
        """Take no more tasks, and give the jobs in hand back: others go on with them at once.

        The pages in hand stay here: their work is half done, a job's lies in its log.
        """
        await _cancelled(self._consumers)
        await _cancelled(self._running.values())

    async def abandon(self) -> None:
        """End every running job as FAILED where the store forgets it with the process.

        A durable store keeps it: what is in hand is given back, and another replica, or this one
        once started again, goes on with it.
        """
        if self._store.durable:
            await self.retire()
            await _cancelled(self._in_hand())
            return
        running = dict(self._running)
        for key in running:
            try:
                accepted, spec = await self._journal.spec(key)
                stop = Stopped(StopCause.SHUTDOWN)
                await self._journal.append(key, stop, until=expiry(accepted, spec))
            except Fault:
                continue
        if running:
            await asyncio.wait(running.values(), timeout=2.0)

    async def idle(self) -> None:
        """Wait until no job and no page is in hand."""
        while tasks := self._in_hand():
            await asyncio.wait(tasks)

    def _in_hand(self) -> list[asyncio.Task[None]]:
        return [
            *self._running.values(),
            *(task for each in self._working.values() for task in each),
        ]

    async def _consume_jobs(self, group: asyncio.TaskGroup) -> None:
        deliveries = self._store.queue.consume("job", credit=self._jobs)
        async with aclosing(deliveries):
            async for delivery in deliveries:
                key = delivery.task.key
                task = group.create_task(self._run_job(delivery))
                self._running[key] = task
                task.add_done_callback(partial(self._stop_running, key))

    async def _consume_pages(self, group: asyncio.TaskGroup, kind: str) -> None:
        deliveries = self._store.queue.consume(kind, credit=self._spans[kind])
        async with aclosing(deliveries):
            async for delivery in deliveries:
                key = delivery.task.key
                task = group.create_task(self._run_span(delivery))
                self._working.setdefault(key, {})[task] = delivery
                task.add_done_callback(partial(self._stop_working, key))

    async def _run_job(self, delivery: Delivery) -> None:
        key = delivery.task.key
        try:
            async with _kept_alive(delivery, self._sign_of_life):
                await self._coordinator.run(key)
        except asyncio.CancelledError:
            await delivery.nak()
            raise
        except Exception as error:  # noqa: BLE001 - one job's trouble must not stop the others
            if not await self._is_over(key, error):
                await _retry(delivery)
                return
        self._failures.pop(key, None)
        await delivery.ack()
        self._admission.release(key)

    async def _is_over(self, key: JobKey, error: Exception) -> bool:
        """Take note of what a coordinator failed with; tell whether that was its job's end."""
        if _forgotten(error):
            if await self._is_known(key):
                # It was accepted in the last moment.
                return False
            # What was stored for a request that came to nothing goes with it.
            await self._coordinator.clear_away(key)
            return True
        failure = failure_of(log, "a job", error)
        # Not by the delivery's own count: servers that are replaced one by one add to that.
        self._failures[key] += 1
        if self._failures[key] < JOB_ATTEMPTS:
            return False
        await self._give_up(key, failure)
        await self._coordinator.clear_away(key)
        return True

    async def _is_known(self, key: JobKey) -> bool:
        try:
            await self._journal.spec(key)
        except Fault:
            return False
        return True

    async def _give_up(self, key: JobKey, failure: Failure) -> None:
        """End a job that no coordinator could run, unless it is forgotten by now."""
        finished = Finished(JobStatus.FAILED, Summary(JobStatus.QUEUED), failure=failure)
        with suppress(Fault):
            accepted, spec = await self._journal.spec(key)
            await self._journal.append(key, finished, until=expiry(accepted, spec))
        await self._register.close(key)

    async def _run_span(self, delivery: Delivery) -> None:
        try:
            async with _kept_alive(delivery, self._sign_of_life):
                await self._workbench.work(delivery.task, delivery.attempt, lambda: delivery.held)
        except asyncio.CancelledError:
            ended = asyncio.current_task() in self._needless
            await (delivery.ack() if ended else delivery.nak())
            raise
        except TaskLostError:
            # Where it has come back to us meanwhile, it comes once more.
            await delivery.nak()
            return
        except Exception as error:  # noqa: BLE001 - one span's trouble must not stop the others
            if not _forgotten(error):
                incident(log, "a span of pages", error)
                await _retry(delivery)
                return
        await delivery.ack()

    async def _cancel_ended(self) -> None:
        async with aclosing(self._store.log.feed(CLOSING)) as closings:
            async for written in closings:
                # All at once: a page that waits for its turn must not get that of one before it.
                for task in self._working.get(written.key, {}) if written else ():
                    self._needless.add(task)
                    task.cancel()

    def _stop_running(self, key: JobKey, _: asyncio.Task[None]) -> None:
        self._running.pop(key, None)

    def _stop_working(self, key: JobKey, task: asyncio.Task[None]) -> None:
        self._needless.discard(task)
        tasks = self._working.get(key, {})
        tasks.pop(task, None)
        if not tasks:
            self._working.pop(key, None)


def _forgotten(error: BaseException) -> bool:
    """Tell whether all that has failed is that the job is not known any more."""
    if isinstance(error, BaseExceptionGroup):
        return all(_forgotten(each) for each in error.exceptions)
    return isinstance(error, Fault) and error.reason is Reason.JOB_NOT_FOUND


async def _retry(delivery: Delivery) -> None:
    """Give a task back after a pause that grows, so that lasting trouble does not spin."""
    try:
        await asyncio.sleep(min(RETRY_LONGEST, RETRY_FIRST * delivery.attempt))
    finally:
        await delivery.nak()


async def _cancelled(tasks: Iterable[asyncio.Task[None]]) -> None:
    """Cancel tasks and give them time to say that they are."""
    if ending := list(tasks):
        for task in ending:
            task.cancel()
        await asyncio.wait(ending, timeout=GIVE_BACK)


@asynccontextmanager
async def _kept_alive(delivery: Delivery, seconds: float) -> AsyncGenerator[None, None]:
    """Tell the queue now and then, while the block runs, that the task is still in hand."""

    async def tell() -> None:
        while True:
            await asyncio.sleep(seconds)
            await delivery.in_progress()

    telling = asyncio.create_task(tell())
    try:
        yield
    finally:
        telling.cancel()
