"""Page readers with real worker processes, of their own or of the whole module."""

from __future__ import annotations

import contextlib
from collections.abc import AsyncIterator, Callable
from typing import Any

import pytest
import pytest_asyncio

from docsort_server.documents.limits import DocumentLimits
from docsort_server.documents.pages import PageReader
from docsort_server.documents.reader import HANDLER
from docsort_server.sandbox.limits import Limits
from docsort_server.sandbox.pool import WorkerPool

ReaderOf = Callable[..., contextlib.AbstractAsyncContextManager[tuple[PageReader, WorkerPool]]]


@pytest.fixture
def reader_of() -> ReaderOf:
    """Return a context manager for a reader and its started pool."""

    @contextlib.asynccontextmanager
    async def make(
        handler: str = HANDLER,
        size: int = 1,
        limits: Limits = Limits(),  # noqa: B008 - frozen
        **bounds: Any,  # noqa: ANN401
    ) -> AsyncIterator[tuple[PageReader, WorkerPool]]:
        pool = WorkerPool(handler, size=size, limits=limits, name="parser")
        await pool.start()
        try:
            yield PageReader(pool, DocumentLimits(**bounds)), pool
        finally:
            await pool.close()

    return make


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def parsers() -> AsyncIterator[WorkerPool]:
    """Yield one process for the whole module: it takes longer to start than to read."""
    pool = WorkerPool(HANDLER, size=1, limits=Limits(), name="parser")
    yield pool
    await pool.close()


@pytest.fixture
def shared_reader_of(parsers: WorkerPool) -> ReaderOf:
    """Return what `reader_of` does with the module's process; keywords bound documents."""

    @contextlib.asynccontextmanager
    async def make(**bounds: Any) -> AsyncIterator[tuple[PageReader, WorkerPool]]:  # noqa: ANN401
        yield PageReader(parsers, DocumentLimits(**bounds)), parsers

    return make
