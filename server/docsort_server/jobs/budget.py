"""What a job may still use of models, counted in its log, so that all replicas pay out of one."""

from __future__ import annotations

import asyncio
import time
from typing import TYPE_CHECKING

from docsort_server.faults import Fault, Reason
from docsort_server.jobs.journal import expiry
from docsort_server.jobs.model import Called
from docsort_server.jobs.recent import Recent

if TYPE_CHECKING:
    from collections.abc import Callable

    from docsort_server.jobs.journal import Journal
    from docsort_server.jobs.model import Budget, JobSpec, Step
    from docsort_server.jobs.store.protocols import JobKey

# Jobs whose count stays at hand; that of others is looked up in their logs again.
_JOBS = 1_024


class JobPurse:
    """The purse of one job: every call takes the next free number in the job's log.

    A number is taken before the call and never given back, so that calls are not made twice out of
    it, whoever is killed meanwhile.
    """

    def __init__(
        self,
        journal: Journal,
        key: JobKey,
        accepted: Step,
        spec: JobSpec,
        budget: Budget,
        clock: Callable[[], float] = time.time,
    ) -> None:
        self._journal = journal
        self._key = key
        self._until = expiry(accepted, spec)
        self._most = budget.max_model_calls
        self._budget = budget
        self._end = None if budget.max_time is None else accepted.time + budget.max_time
        self._clock = clock
        self._next: int | None = None
        self._finding = asyncio.Lock()

    @property
    def spent(self) -> bool:
        """Whether nothing is left, as far as it is known here."""
        return self.time_left == 0.0 or (
            self._most is not None and self._next is not None and self._next > self._most
        )

    @property
    def time_left(self) -> float | None:
        """Seconds for which models may still be asked; None without a bound."""
        return None if self._end is None else max(0.0, self._end - self._clock())

    def check_time(self) -> None:
        """Raise `Fault` BUDGET_SPENT where the time for calls is over."""
        if self.time_left == 0.0:
            raise self._fault()

    async def spend(self) -> None:
        """Pay for one call. Raises `Fault` BUDGET_SPENT where nothing is left."""
        self.check_time()
        if self._most is None:
            return
        number = await self._take()
        while not await self._is_ours(number):
            number = await self._take()

    async def _take(self) -> int:
        """Return a number that nobody here has. Raises `Fault` BUDGET_SPENT beyond the last."""
        async with self._finding:
            if self._next is None:
                self._next = await self._free()
        if self.spent:
            raise self._fault()
        number, self._next = self._next, self._next + 1
        return number

    async def _is_ours(self, number: int) -> bool:
        """Take a number in the log; False where another replica has it."""
        return await self._journal.append(self._key, Called(number), until=self._until) is not None

    async def _free(self) -> int:
        """Return about the first free number, in a few looks: all below it are taken."""
        assert self._most is not None
        low, high = 0, 1
        while high <= self._most and await self._journal.holds(self._key, Called(high)):
            low, high = high, 2 * high
        high = min(high, self._most + 1)
        while high - low > 1:
            middle = (low + high) // 2
            if await self._journal.holds(self._key, Called(middle)):
                low = middle
            else:
                high = middle
        return low + 1

    def _fault(self) -> Fault:
        if self.time_left == 0.0:
            name, value, unit = "max_time", f"{self._budget.max_time:g}", "seconds"
        else:
            name, value, unit = "max_model_calls", f"{self._most}", "calls"
        text = f"The job's budget was spent before this page: {name} allows {value} {unit}."
        facts = {"limit": f"options.budget.{name}", "value": value}
        return Fault(Reason.BUDGET_SPENT, text, metadata=facts)


class Purses:
    """The purses of the jobs that are worked on here: one for all pages of a job."""

    def __init__(self, journal: Journal) -> None:
        self._journal = journal
        self._purses: Recent[JobPurse] = Recent(_JOBS)

    def of(self, key: JobKey, accepted: Step, spec: JobSpec) -> JobPurse | None:
        """Return the purse of a job; None for a job without a budget."""
        budget = spec.options.budget
        if budget is None:
            return None
        purse = self._purses.find(key)
        if purse is None:
            purse = JobPurse(self._journal, key, accepted, spec, budget)
            self._purses.keep(key, purse)
        return purse
