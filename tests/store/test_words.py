"""What is left of purged jobs, where a store is short of room or a purge has broken off."""

from contextlib import aclosing
from pathlib import Path

import pytest
from store_cases import key, opened

from docsort_server.faults import Fault, Reason
from docsort_server.jobs.store.jetstream import Servers, Shape, open_store
from docsort_server.jobs.store.jetstream.log import JetStreamJobLog
from docsort_server.jobs.store.memory import MemoryJobLog
from docsort_server.jobs.store.protocols import GONE
from docsort_server.nats.binary import find_binary
from docsort_server.nats.embedded import embedded

SLOTS = frozenset({"accepted", GONE})
MIB = 1024 * 1024


async def purged(log: MemoryJobLog, count: int) -> list[int]:
    """Purge so many jobs, each with a kilobyte of words; return where the logs ended."""
    lasts = []
    for number in range(count):
        await log.append(key(f"job-{number}"), "accepted", b"", ttl=60)
        await log.purge(key(f"job-{number}"), b"x" * 1000)
        lasts.append((await log.extent()).last)
    return lasts


async def test_memory_keeps_the_newest_words() -> None:
    """Above a sixteenth of the memory the oldest go, and whoever has not read them is told."""
    log = MemoryJobLog(max_bytes=16 * 5 * 1400)
    lasts = await purged(log, 8)
    assert (await log.extent()).complete_after == lasts[2]
    async with aclosing(log.feed(SLOTS, after=lasts[2])) as feed:
        left = [await anext(feed) for _ in range(5)]
    assert [each.record.position for each in left if each] == lasts[3:]
    with pytest.raises(Fault) as caught:
        await anext(log.feed(SLOTS, after=lasts[1]))
    assert caught.value.reason is Reason.EVENTS_EXPIRED


async def test_memory_forgets_words_in_time() -> None:
    """When no job of that age can be known any more nobody is told, and nothing is missed."""
    now = [0.0]
    log = MemoryJobLog(lambda: now[0], retention=100)
    lasts = await purged(log, 2)
    now[0] = 99
    await purged(log, 1)
    now[0] = 101
    async with aclosing(log.feed(SLOTS, after=lasts[0])) as feed:
        written = await anext(feed)
    assert written
    assert written.record.position == lasts[1] + 2
    assert (await log.extent()).complete_after == 0


async def test_positions_of_what_is_gone_are_swept_out() -> None:
    """Jobs that come and go leave no more behind than is left of them."""
    now = [0.0]
    log = MemoryJobLog(lambda: now[0], retention=1)
    for round_ in range(30):
        await purged(log, 100)
        now[0] = round_ + 2.0
    assert len(log._ledger._positions) < 2000
    assert len(log._ledger._written) <= 100


async def test_a_purge_that_broke_off_is_finished_by_the_next(tmp_path: Path) -> None:
    """Word was left and the log was not gone: there is one word, and tails have ended."""
    async with embedded(find_binary(), tmp_path, sync="2m") as endpoint, opened(endpoint) as store:
        log = store.log
        assert isinstance(log, JetStreamJobLog)
        first = await log.append(key(), "accepted", b"", ttl=60)
        assert first
        await log._leave_word(key(), b"gone", first)
        await log.purge(key(), b"gone again")
        assert await log.read(key(), "accepted") is None
        await log.append(key("b"), "accepted", b"", ttl=60)
        async with aclosing(log.feed(SLOTS, after=0)) as feed:
            found = [await anext(feed), await anext(feed)]
        assert [(each.record.slot, each.record.body) for each in found if each] == [
            (GONE, b"gone"),
            ("accepted", b""),
        ]


async def test_a_full_store_can_be_purged(tmp_path: Path) -> None:
    """Where there is no room for word of it, the purge makes the room."""
    async with embedded(find_binary(), tmp_path, sync="2m") as endpoint:
        servers = Servers([endpoint.url], endpoint.token)
        async with open_store(servers, shape=Shape(capacity=4 * MIB)) as store:
            hurried = store.hurried
            assert hurried
            size, number = 500_000, 0
            while size > 100:
                number += 1
                try:
                    await hurried.log.append(key(), f"p.{number}", b"x" * size, ttl=60)
                except Fault:
                    size //= 2
            await hurried.log.purge(key(), b"x" * 100)
            async with aclosing(store.log.feed(SLOTS, after=0)) as feed:
                written = await anext(feed)
            assert written
            assert written.record.slot == GONE
