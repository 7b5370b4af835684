"""JetStream alone: what only a store that is shared and bounded can do."""

import asyncio
from collections.abc import AsyncGenerator
from contextlib import aclosing, asynccontextmanager
from pathlib import Path

import pytest
from store_cases import key, opened, page_task

from docsort_server.faults import Fault, Reason
from docsort_server.jobs.store.jetstream import Servers, Shape, Timing, open_store
from docsort_server.jobs.store.jetstream.api import JetStream
from docsort_server.jobs.store.jetstream.connection import Connection
from docsort_server.jobs.store.jetstream.names import Names
from docsort_server.jobs.store.jetstream.trouble import Away
from docsort_server.jobs.store.protocols import JobKey, Store, StoreError
from docsort_server.nats.binary import find_binary
from docsort_server.nats.embedded import Endpoint, embedded

MIB = 1024 * 1024


class Count:
    """Count the messages of a stream."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    async def __call__(self, stream: str) -> int:
        """Ask the engine."""
        info = await JetStream(self._connection).call(f"STREAM.INFO.{stream}")
        return int(info["state"]["messages"])


@pytest.fixture
async def endpoint(tmp_path: Path) -> AsyncGenerator[Endpoint, None]:
    """Return a running engine."""
    async with embedded(find_binary(), tmp_path, sync="2m") as running:
        yield running


@asynccontextmanager
async def replicas(endpoint: Endpoint) -> AsyncGenerator[tuple[Store, Store], None]:
    """Open two stores on one engine, as two processes would."""
    timing = Timing(ack_wait=0.2)
    async with opened(endpoint, timing) as one, opened(endpoint, timing) as other:
        yield one, other


async def pieces(*sizes: int) -> AsyncGenerator[bytes, None]:
    """Yield bytes in chunks of these sizes, no two neighbours alike."""
    for number, size in enumerate(sizes):
        yield bytes([number % 251]) * size


async def test_replicas_see_one_another(endpoint: Endpoint) -> None:
    """What one writes the other reads, tails, and hears of as it ends."""
    async with replicas(endpoint) as (one, other):
        position = await one.log.append(key(), "accepted", b"x", ttl=60)
        async with aclosing(other.log.tail(key())) as tail:
            record = await anext(tail)
            assert record
            assert record.position == position
            await one.log.append(key(), "final", b"", ttl=60)
            record = await anext(tail)
            assert record
            assert record.slot == "final"
        await one.index.hold(key(), ttl=60)
        assert await other.index.held(key())


async def test_a_task_of_a_lost_replica_goes_to_another(endpoint: Endpoint) -> None:
    """A replica that ends without a word loses its task after the wait, to one that lives."""
    async with opened(endpoint, Timing(ack_wait=0.2)) as survivor:
        async with opened(endpoint, Timing(ack_wait=0.2)) as lost:
            await lost.queue.put(page_task("1-1"))
            async with aclosing(lost.queue.consume("page", credit=1)) as deliveries:
                await anext(deliveries)
        async with aclosing(survivor.queue.consume("page", credit=1)) as deliveries:
            delivery = await anext(deliveries)
            assert (delivery.task, delivery.attempt) == (page_task("1-1"), 2)


async def test_a_refused_end_is_not_heard(endpoint: Endpoint) -> None:
    """A stale final is no closing: hearing it would cancel work that is still wanted."""
    async with (
        opened(endpoint) as store,
        aclosing(store.log.feed(frozenset({"final"}))) as feed,
    ):
        heard = asyncio.ensure_future(anext(feed))
        first = await store.log.append(key("a"), "accepted", b"", ttl=60)
        assert first
        await store.log.append(key("a"), "p.1", b"", ttl=60)
        assert await store.log.append_after(key("a"), "final", b"", last=first, ttl=60) is None
        number = 0
        while not heard.done():
            number += 1
            await store.log.append(key(f"b-{number}"), "final", b"", ttl=60)
        written = await heard
        assert written
        assert written.key.job_id.startswith("b-")


async def test_a_job_begun_anew_is_told_from_the_one_before(endpoint: Endpoint) -> None:
    """After a purge a tail begins with the new log and does not end with the old one."""
    async with opened(endpoint) as store:
        await store.log.append(key(), "accepted", b"old", ttl=60)
        await store.log.purge(key())
        await store.log.append(key(), "accepted", b"new", ttl=60)
        async with aclosing(store.log.tail(key())) as tail:
            record = await anext(tail)
            assert record
            assert (record.slot, record.body) == ("accepted", b"new")
            await store.log.append(key(), "p.1", b"", ttl=60)
            assert (await anext(tail)) is not None


async def test_the_engine_forgets_by_itself(endpoint: Endpoint, tmp_path: Path) -> None:
    """Expired records leave the stream, so that its space is free for others."""
    async with opened(endpoint) as store, counting(endpoint) as count:
        await store.log.append(key(), "accepted", b"", ttl=1)
        await store.documents.put("k", pieces(10, 10), ttl=1)
        assert [await count(Names().events), await count(Names().documents)] == [1, 2]
        for stream in (Names().events, Names().documents):
            async with asyncio.timeout(8):
                while await count(stream):
                    pass


@asynccontextmanager
async def counting(endpoint: Endpoint) -> AsyncGenerator[Count, None]:
    """Return a way to count the messages of a stream."""
    async with Connection.open(Servers([endpoint.url], endpoint.token)) as connection:
        yield Count(connection)


async def test_documents_pass_through_in_pieces(endpoint: Endpoint) -> None:
    """Whatever the chunks it came in, a document comes back whole, in chunks of a bounded size."""
    sizes = (1, 256 * 1024, 3 * MIB + 7, 5, 300_000)
    whole = b"".join([piece async for piece in pieces(*sizes)])
    async with opened(endpoint) as store:
        await store.documents.put("a key/with.dots *>", pieces(*sizes), ttl=60)
        chunks = [chunk async for chunk in store.documents.get("a key/with.dots *>")]
    assert b"".join(chunks) == whole
    assert max(map(len, chunks)) <= 960 * 1024
    assert min(map(len, chunks[:-1])) >= 256 * 1024


async def test_of_two_uploads_one_is_kept_whole(endpoint: Endpoint) -> None:
    """Uploads of one key at a time do not mix, and the loser leaves nothing behind."""
    async with opened(endpoint) as store, counting(endpoint) as count:
        await asyncio.gather(
            store.documents.put("k", pieces(600_000, 10), ttl=60),
            store.documents.put("k", pieces(10, 600_000), ttl=60),
        )
        got = b"".join([chunk async for chunk in store.documents.get("k")])
        assert got in (
            b"".join([piece async for piece in pieces(600_000, 10)]),
            b"".join([piece async for piece in pieces(10, 600_000)]),
        )
        assert await count(Names().documents) == 1 + 2


async def test_a_broken_upload_leaves_no_document(endpoint: Endpoint) -> None:
    """An upload that ends in an error is told so and leaves nothing behind."""

    async def broken() -> AsyncGenerator[bytes, None]:
        yield b"x" * 400_000
        raise ConnectionResetError

    async with opened(endpoint) as store, counting(endpoint) as count:
        with pytest.raises(ConnectionResetError):
            await store.documents.put("k", broken(), ttl=60)
        with pytest.raises(KeyError):
            await anext(store.documents.get("k"))
        assert await count(Names().documents) == 0


async def test_a_cancelled_upload_leaves_nothing(endpoint: Endpoint) -> None:
    """Whoever leaves in mid-upload leaves no chunk behind, not even one that was on its way."""

    async def endless() -> AsyncGenerator[bytes, None]:
        while True:
            yield b"x" * MIB
            await asyncio.sleep(0)

    async with opened(endpoint) as store, counting(endpoint) as count:
        task = asyncio.create_task(store.documents.put("k", endless(), ttl=60))
        while await count(Names().documents) < 20:
            pass
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)
        assert await count(Names().documents) == 0


async def test_a_full_store_refuses_documents_and_takes_results(endpoint: Endpoint) -> None:
    """Whoever calls is told OVERLOADED at once; the jobs accepted before can still end."""
    servers = Servers([endpoint.url], endpoint.token)
    async with open_store(servers, shape=Shape(capacity=4 * MIB)) as store:
        hurried = store.hurried
        assert hurried
        with pytest.raises(Fault) as caught:
            await hurried.documents.put("k", pieces(8 * MIB), ttl=60)
        assert caught.value.reason is Reason.OVERLOADED
        assert caught.value.retry_after
        assert await store.log.append(key(), "final", b"x" * 1000, ttl=60)
        await hurried.documents.put("small", pieces(100), ttl=60)


async def test_new_jobs_stop_before_the_logs_are_full(endpoint: Endpoint) -> None:
    """Callers are refused at four fifths, or when the disk is low; workers go on writing."""
    servers, low = Servers([endpoint.url], endpoint.token), [False]
    shape = Shape(capacity=10 * MIB)
    async with open_store(servers, shape=shape, disk_is_low=lambda: low[0]) as store:
        hurried = store.hurried
        assert hurried
        for number in range(5):
            await store.log.append(key(), f"p.{number}", b"x" * 530_000, ttl=60)
        with pytest.raises(Fault) as caught:
            await hurried.documents.put("k", pieces(10), ttl=60)
        assert caught.value.metadata == {"limit": "store_bytes"}
        assert await store.log.append(key(), "final", b"x" * 1000, ttl=60)
    async with open_store(servers, "other", shape, disk_is_low=lambda: low[0]) as store:
        hurried = store.hurried
        assert hurried
        low[0] = True
        with pytest.raises(Fault):
            await hurried.documents.put("k", pieces(10), ttl=60)


async def test_a_record_too_large_is_refused_before_it_is_sent(endpoint: Endpoint) -> None:
    """Sent, it would make the engine close the connection on every other job."""
    async with opened(endpoint) as store:
        with pytest.raises(Fault) as caught:
            await store.log.append(key(), "p.1", b"x" * MIB, ttl=60)
        assert caught.value.reason is Reason.INTERNAL
        assert await store.log.append(key(), "p.1", b"x" * 1_000_000, ttl=60)


@pytest.mark.parametrize("name", ["", "a.b", "*", ">", "a b", "A", "a\r\nPUB x"])
async def test_names_cannot_reach_beyond_their_place(endpoint: Endpoint, name: str) -> None:
    """What would be another subject, or more than one, is refused."""
    async with opened(endpoint) as store:
        for wrong in (JobKey(name, "a"), JobKey("default", name)):
            with pytest.raises(ValueError, match="cannot be part of a subject"):
                await store.log.append(wrong, "accepted", b"", ttl=60)
            with pytest.raises(ValueError, match="cannot be part of a subject"):
                await store.log.purge(wrong)


async def test_a_second_start_keeps_what_is_there(endpoint: Endpoint) -> None:
    """Streams are brought up to date in place; other names are another store."""
    servers = Servers([endpoint.url], endpoint.token)
    async with open_store(servers, shape=Shape(capacity=100 * MIB)) as store:
        await store.log.append(key(), "accepted", b"", ttl=60)
    async with open_store(servers, shape=Shape(capacity=120 * MIB, retention=1e6)) as store:
        assert await store.log.read(key(), "accepted")
    async with open_store(servers, "other", Shape(capacity=100 * MIB)) as store:
        assert await store.log.read(key(), "accepted") is None


async def test_no_engine_is_told_in_time(endpoint: Endpoint) -> None:
    """Neither a silent address nor a wrong token holds up the start."""
    for servers in (Servers(["nats://127.0.0.1:1"]), Servers([endpoint.url], "wrong")):
        with pytest.raises(StoreError, match="the job store cannot be used"):
            async with open_store(servers, timing=Timing(connect=0.5)):
                pass


async def test_a_surplus_task_is_given_back(endpoint: Endpoint) -> None:
    """A consumer without credit keeps nothing that others could do."""
    async with (
        replicas(endpoint) as (one, other),
        aclosing(one.queue.consume("page", credit=1)) as mine,
        aclosing(other.queue.consume("page", credit=1)) as theirs,
    ):
        first = asyncio.ensure_future(anext(mine))
        await one.queue.put(page_task("1-1"))
        await first
        blocked = asyncio.ensure_future(anext(mine))
        await one.queue.put(page_task("2-2", lane="high"))
        # The first one's wait may run out as well; it is the second task that counts.
        async with asyncio.timeout(5):
            while (delivery := await anext(theirs)).task != page_task("2-2", lane="high"):
                await delivery.ack()
        assert not blocked.done()
        blocked.cancel()
        await asyncio.gather(blocked, return_exceptions=True)


async def test_a_connection_that_the_server_ends_is_made_again(endpoint: Endpoint) -> None:
    """The client library gives up for good on any error a server announces; the store does not."""
    async with Connection.open(Servers([endpoint.url], endpoint.token)) as connection:
        inbox = await connection.inbox()
        await connection._client._process_err("'maximum connections exceeded'")
        with pytest.raises(Away):
            await inbox.next(5)
        await asyncio.wait_for(connection.up(), 5)
        await connection.request("$JS.API.INFO")
