"""Page readers with real worker processes."""

from __future__ import annotations

import contextlib
from collections.abc import AsyncIterator, Callable
from typing import Any

import pytest

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
