"""Every reason that a call can be refused for: code, details, trailers, size."""

import grpc
import pytest
from google.rpc import error_details_pb2
from grpc_health.v1.health_pb2 import HealthCheckRequest, HealthCheckResponse
from grpc_health.v1.health_pb2_grpc import HealthStub
from job_parts import Gate, ScriptedEngine
from rpc_server import Calls, Refusal, Served, connected, events, next_of, refusal, request, served

from docsort.v1 import classification_pb2 as classification
from docsort.v1 import error_reason_pb2, job_pb2
from docsort.v1.classification_service_pb2 import ClassifyRequest
from docsort_server.settings import Settings

UNKNOWN = "00000000-0000-4000-8000-000000000000"
DETAILS_LIMIT = 6 * 1024


async def refused(server: Served, message: ClassifyRequest) -> Refusal:
    """Return why a request was refused."""
    with pytest.raises(grpc.aio.AioRpcError) as caught:
        await events(server.calls.classify(message))
    return checked(caught.value)


def checked(error: grpc.aio.AioRpcError) -> Refusal:
    """Take an error apart after checking what holds for all of them."""
    found = refusal(error)
    assert found.info.domain == "docsort.v1"
    assert f"ERROR_REASON_{found.info.reason}" in error_reason_pb2.ErrorReason.keys()  # noqa: SIM118
    assert weight(error) < DETAILS_LIMIT
    return found


def weight(error: grpc.aio.AioRpcError) -> int:
    """Count the bytes of a status on the wire: its text and its trailers."""
    text = len((error.details() or "").encode())
    return text + sum(len(value) for _, value in error.trailing_metadata() or ())


def violated(found: Refusal) -> list[str]:
    """Return the paths of the fields at fault."""
    detail = found.detail(error_details_pb2.BadRequest)
    assert isinstance(detail, error_details_pb2.BadRequest)
    return [violation.field for violation in detail.field_violations]


def no_document() -> ClassifyRequest:
    """Return a request without a document."""
    message = request()
    message.ClearField("document")
    return message


def with_options(**options: object) -> ClassifyRequest:
    """Return a request with options."""
    return request(options=classification.ClassificationOptions(**options))  # type: ignore[arg-type]


def category(
    name: str = "Invoice", description: str = "", *criteria: str
) -> classification.Category:
    """Return a category."""
    texts = [classification.Criterion(text=text) for text in criteria]
    return classification.Category(name=name, description=description, criteria=texts)


RANGE = classification.PageRange
INVALID = {
    "no document": (no_document(), ["document.source"]),
    "no categories": (request(3, []), ["categories"]),
    "too many categories": (request(3, map(str, range(201))), ["categories"]),
    "empty name": (request(3, ["a", " "]), ["categories[1].name"]),
    "long name": (request(3, ["a", "b" * 101]), ["categories[1].name"]),
    "same name": (request(3, ["Straße", "STRASSE "]), ["categories[1].name"]),
    "long description": (request(3, [category("a", "d" * 2001)]), ["categories[0].description"]),
    "empty criterion": (
        request(3, [category("a", "", "x", "")]),
        ["categories[0].criteria[1].text"],
    ),
    "long criterion": (
        request(3, [category("a", "", "c" * 501)]),
        ["categories[0].criteria[0].text"],
    ),
    "same criterion": (
        request(3, [category("a", "", "x", "x")]),
        ["categories[0].criteria[1].text"],
    ),
    "too many criteria": (
        request(3, [category("a", "", *map(str, range(51)))]),
        ["categories[0].criteria"],
    ),
    "page zero": (with_options(pages=[RANGE(first=0, last=3)]), ["options.pages[0]"]),
    "pages backwards": (
        with_options(pages=[RANGE(first=1, last=1), RANGE(first=3, last=2)]),
        ["options.pages[1]"],
    ),
    "confidence above one": (with_options(min_confidence=1.5), ["options.min_confidence"]),
    "confidence not a number": (
        with_options(min_confidence=float("nan")),
        ["options.min_confidence"],
    ),
    "margin below zero": (with_options(min_margin=-0.1), ["options.min_margin"]),
    "deadline of zero": (with_options(deadline={}), ["options.deadline"]),
    "deadline in the past": (with_options(deadline={"seconds": -1}), ["options.deadline"]),
    "deadline in ages": (with_options(deadline={"seconds": 10**11}), ["options.deadline"]),
    "request id": (request(request_id="mine"), ["request_id"]),
    "unknown engine": (with_options(engine="oracle"), ["options.engine"]),
}


