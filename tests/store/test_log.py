"""The contract of JobLog."""

import asyncio
from collections.abc import AsyncGenerator
from contextlib import aclosing

from store_cases import StoreCase, key

from docsort_server.jobs.store.protocols import JobKey, JobLog, Record, Store


async def write(log: JobLog, slot: str, body: bytes = b"", job: str = "a") -> int:
    """Append to an empty slot."""
    position = await log.append(key(job), slot, body, ttl=60)
    assert position is not None
    return position


async def take(tail: AsyncGenerator[Record | None, None], count: int) -> list[Record]:
    """Return the next records of a tail."""
    taken: list[Record] = []
    while len(taken) < count:
        record = await anext(tail)
        assert record is not None
        taken.append(record)
    return taken


async def test_append_fills_a_slot_once(store: Store) -> None:
    """The first writer of a slot gets a position, the second None, and the first body stays."""
    first = await store.log.append(key(), "p.1", b"one", ttl=60)
    second = await store.log.append(key(), "p.1", b"two", ttl=60)
    record = await store.log.read(key(), "p.1")
    assert first is not None
    assert second is None
    assert record is not None
    assert (record.position, record.slot, record.body) == (first, "p.1", b"one")


async def test_what_is_taken_of_many_slots(case: StoreCase) -> None:
    """One question tells which slots are written: none, some, and none again once they expired."""
    log, slots = case.store.log, [f"p.{number}" for number in range(1, 17)]
    assert await log.taken(key(), slots) == set()
    for slot in ("p.3", "p.16", "p.17"):
        await log.append(key(), slot, b"", ttl=1)
    assert await log.taken(key(), slots) == {"p.3", "p.16"}
    assert await log.taken(key("b"), slots) == set()
    await case.pass_time(1.1)
    assert await log.taken(key(), slots) == set()


async def test_one_of_many_writers_wins(store: Store) -> None:
    """Of writers that race for a slot exactly one is told that it wrote."""
    appends = (store.log.append(key(), "final", bytes([n]), ttl=60) for n in range(20))
    positions = await asyncio.gather(*appends)
    assert sum(position is not None for position in positions) == 1


async def test_bodies_are_opaque_bytes(store: Store) -> None:
    """Any bytes come back as they went in, empty and binary ones too."""
    for slot, body in {"a": b"", "b": bytes(range(256)), "c": b"\xff" * 100_000}.items():
        await write(store.log, slot, body)
        record = await store.log.read(key(), slot)
        assert record is not None
        assert record.body == body


async def test_positions_rise_with_gaps(store: Store) -> None:
    """Two jobs that write in turn each see strictly increasing positions that skip."""
    for number in range(5):
        await write(store.log, f"p.{number}", job="a")
        await write(store.log, f"p.{number}", job="b")
    async with aclosing(store.log.tail(key("a"))) as tail:
        positions = [record.position for record in await take(tail, 5)]
    assert positions == sorted(set(positions))
    assert positions[-1] - positions[0] > 4


async def test_jobs_and_tenants_do_not_mix(store: Store) -> None:
    """A slot belongs to one job of one tenant."""
    await write(store.log, "accepted", b"mine")
    assert await store.log.read(key("b"), "accepted") is None
    assert await store.log.read(JobKey("other", "a"), "accepted") is None


async def test_read_of_an_empty_slot_is_none(store: Store) -> None:
    """Neither an unknown job nor an unwritten slot is an error."""
    assert await store.log.read(key("nobody"), "accepted") is None
    await write(store.log, "accepted")
    assert await store.log.read(key(), "final") is None


async def test_append_after_wants_the_last_position(store: Store) -> None:
    """A stale view is refused; the job's last position is taken."""
    stale = await write(store.log, "accepted")
    last = await write(store.log, "p.1")
    assert await store.log.append_after(key(), "final", b"", last=stale, ttl=60) is None
    assert await store.log.read(key(), "final") is None
    position = await store.log.append_after(key(), "final", b"", last=last, ttl=60)
    assert position is not None
    assert position > last


async def test_append_after_ignores_other_jobs(store: Store) -> None:
    """What other jobs write does not make a view stale."""
    last = await write(store.log, "accepted", job="a")
    await write(store.log, "accepted", job="b")
    assert await store.log.append_after(key("a"), "final", b"", last=last, ttl=60) is not None


