"""Many submissions at once to a small store: what is accepted ends, the rest is refused."""

import asyncio
from collections.abc import AsyncGenerator, Sequence
from contextlib import AsyncExitStack, asynccontextmanager
from pathlib import Path

import pytest
from job_parts import (
    QUESTION,
    Gate,
    ScriptedEngine,
    ScriptedReader,
    build,
    ended,
    running,
    submission,
)

from docsort_server.engine.model import Category, Question
from docsort_server.faults import Fault, Reason
from docsort_server.jobs.assembly import JobEngine
from docsort_server.jobs.model import JobEnded, JobStatus
from docsort_server.jobs.store.jetstream import Servers, Shape, open_store
from docsort_server.jobs.store.protocols import JobKey
from docsort_server.nats.binary import find_binary
from docsort_server.nats.embedded import embedded

# The logs get 30 % of it.
CAPACITY = 2 * 1024 * 1024
# Kept with the job: some 20 KB.
WORDY = Question(tuple(Category(f"Kind {number}", "word " * 240) for number in range(16)))


@asynccontextmanager
async def crowded(
    folder: Path, gate: Gate, count: int
) -> AsyncGenerator[Sequence[JobEngine], None]:
    """Run some servers' job engines on one small store; no page is answered before the gate."""
    async with (
        embedded(find_binary(), folder, sync="2m") as endpoint,
        AsyncExitStack() as stack,
    ):
        shape = Shape(capacity=CAPACITY, alone=count == 1)
        servers = Servers([endpoint.url], endpoint.token)
        engines: list[JobEngine] = []
        for _ in range(count):
            store = await stack.enter_async_context(open_store(servers, shape=shape))
            jobs = build(ScriptedReader(), ScriptedEngine(gate), store, max_jobs=10_000)
            engines.append(await stack.enter_async_context(running(jobs)))
        yield engines


async def submitted(
    engines: Sequence[JobEngine], count: int, question: Question, pages: int
) -> tuple[list[JobKey], list[Fault]]:
    """Submit so many jobs at once, to the servers in turn; return the accepted and refusals."""
    asked = [submission(pages, question=question, detached=True) for _ in range(count)]
    answers = await asyncio.gather(
        *(engines[number % len(engines)].intake.submit(each) for number, each in enumerate(asked)),
        return_exceptions=True,
    )
    refusals = [each for each in answers if isinstance(each, Fault)]
    return [each for each in answers if isinstance(each, JobKey)], refusals


async def statuses(jobs: JobEngine, keys: Sequence[JobKey]) -> set[JobStatus]:
    """Return how jobs have ended, once all have."""
    ends = [(await ended(jobs, key))[-1].kind for key in keys]
    return {end.job.status for end in ends if isinstance(end, JobEnded)}


@pytest.mark.parametrize("servers", [1, 3])
@pytest.mark.parametrize(
    ("question", "count", "pages", "least"), [(WORDY, 60, 1, 8), (QUESTION, 150, 12, 30)]
)
async def test_what_is_accepted_of_many_requests_ends(
    question: Question, count: int, pages: int, least: int, servers: int, tmp_path: Path
) -> None:
    """However many come at once, large or with results that are larger than they are."""
    gate = Gate()
    async with crowded(tmp_path, gate, servers) as engines:
        accepted, refusals = await submitted(engines, count, question, pages)
        gate.open()
        assert await statuses(engines[0], accepted) == {JobStatus.COMPLETED}
    assert len(accepted) > least
    assert {fault.reason for fault in refusals} == {Reason.OVERLOADED}
    assert all(fault.metadata == {"limit": "store_bytes"} for fault in refusals)
    assert all(fault.retry_after for fault in refusals)
