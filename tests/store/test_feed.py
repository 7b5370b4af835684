"""The contract of JobLog's feed over all jobs."""

import asyncio
from collections.abc import AsyncGenerator
from contextlib import aclosing

from store_cases import StoreCase, key

from docsort_server.jobs.store.protocols import GONE, JobKey, JobLog, Store, Written

SLOTS = frozenset({"accepted", "final", GONE})
Told = tuple[str, str, bytes]


async def write(log: JobLog, slot: str, job: str = "a", body: bytes = b"") -> int:
    """Append to an empty slot."""
    position = await log.append(key(job), slot, body, ttl=60)
    assert position is not None
    return position


def told(written: Written) -> Told:
    """Return what a feed told, in short."""
    return written.key.job_id, written.record.slot, written.record.body


async def take(feed: AsyncGenerator[Written | None, None], count: int) -> list[Written]:
    """Return the next records of a feed."""
    taken: list[Written] = []
    async with asyncio.timeout(10):
        while len(taken) < count:
            written = await anext(feed)
            assert written is not None
            taken.append(written)
    return taken


async def read(log: JobLog, count: int, after: int = 0, tenant: str | None = None) -> list[Written]:
    """Return so many records of a new feed."""
    async with aclosing(log.feed(SLOTS, tenant=tenant, after=after)) as feed:
        return await take(feed, count)


async def test_a_feed_has_its_slots_of_all_jobs_in_order(store: Store) -> None:
    """What was there comes first, then what comes; other slots are passed over."""
    log = store.log
    await write(log, "accepted", "a", b"one")
    await write(log, "extracted", "a")
    await write(log, "accepted", "b", b"two")
    async with aclosing(log.feed(SLOTS, after=0)) as feed:
        before = await take(feed, 2)
        waiting = asyncio.ensure_future(take(feed, 2))
        await write(log, "p.1", "a")
        await write(log, "final", "b", b"three")
        await write(log, "final", "a", b"four")
        since = await waiting
    assert [told(each) for each in before + since] == [
        ("a", "accepted", b"one"),
        ("b", "accepted", b"two"),
        ("b", "final", b"three"),
        ("a", "final", b"four"),
    ]
    positions = [each.record.position for each in before + since]
    assert positions == sorted(set(positions))
    record = await log.read(key("b"), "final")
    assert record is not None
    assert (record.position, record.time) == (since[0].record.position, since[0].record.time)


async def test_a_feed_goes_on_after_any_position(store: Store) -> None:
    """Cut anywhere, the rest is what was not seen."""
    for number in range(8):
        await write(store.log, "accepted", f"job-{number}")
        await write(store.log, "p.1", f"job-{number}")
    whole = await read(store.log, 8)
    for index, written in enumerate(whole[:-1]):
        assert await read(store.log, 7 - index, after=written.record.position) == whole[index + 1 :]


async def test_a_feed_without_a_position_begins_now(store: Store) -> None:
    """A listener hears of the slots it asked for from now on, on every job."""
    await write(store.log, "final", job="before")
    async with aclosing(store.log.feed(frozenset({"stop", "final"}))) as feed:
        # Where the log is another process's, it begins to listen a moment after it is asked to.
        first = asyncio.ensure_future(anext(feed))
        begun = 0
        while not (await asyncio.wait([first], timeout=0.01))[0]:
            begun += 1
            await write(store.log, "stop", job=f"begun-{begun}")
        await write(store.log, "p.1", job="a")
        await write(store.log, "stop", job="b")
        await write(store.log, "final", job="c")
        heard = [await first]
        while not heard[-1] or heard[-1].key != key("c"):
            heard.append(await anext(feed))
    keys = [written.key for written in heard if written]
    assert key("before") not in keys
    assert keys[-2:] == [key("b"), key("c")]


async def test_a_feed_may_be_of_one_tenant(store: Store) -> None:
    """What other tenants write is not in it."""
    await store.log.append(JobKey("other", "a"), "accepted", b"", ttl=60)
    await write(store.log, "accepted", "b")
    await store.log.append(JobKey("other", "a"), "final", b"", ttl=60)
    assert [each.key.tenant for each in await read(store.log, 3)] == ["other", "default", "other"]
    assert [each.key for each in await read(store.log, 2, tenant="other")] == 2 * [
        JobKey("other", "a")
    ]


