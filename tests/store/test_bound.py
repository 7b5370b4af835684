"""JetStream alone: how many page tasks all replicas together may have in hand."""

import asyncio
from collections.abc import AsyncGenerator
from contextlib import AsyncExitStack, aclosing, asynccontextmanager
from pathlib import Path

import pytest
from store_cases import page_task

from docsort_server.jobs.store.jetstream import Servers, Shape, Timing, open_store
from docsort_server.jobs.store.protocols import Delivery, Store
from docsort_server.nats.binary import find_binary
from docsort_server.nats.embedded import Endpoint, embedded

# Longer than any of these tests takes: a task comes back only where one gives it back.
ACK_WAIT = 60.0


@pytest.fixture
async def endpoint(tmp_path: Path) -> AsyncGenerator[Endpoint, None]:
    """Return a running engine."""
    async with embedded(find_binary(), tmp_path, sync="2m") as running:
        yield running


class Hands:
    """What some consumers of one engine have in hand, and the most that it ever was."""

    def __init__(self) -> None:
        self.held: list[Delivery] = []
        self.most = 0
        self.seen = 0
        self._changed = asyncio.Event()

    async def take(self, store: Store, credit: int) -> None:
        """Take tasks for ever."""
        async with aclosing(store.queue.consume("page", credit=credit)) as deliveries:
            async for delivery in deliveries:
                self.held.append(delivery)
                self.seen += 1
                self.most = max(self.most, len(self.held))
                self._changed.set()

    async def have(self, count: int) -> None:
        """Wait until so many are in hand."""
        async with asyncio.timeout(10):
            while len(self.held) < count:
                self._changed.clear()
                await self._changed.wait()

    async def finish(self, count: int) -> None:
        """Finish some of them."""
        for _ in range(count):
            # Out of hand first: the engine may hand out the next before it answers.
            await self.held.pop(0).ack()


@asynccontextmanager
async def replicas(
    endpoint: Endpoint, bound: int | None, *, credit: int
) -> AsyncGenerator[tuple[Store, Hands], None]:
    """Let two replicas take tasks, each up to its credit and both up to the bound."""
    hands = Hands()
    async with AsyncExitStack() as stack:
        stores = [await stack.enter_async_context(store(endpoint, bound)) for _ in range(2)]
        taking = [asyncio.create_task(hands.take(each, credit)) for each in stores]
        try:
            yield stores[0], hands
        finally:
            for task in taking:
                task.cancel()
            await asyncio.gather(*taking, return_exceptions=True)


@asynccontextmanager
async def store(endpoint: Endpoint, bound: int | None) -> AsyncGenerator[Store, None]:
    """Open a store with a bound."""
    servers = Servers([endpoint.url], endpoint.token)
    shape = Shape(capacity=256 << 20, page_tasks=bound)
    async with open_store(servers, shape=shape, timing=Timing(ack_wait=ACK_WAIT)) as opened:
        yield opened


async def put(store: Store, count: int, lane: str = "normal", first: int = 1) -> None:
    """Queue some tasks."""
    for number in range(first, first + count):
        assert await store.queue.put(page_task(f"{number}-{number}", lane=lane))


async def test_no_more_than_the_bound_is_in_hand(endpoint: Endpoint) -> None:
    """However many replicas ask and however much credit they have, the work goes on at the bound.

    Each finished task lets one more go, until all are done.
    """
    async with replicas(endpoint, 3, credit=8) as (one, hands):
        await put(one, 20)
        for _ in range(17):
            await hands.have(3)
            await hands.finish(1)
        await hands.have(3)
        await hands.finish(3)
    assert (hands.seen, hands.most) == (20, 3)


async def test_the_bound_counts_for_each_priority(endpoint: Endpoint) -> None:
    """Background work at its bound does not keep urgent work out."""
    async with replicas(endpoint, 2, credit=8) as (one, hands):
        await put(one, 5, "background")
        await hands.have(2)
        await put(one, 5, "high", first=10)
        await hands.have(4)
        lanes = [delivery.task.lane for delivery in hands.held]
    assert sorted(lanes) == ["background"] * 2 + ["high"] * 2
    assert hands.most == 4


async def test_the_bound_follows_the_setting(endpoint: Endpoint) -> None:
    """The next start with another bound, or with none, has that one."""
    for bound, expected in ((2, 2), (4, 4), (None, 6)):
        async with replicas(endpoint, bound, credit=3) as (one, hands):
            await put(one, 6, first=1)
            await hands.have(expected)
            # All that is in hand by then; more could only come later.
            assert hands.most == expected
            while hands.seen < 6 or hands.held:
                await hands.have(1)
                await hands.finish(1)
        assert hands.most == expected


async def test_what_a_leaving_replica_has_not_taken_is_free_at_once(endpoint: Endpoint) -> None:
    """Tasks that were on their way to it go to others without any wait."""
    async with store(endpoint, None) as one, store(endpoint, None) as other:
        await put(one, 8)
        leaving = one.queue.consume("page", credit=8)
        first = await anext(leaving)
        await leaving.aclose()
        async with aclosing(other.queue.consume("page", credit=8)) as deliveries:
            async with asyncio.timeout(5):
                others = [(await anext(deliveries)).task for _ in range(7)]
    assert first.task not in others
    assert len(set(others)) == 7
