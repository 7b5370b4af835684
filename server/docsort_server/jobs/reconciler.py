"""Put right what a crash or a missed sign has left undone."""

from __future__ import annotations

import asyncio
import logging
from typing import TYPE_CHECKING

from docsort_server.faults import Fault, Reason
from docsort_server.incidents import incident
from docsort_server.jobs.store.protocols import Task

if TYPE_CHECKING:
    from docsort_server.jobs.admission import Admission
    from docsort_server.jobs.catalogue import Catalogue
    from docsort_server.jobs.journal import Journal
    from docsort_server.jobs.model import Brief
    from docsort_server.jobs.register import Register
    from docsort_server.jobs.store.protocols import JobKey, TaskQueue

log = logging.getLogger(__name__)

# Seconds between two looks. What is found the same twice is taken to be stuck.
INTERVAL = 30.0


class Reconciler:
    """Compare, now and then, what this replica believes with what the store holds.

    A job that shows no progress is queued again, which changes nothing where its task is still
    there; a place is freed whose job has ended unheard; a brief without a job is removed.
    """

    def __init__(
        self,
        queue: TaskQueue,
        journal: Journal,
        register: Register,
        admission: Admission,
        catalogue: Catalogue,
    ) -> None:
        self._queue = queue
        self._journal = journal
        self._register = register
        self._admission = admission
        self._catalogue = catalogue
        self._placed: set[JobKey] = set()
        self._unfinished: dict[JobKey, Brief] = {}

    async def run(self, interval: float = INTERVAL) -> None:
        """Look for ever."""
        while True:
            await asyncio.sleep(interval)
            try:
                await self.look()
            except Exception as error:  # noqa: BLE001 - whatever it is, the next look may do better
                incident(log, "a look at what is left undone", error)

    async def look(self) -> None:
        """Compare once."""
        placed, unfinished = self._admission.keys(), self._catalogue.unfinished()
        for key in placed & self._placed:
            if not await self._runs(key):
                self._admission.release(key)
        for key, brief in unfinished.items():
            if self._unfinished.get(key) == brief:
                await self._queue_again(key)
        self._placed, self._unfinished = placed, unfinished

    async def _runs(self, key: JobKey) -> bool:
        try:
            return not (await self._journal.job(key)).finished
        except Fault as fault:
            return fault.reason is not Reason.JOB_NOT_FOUND

    async def _queue_again(self, key: JobKey) -> None:
        try:
            _, spec = await self._journal.spec(key)
        except Fault as fault:
            if fault.reason is Reason.JOB_NOT_FOUND:
                await self._register.forget(key)
            return
        # Also where it has ended: whoever takes it writes the brief that is missing.
        await self._queue.put(Task("job", spec.options.priority.lane, key))
