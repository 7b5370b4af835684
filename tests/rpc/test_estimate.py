"""What a job would take, told before it runs."""

from typing import TYPE_CHECKING

import grpc
import pytest
from google.protobuf.duration_pb2 import Duration
from model_served import document
from pdf_files import pdf
from rpc_server import RealServer, events, refusal, request, served

from docsort.v1 import classification_pb2 as classification
from docsort_server.jobs.loans import GivenDocument
from docsort_server.jobs.pace import LEAST_SPANS

if TYPE_CHECKING:
    from docsort.v1.job_service_pb2 import EstimateJobResponse

pytestmark = pytest.mark.asyncio(loop_scope="module")

Options = classification.ClassificationOptions
Pages = classification.PageRange


async def test_the_embedded_engine_takes_no_calls(real: RealServer) -> None:
    """Pages are counted and selected by the real parser; tokens and calls are none."""
    asked = request(pdf("a", "b", "c"), options=Options(pages=[Pages(first=2, last=9)]))
    told = await real.calls.estimate(asked)
    assert (told.total_pages, told.pages, told.pages_read, told.engine) == (3, 2, 0, "local")
    assert (told.model_calls.most, told.input_tokens.most, told.output_tokens.most) == (0, 0, 0)
    assert not told.HasField("cost")
    assert told.notes[0] == "The document has 3 pages: pages 4 to 9 are beyond its end."


async def test_an_estimate_leaves_nothing_behind(real: RealServer) -> None:
    """It is no job, and gives its place back."""
    await real.calls.estimate(request(document(2)))
    assert real.app.jobs.admission.running == 0


async def test_the_time_is_told_once_pages_have_been_measured() -> None:
    """Before that it is unset, and the reason is told; a deadline bounds it."""
    async with served() as server:
        before = await server.calls.estimate(request(8))
        for _ in range(LEAST_SPANS):
            await events(server.calls.classify(request(1)))
        after = await server.calls.estimate(request(8))
        short = Options(deadline=Duration(nanos=1000))
        bounded = await server.calls.estimate(request(8, options=short))
    assert not before.HasField("time")
    assert f"has worked on 0 spans of pages here within the last hour; {LEAST_SPANS}" in (
        before.time_unknown
    )
    assert 0 < after.time.least.ToMicroseconds() <= after.time.most.ToMicroseconds()
    assert after.time_unknown == ""
    assert bounded.time.most.ToMicroseconds() == 1


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (b"", "EMPTY_DOCUMENT"),
        (bytes(64), "UNSUPPORTED_DOCUMENT"),
        (b"%PDF-1.7\n" + bytes(64), "CORRUPT_DOCUMENT"),
        (pdf(*["x"] * 41), "TOO_MANY_PAGES"),
    ],
)
async def test_what_a_job_would_fail_with_is_refused(
    real: RealServer, content: bytes, reason: str
) -> None:
    """What is in the job for Classify is the call's status here, with the same reason."""
    with pytest.raises(grpc.aio.AioRpcError) as caught:
        await real.calls.estimate(request(content))
    found = refusal(caught.value)
    assert (found.code, found.info.reason) == (grpc.StatusCode.INVALID_ARGUMENT, reason)
    assert real.app.jobs.admission.running == 0


async def test_options_are_checked_as_those_of_a_job(real: RealServer) -> None:
    """An engine that nobody has is named with its field."""
    with pytest.raises(grpc.aio.AioRpcError) as caught:
        await real.calls.estimate(request(document(1), options=Options(engine="nobody")))
    assert refusal(caught.value).info.reason == "INVALID_REQUEST"
    assert "nobody" in refusal(caught.value).text


async def test_a_full_server_makes_no_estimates() -> None:
    """An estimate takes a place like a job, so that it cannot add to what is too much."""
    async with served(max_jobs=1) as server:
        async with server.jobs.loans.lent("default", GivenDocument(b"x")):
            with pytest.raises(grpc.aio.AioRpcError) as caught:
                await server.calls.estimate(request(1))
        told: EstimateJobResponse = await server.calls.estimate(request(1))
    assert refusal(caught.value).info.reason == "OVERLOADED"
    assert told.pages == 1
