"""Pools of puppet workers."""

from __future__ import annotations

import contextlib
from collections.abc import AsyncIterator, Callable
from typing import Any

import pytest

from docsort_server.sandbox.limits import MIB, Limits
from docsort_server.sandbox.pool import WorkerPool

PoolOf = Callable[..., contextlib.AbstractAsyncContextManager[WorkerPool]]


@pytest.fixture
def pool_of() -> PoolOf:
    """Return a context manager for a started pool; keywords are limits."""

    @contextlib.asynccontextmanager
    async def make(size: int = 1, **limits: Any) -> AsyncIterator[WorkerPool]:  # noqa: ANN401
        bounds = Limits(**{"memory_bytes": 256 * MIB, **limits})
        pool = WorkerPool("sandbox_handlers:puppet", size=size, limits=bounds, name="puppet")
        await pool.start()
        try:
            yield pool
        finally:
            await pool.close()

    return make
