"""Jobs about documents that were uploaded before."""

import asyncio
import uuid
from collections.abc import AsyncGenerator

import grpc
import pytest
from google.rpc import error_details_pb2
from job_parts import Gate, ScriptedEngine, document
from rpc_server import Served, events, fold, next_of, refusal, request, served
from store_cases import OPENERS
from upload_calls import Documents, about, digest, documents

from docsort.v1 import error_reason_pb2, job_pb2
from docsort_server.jobs.identity import uploaded_key

CONTENT = document(8)
ID = digest(CONTENT)
NOT_FOUND = error_reason_pb2.ERROR_REASON_DOCUMENT_NOT_FOUND


@pytest.fixture(params=sorted(OPENERS))
async def gated(request: pytest.FixtureRequest) -> AsyncGenerator[tuple[Served, Documents, Gate]]:
    """Serve an engine that waits for its gate, on every store."""
    gate = Gate()
    async with (
        OPENERS[request.param]() as case,
        served(ScriptedEngine(gate, span=2), store=case.store, spans=1, pages=1) as server,
        documents(server.address) as calls,
    ):
        yield server, calls, gate


async def test_a_job_about_an_uploaded_document(gated: tuple[Served, Documents, Gate]) -> None:
    """It ends as one with the document inline, and the document is there for the next."""
    server, calls, gate = gated
    gate.open()
    await calls.upload(CONTENT)
    for _ in range(2):
        found = await events(server.calls.classify(about(ID)))
        job = fold(found)
        assert job.status == job_pb2.JOB_STATUS_COMPLETED
        assert job.result.total_pages == 8
        await server.calls.delete(found[0].job_id)
    inline = fold(await events(server.calls.classify(request(CONTENT))))
    assert inline.result == job.result


async def test_a_document_that_goes_in_mid_job(gated: tuple[Served, Documents, Gate]) -> None:
    """What was read by then counts, what was not fails by its name, and the job ends."""
    server, calls, gate = gated
    await calls.upload(CONTENT)
    call = server.calls.classify(about(ID))
    gate.let(1)
    first = await next_of(call, "page_result")
    assert await server.jobs.documents.delete(uploaded_key("default", ID))
    # What is open stays readable; another replica, or a restarted one, would have to fetch it.
    server.jobs.shelf.close()
    gate.open()
    result = (await events(call))[-1].finished.job.result
    reasons = {page.page: page.failure.reason for page in result.page_results if not page.success}
    assert reasons
    assert set(reasons.values()) == {NOT_FOUND}
    assert first.page_result.page not in reasons
    assert len(result.page_results) == 8


async def test_a_document_that_goes_before_it_is_opened() -> None:
    """The job fails with the reason that a call would be refused with."""
    async with served() as server, documents(server.address) as calls:
        await calls.upload(CONTENT)
        opening, opened = asyncio.Event(), asyncio.Event()
        get = server.jobs.documents.get

        async def late(key: str) -> AsyncGenerator[bytes, None]:
            opening.set()
            await opened.wait()
            async for chunk in get(key):
                yield chunk

        server.jobs.documents.get = late  # type: ignore[method-assign]
        call = server.calls.classify(about(ID))
        await opening.wait()
        await calls.delete(ID)
        opened.set()
        job = (await events(call))[-1].finished.job
    assert job.status == job_pb2.JOB_STATUS_FAILED
    assert job.failure.reason == NOT_FOUND
    assert job.failure.metadata == {"document_id": ID}


async def test_an_unknown_document_makes_no_job() -> None:
    """NOT_FOUND names the document as a resource; what is no id is an invalid request."""
    async with served() as server:
        for document_id in (ID, "nothing", ID.upper()):
            with pytest.raises(grpc.aio.AioRpcError) as caught:
                await server.calls.submit(about(document_id))
            found = refusal(caught.value)
            if document_id != ID:
                assert found.info.reason == "INVALID_REQUEST"
                continue
            assert (found.code, found.info.reason) == (
                grpc.StatusCode.NOT_FOUND,
                "DOCUMENT_NOT_FOUND",
            )
            resource = found.detail(error_details_pb2.ResourceInfo)
            assert isinstance(resource, error_details_pb2.ResourceInfo)
            assert resource.resource_type == "docsort.v1.Document"
            assert resource.resource_name == ID
        assert server.jobs.admission.running == 0


async def test_inline_and_uploaded_are_the_same_request() -> None:
    """One request id finds its job either way, even when the document has gone meanwhile."""
    request_id = str(uuid.uuid4())
    async with served() as server, documents(server.address) as calls:
        await calls.upload(CONTENT)
        first = await events(server.calls.classify(about(ID, request_id=request_id)))
        await calls.delete(ID)
        inline = request(CONTENT, request_id=request_id)
        for again in (inline, about(ID, request_id=request_id)):
            assert (await events(server.calls.classify(again)))[0].job_id == first[0].job_id


async def test_tenants_do_not_share_documents() -> None:
    """The key begins with the tenant, so that one tenant's id finds nothing of another's."""
    async with served() as server, documents(server.address) as calls:
        await calls.upload(CONTENT)
        assert await server.jobs.documents.facts(f"up.default.{ID}")
        assert await server.jobs.documents.facts(uploaded_key("other", ID)) is None
