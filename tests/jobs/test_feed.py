"""The feed of all jobs where the store lets go of something, and what it costs."""

import asyncio
import time
import tracemalloc
from collections.abc import AsyncGenerator
from contextlib import aclosing

import pytest
from eventually import eventually
from job_parts import ScriptedEngine, ScriptedReader, build, ended, running, submission

from docsort_server.faults import Fault, Reason
from docsort_server.jobs.assembly import JobEngine
from docsort_server.jobs.catalogue import JobFilter
from docsort_server.jobs.feed import ChangeKind, Notice, Place, place_in
from docsort_server.jobs.identity import DEFAULT_TENANT
from docsort_server.jobs.store.memory import MemoryJobLog, open_store
from docsort_server.jobs.store.protocols import LogExtent, Store, Written

ALL = JobFilter()
EXTENT = LogExtent("log", complete_after=5, last=9)


async def collected(jobs: JobEngine, count: int, place: Place | None = None) -> list[Notice]:
    """Return so many changes after a place, or from the start."""
    found: list[Notice] = []
    notices = jobs.feed.notices(DEFAULT_TENANT, ALL, place, from_start=True)
    async with asyncio.timeout(10), aclosing(notices):
        async for notice in notices:
            if notice.change:
                found.append(notice)
            if len(found) == count:
                break
    return found


@pytest.mark.parametrize(
    "place", [Place("other", 7), Place("log", 4), Place("log", 10), Place("log", -1)]
)
def test_a_place_that_the_log_does_not_hold(place: Place) -> None:
    """Another log, before what is complete, or beyond the end: nobody could go on from there."""
    with pytest.raises(Fault) as caught:
        place_in(EXTENT, place, from_start=False)
    assert caught.value.reason is Reason.EVENTS_EXPIRED


@pytest.mark.parametrize("position", [5, 9])
def test_a_place_that_the_log_holds(position: int) -> None:
    """It is where the feed begins, whatever else was asked for."""
    place = Place("log", position, untold=3)
    assert place_in(EXTENT, place, from_start=True) == place


async def test_jobs_whose_time_is_over_go_without_a_word() -> None:
    """Neither what they were nor their end is told, though the store still has the records."""
    store = open_store(clock=lambda: 0.0)
    jobs = build(ScriptedReader(), ScriptedEngine(), store)
    async with running(jobs):
        brief = await jobs.intake.submit(submission(1, ttl=0.3))
        over = (await ended(jobs, brief))[0].time + 0.3
        await eventually(lambda: time.time() > over)
        key = await jobs.intake.submit(submission(2))
        await ended(jobs, key)
        found = await collected(jobs, 2)
    assert [each.change.job_id for each in found if each.change] == [key.job_id] * 2


async def test_the_end_of_a_job_is_told_without_its_beginning() -> None:
    """Whoever goes on between the two gets the labels all the same."""
    jobs = build(ScriptedReader(), ScriptedEngine())
    async with running(jobs):
        key = await jobs.intake.submit(submission(1))
        await ended(jobs, key)
        whole = await collected(jobs, 2)
        assert await collected(jobs, 1, whole[0].place) == whole[1:]
    assert whole[1].change
    assert whole[1].change.kind is ChangeKind.FINISHED


async def test_a_watcher_is_told_when_jobs_had_to_go_before_it_read_them() -> None:
    """Where memory is short: EVENTS_EXPIRED instead of a gap, live and on resuming."""
    store = open_store(max_bytes=20_000)
    jobs = build(ScriptedReader(), ScriptedEngine(), store)
    async with running(jobs):
        await ended(jobs, await jobs.intake.submit(submission(1)))
        live = jobs.feed.notices(DEFAULT_TENANT, ALL, from_start=True)
        async with aclosing(live):
            place = (await anext(live)).place
            place = (await anext(live)).place
            for number in range(40):
                await ended(jobs, await jobs.intake.submit(submission(1 + number % 5)))
            with pytest.raises(Fault) as caught:
                await anext(live)
            assert caught.value.reason is Reason.EVENTS_EXPIRED
        with pytest.raises(Fault) as caught:
            await collected(jobs, 1, place)
        assert caught.value.reason is Reason.EVENTS_EXPIRED
        # From the start comes what is left, without complaint.
        assert len(await collected(jobs, 2)) == 2


async def test_feeds_cost_no_memory_per_job() -> None:
    """Two hundred watchers who do not read cost the same for 100 jobs as for none."""
    grown = [await growth(watchers) for watchers in (0, 200)]
    assert grown[1] - grown[0] < 200 * 100 * 10


async def growth(watchers: int) -> int:
    """Return the bytes that 100 jobs add while so many watch without reading."""
    jobs = build(ScriptedReader(), ScriptedEngine())
    watching = [jobs.feed.notices(DEFAULT_TENANT, ALL) for _ in range(watchers)]
    for notices in watching:
        await anext(notices)
    tracemalloc.start()
    try:
        for _ in range(100):
            await jobs.intake.submit(submission(1))
        used, _ = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    for notices in watching:
        await notices.aclose()
    return used


class RestlessLog(MemoryJobLog):
    """Tell without a pause of a job that nobody has asked for."""

    async def feed(
        self,
        slots: frozenset[str],
        *,
        tenant: str | None = None,
        after: int | None = None,
        idle: float | None = None,
    ) -> AsyncGenerator[Written | None, None]:
        """Yield the first record again and again, at ever later positions."""
        feed = super().feed(slots, tenant=tenant, after=after, idle=idle)
        async with aclosing(feed):
            first = await anext(feed)
            assert first is not None
            while True:
                await asyncio.sleep(0)
                yield first


async def test_what_is_filtered_out_is_no_sign_of_life() -> None:
    """Signs of life come in their time although the store never rests."""
    plain = open_store()
    store = Store(RestlessLog(), plain.queue, plain.documents, plain.index, plain.cell)
    jobs = build(ScriptedReader(), ScriptedEngine(), store, heartbeat=0.05)
    await jobs.intake.submit(submission(1, detached=True))
    unwanted = JobFilter(labels={"wanted": "1"})
    notices = jobs.feed.notices(DEFAULT_TENANT, unwanted, from_start=True)
    async with asyncio.timeout(10), aclosing(notices):
        found = [await anext(notices) for _ in range(3)]
    assert [notice.change for notice in found] == [None] * 3