async def test_a_feed_tells_when_it_is_idle(store: Store) -> None:
    """None comes after each idle time, whatever is written elsewhere, and records still follow."""
    async with aclosing(store.log.feed(SLOTS, after=0, idle=0.05)) as feed:
        waiting = asyncio.ensure_future(anext(feed))
        number = 0
        while not waiting.done():
            number += 1
            await write(store.log, "extracted", f"job-{number}")
            await asyncio.sleep(0.005)
        assert await waiting is None
        assert await anext(feed) is None
        await write(store.log, "accepted")
        assert told((await take(feed, 1))[0]) == ("a", "accepted", b"")


async def test_a_purge_leaves_its_word(store: Store) -> None:
    """A feed, also one that begins later, has it in place of the job's records."""
    log = store.log
    position = await write(log, "accepted", "a")
    await write(log, "accepted", "b")
    async with aclosing(log.feed(SLOTS, after=position)) as live:
        await take(live, 1)
        await log.purge(key("a"), b"gone")
        assert told((await take(live, 1))[0]) == ("a", GONE, b"gone")
    assert [told(each) for each in await read(log, 2, after=position)] == [
        ("b", "accepted", b""),
        ("a", GONE, b"gone"),
    ]


async def test_there_is_one_word_of_a_purge(store: Store) -> None:
    """However often and by however many a job is purged; a job never known leaves none."""
    log = store.log
    await write(log, "accepted", "a")
    await asyncio.gather(*(log.purge(key("a"), b"gone") for _ in range(4)))
    await log.purge(key("a"), b"again")
    await log.purge(key("nobody"), b"never")
    await write(log, "accepted", "b")
    assert [told(each) for each in await read(log, 2)] == [
        ("a", GONE, b"gone"),
        ("b", "accepted", b""),
    ]


async def test_a_job_made_anew_follows_the_word_of_the_one_before(store: Store) -> None:
    """Its slots are empty, its tail begins with it, and it may be purged again."""
    log = store.log
    await write(log, "accepted", "a", b"old")
    await log.purge(key("a"), b"first")
    accepted = await write(log, "accepted", "a", b"new")
    last = await log.append_after(key("a"), "final", b"", last=accepted, ttl=60)
    assert last is not None
    async with aclosing(log.tail(key("a"))) as tail:
        slots = [record.slot for record in [await anext(tail), await anext(tail)] if record]
    assert slots == ["accepted", "final"]
    assert [told(each) for each in await read(log, 3)] == [
        ("a", GONE, b"first"),
        ("a", "accepted", b"new"),
        ("a", "final", b""),
    ]
    await log.purge(key("a"), b"second")
    assert told((await read(log, 1, after=last))[0]) == ("a", GONE, b"second")
    assert await log.read(key("a"), "accepted") is None


async def test_what_has_expired_is_in_no_feed(case: StoreCase) -> None:
    """A job whose time is over goes without a word; that of a deleted one outlives it."""
    log = case.store.log
    for job in "ab":
        await log.append(key(job), "accepted", b"", ttl=1)
    await log.purge(key("b"), b"gone")
    await case.pass_time(1.1)
    await write(log, "accepted", "c")
    assert [told(each) for each in await read(log, 2)] == [
        ("b", GONE, b"gone"),
        ("c", "accepted", b""),
    ]


async def test_the_extent_is_where_the_log_ends(store: Store) -> None:
    """The last position and who it is of; a feed after it brings only what follows."""
    log = store.log
    empty = await log.extent()
    position = await write(log, "accepted")
    await write(log, "p.1")
    extent = await log.extent()
    assert extent.identity == empty.identity
    assert extent.complete_after == 0
    assert extent.last == position + 1
    await write(log, "final")
    assert [told(each) for each in await read(log, 1, after=extent.last)] == [("a", "final", b"")]


async def test_feeds_are_independent(store: Store) -> None:
    """A feed that is not read loses nothing and holds up no other."""
    log = store.log
    await write(log, "accepted", "first")
    async with (
        aclosing(log.feed(SLOTS, after=0)) as slow,
        aclosing(log.feed(SLOTS, after=0)) as fast,
    ):
        await take(slow, 1)
        for number in range(100):
            await write(log, "accepted", f"job-{number}")
        assert len(await take(fast, 101)) == 101
        assert [each.key.job_id for each in await take(slow, 100)] == [
            f"job-{n}" for n in range(100)
        ]
