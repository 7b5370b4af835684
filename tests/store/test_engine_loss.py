"""JetStream alone: the engine is killed, frozen or restarted under the store."""

import asyncio
import os
import signal
from collections.abc import AsyncGenerator
from contextlib import aclosing, asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

import pytest
from eventually import eventually
from store_cases import key, opened, page_task

from docsort_server.faults import Fault, Reason
from docsort_server.jobs.store.jetstream import Timing
from docsort_server.jobs.store.protocols import Store
from docsort_server.nats.binary import find_binary
from docsort_server.nats.embedded import Endpoint, embedded

TTL = 600.0


@dataclass(frozen=True, slots=True)
class Engine:
    """A running engine, the store on it, and what can be done to it."""

    endpoint: Endpoint
    store: Store
    folder: Path

    def signal(self, number: signal.Signals) -> None:
        """Send the engine's process a signal."""
        os.kill(int((self.folder / "lock").read_text()), number)

    @property
    def hurried(self) -> Store:
        """The store of those who do not wait."""
        assert self.store.hurried
        return self.store.hurried


@asynccontextmanager
async def engine(folder: Path, timing: Timing | None = None) -> AsyncGenerator[Engine, None]:
    """Run an engine that syncs every write, and a store on it."""
    async with (
        embedded(find_binary(), folder) as endpoint,
        opened(endpoint, timing or Timing(ack_wait=1.0, hurry=0.3)) as store,
    ):
        yield Engine(endpoint, store, folder)


async def test_no_acknowledged_record_is_lost_to_a_kill(tmp_path: Path) -> None:
    """Killed three times under writers, the engine has all it acknowledged; tails see it once."""
    acknowledged: dict[str, int] = {}
    seen: list[tuple[int, str]] = []
    stop = asyncio.Event()

    async def write(store: Store, writer: int) -> None:
        while not stop.is_set():
            slot = f"p.{writer}-{len(acknowledged)}"
            position = await store.log.append(key(), slot, b"x" * 500, ttl=TTL)
            # Nobody else writes this slot, so a lost acknowledgement must not look like a rival.
            assert position is not None
            acknowledged[slot] = position

    async def read(store: Store) -> None:
        async with aclosing(store.log.tail(key())) as tail:
            async for record in tail:
                assert record is not None
                seen.append((record.position, record.slot))
                if record.slot == "final":
                    return

    async with engine(tmp_path) as running:
        store = running.store
        await store.log.append(key(), "accepted", b"", ttl=TTL)
        reading = asyncio.create_task(read(store))
        writing = [asyncio.create_task(write(store, writer)) for writer in range(4)]
        for _ in range(3):
            enough = len(acknowledged) + 50
            await eventually(lambda: len(acknowledged) > enough)  # noqa: B023 - used at once
            running.signal(signal.SIGKILL)
        enough = len(acknowledged) + 50
        await eventually(lambda: len(acknowledged) > enough, 20)
        stop.set()
        await asyncio.gather(*writing)
        await store.log.append(key(), "final", b"", ttl=TTL)
        await asyncio.wait_for(reading, 10)
    assert seen == sorted(set(seen))
    told = {slot: position for position, slot in seen}
    assert {slot: told.get(slot) for slot in acknowledged} == acknowledged


async def test_work_goes_on_after_a_kill(tmp_path: Path) -> None:
    """Consumers, feeds and tasks in hand outlive the engine's process."""
    async with engine(tmp_path) as running:
        store = running.store
        feed = store.log.feed(frozenset({"final"}))
        async with (
            aclosing(feed),
            aclosing(store.queue.consume("page", credit=2)) as deliveries,
        ):
            heard = asyncio.ensure_future(anext(feed))
            await store.queue.put(page_task("1-1"))
            held = await anext(deliveries)
            following = asyncio.ensure_future(anext(deliveries))
            running.signal(signal.SIGKILL)
            await store.queue.put(page_task("2-2"))
            assert (await asyncio.wait_for(following, 20)).task == page_task("2-2")
            # The first task came back meanwhile, or will: to this consumer it is still in hand.
            await held.in_progress()
            await held.ack()
            await store.log.append(key(), "final", b"", ttl=TTL)
            written = await asyncio.wait_for(heard, 20)
            assert written
            assert written.key == key()