async def test_append_after_refuses_a_taken_slot_and_an_unknown_job(store: Store) -> None:
    """The conditional append keeps the rule of slots, and needs a log to follow."""
    last = await write(store.log, "final", b"first")
    assert await store.log.append_after(key(), "final", b"", last=last, ttl=60) is None
    assert await store.log.append_after(key("nobody"), "final", b"", last=0, ttl=60) is None


async def test_tail_replays_then_follows(store: Store) -> None:
    """A tail yields what is there and then what comes, in order, nothing twice."""
    await write(store.log, "accepted")
    async with aclosing(store.log.tail(key())) as tail:
        first = await take(tail, 1)
        waiting = asyncio.ensure_future(take(tail, 2))
        await write(store.log, "p.1")
        await write(store.log, "p.2")
        rest = await waiting
    assert [record.slot for record in first + rest] == ["accepted", "p.1", "p.2"]


async def test_tail_starts_after_any_position(store: Store) -> None:
    """Cut anywhere, the rest is what was not seen; also after a position of another job."""
    slots = [f"p.{number}" for number in range(6)]
    positions = []
    for slot in slots:
        positions.append(await write(store.log, slot))
        await write(store.log, slot, job="b")
    for index, position in enumerate(positions[:-1]):
        for after in (position, position + 1):
            async with aclosing(store.log.tail(key(), after=after)) as tail:
                rest = await take(tail, len(slots) - index - 1)
            assert [record.slot for record in rest] == slots[index + 1 :]


async def test_tail_marks_records_behind_which_more_wait(store: Store) -> None:
    """`pending` is set on all of a backlog but its last record."""
    for number in range(3):
        await write(store.log, f"p.{number}")
    async with aclosing(store.log.tail(key())) as tail:
        records = await take(tail, 3)
    assert [record.pending for record in records] == [True, True, False]


async def test_tail_tells_when_it_is_idle(store: Store) -> None:
    """None comes after each idle time, and records still follow."""
    await write(store.log, "accepted")
    async with aclosing(store.log.tail(key(), idle=0.01)) as tail:
        await take(tail, 1)
        assert await anext(tail) is None
        assert await anext(tail) is None
        await write(store.log, "p.1")
        assert [record.slot for record in await take(tail, 1)] == ["p.1"]


async def test_tail_of_a_purged_job_ends(store: Store) -> None:
    """A waiting tail ends with its job, and so does one of an unknown job."""
    await write(store.log, "accepted")
    async with aclosing(store.log.tail(key())) as tail:
        await take(tail, 1)
        ending = asyncio.ensure_future(anext(tail, None))
        await asyncio.sleep(0)
        await store.log.purge(key())
        assert await ending is None
    assert [record async for record in store.log.tail(key("nobody"))] == []


async def test_tails_are_independent(store: Store) -> None:
    """A tail that is not read loses nothing and holds up no other."""
    await write(store.log, "accepted")
    async with aclosing(store.log.tail(key())) as slow, aclosing(store.log.tail(key())) as fast:
        await take(slow, 1)
        for number in range(100):
            await write(store.log, f"p.{number}")
        assert len(await take(fast, 101)) == 101
        assert [record.slot for record in await take(slow, 2)] == ["p.0", "p.1"]


async def test_purge_forgets_one_job(store: Store) -> None:
    """The job's slots are empty again, others stay, and an unknown job is no error."""
    await write(store.log, "accepted", job="a")
    await write(store.log, "accepted", job="b")
    await store.log.purge(key("a"))
    await store.log.purge(key("nobody"))
    assert await store.log.read(key("a"), "accepted") is None
    assert await store.log.read(key("b"), "accepted") is not None


async def test_records_expire(case: StoreCase) -> None:
    """After its time a job's log is gone and its tail ends; before that it is all there."""
    log = case.store.log
    await log.append(key(), "accepted", b"", ttl=1)
    async with aclosing(log.tail(key())) as tail:
        await take(tail, 1)
        await case.pass_time(0.5)
        assert await log.read(key(), "accepted") is not None
        ending = asyncio.ensure_future(anext(tail, None))
        await asyncio.sleep(0)
        await case.pass_time(0.6)
        assert await log.read(key(), "accepted") is None
        assert await ending is None


async def test_append_after_an_expired_log_is_refused(case: StoreCase) -> None:
    """The end of a forgotten job does not bring its log back."""
    log = case.store.log
    last = await log.append(key(), "accepted", b"", ttl=1)
    assert last is not None
    await case.pass_time(1.1)
    assert await log.append_after(key(), "final", b"", last=last, ttl=60) is None
    assert await log.read(key(), "final") is None
