"""The server's side: pages go to worker processes and come back as verdicts."""

from __future__ import annotations

import contextlib
from typing import TYPE_CHECKING, Any

import pytest
from engine_pages import INVOICE, page

from docsort_server.engine.local import lexicon
from docsort_server.engine.local.classifier import HANDLER, LocalEngine, identity
from docsort_server.engine.local.criteria import concepts
from docsort_server.engine.local.engine import classify_page
from docsort_server.engine.model import Category, Question
from docsort_server.faults import Fault, Reason
from docsort_server.sandbox.errors import WorkerDied
from docsort_server.sandbox.limits import Limits
from docsort_server.sandbox.pool import WorkerPool

if TYPE_CHECKING:
    from collections.abc import AsyncGenerator

    from docsort_server.engine.local.classifier import Caller

_QUESTION = Question((Category("Invoice", "A bill", ("shows a due date",)), Category("Letter")))


class DyingPool:
    """Wraps a pool; the first `deaths` calls fail as if their worker had died."""

    def __init__(self, pool: WorkerPool, deaths: int) -> None:
        self._pool = pool
        self._deaths = deaths
        self.requests: list[dict[str, Any]] = []

    @contextlib.asynccontextmanager
    async def lease(self) -> AsyncGenerator[Caller, None]:
        """Lend this very object as the worker."""
        async with self._pool.lease() as worker:
            self._worker = worker
            yield self

    async def call(
        self, request: dict[str, Any], fd: int | None = None, *, seconds: float
    ) -> dict[str, Any]:
        """Fail or pass on."""
        self.requests.append(dict(request))
        if self._deaths:
            self._deaths -= 1
            raise WorkerDied(-9)
        return await self._worker.call(request, fd, seconds=seconds)


@pytest.fixture
async def pool() -> AsyncGenerator[WorkerPool, None]:
    """Run one worker process of the engine."""
    workers = WorkerPool(HANDLER, size=1, limits=Limits(), name="engine")
    await workers.start()
    yield workers
    await workers.close()


def test_the_engine_is_named_without_its_data(monkeypatch: pytest.MonkeyPatch) -> None:
    """A server tells which data its engine has, and leaves loading them to its processes."""
    for module in (lexicon, concepts):
        monkeypatch.delattr(module, "load")
    assert len(identity().lexicon_digest) == 64


async def test_worker_process_answers_like_this_process(pool: WorkerPool) -> None:
    """A real worker gives the verdict of the engine, for the first and the second page."""
    engine = LocalEngine(pool)
    expected = classify_page(page(INVOICE), _QUESTION)
    assert await engine.classify(page(INVOICE), _QUESTION) == expected
    assert await engine.classify(page(INVOICE), _QUESTION) == expected


async def test_question_travels_once_per_worker(pool: WorkerPool) -> None:
    """The question goes along only when the worker does not know it."""
    spy = DyingPool(pool, deaths=0)
    engine = LocalEngine(spy)
    for _ in range(3):
        await engine.classify(page(INVOICE), _QUESTION)
    assert ["question" in request for request in spy.requests] == [False, True, False, False]


async def test_one_death_is_tried_again(pool: WorkerPool) -> None:
    """A worker that dies once costs nothing but time."""
    verdict = await LocalEngine(DyingPool(pool, deaths=1)).classify(page(INVOICE), _QUESTION)
    assert verdict == classify_page(page(INVOICE), _QUESTION)


async def test_second_death_is_a_fault(pool: WorkerPool) -> None:
    """A page that kills two workers fails alone."""
    engine = LocalEngine(DyingPool(pool, deaths=2))
    with pytest.raises(Fault, match="the embedded engine failed on this page") as caught:
        await engine.classify(page(INVOICE), _QUESTION)
    assert caught.value.reason is Reason.MODEL_UNAVAILABLE
    assert (await engine.classify(page(INVOICE), _QUESTION)).scores


async def test_identity_names_engine_and_data(pool: WorkerPool) -> None:
    """Provenance tells which lexicon and weights answered."""
    identity = LocalEngine(pool).identity
    assert (identity.engine, identity.model) == ("local", "docsort-a/1")
    assert len(identity.lexicon_digest) == len(identity.weights_digest) == 64
    assert LocalEngine(pool).span == 16
