"""This replica's consumers: they take tasks and run them until told to stop."""

from __future__ import annotations

import asyncio
import logging
from contextlib import aclosing, asynccontextmanager
from functools import partial
from typing import TYPE_CHECKING

from docsort_server.faults import Fault
from docsort_server.incidents import incident
from docsort_server.jobs.journal import CLOSING
from docsort_server.jobs.model import Finished, JobStatus, StopCause, Stopped, Summary

if TYPE_CHECKING:
    from collections.abc import AsyncGenerator

    from docsort_server.faults import Failure
    from docsort_server.jobs.admission import Admission
    from docsort_server.jobs.coordinator import Coordinator
    from docsort_server.jobs.journal import Journal
    from docsort_server.jobs.register import Register
    from docsort_server.jobs.store.protocols import Delivery, JobKey, Store
    from docsort_server.jobs.workbench import Workbench

log = logging.getLogger(__name__)

# Seconds between signs of life for a task in hand: a third of the shortest wait for one.
SIGN_OF_LIFE = 3.0
# Seconds before a failed task is given back: the first time, and at most.
RETRY_FIRST = 0.2
RETRY_LONGEST = 5.0
# A job whose coordinator failed this often is given up.
JOB_ATTEMPTS = 3


class Runner:
    """Consume job tasks and page tasks; cancel the page work of jobs that have ended."""

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
        spans: int,
    ) -> None:
        self._store = store
        self._journal = journal
        self._register = register
        self._coordinator = coordinator
        self._workbench = workbench
        self._admission = admission
        self._credits = {"job": jobs, "page": spans}
        self._working: dict[JobKey, dict[asyncio.Task[None], Delivery]] = {}
        self._running: dict[JobKey, asyncio.Task[None]] = {}

    async def run(self) -> None:
        """Work for ever; cancelling it cancels the work in hand."""
        async with asyncio.TaskGroup() as group:
            group.create_task(self._cancel_ended())
            group.create_task(self._consume_jobs(group))
            group.create_task(self._consume_pages(group))

    async def abandon(self) -> None:
        """End every running job as FAILED where the store forgets it with the process.

        A durable store keeps it: another replica, or this one once started again, goes on with it.
        """
        if self._store.durable:
            return
        running = dict(self._running)
        for key in running:
            try:
                _, spec = await self._journal.spec(key)
            except Fault:
                continue
            await self._journal.append(key, Stopped(StopCause.SHUTDOWN), ttl=spec.ttl)
        if running:
            await asyncio.wait(running.values(), timeout=2.0)

    async def idle(self) -> None:
        """Wait until no job is running."""
        while self._running:
            await asyncio.wait(list(self._running.values()))

    async def _consume_jobs(self, group: asyncio.TaskGroup) -> None:
        deliveries = self._store.queue.consume("job", credit=self._credits["job"])
        async with aclosing(deliveries):
            async for delivery in deliveries:
                key = delivery.task.key
                task = group.create_task(self._run_job(delivery))
                self._running[key] = task
                task.add_done_callback(partial(self._stop_running, key))

    async def _consume_pages(self, group: asyncio.TaskGroup) -> None:
        deliveries = self._store.queue.consume("page", credit=self._credits["page"])
        async with aclosing(deliveries):
            async for delivery in deliveries:
                key = delivery.task.key
                task = group.create_task(self._run_span(delivery))
                self._working.setdefault(key, {})[task] = delivery
                task.add_done_callback(partial(self._stop_working, key))

    async def _run_job(self, delivery: Delivery) -> None:
        key = delivery.task.key
        try:
            async with _kept_alive(delivery):
                await self._coordinator.run(key)
        except asyncio.CancelledError:
            await delivery.nak()
            raise
        except Exception as error:  # noqa: BLE001 - one job's trouble must not stop the others
            failure = incident(log, "a job", error)
            if delivery.attempt < JOB_ATTEMPTS:
                await _retry(delivery)
                return
            await self._give_up(key, failure)
        await delivery.ack()
        self._admission.release(key)

    async def _give_up(self, key: JobKey, failure: Failure) -> None:
        """End a job that no coordinator could run, unless it is forgotten by now."""
        finished = Finished(JobStatus.FAILED, Summary(JobStatus.QUEUED), failure=failure)
        try:
            _, spec = await self._journal.spec(key)
        except Fault:
            return
        await self._journal.append(key, finished, ttl=spec.ttl)
        await self._register.close(key)

    async def _run_span(self, delivery: Delivery) -> None:
        try:
            async with _kept_alive(delivery):
                await self._workbench.work(delivery.task)
        except asyncio.CancelledError:
            # No effect where the job has ended: then the task is settled already.
            await delivery.nak()
            raise
        except Fault:
            # The job was forgotten.
            log.debug("a span of a job that is gone")
        except Exception as error:  # noqa: BLE001 - one span's trouble must not stop the others
            incident(log, "a span of pages", error)
            await _retry(delivery)
            return
        await delivery.ack()

    async def _cancel_ended(self) -> None:
        async with aclosing(self._store.log.closings(CLOSING)) as keys:
            async for key in keys:
                for task, delivery in list(self._working.get(key, {}).items()):
                    task.cancel()
                    await delivery.ack()

    def _stop_running(self, key: JobKey, _: asyncio.Task[None]) -> None:
        self._running.pop(key, None)

    def _stop_working(self, key: JobKey, task: asyncio.Task[None]) -> None:
        tasks = self._working.get(key, {})
        tasks.pop(task, None)
        if not tasks:
            self._working.pop(key, None)


async def _retry(delivery: Delivery) -> None:
    """Give a task back after a pause that grows, so that lasting trouble does not spin."""
    await asyncio.sleep(min(RETRY_LONGEST, RETRY_FIRST * delivery.attempt))
    await delivery.nak()


@asynccontextmanager
async def _kept_alive(delivery: Delivery) -> AsyncGenerator[None, None]:
    """Tell the queue that the task is still in hand while the block runs."""

    async def tell() -> None:
        while True:
            await asyncio.sleep(SIGN_OF_LIFE)
            await delivery.in_progress()

    telling = asyncio.create_task(tell())
    try:
        yield
    finally:
        telling.cancel()
