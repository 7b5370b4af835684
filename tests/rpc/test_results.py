"""Page results some at a time, and jobs that are forgotten on request."""

import grpc
import pytest
from job_parts import Gate, ScriptedEngine
from rpc_server import Calls, events, refusal, request, served

from docsort.v1 import classification_pb2 as classification
from docsort.v1 import job_pb2
from docsort_server.jobs.identity import DEFAULT_TENANT, document_key
from docsort_server.jobs.store.memory import open_store
from docsort_server.jobs.store.protocols import JobKey
from docsort_server.services import pages as paging

ID = "6ba7b810-9dad-41d1-80b4-00c04fd430c8"


async def listed(calls: Calls, job_id: str, size: int) -> list[list[classification.PageResult]]:
    """Return all page results as they were listed."""
    found, token = [], ""
    while True:
        answer = await calls.pages(job_id, size, token)
        found.append(list(answer.page_results))
        token = answer.next_page_token
        if not token:
            return found


@pytest.mark.parametrize(("size", "counts"), [(1, [1] * 7), (3, [3, 3, 1]), (7, [7]), (0, [7])])
async def test_pages_come_in_order_and_once(size: int, counts: list[int]) -> None:
    """Whatever the size, the parts together are the page results of the job."""
    async with served() as server:
        end = (await events(server.calls.classify(request(7))))[-1].finished.job
        parts = await listed(server.calls, end.job_id, size)
    assert [len(part) for part in parts] == counts
    assert [page for part in parts for page in part] == list(end.result.page_results)


async def test_only_selected_pages_are_listed() -> None:
    """A job on some pages has results for these."""
    options = classification.ClassificationOptions()
    options.pages.add(first=2, last=3)
    options.pages.add(first=6, last=6)
    async with served() as server:
        end = (await events(server.calls.classify(request(7, options=options))))[-1]
        parts = await listed(server.calls, end.job_id, 2)
    assert [[page.page for page in part] for part in parts] == [[2, 3], [6]]


async def test_an_answer_stays_small(monkeypatch: pytest.MonkeyPatch) -> None:
    """Fewer results than asked for come where they would be too large, at least one."""
    monkeypatch.setattr(paging, "ANSWER_BYTES", 1)
    async with served() as server:
        end = (await events(server.calls.classify(request(3))))[-1]
        parts = await listed(server.calls, end.job_id, 100)
    assert [len(part) for part in parts] == [1, 1, 1]


async def test_a_running_job_is_neither_listed_nor_deleted() -> None:
    """Both need its end, and say so."""
    gate = Gate()
    async with served(ScriptedEngine(gate)) as server:
        job_id = (await server.calls.submit(request(2))).job_id
        for call in (server.calls.pages(job_id), server.calls.delete(job_id)):
            with pytest.raises(grpc.aio.AioRpcError) as caught:
                await call
            found = refusal(caught.value)
            assert found.code is grpc.StatusCode.FAILED_PRECONDITION
            assert found.info.reason == "JOB_NOT_FINISHED"
        gate.open()
        assert (await server.calls.wait(job_id)).status == job_pb2.JOB_STATUS_COMPLETED


@pytest.mark.parametrize("token", ["x", "!", "e30", "WzFd", "é", "A" * 5000])
async def test_a_token_of_ones_own_is_refused(token: str) -> None:
    """What the server did not give is an invalid request that names the field."""
    async with served() as server:
        end = (await events(server.calls.classify(request(1))))[-1]
        with pytest.raises(grpc.aio.AioRpcError) as caught:
            await server.calls.pages(end.job_id, 1, token)
    assert refusal(caught.value).info.reason == "INVALID_REQUEST"
    assert "page_token" in refusal(caught.value).text


async def test_a_token_belongs_to_its_job() -> None:
    """The token of another job is refused, and so is a size that cannot be."""
    async with served() as server:
        ids = [(await events(server.calls.classify(request(2))))[-1].job_id for _ in range(2)]
        token = (await server.calls.pages(ids[0], 1)).next_page_token
        for size, other in ((1, token), (-1, ""), (1001, "")):
            with pytest.raises(grpc.aio.AioRpcError) as caught:
                await server.calls.pages(ids[1], size, other)
            assert refusal(caught.value).info.reason == "INVALID_REQUEST"


async def test_a_deleted_job_is_gone() -> None:
    """It can be neither read, watched, waited for, listed nor deleted again."""
    async with served() as server:
        job_id = (await events(server.calls.classify(request(2))))[-1].job_id
        await server.calls.delete(job_id)
        calls = server.calls
        asked = (calls.get, calls.wait, calls.pages, calls.cancel, calls.delete)
        for call in asked:
            with pytest.raises(grpc.aio.AioRpcError) as caught:
                await call(job_id)
            assert refusal(caught.value).info.reason == "JOB_NOT_FOUND"
        with pytest.raises(grpc.aio.AioRpcError) as caught:
            await events(calls.watch(job_id))
        assert refusal(caught.value).info.reason == "JOB_NOT_FOUND"


async def test_nothing_of_a_deleted_job_is_kept() -> None:
    """Log, brief and document are gone from the store."""
    store = open_store()
    async with served(store=store) as server:
        job_id = (await events(server.calls.classify(request(2))))[-1].job_id
        key = JobKey(DEFAULT_TENANT, job_id)
        await server.calls.delete(job_id)
        assert await store.index.get(key) is None
        assert await store.log.read(key, "accepted") is None
        assert await store.log.read(key, "p.1") is None
        with pytest.raises(KeyError):
            await anext(store.documents.get(document_key(key)))


async def test_a_request_id_can_be_used_anew_after_a_delete() -> None:
    """The job of the same name is another one, with results of its own."""
    async with served() as server:
        before = (await events(server.calls.classify(request(2, request_id=ID))))[-1]
        await server.calls.delete(before.job_id)
        after = await events(server.calls.classify(request(3, request_id=ID)))
        job = await server.calls.get(before.job_id)
    assert after[0].job_id == before.job_id
    assert job == after[-1].finished.job
    assert [page.page for page in job.result.page_results] == [1, 2, 3]
