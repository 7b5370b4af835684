"""The list that a replica keeps of its tenant's jobs."""

import asyncio
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager, suppress

import pytest
from eventually import eventually

from docsort_server.codec import ProtoRecordCodec
from docsort_server.jobs import catalogue as module
from docsort_server.jobs.catalogue import Catalogue, JobFilter
from docsort_server.jobs.journal import Journal
from docsort_server.jobs.model import Brief, JobStatus, Summary
from docsort_server.jobs.register import Register
from docsort_server.jobs.store.memory import MemoryJobIndex, open_store
from docsort_server.jobs.store.protocols import JobKey

ALL = JobFilter()
NOW = 4e9


def brief(created: float, **labels: str) -> Brief:
    """Return a queued job."""
    queued = JobStatus.QUEUED
    return Brief(created, 60.0, labels, Summary(queued), queued)


@asynccontextmanager
async def following(
    *briefs: tuple[str, Brief],
) -> AsyncGenerator[tuple[Catalogue, Register, list[float]], None]:
    """Run a catalogue on a register with these jobs, and a clock to move."""
    store, codec, now = open_store(), ProtoRecordCodec(), [NOW]
    register = Register(store.index, Journal(store.log, codec), codec)
    for job_id, each in briefs:
        await register.write(JobKey("t", job_id), each)
    catalogue = Catalogue(register, "t", lambda: now[0])
    task = asyncio.create_task(catalogue.follow())
    try:
        yield catalogue, register, now
    finally:
        task.cancel()
        with suppress(asyncio.CancelledError):
            await task


async def ids(catalogue: Catalogue, chosen: JobFilter = ALL, size: int = 10) -> list[str]:
    """Return the ids of the jobs that are listed."""
    return [job_id for job_id, _ in (await catalogue.list(chosen, size)).jobs]


async def test_jobs_of_one_moment_are_ordered_by_id() -> None:
    """Also where two jobs were accepted at the same time, a place is after one of them."""
    async with following(("b", brief(NOW)), ("a", brief(NOW)), ("c", brief(NOW + 1))) as parts:
        first = await parts[0].list(ALL, 2)
        rest = await parts[0].list(ALL, 2, first.more)
    assert [job_id for job_id, _ in first.jobs] == ["c", "b"]
    assert [job_id for job_id, _ in rest.jobs] == ["a"]
    assert rest.more is None


async def test_a_job_leaves_when_it_expires() -> None:
    """Nobody has to tell: the time does."""
    async with following(("old", brief(NOW - 30)), ("new", brief(NOW))) as (catalogue, _, now):
        assert await ids(catalogue) == ["new", "old"]
        now[0] += 31
        assert await ids(catalogue) == ["new"]
        now[0] += 31
        assert await ids(catalogue) == []


async def test_news_of_a_job_cost_nothing_lasting() -> None:
    """However often a job's brief is written, it is one entry with one time to go."""
    async with following(("a", brief(NOW))) as (catalogue, register, _):
        assert await ids(catalogue) == ["a"]
        for count in range(50):
            await register.write(JobKey("t", "a"), brief(NOW, count=str(count)))
        await eventually(lambda: catalogue._briefs["a"].labels == {"count": "49"})
        assert len(catalogue._places) == len(catalogue._expiry._heap) == 1
        assert isinstance(register._index, MemoryJobIndex)
        assert len(register._index._expiry._heap) == 1


async def test_a_name_that_is_used_anew_is_one_job() -> None:
    """The later job of an id takes the place of the one before."""
    async with following(("a", brief(NOW)), ("b", brief(NOW + 1))) as (catalogue, register, _):
        assert await ids(catalogue) == ["b", "a"]
        await register.write(JobKey("t", "a"), brief(NOW + 2, x="y"))
        chosen = JobFilter(labels={"x": "y"})
        await eventually(lambda: "a" in catalogue._briefs and catalogue._briefs["a"].labels != {})
        assert await ids(catalogue) == ["a", "b"]
        assert await ids(catalogue, chosen) == ["a"]


async def test_one_question_looks_at_a_bounded_part(monkeypatch: pytest.MonkeyPatch) -> None:
    """A filter that takes nothing comes back with a place to go on from, until all was seen."""
    monkeypatch.setattr(module, "SCAN", 2)
    async with following(*((str(n), brief(NOW + n)) for n in range(5))) as (catalogue, _, _):
        chosen, seen, after = JobFilter(labels={"no": "one"}), 0, None
        while True:
            listing = await catalogue.list(chosen, 10, after)
            assert listing.jobs == []
            seen, after = seen + 1, listing.more
            if after is None:
                break
    assert seen == 3


async def test_a_brief_that_cannot_be_read_is_passed_over() -> None:
    """What another version of the server wrote takes nothing from the others."""
    store, codec = open_store(), ProtoRecordCodec()
    register = Register(store.index, Journal(store.log, codec), codec)
    await store.index.put(JobKey("t", "a"), b"\xff", ttl=60)
    await store.index.put(JobKey("t", "b"), b"\x08\x02", ttl=60)
    await register.write(JobKey("t", "c"), brief(NOW))
    assert await register.read(JobKey("t", "a")) is None
    catalogue = Catalogue(register, "t", lambda: NOW)
    task = asyncio.create_task(catalogue.follow())
    assert await ids(catalogue) == ["c"]
    task.cancel()
    with suppress(asyncio.CancelledError):
        await task
