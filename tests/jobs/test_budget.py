"""A job's purse: a count in its log that replicas share."""

from __future__ import annotations

import asyncio
import time
from typing import TYPE_CHECKING

import pytest
from page_values import QUESTION

from docsort_server.codec import ProtoRecordCodec
from docsort_server.faults import Fault, Reason
from docsort_server.jobs.budget import JobPurse, Purses
from docsort_server.jobs.journal import Journal
from docsort_server.jobs.model import Budget, Called, JobOptions, JobSpec, Step
from docsort_server.jobs.store.memory import open_store
from docsort_server.jobs.store.protocols import JobKey

if TYPE_CHECKING:
    from docsort_server.jobs.store.protocols import JobLog

KEY = JobKey("default", "job")


def purse(log: JobLog, budget: Budget, ahead: float = 0.0) -> JobPurse:
    """Return the purse that a replica would have for a job that was accepted just now."""
    spec = JobSpec(QUESTION, JobOptions(budget=budget), "", 0, "", 60.0)
    accepted = Step(1, time.time(), spec)
    journal = Journal(log, ProtoRecordCodec())
    return JobPurse(journal, KEY, accepted, spec, budget, lambda: time.time() + ahead)


async def calls(purse: JobPurse, most: int) -> int:
    """Spend at most so often, all at a time; return how often that went well."""
    results = await asyncio.gather(*(purse.spend() for _ in range(most)), return_exceptions=True)
    faults = [each for each in results if each is not None]
    assert all(isinstance(each, Fault) and each.reason is Reason.BUDGET_SPENT for each in faults)
    return most - len(faults)


@pytest.mark.parametrize("most", [1, 2, 3, 7, 64, 100])
async def test_replicas_share_a_budget(most: int) -> None:
    """However many try at the same time, exactly so many calls are paid for."""
    log = open_store().log
    budget = Budget(max_model_calls=most)
    replicas = [purse(log, budget) for _ in range(3)]
    spent = await asyncio.gather(*(calls(each, most) for each in replicas))
    assert sum(spent) == most
    assert all(each.spent for each in replicas)


@pytest.mark.parametrize("before", [0, 1, 5, 16, 17, 40, 49, 50])
async def test_a_replica_that_comes_later_goes_on(before: int) -> None:
    """It finds in a few looks where the count stands, and pays for what is left."""
    log = open_store().log
    budget = Budget(max_model_calls=50)
    assert await calls(purse(log, budget), before) == before
    assert await calls(purse(log, budget), 60) == 50 - before


async def test_a_time_ends_it_too() -> None:
    """After it nothing is paid, and the fault names the limit."""
    log = open_store().log
    budget = Budget(max_time=5.0)
    assert await calls(purse(log, budget), 3) == 3
    late = purse(log, budget, ahead=6.0)
    assert (late.spent, late.time_left) == (True, 0.0)
    with pytest.raises(Fault, match="max_time allows 5 seconds") as caught:
        late.check_time()
    assert caught.value.metadata == {"limit": "options.budget.max_time", "value": "5"}


async def test_all_pages_of_a_job_share_one_purse() -> None:
    """So that a process does not look up the count for each."""
    journal = Journal(open_store().log, ProtoRecordCodec())
    purses = Purses(journal)
    plain = JobSpec(QUESTION, JobOptions(), "", 0, "", 60.0)
    spec = JobSpec(QUESTION, JobOptions(budget=Budget(5)), "", 0, "", 60.0)
    step = Step(1, time.time(), spec)
    assert purses.of(KEY, step, plain) is None
    assert purses.of(KEY, step, spec) is purses.of(KEY, step, spec)


def test_a_call_is_a_record_of_its_own() -> None:
    """It comes back as it was."""
    codec = ProtoRecordCodec()
    assert codec.decode("call.7", codec.encode(Called(7))) == Called(7)


async def test_calls_that_are_spent_do_not_end_the_time() -> None:
    """A page that is late for another reason is not told to have been without a budget."""
    spent = purse(open_store().log, Budget(max_model_calls=1, max_time=60.0))
    await spent.spend()
    assert spent.spent
    spent.check_time()
