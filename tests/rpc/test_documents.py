"""Real PDFs through real parsers and the embedded engine."""

import asyncio
import os
import signal
from collections.abc import AsyncGenerator, Iterator
from contextlib import contextmanager
from typing import Any

import grpc
import pytest
from eventually import eventually
from grpc_health.v1.health_pb2 import HealthCheckRequest, HealthCheckResponse
from grpc_health.v1.health_pb2_grpc import HealthStub
from grpc_reflection.v1alpha import reflection_pb2, reflection_pb2_grpc
from pdf_files import corrupt, encrypted, pdf, without_pages
from rpc_server import RealServer, connected, events, next_of, request

from docsort.v1 import classification_pb2 as classification
from docsort.v1 import error_reason_pb2, job_pb2
from docsort_server.services.names import SERVICES

pytestmark = pytest.mark.asyncio(loop_scope="module")

# Small print: every page holds about as much text as is read of one.
LINES = "\n".join(f"line {number} of much text " * 4 for number in range(50))
INVOICE = "INVOICE\nInvoice number: 2024-117\nBill to: Example Ltd\nAmount due: 120.00 EUR\nVAT"


def long_document(pages: int = 40) -> bytes:
    """Return a PDF that takes the engine a while."""
    return pdf(*[LINES] * pages)


async def outcome(real: RealServer, content: bytes) -> job_pb2.Job:
    """Return what becomes of a document."""
    found = await events(real.calls.classify(request(content)))
    return found[-1].finished.job


def reason_of(failure: error_reason_pb2.Failure) -> str:
    """Return the short name of a failure's reason."""
    name = error_reason_pb2.ErrorReason.Name(failure.reason)
    return name.removeprefix("ERROR_REASON_")


async def test_a_document_is_classified(real: RealServer) -> None:
    """Text, blank page and all: categories of the caller, blank page left out."""
    content = pdf(INVOICE, "", INVOICE)
    job = await outcome(real, content)
    result = job.result
    assert job.status == job_pb2.JOB_STATUS_COMPLETED
    assert (result.classification, result.total_pages) == ("Invoice", 3)
    assert result.page_results[1].outcome == classification.OUTCOME_BLANK
    assert [page.weight for page in result.aggregation.pages] == [2.0, 0.0, 1.0]
    assert [(each.first_page, each.last_page) for each in result.segments] == [(1, 3)]
    assert result.provenance.engine == "local"


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (without_pages(), "EMPTY_DOCUMENT"),
        (corrupt(), "CORRUPT_DOCUMENT"),
        (encrypted(), "ENCRYPTED_DOCUMENT"),
        (pdf(*["x"] * 41), "TOO_MANY_PAGES"),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
async def test_what_parsing_tells_is_in_the_job(
    real: RealServer, content: bytes, reason: str
) -> None:
    """The call ends with OK; the job has failed for the document's own reason."""
    call = real.calls.classify(request(content))
    job = (await events(call))[-1].finished.job
    assert await call.code() is grpc.StatusCode.OK
    assert job.status == job_pb2.JOB_STATUS_FAILED
    assert reason_of(job.failure) == reason
    assert job.error == job.failure.message


async def test_selected_pages_only(real: RealServer) -> None:
    """Ranges choose the pages; what lies beyond the end is a warning."""
    options = classification.ClassificationOptions(
        pages=[{"first": 2, "last": 2}, {"first": 4, "last": 9}]  # type: ignore[list-item]
    )
    found = await events(real.calls.classify(request(pdf(*["text"] * 5), options=options)))
    result = found[-1].finished.job.result
    assert [page.page for page in result.page_results] == [2, 4, 5]
    assert [each.boundary_reason for each in result.segments][-1] == (
        classification.BOUNDARY_REASON_PAGE_GAP
    )
    (told,) = result.warnings
    assert told.code == classification.WARNING_CODE_PAGES_BEYOND_END
    assert told.message == "The document has 5 pages: pages 6 to 9 are beyond its end."


async def test_a_selection_beyond_the_end_fails_the_job(real: RealServer) -> None:
    """Where no page is left the job says so; only opening the document could tell."""
    options = classification.ClassificationOptions(
        pages=[{"first": 7, "last": 9}]  # type: ignore[list-item]
    )
    found = await events(real.calls.classify(request(pdf("text"), options=options)))
    failure = found[-1].finished.job.failure
    assert reason_of(failure) == "INVALID_REQUEST"
    assert failure.metadata["total_pages"] == "1"


@contextmanager
def frozen(pid: int) -> Iterator[None]:
    """Stop a process in its tracks while the block runs, unless it is killed meanwhile."""
    os.kill(pid, signal.SIGSTOP)
    try:
        yield
    finally:
        try:
            os.kill(pid, signal.SIGCONT)
        except ProcessLookupError:
            return


async def test_a_parser_that_hangs_is_replaced(real: RealServer) -> None:
    """The job fails with PARSER_TIMEOUT and its limit; the next one finds a new parser."""
    (pid,) = real.app.parsers.pids
    with frozen(pid):
        job = await outcome(real, pdf("text"))
    assert reason_of(job.failure) == "PARSER_TIMEOUT"
    assert job.failure.metadata["limit"] == "page_seconds"
    assert (await outcome(real, pdf(INVOICE))).status == job_pb2.JOB_STATUS_COMPLETED
    assert pid not in real.app.parsers.pids


