"""Documents in the hands of workers."""

import asyncio
import os
from collections.abc import AsyncGenerator

import pytest
from eventually import eventually
from job_parts import submission

from docsort_server.documents.document import Document
from docsort_server.jobs.identity import document_key
from docsort_server.jobs.shelf import Shelf
from docsort_server.jobs.store.memory import open_store
from docsort_server.jobs.store.protocols import DocumentStore, JobKey

SPEC = submission(1).spec


def key(name: str) -> JobKey:
    """Name a job."""
    return JobKey("default", name)


async def stored(*names: str) -> DocumentStore:
    """Return a store with a document for each job."""
    documents = open_store().documents

    async def chunks(name: str) -> AsyncGenerator[bytes, None]:
        yield name.encode()

    for name in names:
        await documents.put(document_key(key(name)), chunks(name), ttl=60)
    return documents


def is_open(document: Document) -> bool:
    """Tell whether a document still has its memory."""
    return document._fd is not None


async def test_readers_share_one_document() -> None:
    """Spans that read at the same time get the same open document."""
    shelf = Shelf(await stored("a"))
    async with shelf.reading(key("a"), SPEC) as one, shelf.reading(key("a"), SPEC) as other:
        assert one is other
        assert os.pread(one.fd, 9, 0) == b"a"
    shelf.close()
    assert not is_open(one)


async def test_the_next_span_finds_the_document_open() -> None:
    """Between two spans a document stays, until newer ones push it off."""
    shelf = Shelf(await stored("a", "b", "c"), idle=1)
    async with shelf.reading(key("a"), SPEC) as first:
        pass
    async with shelf.reading(key("a"), SPEC) as again:
        assert again is first
    async with shelf.reading(key("b"), SPEC):
        pass
    assert not is_open(first)
    shelf.close()


async def test_a_dropped_document_is_closed_by_its_last_reader() -> None:
    """Nobody's document is closed under his hands, and none outlives its job."""
    shelf = Shelf(await stored("a"))
    async with shelf.reading(key("a"), SPEC) as document:
        async with shelf.reading(key("a"), SPEC):
            shelf.drop(key("a"))
        assert is_open(document)
    assert not is_open(document)


async def test_an_idle_document_is_dropped_at_once() -> None:
    """Without a reader it is closed there and then; unknown jobs are ignored."""
    shelf = Shelf(await stored("a"))
    async with shelf.reading(key("a"), SPEC) as document:
        pass
    assert is_open(document)
    shelf.drop(key("a"))
    shelf.drop(key("nobody"))
    assert not is_open(document)


async def test_a_document_that_is_gone() -> None:
    """What the store has no more is a KeyError, and nothing is kept for it."""
    shelf = Shelf(await stored(), idle=0)
    with pytest.raises(KeyError):
        async with shelf.reading(key("a"), SPEC):
            pass
    assert not shelf._places


async def test_a_cancelled_fetch_leaves_no_file_open() -> None:
    """A job cancelled while its document is being opened returns the memory."""
    shelf = Shelf(await stored("a"))
    before = open_files()

    async def read() -> None:
        async with shelf.reading(key("a"), SPEC):
            await asyncio.Event().wait()

    for turns in range(12):
        task = asyncio.create_task(read())
        for _ in range(turns):
            await asyncio.sleep(0)
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)
        shelf.drop(key("a"))
    await eventually(lambda: open_files() <= before)


def open_files() -> set[str]:
    """Return the numbers of this process's open files."""
    return set(os.listdir("/proc/self/fd"))  # noqa: PTH208 - names are all that is needed
