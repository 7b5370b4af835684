"""Documents in the hands of workers."""

import asyncio
import hashlib
import os
from collections.abc import AsyncGenerator
from dataclasses import replace

import pytest
from eventually import eventually
from job_parts import submission

from docsort_server.documents.document import Document
from docsort_server.faults import Fault, Reason
from docsort_server.jobs.identity import document_key, uploaded_key
from docsort_server.jobs.model import JobSpec
from docsort_server.jobs.shelf import Shelf
from docsort_server.jobs.store.memory import open_store
from docsort_server.jobs.store.protocols import DocumentStore, JobKey


def spec(name: str, *, uploaded: bool = False) -> JobSpec:
    """Return a job about the document that a name stands for, its own or an uploaded one."""
    digest = hashlib.sha256(name.encode()).hexdigest()
    about = replace(submission(1).spec, document_digest=digest, document_size=len(name))
    return replace(about, document_id=digest) if uploaded else about


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
    return document.is_open


async def test_readers_share_one_document() -> None:
    """Spans that read at the same time get the same open document."""
    shelf = Shelf(await stored("a"))
    async with (
        shelf.reading(key("a"), spec("a")) as one,
        shelf.reading(key("a"), spec("a")) as other,
    ):
        assert one is other
        assert os.pread(one.fd, 9, 0) == b"a"
    shelf.close()
    assert not is_open(one)


async def test_the_next_span_finds_the_document_open() -> None:
    """Between two spans a document stays, until newer ones push it off."""
    shelf = Shelf(await stored("a", "b", "c"), idle=1)
    async with shelf.reading(key("a"), spec("a")) as first:
        pass
    async with shelf.reading(key("a"), spec("a")) as again:
        assert again is first
    async with shelf.reading(key("b"), spec("b")):
        pass
    assert not is_open(first)
    shelf.close()


async def test_a_dropped_document_is_closed_by_its_last_reader() -> None:
    """Nobody's document is closed under his hands, and none outlives its job."""
    shelf = Shelf(await stored("a"))
    async with shelf.reading(key("a"), spec("a")) as document:
        async with shelf.reading(key("a"), spec("a")):
            shelf.drop(key("a"))
        assert is_open(document)
    assert not is_open(document)


async def test_an_idle_document_is_dropped_at_once() -> None:
    """Without a reader it is closed there and then; unknown jobs are ignored."""
    shelf = Shelf(await stored("a"))
    async with shelf.reading(key("a"), spec("a")) as document:
        pass
    assert is_open(document)
    shelf.drop(key("a"))
    shelf.drop(key("nobody"))
    assert not is_open(document)


async def test_a_document_that_is_gone() -> None:
    """What the store has no more is a KeyError, and nothing is kept for it."""
    shelf = Shelf(await stored(), idle=0)
    with pytest.raises(KeyError):
        async with shelf.reading(key("a"), spec("a")):
            pass
    assert not shelf._places


async def test_jobs_share_an_uploaded_document() -> None:
    """It is found under its tenant and digest, and dropping one job's leaves the other's."""
    documents = await stored()
    about = spec("text", uploaded=True)

    async def chunks() -> AsyncGenerator[bytes, None]:
        yield b"text"

    await documents.put(uploaded_key("default", about.document_id), chunks(), ttl=60)
    shelf = Shelf(documents)
    async with shelf.reading(key("a"), about), shelf.reading(key("b"), about) as document:
        shelf.drop(key("a"))
        assert os.pread(document.fd, 9, 0) == b"text"
    with pytest.raises(Fault) as caught:
        async with shelf.reading(JobKey("other", "a"), about):
            pass
    assert caught.value.reason is Reason.DOCUMENT_NOT_FOUND
    assert caught.value.metadata == {"document_id": about.document_id}
    shelf.close()


async def test_a_cancelled_fetch_leaves_no_file_open() -> None:
    """A job cancelled while its document is being opened returns the memory."""
    shelf = Shelf(await stored("a"))
    before = open_files()

    async def read() -> None:
        async with shelf.reading(key("a"), spec("a")):
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
