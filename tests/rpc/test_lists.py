"""Lists of jobs: newest first, filtered, some at a time."""

import asyncio
from typing import Any

import grpc
import pytest
from job_parts import Gate, ScriptedEngine
from rpc_server import Calls, Served, events, refusal, request, served

from docsort.v1 import classification_pb2 as classification
from docsort.v1 import job_pb2
from docsort_server.jobs.store.memory import MemoryJobIndex, open_store
from docsort_server.jobs.store.protocols import JobKey, Store

Options = classification.ClassificationOptions
COMPLETED = job_pb2.JOB_STATUS_COMPLETED
CANCELLED = job_pb2.JOB_STATUS_CANCELLED


async def finished(server: Served, labels: dict[str, str] | None = None) -> str:
    """Return the id of a job that has finished."""
    answer = await server.calls.submit(request(1, options=Options(labels=labels)))
    await server.calls.wait(answer.job_id)
    return answer.job_id


async def listed(  # as `Calls.list` takes them
    calls: Calls,
    size: int = 0,
    **chosen: Any,  # noqa: ANN401 - as `Calls.list` takes them
) -> list[list[job_pb2.Job]]:
    """Return all jobs as they were listed."""
    found, token = [], ""
    while True:
        answer = await calls.list(size, token, **chosen)
        found.append(list(answer.jobs))
        token = answer.next_page_token
        if not token:
            return found


async def until_listed(
    calls: Calls,
    ids: list[str],
    **chosen: Any,  # noqa: ANN401 - as `Calls.list` takes them
) -> list[job_pb2.Job]:
    """Return the jobs once the list has exactly these, in this order."""
    async with asyncio.timeout(10):
        while True:
            jobs = [job for part in await listed(calls, **chosen) for job in part]
            if [job.job_id for job in jobs] == ids:
                return jobs


async def test_jobs_are_listed_newest_first_without_their_results() -> None:
    """Each entry is the job as GetJob tells it, but for the result."""
    async with served() as server:
        ids = [await finished(server, {"n": str(n)}) for n in range(3)]
        jobs = await until_listed(server.calls, ids[::-1], statuses=[COMPLETED])
        for job in jobs:
            whole = await server.calls.get(job.job_id)
            whole.ClearField("result")
            assert job == whole


@pytest.mark.parametrize(("size", "counts"), [(1, [1] * 5), (2, [2, 2, 1]), (5, [5]), (0, [5])])
async def test_parts_add_up(size: int, counts: list[int]) -> None:
    """Whatever the size, every job is listed once."""
    async with served() as server:
        ids = [await finished(server) for _ in range(5)]
        await until_listed(server.calls, ids[::-1])
        parts = await listed(server.calls, size)
    assert [len(part) for part in parts] == counts
    assert [job.job_id for part in parts for job in part] == ids[::-1]


async def test_paging_is_stable_while_jobs_come_and_go() -> None:
    """What is accepted between two calls is not listed, what is deleted moves nothing."""
    async with served() as server:
        ids = [await finished(server) for _ in range(4)]
        await until_listed(server.calls, ids[::-1])
        first = await server.calls.list(2)
        newer = await finished(server)
        await server.calls.delete(ids[2])
        await until_listed(server.calls, [newer, ids[3], ids[1], ids[0]])
        second = await server.calls.list(2, first.next_page_token)
    assert [job.job_id for job in first.jobs] == [ids[3], ids[2]]
    assert [job.job_id for job in second.jobs] == [ids[1], ids[0]]


async def test_a_filter_takes_states_and_labels() -> None:
    """Any of the states, all of the labels; what a running job becomes is followed."""
    gate = Gate()
    async with served(ScriptedEngine(gate)) as server:
        calls = server.calls
        asked = [{"team": "a", "x": "1"}, {"team": "a"}, {"team": "b"}]
        ids = [
            (await calls.submit(request(1, options=Options(labels=each)))).job_id for each in asked
        ]
        await until_listed(calls, ids[::-1])
        await until_listed(calls, [ids[1], ids[0]], labels={"team": "a"})
        await until_listed(calls, [ids[0]], labels={"x": "1", "team": "a"})
        await until_listed(calls, [], labels={"team": "a", "x": "2"})
        await calls.cancel(ids[1])
        await until_listed(calls, [ids[1]], statuses=[CANCELLED])
        gate.open()
        await until_listed(calls, ids[::-1], statuses=[COMPLETED, CANCELLED])
        await until_listed(calls, [ids[0]], statuses=[COMPLETED], labels={"team": "a"})


async def test_a_deleted_job_leaves_the_list() -> None:
    """It is in no list any more."""
    async with served() as server:
        ids = [await finished(server) for _ in range(2)]
        await server.calls.delete(ids[0])
        await until_listed(server.calls, [ids[1]])


async def test_a_failed_job_tells_why() -> None:
    """The list has the failure too."""
    async with served() as server:
        options = Options(pages=[classification.PageRange(first=9, last=9)])
        job_id = (await server.calls.submit(request(1, options=options))).job_id
        ended = await server.calls.wait(job_id)
        (job,) = await until_listed(server.calls, [job_id], statuses=[job_pb2.JOB_STATUS_FAILED])
    assert job == ended
    assert job.error


@pytest.mark.parametrize("size", [-1, 201])
async def test_sizes_have_bounds(size: int) -> None:
    """A size that cannot be is refused."""
    async with served() as server:
        with pytest.raises(grpc.aio.AioRpcError) as caught:
            await server.calls.list(size)
    assert "page_size" in refusal(caught.value).text


async def test_a_token_belongs_to_its_filter() -> None:
    """A token of another filter, or of one's own making, and unknown states are refused."""
    async with served() as server:
        ids = [await finished(server) for _ in range(3)]
        await until_listed(server.calls, ids[::-1])
        token = (await server.calls.list(1)).next_page_token
        assert len((await server.calls.list(1, token)).jobs) == 1
        for asked in (
            server.calls.list(1, token, labels={"a": "b"}),
            server.calls.list(1, token + "x"),
            server.calls.list(1, statuses=[0]),  # type: ignore[list-item]
        ):
            with pytest.raises(grpc.aio.AioRpcError) as caught:
                await asked
            assert refusal(caught.value).info.reason == "INVALID_REQUEST"


class ForgetfulIndex(MemoryJobIndex):
    """Lose how jobs have ended, as an engine may that is killed; `lossy` until told otherwise."""

    lossy = True

    async def put(self, key: JobKey, body: bytes, *, ttl: float, new: bool = False) -> None:
        """Keep a job's first summary only."""
        if new or not self.lossy:
            await super().put(key, body, ttl=ttl, new=new)


async def test_a_list_knows_an_end_that_its_cache_has_lost() -> None:
    """What a job has become is told as it is, is not told as what it was, and is made good."""
    plain, index = open_store(), ForgetfulIndex()
    async with served(
        store=Store(plain.log, plain.queue, plain.documents, index, plain.cell)
    ) as server:
        calls = server.calls
        found = await events(calls.classify(request(1)))
        index.lossy = False
        queued = await calls.list(statuses=[job_pb2.JOB_STATUS_QUEUED])
        assert list(queued.jobs) == []
        (told,) = (await calls.list()).jobs
        assert (told.job_id, told.status) == (found[0].job_id, COMPLETED)
        (known,) = await until_listed(calls, [told.job_id], statuses=[COMPLETED])
        assert known == told