@pytest.mark.parametrize("case", INVALID)
async def test_invalid_request(case: str) -> None:
    """INVALID_ARGUMENT names each field at fault by its path in proto names."""
    message, paths = INVALID[case]
    async with served() as server:
        found = await refused(server, message)
        assert server.jobs.admission.running == 0
    assert found.code is grpc.StatusCode.INVALID_ARGUMENT
    assert found.info.reason == "INVALID_REQUEST"
    assert violated(found) == paths


async def test_all_faults_are_named_together() -> None:
    """A request with several faults is answered with all of them at once."""
    message = request(3, ["", "b" * 101], request_id="mine")
    message.options.min_margin = 7
    async with served() as server:
        found = await refused(server, message)
    assert violated(found) == [
        "categories[0].name",
        "categories[1].name",
        "options.min_margin",
        "request_id",
    ]


async def test_twenty_faults_at_most() -> None:
    """However much is wrong, 20 fields are named and the status stays small."""
    names = [category("ü" * 101, "ß" * 2001, *["ß" * 501] * 8) for _ in range(20)]
    async with served() as server:
        found = await refused(server, request(3, names))
    assert len(violated(found)) == 20


async def test_a_huge_value_makes_no_huge_status() -> None:
    """What a caller sent is quoted in part only: 200 KB of engine name fit a status."""
    async with served() as server:
        found = await refused(server, with_options(engine="ü" * 100_000))
    assert found.code is grpc.StatusCode.INVALID_ARGUMENT
    assert violated(found) == ["options.engine"]


async def test_a_request_that_is_too_large() -> None:
    """Categories beyond 256 KiB, or names that would not fit a page result, are refused."""
    wide = [category(str(n), "ß" * 2000) for n in range(70)]
    long = [category(str(n), "", *(f"{m}" + "ß" * 480 for m in range(50))) for n in range(4)]
    async with served() as server:
        for categories in (wide, long):
            assert violated(await refused(server, request(3, categories))) == ["categories"]


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (b"", "EMPTY_DOCUMENT"),
        (b" \n\t" * 10, "EMPTY_DOCUMENT"),
        (b"PK\x03\x04 an office file", "UNSUPPORTED_DOCUMENT"),
        (b"\x7fELF\x00\x00", "UNSUPPORTED_DOCUMENT"),
    ],
)
async def test_documents_that_are_refused_unread(content: bytes, reason: str) -> None:
    """What the bytes themselves tell is a status; no job is made."""
    async with served() as server:
        found = await refused(server, request(content))
        assert server.jobs.admission.running == 0
    assert found.code is grpc.StatusCode.INVALID_ARGUMENT
    assert found.info.reason == reason


async def test_the_largest_document_inline() -> None:
    """A document of exactly the limit is taken; one byte more is refused with both numbers."""
    limit = Settings().max_inline_bytes
    body = b"%PDF-1.7 1 ".ljust(limit, b"x")
    async with served() as server:
        found = await events(server.calls.classify(request(body)))
        refused_one = await refused(server, request(body + b"x"))
    assert found[-1].finished.job.status == job_pb2.JOB_STATUS_COMPLETED
    assert refused_one.code is grpc.StatusCode.INVALID_ARGUMENT
    assert refused_one.info.reason == "DOCUMENT_TOO_LARGE"
    assert refused_one.info.metadata["limit"] == "max_inline_bytes"
    assert refused_one.info.metadata["value"] == str(limit)
    assert refused_one.info.metadata["actual"] == str(limit + 1)


