"""The contract of DocumentStore."""

import asyncio
import hashlib
import time
from collections.abc import AsyncGenerator

import pytest
from store_cases import StoreCase

from docsort_server.jobs.store.protocols import DocumentStore, Store


async def chunks(*parts: bytes) -> AsyncGenerator[bytes, None]:
    """Yield parts as an upload would."""
    for part in parts:
        yield part


async def none_wanted() -> AsyncGenerator[bytes, None]:
    """Be the chunks of a document whose bytes nobody should ask for."""
    raise AssertionError("the bytes were asked for")
    yield b""


async def fetch(documents: DocumentStore, name: str) -> bytes:
    """Return a whole document."""
    return b"".join([chunk async for chunk in documents.get(name)])


async def test_a_document_comes_back_whole(store: Store) -> None:
    """The chunks add up to what was stored, an empty one and large ones too."""
    for name, parts in {"empty": (), "one": (b"x",), "big": (b"a" * 300_000, b"", b"b")}.items():
        stored = await store.documents.put(name, chunks(*parts), ttl=60)
        assert await fetch(store.documents, name) == b"".join(parts)
        assert stored.size == len(b"".join(parts))


async def test_the_bytes_may_name_the_document(store: Store) -> None:
    """The key is asked for once all chunks have come; until then there is no document."""
    digest = hashlib.sha256()

    async def hashed() -> AsyncGenerator[bytes, None]:
        async for chunk in chunks(b"first ", b"second"):
            digest.update(chunk)
            yield chunk

    await store.documents.put(digest.hexdigest, hashed(), ttl=60)
    name = hashlib.sha256(b"first second").hexdigest()
    assert await fetch(store.documents, name) == b"first second"


async def test_a_refused_name_leaves_nothing(store: Store) -> None:
    """What the key's function raises ends the put, and the same bytes can be put later."""

    def refuse() -> str:
        raise LookupError("not these bytes")

    with pytest.raises(LookupError):
        await store.documents.put(refuse, chunks(b"x"), ttl=60)
    assert await store.documents.facts("k") is None
    await store.documents.put("k", chunks(b"x"), ttl=60)
    assert await fetch(store.documents, "k") == b"x"


async def test_facts_tell_size_and_end(store: Store) -> None:
    """The end is the time of the put and the time to live; what is not there has no facts."""
    assert await store.documents.facts("k") is None
    before = time.time()
    stored = await store.documents.put("k", chunks(b"12", b"345"), ttl=60)
    after = time.time()
    assert await store.documents.facts("k") == stored
    assert stored.size == 5
    assert before + 60 <= stored.expire_time <= after + 60


async def test_an_earlier_end_changes_nothing(store: Store) -> None:
    """Neither a put nor an extension makes a document end sooner, and no bytes are asked for."""
    stored = await store.documents.put("k", chunks(b"first"), ttl=60)
    assert await store.documents.put("k", none_wanted(), ttl=10) == stored
    assert await store.documents.put(lambda: "k", chunks(b"first"), ttl=10) == stored
    assert await store.documents.extend("k", ttl=10) == stored
    assert await fetch(store.documents, "k") == b"first"


async def test_a_later_end_counts(case: StoreCase) -> None:
    """Whoever puts a document again keeps it for longer, be it a little or a lot."""
    documents = case.store.documents
    await documents.put("k", chunks(b"content"), ttl=10)
    for ttl in (11, 100):
        stored = await documents.put("k", chunks(b"content"), ttl=ttl)
        assert stored == await documents.facts("k")
        await case.pass_time(ttl - 1)
        assert await fetch(documents, "k") == b"content"
    await case.pass_time(2)
    with pytest.raises(KeyError):
        await fetch(documents, "k")


async def test_an_extension_needs_no_bytes(case: StoreCase) -> None:
    """Soon after its put a document can be kept as long again; what is not there cannot."""
    documents = case.store.documents
    assert await documents.extend("k", ttl=100) is None
    await documents.put("k", chunks(b"content"), ttl=100)
    await case.pass_time(20)
    stored = await documents.extend("k", ttl=100)
    assert stored == await documents.facts("k")
    await case.pass_time(90)
    assert await fetch(documents, "k") == b"content"
    await case.pass_time(11)
    assert await documents.extend("k", ttl=100) is None


async def test_readers_are_not_cut_off_by_a_later_end(store: Store) -> None:
    """A reader that has begun goes on when the document is put again meanwhile."""
    parts = [bytes([number]) * 700_000 for number in range(12)]
    await store.documents.put("k", chunks(*parts), ttl=10)
    reading = store.documents.get("k")
    first = await anext(reading)
    await store.documents.put("k", chunks(*parts), ttl=100)
    rest = [chunk async for chunk in reading]
    assert b"".join([first, *rest]) == b"".join(parts)


async def test_puts_of_one_document_at_a_time_agree(store: Store) -> None:
    """All of them succeed, and the document has the latest of their ends."""
    puts = [store.documents.put(lambda: "k", chunks(b"x" * 300_000), ttl=60 + n) for n in range(5)]
    stored = await asyncio.gather(*puts)
    facts = await store.documents.facts("k")
    assert facts
    assert facts.expire_time == max(each.expire_time for each in stored)
    assert await fetch(store.documents, "k") == b"x" * 300_000


async def test_an_unknown_document_is_a_key_error(store: Store) -> None:
    """Asking for what was never stored, or was deleted, raises; only the first delete finds it."""
    with pytest.raises(KeyError):
        await fetch(store.documents, "k")
    await store.documents.put("k", chunks(b"x"), ttl=60)
    assert await store.documents.delete("k")
    assert not await store.documents.delete("k")
    with pytest.raises(KeyError):
        await fetch(store.documents, "k")


async def test_documents_expire(case: StoreCase) -> None:
    """After its time a document is gone; its key may be used again."""
    documents = case.store.documents
    await documents.put("k", chunks(b"old"), ttl=1)
    await case.pass_time(0.5)
    assert await fetch(documents, "k") == b"old"
    await case.pass_time(0.6)
    with pytest.raises(KeyError):
        await fetch(documents, "k")
    assert await documents.facts("k") is None
    assert not await documents.delete("k")
    await documents.put("k", chunks(b"new"), ttl=1)
    await case.pass_time(0.5)
    assert await fetch(documents, "k") == b"new"