async def test_a_consumer_is_not_given_twice_what_it_holds(tmp_path: Path) -> None:
    """A task that comes back to the process that works on it goes on under the new delivery."""
    async with engine(tmp_path, Timing(ack_wait=0.1)) as running:
        queue = running.store.queue
        await queue.put(page_task("1-1"))
        async with aclosing(queue.consume("page", credit=2)) as deliveries:
            delivery = await anext(deliveries)
            again = asyncio.ensure_future(anext(deliveries))
            await eventually(lambda: delivery.attempt > 1)
            assert not again.done()
            await queue.put(page_task("2-2"))
            assert (await again).task == page_task("2-2")
            await delivery.ack()
            assert await queue.put(page_task("1-1"))


async def test_callers_are_refused_while_it_is_frozen(tmp_path: Path) -> None:
    """Within their patience, with a time to retry; whoever waits is served when it is back."""
    async with engine(tmp_path) as running:
        running.signal(signal.SIGSTOP)
        try:
            waiting = asyncio.create_task(running.store.log.append(key(), "p.1", b"", ttl=TTL))
            for refused in (
                running.hurried.log.read(key(), "accepted"),
                running.hurried.index.hold(key(), ttl=TTL),
                running.hurried.queue.put(page_task("1-1")),
                running.hurried.documents.delete("k"),
            ):
                with pytest.raises(Fault) as caught:
                    await asyncio.wait_for(refused, 2)
                assert caught.value.reason is Reason.OVERLOADED
                assert caught.value.retry_after
            assert not waiting.done()
        finally:
            running.signal(signal.SIGCONT)
        position = await asyncio.wait_for(waiting, 20)
        record = await running.hurried.log.read(key(), "p.1")
        assert record
        assert record.position == position


async def test_everything_is_there_after_a_restart(tmp_path: Path) -> None:
    """Logs with their positions and times, documents, tasks and summaries outlive it all."""
    slots = ["accepted", "p.1", "p.2", "final"]

    async def document() -> AsyncGenerator[bytes, None]:
        yield b"the document"

    async with engine(tmp_path) as running:
        store = running.store
        for slot in slots:
            await store.log.append(key(), slot, slot.encode(), ttl=TTL)
        before = [await store.log.read(key(), slot) for slot in slots]
        await store.documents.put("k", document(), ttl=TTL)
        await store.queue.put(page_task("1-1"))
        await store.index.put(key(), b"summary", ttl=TTL)
    async with engine(tmp_path) as running:
        store = running.store
        assert [await store.log.read(key(), slot) for slot in slots] == before
        async with aclosing(store.log.tail(key())) as tail:
            replayed = [await anext(tail) for _ in slots]
        assert [(each.position, each.time, each.body) for each in replayed if each] == [
            (each.position, each.time, each.body) for each in before if each
        ]
        assert [chunk async for chunk in store.documents.get("k")] == [b"the document"]
        assert not await store.queue.put(page_task("1-1"))
        assert await store.index.get(key()) == b"summary"


async def test_a_lease_outlives_an_outage(tmp_path: Path) -> None:
    """Nobody could renew it meanwhile, so it runs its time again from the engine's return."""
    async with engine(tmp_path) as running:
        index = running.store.index
        await index.hold(key(), ttl=0.3)
        running.signal(signal.SIGKILL)
        assert await index.held(key())
        ended = asyncio.get_running_loop().time() + 5
        while await index.held(key()):
            assert asyncio.get_running_loop().time() < ended