@pytest.mark.parametrize("call", ["get", "cancel", "watch"])
async def test_job_not_found(call: str) -> None:
    """NOT_FOUND names the job as a resource, whichever call asked."""
    async with served() as server:
        with pytest.raises(grpc.aio.AioRpcError) as caught:
            await ask(server.calls, call, UNKNOWN)
    found = checked(caught.value)
    resource = found.detail(error_details_pb2.ResourceInfo)
    assert (found.code, found.info.reason) == (grpc.StatusCode.NOT_FOUND, "JOB_NOT_FOUND")
    assert isinstance(resource, error_details_pb2.ResourceInfo)
    assert (resource.resource_type, resource.resource_name) == ("docsort.v1.Job", UNKNOWN)


async def ask(calls: Calls, call: str, job_id: str) -> None:
    """Make one of the calls on a job."""
    if call == "watch":
        await events(calls.watch(job_id))
    else:
        await getattr(calls, call)(job_id)


@pytest.mark.parametrize("call", ["get", "cancel", "watch"])
@pytest.mark.parametrize("job_id", ["", "x" * 100_000, "../../etc", "{0}"])
async def test_a_job_id_that_is_none(call: str, job_id: str) -> None:
    """What is no job id at all is an invalid request, and is not quoted back."""
    async with served() as server:
        with pytest.raises(grpc.aio.AioRpcError) as caught:
            await ask(server.calls, call, job_id)
    found = checked(caught.value)
    assert found.info.reason == "INVALID_REQUEST"
    assert violated(found) == ["job_id"]


async def test_job_finished() -> None:
    """FAILED_PRECONDITION says which job is finished already."""
    async with served() as server:
        job_id = (await events(server.calls.classify(request(1))))[0].job_id
        with pytest.raises(grpc.aio.AioRpcError) as caught:
            await server.calls.cancel(job_id)
    found = checked(caught.value)
    detail = found.detail(error_details_pb2.PreconditionFailure)
    assert found.code is grpc.StatusCode.FAILED_PRECONDITION
    assert isinstance(detail, error_details_pb2.PreconditionFailure)
    assert [(each.type, each.subject) for each in detail.violations] == [("JOB_FINISHED", job_id)]


@pytest.mark.parametrize(
    ("jobs", "size", "name"), [(1, 1e9, "max_jobs"), (9, 20, "max_jobs_bytes")]
)
async def test_overloaded(jobs: float, size: float, name: str) -> None:
    """UNAVAILABLE with the time to wait, while everything else goes on."""
    gate = Gate()
    async with served(ScriptedEngine(gate), max_jobs=jobs, max_jobs_bytes=size) as server:
        call = server.calls.classify(request(2))
        accepted = await next_of(call, "accepted")
        found = await refused(server, request(2))
        job = await server.calls.get(accepted.job_id)
        async with connected(server.address) as channel:
            check = HealthStub(channel).Check  # type: ignore[attr-defined]
            assert (await check(HealthCheckRequest())).status == HealthCheckResponse.SERVING
        gate.open()
        await events(call)
    assert retryable(found) == ("OVERLOADED", name)
    assert job.status in (job_pb2.JOB_STATUS_QUEUED, job_pb2.JOB_STATUS_PROCESSING)


async def test_shutting_down() -> None:
    """Once the doors are closed new work is UNAVAILABLE with the time to wait."""
    async with served() as server:
        server.jobs.admission.close()
        found = await refused(server, request(2))
    assert retryable(found) == ("SHUTTING_DOWN", "")


def retryable(found: Refusal) -> tuple[str, str]:
    """Return reason and limit of a refusal after checking that it tells when to retry."""
    detail = found.detail(error_details_pb2.RetryInfo)
    assert found.code is grpc.StatusCode.UNAVAILABLE
    assert isinstance(detail, error_details_pb2.RetryInfo)
    assert detail.retry_delay.ToMilliseconds() > 0
    assert found.trailers["grpc-retry-pushback-ms"] == str(detail.retry_delay.ToMilliseconds())
    return found.info.reason, found.info.metadata["limit"]
