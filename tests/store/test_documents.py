"""The contract of DocumentStore."""

from collections.abc import AsyncGenerator

import pytest
from store_cases import StoreCase

from docsort_server.jobs.store.protocols import DocumentStore, Store


async def chunks(*parts: bytes) -> AsyncGenerator[bytes, None]:
    """Yield parts as an upload would."""
    for part in parts:
        yield part


async def fetch(documents: DocumentStore, name: str) -> bytes:
    """Return a whole document."""
    return b"".join([chunk async for chunk in documents.get(name)])


async def test_a_document_comes_back_whole(store: Store) -> None:
    """The chunks add up to what was stored, an empty one and large ones too."""
    for name, parts in {"empty": (), "one": (b"x",), "big": (b"a" * 300_000, b"", b"b")}.items():
        await store.documents.put(name, chunks(*parts), ttl=60)
        assert await fetch(store.documents, name) == b"".join(parts)


async def test_an_existing_document_is_kept(store: Store) -> None:
    """The second document of a key is ignored."""
    await store.documents.put("k", chunks(b"first"), ttl=60)
    await store.documents.put("k", chunks(b"second"), ttl=60)
    assert await fetch(store.documents, "k") == b"first"


async def test_an_unknown_document_is_a_key_error(store: Store) -> None:
    """Asking for what was never stored, or was deleted, raises."""
    with pytest.raises(KeyError):
        await fetch(store.documents, "k")
    await store.documents.put("k", chunks(b"x"), ttl=60)
    await store.documents.delete("k")
    await store.documents.delete("k")
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
    await documents.put("k", chunks(b"new"), ttl=1)
    await case.pass_time(0.5)
    assert await fetch(documents, "k") == b"new"
