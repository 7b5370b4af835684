"""The contract of JobIndex."""

from store_cases import StoreCase, key

from docsort_server.jobs.store.protocols import Store


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
