"""Small values that processes share."""

import asyncio

from docsort_server.jobs.store.protocols import Store


async def test_a_value_is_replaced_by_who_has_seen_it(store: Store) -> None:
    """A revision that is not the last one any more changes nothing."""
    cell = store.cell("rate.some model/7")
    assert await cell.read() == (b"", 0)
    assert await cell.write(b"one", 0)
    body, revision = await store.cell("rate.some model/7").read()
    assert body == b"one"
    assert not await cell.write(b"two", 0)
    assert await cell.write(b"two", revision)
    assert (await cell.read())[0] == b"two"
    assert await store.cell("rate.other").read() == (b"", 0)


async def test_of_many_at_a_time_one_succeeds(store: Store) -> None:
    """So that a count made of it loses nothing."""
    cell = store.cell("count")

    async def add() -> None:
        while True:
            body, revision = await cell.read()
            if await cell.write(str(int(body or b"0") + 1).encode(), revision):
                return

    await asyncio.gather(*(add() for _ in range(10)))
    assert (await cell.read())[0] == b"10"
