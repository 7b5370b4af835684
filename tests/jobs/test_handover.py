"""Two replicas on one job engine, of which one leaves."""

import asyncio
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from pathlib import Path

from eventually import eventually
from job_parts import Gate, ScriptedEngine, ScriptedReader, build, ended, running, submission
from store_cases import opened

from docsort_server.jobs.assembly import JobEngine
from docsort_server.jobs.model import JobEnded, JobStatus
from docsort_server.jobs.store.protocols import JobKey
from docsort_server.nats.binary import find_binary
from docsort_server.nats.embedded import Endpoint, embedded

PAGES = 12
# Less than the time after which a task that nobody is heard of comes back by itself.
SOON = 5.0


@asynccontextmanager
async def replica(endpoint: Endpoint, engine: ScriptedEngine) -> AsyncGenerator[JobEngine, None]:
    """Run a replica that has two spans of a page in hand at most."""
    async with opened(endpoint) as store:
        jobs = build(ScriptedReader(), engine, store, spans=2)
        async with running(jobs):
            yield jobs


@asynccontextmanager
async def two(
    folder: Path, leaving: ScriptedEngine, staying: ScriptedEngine
) -> AsyncGenerator[tuple[JobEngine, JobEngine, JobKey], None]:
    """Run a job on a replica until it has its hands full, then a second replica beside it."""
    async with (
        embedded(find_binary(), folder, sync="2m") as endpoint,
        replica(endpoint, leaving) as first,
    ):
        key = await first.intake.submit(submission(PAGES))
        await eventually(lambda: leaving.working == 2)
        async with replica(endpoint, staying) as second:
            yield first, second, key


async def status_of(jobs: JobEngine, key: JobKey) -> JobStatus:
    """Return the state in which a job ends."""
    kind = (await asyncio.wait_for(ended(jobs, key), SOON))[-1].kind
    assert isinstance(kind, JobEnded)
    return kind.job.status


async def test_a_leaving_replica_finishes_its_pages_only(tmp_path: Path) -> None:
    """The other one takes the job and the rest; no page is classified twice."""
    gate = Gate()
    leaving, staying = ScriptedEngine(gate, span=1), ScriptedEngine(span=1)
    async with two(tmp_path, leaving, staying) as (first, second, key):
        await first.runner.retire()
        waiting = asyncio.create_task(first.runner.idle())
        await eventually(lambda: len(staying.seen) == PAGES - 2, SOON)
        assert not waiting.done()
        gate.open()
        await asyncio.wait_for(waiting, SOON)
        assert await status_of(second, key) is JobStatus.COMPLETED
    assert sorted(leaving.seen + staying.seen) == list(range(1, PAGES + 1))


async def test_what_is_let_go_is_done_by_the_other_at_once(tmp_path: Path) -> None:
    """Pages that do not end in time are given back and classified anew."""
    leaving, staying = ScriptedEngine(Gate(), span=1), ScriptedEngine(span=1)
    async with two(tmp_path, leaving, staying) as (first, second, key):
        await first.runner.abandon()
        await asyncio.wait_for(first.runner.idle(), SOON)
        assert await status_of(second, key) is JobStatus.COMPLETED
    assert sorted(staying.seen) == list(range(1, PAGES + 1))
