"""JetStream alone: one consumer for all tails of a process."""

import asyncio
import json
from collections.abc import AsyncGenerator
from contextlib import ExitStack, aclosing
from pathlib import Path

import pytest
from store_cases import key, opened

from docsort_server.jobs.store.jetstream.api import JetStream
from docsort_server.jobs.store.jetstream.connection import Connection
from docsort_server.jobs.store.jetstream.heard import KEPT, KEPT_BYTES, Heard
from docsort_server.jobs.store.jetstream.live import Live
from docsort_server.jobs.store.jetstream.names import Names
from docsort_server.jobs.store.jetstream.servers import Servers
from docsort_server.jobs.store.protocols import Record, Store, Written
from docsort_server.nats.binary import find_binary
from docsort_server.nats.embedded import Endpoint, embedded

TTL = 600.0


@pytest.fixture
async def endpoint(tmp_path: Path) -> AsyncGenerator[Endpoint, None]:
    """Run an engine."""
    async with embedded(find_binary(), tmp_path, sync="2m") as running:
        yield running


@pytest.fixture
async def store(endpoint: Endpoint) -> AsyncGenerator[Store, None]:
    """Open a store on it."""
    async with opened(endpoint) as running:
        yield running


async def consumers(endpoint: Endpoint) -> int:
    """Return how many consumers the stream of logs has."""
    servers = Servers([endpoint.url], endpoint.token)
    async with Connection.open(servers) as connection:
        answer = await connection.request("$JS.API.STREAM.INFO.DOCSORT_EVENTS")
    count: int = json.loads(answer.data)["state"]["consumer_count"]
    return count


async def test_tails_are_not_bounded_by_the_engine(endpoint: Endpoint, store: Store) -> None:
    """More tails than an engine has consumers each see what was and what comes."""
    names = [f"job-{number}" for number in range(1_200)]
    live = asyncio.Semaphore(0)

    async def follow(name: str) -> list[str]:
        found = []
        async with aclosing(store.log.tail(key(name))) as tail:
            async for record in tail:
                assert record is not None
                found.append(record.slot)
                if record.slot == "final":
                    return found
                live.release()
        raise AssertionError("the tail ended")

    await asyncio.gather(*(store.log.append(key(n), "accepted", b"", ttl=TTL) for n in names))
    following = [asyncio.create_task(follow(name)) for name in names]
    for _ in names:
        await live.acquire()
    assert await consumers(endpoint) == 1
    await asyncio.gather(*(store.log.append(key(n), "final", b"", ttl=TTL) for n in names))
    assert await asyncio.gather(*following) == [["accepted", "final"]] * len(names)


async def test_a_tail_far_behind_reads_the_stream_again(store: Store) -> None:
    """What is no longer held for it comes all the same, once and in order."""
    await store.log.append(key(), "accepted", b"", ttl=TTL)
    slots = [f"p.{number}" for number in range(5 * KEPT)]
    async with aclosing(store.log.tail(key())) as tail:
        first = await anext(tail)
        assert first is not None
        for start in range(0, len(slots), KEPT):
            part = slots[start : start + KEPT]
            await asyncio.gather(*(store.log.append(key(), s, b"x", ttl=TTL) for s in part))
        found = [await anext(tail) for _ in slots]
    positions = [record.position for record in found if record]
    assert positions == sorted(set(positions))
    assert {record.slot for record in found if record} == set(slots)


def written(position: int, size: int = 10) -> Written:
    """Return a record of a size."""
    return Written(key(), Record(position, 0.0, f"p.{position}", bytes(size)))


def test_what_is_held_is_bounded_and_complete_above_its_floor() -> None:
    """Whatever was heard, a position at the floor or above it leads to the very next record."""
    heard = Heard(10)
    for position in range(11, 11 + 10 * KEPT):
        heard.add(written(position))
        following = heard.after(heard.floor)
        assert following is not None
        assert following[0].record.position == heard.floor + 1
        assert position - heard.floor <= 2 * KEPT
    newest = 10 + 10 * KEPT
    assert heard.after(newest) is None
    assert [heard.after(newest - back) for back in (1, 2)] == [
        (written(newest), False),
        (written(newest - 1), True),
    ]


def test_large_records_count_by_their_bytes() -> None:
    """A few large records are let go of early; the newest one stays."""
    heard = Heard(0)
    for position in range(1, 9):
        heard.add(written(position, KEPT_BYTES // 2))
    assert heard.floor >= 5
    assert heard.after(7) is not None


async def test_all_that_is_held_has_one_bound(endpoint: Endpoint) -> None:
    """Many jobs that nobody reads together hold no more than was granted; none loses a record."""
    most, changed = 64 * 1024, asyncio.Event()
    servers = Servers([endpoint.url], endpoint.token)
    async with Connection.open(servers) as connection:
        live = Live(JetStream(connection), Names(), most)
        with ExitStack() as stack:
            jobs = [key(f"job-{number}") for number in range(50)]
            heard = {job: stack.enter_context(live.heard(job, changed)) for job in jobs}
            for position, job in enumerate(jobs * 20, 1):
                live.take(Written(job, Record(position, 0.0, "p.1", bytes(1_000))))
                assert live.held_bytes <= most
            for job in jobs:
                last = heard[job].floor
                while found := heard[job].after(last):
                    last = found[0].record.position
                assert last == 950 + jobs.index(job) + 1
        assert live.held_bytes == 0


async def test_feeds_are_not_bounded_by_the_engine(endpoint: Endpoint, store: Store) -> None:
    """More feeds of all jobs than an engine has consumers hear of each of them."""
    slots = frozenset({"final"})
    heard = asyncio.Semaphore(0)

    async def follow() -> None:
        async with aclosing(store.log.feed(slots)) as feed:
            assert await anext(feed)
            heard.release()

    following = [asyncio.create_task(follow()) for _ in range(1_200)]
    await asyncio.sleep(0)
    await store.log.append(key(), "accepted", b"", ttl=TTL)
    number = 0
    while not all(each.done() for each in following):
        # Feeds hear of what comes after they began, which some do late.
        number += 1
        await store.log.append(key(f"job-{number}"), "final", b"", ttl=TTL)
    assert await consumers(endpoint) == 1


async def test_a_stray_message_deafens_nobody(endpoint: Endpoint, store: Store) -> None:
    """What others write below our prefix is passed over."""
    await store.log.append(key(), "accepted", b"", ttl=TTL)
    servers = Servers([endpoint.url], endpoint.token)
    async with aclosing(store.log.tail(key())) as tail, Connection.open(servers) as connection:
        await anext(tail)
        await connection.request("docsort.ev.stray", b"")
        await store.log.append(key(), "p.1", b"", ttl=TTL)
        record = await anext(tail)
    assert record is not None
    assert record.slot == "p.1"
