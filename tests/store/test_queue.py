"""The contract of TaskQueue."""

import asyncio
from collections.abc import AsyncGenerator
from contextlib import aclosing

import pytest
from store_cases import key, page_task

from docsort_server.jobs.store.protocols import Delivery, Store, Task

Deliveries = AsyncGenerator[Delivery, None]


async def is_quiet(deliveries: Deliveries) -> bool:
    """Tell whether the consumer waits instead of getting a task; it is closed by that."""
    waiting = asyncio.ensure_future(anext(deliveries))
    done, _ = await asyncio.wait([waiting], timeout=0.02)
    waiting.cancel()
    await asyncio.gather(waiting, return_exceptions=True)
    return not done


async def test_a_task_is_delivered_once(store: Store) -> None:
    """What was put comes out with its first attempt, and after its ack nothing follows."""
    assert await store.queue.put(page_task("1-4"))
    async with aclosing(store.queue.consume("page", credit=1)) as deliveries:
        delivery = await anext(deliveries)
        assert (delivery.task, delivery.attempt) == (page_task("1-4"), 1)
        await delivery.ack()
        assert await is_quiet(deliveries)


async def test_an_unsettled_task_is_not_queued_twice(store: Store) -> None:
    """Putting an equal task is refused while it waits and while it is in hand."""
    assert await store.queue.put(page_task("1-4"))
    assert not await store.queue.put(page_task("1-4"))
    async with aclosing(store.queue.consume("page", credit=2)) as deliveries:
        delivery = await anext(deliveries)
        assert not await store.queue.put(page_task("1-4"))
        await delivery.ack()
        assert await store.queue.put(page_task("1-4"))
        assert (await anext(deliveries)).attempt == 1


async def test_credit_bounds_what_is_in_hand(store: Store) -> None:
    """With all credit out a consumer waits; settling one task brings the next."""
    for span in ("1-1", "2-2", "3-3"):
        await store.queue.put(page_task(span))
    async with aclosing(store.queue.consume("page", credit=2)) as deliveries:
        held = [await anext(deliveries), await anext(deliveries)]
        third = asyncio.ensure_future(anext(deliveries))
        for _ in range(5):
            await asyncio.sleep(0)
        assert not third.done()
        await held[1].ack()
        assert (await third).task.span == "3-3"


async def test_kinds_are_apart(store: Store) -> None:
    """A consumer of pages never sees a job."""
    await store.queue.put(Task("job", "normal", key()))
    async with aclosing(store.queue.consume("page", credit=1)) as deliveries:
        assert await is_quiet(deliveries)


async def test_higher_lanes_come_first(store: Store) -> None:
    """Lanes are taken high, normal, background; within a lane first in is first out."""
    for lane in ("background", "normal", "high"):
        for span in ("1-1", "2-2"):
            await store.queue.put(page_task(span, lane=lane))
    async with aclosing(store.queue.consume("page", credit=10)) as deliveries:
        order = [(await anext(deliveries)).task for _ in range(6)]
    assert [(task.lane, task.span) for task in order] == [
        (lane, span) for lane in ("high", "normal", "background") for span in ("1-1", "2-2")
    ]


async def test_a_nak_brings_the_task_again(store: Store) -> None:
    """A task given back is delivered with a higher attempt."""
    await store.queue.put(page_task("1-4"))
    async with aclosing(store.queue.consume("page", credit=1)) as deliveries:
        await (await anext(deliveries)).nak()
        again = await anext(deliveries)
    assert (again.task, again.attempt) == (page_task("1-4"), 2)


async def test_silence_brings_the_task_again(store: Store) -> None:
    """A task without a sign of life goes to another consumer; the late ack changes nothing."""
    await store.queue.put(page_task("1-4"))
    async with (
        aclosing(store.queue.consume("page", credit=1)) as silent,
        aclosing(store.queue.consume("page", credit=1)) as other,
    ):
        lost = await anext(silent)
        again = await anext(other)
        await lost.ack()
        assert again.attempt == 2
        assert not await store.queue.put(page_task("1-4"))


async def test_a_sign_of_life_keeps_the_task(store: Store) -> None:
    """A task whose consumer keeps telling is not delivered to anybody else."""
    await store.queue.put(page_task("1-4"))
    async with (
        aclosing(store.queue.consume("page", credit=1)) as mine,
        aclosing(store.queue.consume("page", credit=1)) as other,
    ):
        delivery = await anext(mine)
        stolen = asyncio.ensure_future(anext(other))
        for _ in range(8):
            await asyncio.wait([stolen], timeout=0.02)
            await delivery.in_progress()
        assert not stolen.done()
        await delivery.nak()
        assert (await stolen).attempt == 2


async def test_settling_twice_is_harmless(store: Store) -> None:
    """A nak after the ack does not bring the task back."""
    await store.queue.put(page_task("1-4"))
    async with aclosing(store.queue.consume("page", credit=1)) as deliveries:
        delivery = await anext(deliveries)
        await delivery.ack()
        await delivery.nak()
        await delivery.in_progress()
        assert await is_quiet(deliveries)


async def test_purge_drops_the_queued_pages_of_one_job(store: Store) -> None:
    """Queued spans of the job are gone and may be put again; its job task and others stay."""
    await store.queue.put(Task("job", "normal", key("a")))
    for job in ("a", "b"):
        for lane in ("high", "background"):
            await store.queue.put(page_task("1-1", lane=lane, job=job))
    await store.queue.purge(key("a"))
    assert await store.queue.put(page_task("1-1", lane="high", job="a"))
    async with aclosing(store.queue.consume("page", credit=10)) as pages:
        jobs = [(await anext(pages)).task.key.job_id for _ in range(3)]
        assert await is_quiet(pages)
    async with aclosing(store.queue.consume("job", credit=1)) as tasks:
        assert (await anext(tasks)).task.key == key("a")
    assert sorted(jobs) == ["a", "b", "b"]


@pytest.mark.parametrize("consumers", [2, 5])
async def test_consumers_share_the_work(store: Store, consumers: int) -> None:
    """However many consume, every task is done by exactly one of them."""
    spans = [f"{number}-{number}" for number in range(40)]
    for span in spans:
        await store.queue.put(page_task(span))
    done: list[str] = []
    finished = asyncio.Event()

    async def consume() -> None:
        async with aclosing(store.queue.consume("page", credit=1)) as deliveries:
            async for delivery in deliveries:
                done.append(delivery.task.span)
                await delivery.ack()
                if len(done) == len(spans):
                    finished.set()

    tasks = [asyncio.ensure_future(consume()) for _ in range(consumers)]
    await asyncio.wait_for(finished.wait(), 5)
    for task in tasks:
        task.cancel()
    await asyncio.gather(*tasks, return_exceptions=True)
    assert sorted(done) == sorted(spans)
