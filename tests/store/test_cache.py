"""The cache of answers: what is in it is right, and anything may be gone from it."""

from store_cases import CACHE, StoreCase, key

from docsort_server.jobs.store.protocols import Store
from docsort_server.jobs.store.shared import AnswerCache

TTL = 600.0
BODY = bytes(4 * 1024)


def cache_of(store: Store) -> AnswerCache:
    """Return the store's cache, which these have."""
    assert store.cache
    return store.cache


async def test_an_answer_is_kept_and_replaced(store: Store) -> None:
    """The last one counts."""
    cache = cache_of(store)
    assert await cache.get("a") is None
    await cache.put("a", b"one", ttl=TTL)
    await cache.put("b", b"other", ttl=TTL)
    assert await cache.get("a") == b"one"
    await cache.put("a", b"two", ttl=TTL)
    assert (await cache.get("a"), await cache.get("b")) == (b"two", b"other")


async def test_an_answer_has_its_time(case: StoreCase) -> None:
    """After that it is as good as unknown."""
    cache = cache_of(case.store)
    await cache.put("short", b"1", ttl=5.0)
    await cache.put("long", b"2", ttl=500.0)
    await case.pass_time(6.0)
    assert (await cache.get("short"), await cache.get("long")) == (None, b"2")


async def test_a_full_cache_forgets_the_oldest_and_nothing_else(store: Store) -> None:
    """The logs of jobs take what they are given all the while."""
    cache = cache_of(store)
    most = 2 * CACHE // len(BODY)
    for number in range(most):
        await cache.put(f"{number}", BODY, ttl=TTL)
        assert await store.log.append(key(), f"p.{number}", b"", ttl=TTL)
    assert await cache.get("0") is None
    assert await cache.get(f"{most - 1}") == BODY
    held = [number for number in range(most) if await cache.get(f"{number}")]
    assert held == list(range(held[0], most))


async def test_what_is_larger_than_the_cache_is_not_kept(store: Store) -> None:
    """It takes nobody else's room, and does no harm."""
    cache = cache_of(store)
    await cache.put("small", b"1", ttl=TTL)
    await cache.put("large", bytes(CACHE + 1), ttl=TTL)
    assert await cache.get("large") is None
