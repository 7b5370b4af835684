"""The jobs of a tenant in a list, newest first; each replica keeps one."""

from __future__ import annotations

import asyncio
import time
from bisect import bisect_left, insort
from contextlib import aclosing
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from docsort_server.faults import Fault, Reason
from docsort_server.jobs.expiry import Expiry
from docsort_server.jobs.store.protocols import JobKey

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from docsort_server.jobs.model import Brief, JobStatus
    from docsort_server.jobs.register import Register

# Entries that one question looks at: more would hold up the loop.
SCAN = 10_000
# Seconds to wait for the list after a start, and for callers to come back when it is not there.
READY_WAIT = 5.0

# When a job was accepted, in microseconds since the epoch, and its id: jobs in order.
Place = tuple[int, str]


@dataclass(frozen=True, slots=True)
class JobFilter:
    """Which jobs are meant: in any of the states, all without one, that have all the labels."""

    statuses: frozenset[JobStatus] = frozenset()
    labels: Mapping[str, str] = field(default_factory=dict)

    def takes(self, brief: Brief) -> bool:
        """Tell whether a job is meant."""
        if self.statuses and brief.status not in self.statuses:
            return False
        return self.labels.items() <= brief.labels.items()


@dataclass(frozen=True, slots=True)
class Listing:
    """Some jobs by their ids; `more` is the place after which there may be others."""

    jobs: list[tuple[str, Brief]]
    more: Place | None


class Catalogue:
    """Keep up with the register; questions are answered from memory."""

    def __init__(
        self, register: Register, tenant: str, clock: Callable[[], float] = time.time
    ) -> None:
        self._register = register
        self._tenant = tenant
        self._clock = clock
        self._ready = asyncio.Event()
        self._briefs: dict[str, Brief] = {}
        self._places: list[Place] = []
        self._unfinished: dict[str, Brief] = {}
        self._expiry: Expiry[str] = Expiry(self._forget, clock)

    async def follow(self) -> None:
        """Take in what the register tells, for ever."""
        async with aclosing(self._register.changes(self._tenant)) as changes:
            async for change in changes:
                if change is None:
                    self._ready.set()
                    continue
                key, brief = change
                self._take(key.job_id, brief)

    def unfinished(self) -> dict[JobKey, Brief]:
        """Return the jobs that have not ended, as far as is known here."""
        self._expiry.sweep()
        return {JobKey(self._tenant, job_id): brief for job_id, brief in self._unfinished.items()}

    async def list(self, chosen: JobFilter, size: int, after: Place | None = None) -> Listing:
        """Return at most `size` jobs that follow a place, newest first.

        Raises `Fault` OVERLOADED while the list is not complete after a start.
        """
        await self._complete()
        self._expiry.sweep()
        top = len(self._places) if after is None else bisect_left(self._places, after)
        found: list[tuple[str, Brief]] = []
        for index in range(top - 1, max(-1, top - 1 - SCAN), -1):
            job_id = self._places[index][1]
            brief = self._briefs[job_id]
            if chosen.takes(brief):
                found.append((job_id, brief))
            if len(found) == size and index:
                return Listing(found, self._places[index])
        lowest = top - SCAN
        return Listing(found, self._places[lowest] if lowest > 0 else None)

    async def _complete(self) -> None:
        try:
            async with asyncio.timeout(READY_WAIT):
                await self._ready.wait()
        except TimeoutError:
            message = "The list of jobs is not complete yet; retry later."
            raise Fault(Reason.OVERLOADED, message, retry_after=READY_WAIT) from None

    def _take(self, job_id: str, brief: Brief | None) -> None:
        self._expiry.sweep()
        before = self._briefs.get(job_id)
        if before and (brief is None or brief.create_time != before.create_time):
            self._forget(job_id)
            before = None
        if brief is None:
            return
        self._briefs[job_id] = brief
        if brief.end_time is None:
            self._unfinished[job_id] = brief
        else:
            self._unfinished.pop(job_id, None)
        if before is None:
            insort(self._places, place_of(job_id, brief))
            self._expiry.add(job_id, brief.expire_time - self._clock())

    def _forget(self, job_id: str) -> None:
        brief = self._briefs.pop(job_id, None)
        self._unfinished.pop(job_id, None)
        if brief:
            del self._places[bisect_left(self._places, place_of(job_id, brief))]


def place_of(job_id: str, brief: Brief) -> Place:
    """Return where a job stands in the order of all."""
    return round(brief.create_time * 1_000_000), job_id
