"""The contract of JobIndex."""

from collections.abc import AsyncGenerator
from contextlib import aclosing

from store_cases import StoreCase, key

from docsort_server.jobs.store.protocols import IndexChange, JobKey, Store

Watch = AsyncGenerator[IndexChange | None, None]


async def test_the_last_summary_counts(store: Store) -> None:
    """A summary is written over the one before; unknown jobs have none."""
    assert await store.index.get(key()) is None
    await store.index.put(key(), b"one", ttl=60)
    await store.index.put(key(), b"two", ttl=60)
    assert await store.index.get(key()) == b"two"
    assert await store.index.get(key("b")) is None


async def test_summaries_expire(case: StoreCase) -> None:
    """A summary is gone after its time."""
    await case.store.index.put(key(), b"one", ttl=1)
    await case.pass_time(0.5)
    assert await case.store.index.get(key()) == b"one"
    await case.pass_time(0.6)
    assert await case.store.index.get(key()) is None


async def test_a_new_summary_replaces_none(case: StoreCase) -> None:
    """Whoever writes the first summary of a job overwrites no later one that came before it."""
    index = case.store.index
    await index.put(key(), b"one", ttl=1, new=True)
    assert await index.get(key()) == b"one"
    await index.put(key(), b"two", ttl=1)
    await index.put(key(), b"three", ttl=1, new=True)
    assert await index.get(key()) == b"two"
    await index.delete(key())
    await index.put(key(), b"four", ttl=1, new=True)
    assert await index.get(key()) == b"four"
    await case.pass_time(1.1)
    await index.put(key(), b"five", ttl=60, new=True)
    assert await index.get(key()) == b"five"


async def test_a_lease_runs_out(case: StoreCase) -> None:
    """A lease holds for its time and no longer; nobody else's is touched."""
    index = case.store.index
    assert not await index.held(key())
    await index.hold(key(), ttl=1)
    await case.pass_time(0.5)
    assert await index.held(key())
    assert not await index.held(key("b"))
    await case.pass_time(0.6)
    assert not await index.held(key())


async def test_a_renewed_lease_counts_from_the_renewal(case: StoreCase) -> None:
    """Each renewal gives the whole time again, and a short one shortens it."""
    index = case.store.index
    await index.hold(key(), ttl=1)
    for _ in range(5):
        await case.pass_time(0.8)
        assert await index.held(key())
        await index.hold(key(), ttl=1)
    await index.hold(key(), ttl=0.1)
    await case.pass_time(0.2)
    assert not await index.held(key())


async def test_delete_forgets_summary_and_lease(store: Store) -> None:
    """After a delete the job has neither, and deleting again is no error."""
    await store.index.put(key(), b"one", ttl=60)
    await store.index.hold(key(), ttl=60)
    await store.index.delete(key())
    await store.index.delete(key())
    assert await store.index.get(key()) is None
    assert not await store.index.held(key())


async def told(watch: Watch) -> list[tuple[JobKey, bytes | None]]:
    """Return what a watch tells until it has caught up."""
    found = []
    while (change := await anext(watch)) is not None:
        found.append((change.key, change.body))
    return found


async def next_change(watch: Watch) -> tuple[JobKey, bytes | None]:
    """Return the next change."""
    change = await anext(watch)
    assert change is not None
    return change.key, change.body


async def test_a_watch_begins_with_what_is_there(store: Store) -> None:
    """The last summary of each job, in the order they were written, then a sign."""
    for name, body in (("a", b"1"), ("b", b"2"), ("a", b"3")):
        await store.index.put(key(name), body, ttl=60)
    async with aclosing(store.index.watch("default")) as watch:
        assert await told(watch) == [(key("b"), b"2"), (key("a"), b"3")]


async def test_a_watch_of_nothing_says_so_at_once(store: Store) -> None:
    """Where no job is, the sign comes first; other tenants' jobs and leases are not told."""
    await store.index.put(key("a", "other"), b"1", ttl=60)
    await store.index.hold(key("b"), ttl=60)
    async with aclosing(store.index.watch("default")) as watch:
        assert await told(watch) == []


async def test_a_watch_goes_on_with_changes(store: Store) -> None:
    """What is written and deleted later comes in order, of the watched tenant alone."""
    await store.index.put(key("a"), b"1", ttl=60)
    async with aclosing(store.index.watch("default")) as watch:
        await told(watch)
        await store.index.put(key("b"), b"2", ttl=60)
        await store.index.put(key("x", "other"), b"no", ttl=60)
        assert await next_change(watch) == (key("b"), b"2")
        await store.index.delete(key("a"))
        assert await next_change(watch) == (key("a"), None)
        await store.index.put(key("a"), b"3", ttl=60)
        assert await next_change(watch) == (key("a"), b"3")


async def test_a_watch_can_go_on_where_another_ended(store: Store) -> None:
    """After the position of a change come the later ones only, deletions included."""
    for name in ("a", "b", "c"):
        await store.index.put(key(name), b"1", ttl=60)
    async with aclosing(store.index.watch("default")) as watch:
        await anext(watch)
        change = await anext(watch)
    assert change is not None
    assert change.key == key("b")
    await store.index.delete(key("b"))
    async with aclosing(store.index.watch("default", after=change.position)) as watch:
        assert await told(watch) == [(key("c"), b"1"), (key("b"), None)]