async def test_a_parser_that_dies_while_opening(real: RealServer) -> None:
    """The job fails with PARSER_CRASHED; the next one finds a new parser."""
    (pid,) = real.app.parsers.pids
    with frozen(pid):
        call = real.calls.classify(request(pdf("text")))
        await next_of(call, "accepted")
        await eventually(lambda: not real.app.parsers._idle)
        os.kill(pid, signal.SIGKILL)
        job = (await events(call))[-1].finished.job
    assert reason_of(job.failure) == "PARSER_CRASHED"
    assert (await outcome(real, pdf(INVOICE))).status == job_pb2.JOB_STATUS_COMPLETED


async def test_a_parser_killed_in_mid_document_costs_one_page(real: RealServer) -> None:
    """That page fails with PARSER_CRASHED, all others have their results."""
    call = real.calls.classify(request(long_document()))
    await next_of(call, "page_result")
    (pid,) = real.app.parsers.pids
    os.kill(pid, signal.SIGKILL)
    result = (await events(call))[-1].finished.job.result
    failed = [page for page in result.page_results if not page.success]
    assert [reason_of(page.failure) for page in failed] == ["PARSER_CRASHED"]
    assert result.processed_pages == 39
    assert {page.exclusion for page in result.aggregation.pages} == {
        classification.PAGE_EXCLUSION_UNSPECIFIED,
        classification.PAGE_EXCLUSION_FAILED,
    }


async def test_an_engine_killed_in_mid_document_costs_nothing(real: RealServer) -> None:
    """The engine's page is tried again on another process."""
    call = real.calls.classify(request(long_document()))
    await next_of(call, "page_result")
    (pid,) = real.app.classifiers.pids
    os.kill(pid, signal.SIGKILL)
    result = (await events(call))[-1].finished.job.result
    assert result.processed_pages == 40


async def test_cancel_frees_parser_engine_and_document_within_a_second(real: RealServer) -> None:
    """After CancelJob both pools lend their process, and the document's memory is returned."""
    call = real.calls.classify(request(long_document()))
    first = await next_of(call, "page_result")
    async with asyncio.timeout(1.0):
        job = await real.calls.cancel(first.job_id)
        async with real.app.parsers.lease(), real.app.classifiers.lease():
            pass
        await eventually(lambda: not real.app.jobs.shelf._places)
    rest = await events(call)
    assert job.status == job_pb2.JOB_STATUS_CANCELLED
    assert rest[-1].finished.job == job
    assert job.pages_done < 40


async def test_documents_are_closed_when_their_jobs_end(real: RealServer) -> None:
    """No job leaves an open file behind, whichever way it ends."""
    contents = [pdf("text"), corrupt(), encrypted(), without_pages()] * 3
    before = memory_files()
    await asyncio.gather(*(outcome(real, content) for content in contents))
    await eventually(lambda: memory_files() <= before)
    await eventually(lambda: not real.app.jobs.shelf._places)


def memory_files() -> set[str]:
    """Return the numbers of this process's open memory files."""
    folder = "/proc/self/fd"
    found = set()
    for name in os.listdir(folder):  # noqa: PTH208 - names are all that is needed
        try:
            target = os.readlink(f"{folder}/{name}")  # noqa: PTH115
        except FileNotFoundError:
            continue
        if "memfd" in target:
            found.add(name)
    return found


async def test_health_is_served_by_name(real: RealServer) -> None:
    """The server and each of its services say SERVING; an unknown name is NOT_FOUND."""
    async with connected(real.app.address) as channel:
        check = HealthStub(channel).Check  # type: ignore[attr-defined]
        for name in ("", *SERVICES):
            answer = await check(HealthCheckRequest(service=name))
            assert answer.status == HealthCheckResponse.SERVING
        with pytest.raises(grpc.aio.AioRpcError) as caught:
            await check(HealthCheckRequest(service="docsort.v1.Nothing"))
    assert caught.value.code() is grpc.StatusCode.NOT_FOUND


async def test_reflection_lists_the_services(real: RealServer) -> None:
    """Tools find all services, health and reflection itself, and the files behind them."""
    question = reflection_pb2.ServerReflectionRequest
    asked = [
        question(list_services=""),
        question(file_containing_symbol="docsort.v1.ClassificationService"),
    ]

    async def ask() -> AsyncGenerator[reflection_pb2.ServerReflectionRequest, None]:
        for each in asked:
            yield each

    async with connected(real.app.address) as channel:
        stub: Any = reflection_pb2_grpc.ServerReflectionStub(channel)  # type: ignore[arg-type]
        listed, described = [answer async for answer in stub.ServerReflectionInfo(ask())]
    assert sorted(each.name for each in listed.list_services_response.service) == [
        "docsort.v1.ClassificationService",
        "docsort.v1.DocumentService",
        "docsort.v1.JobService",
        "docsort.v1.SchemaService",
        "grpc.health.v1.Health",
        "grpc.reflection.v1alpha.ServerReflection",
    ]
    assert described.file_descriptor_response.file_descriptor_proto
