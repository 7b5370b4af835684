"""Real malformed, encrypted and malicious files through real workers."""

from __future__ import annotations

import asyncio
import contextlib
from collections import Counter
from collections.abc import Callable
from typing import TYPE_CHECKING

import pytest
from hostile_files import sample

from docsort_server.documents.document import Document
from docsort_server.documents.kinds import Sample
from docsort_server.documents.model import PageContent
from docsort_server.documents.pages import PageReader
from docsort_server.documents.sniff import sniff
from docsort_server.faults import Fault, Reason
from docsort_server.sandbox.limits import MIB, Limits
from docsort_server.sandbox.pool import WorkerPool

if TYPE_CHECKING:
    from pathlib import Path

ReaderOf = Callable[..., contextlib.AbstractAsyncContextManager[tuple[PageReader, WorkerPool]]]

EXPECTED = {
    Reason.EMPTY_DOCUMENT,
    Reason.UNSUPPORTED_DOCUMENT,
    Reason.CORRUPT_DOCUMENT,
    Reason.ENCRYPTED_DOCUMENT,
    Reason.DOCUMENT_TOO_LARGE,
    Reason.TOO_MANY_PAGES,
    Reason.PARSER_CRASHED,
    Reason.PARSER_TIMEOUT,
}


async def outcome(reader: PageReader, content: bytes) -> str:
    """Return READ, PARTLY_READ, or the reason that nothing was read."""
    try:
        sniff(Sample.of(content))
        with Document(content) as document:
            facts = await reader.open(document)
            numbers = range(1, facts.pages + 1)
            pages = [page async for page in reader.pages(document, numbers)]
    except Fault as fault:
        return fault.reason
    assert [page.number for page in pages] == list(numbers)
    reasons = [page.failure.reason for page in pages if not isinstance(page, PageContent)]
    assert set(reasons) <= EXPECTED
    if not reasons:
        return "READ"
    return "PARTLY_READ" if len(reasons) < len(pages) else reasons[0]


@pytest.mark.timeout(300)
async def test_every_file_ends_in_pages_or_a_reason(reader_of: ReaderOf) -> None:
    """No file raises anything but a Fault, stalls the reader, or hurts the next one."""
    if not (files := await asyncio.to_thread(sample)):
        pytest.skip("the corpus ../shared/corpus/hostile is not there")
    found: Counter[str] = Counter()
    slots = asyncio.Semaphore(3)

    async def one(path: Path) -> None:
        content = await asyncio.to_thread(path.read_bytes)
        async with slots, asyncio.timeout(60):
            result = await outcome(reader, content)
        assert result in EXPECTED | {"READ", "PARTLY_READ"}, path.name
        found[result] += 1

    limits = Limits(memory_bytes=512 * MIB)
    async with reader_of(size=2, limits=limits) as (reader, pool):
        await asyncio.gather(*map(one, files))
        assert len(pool.pids) == 2
    print(*(f"{count:4} {name}" for name, count in found.most_common()), sep="\n")  # noqa: T201 - a table for whoever asks with -s
    assert found["READ"] > len(files) // 2
