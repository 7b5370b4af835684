"""One request id, one job."""

import asyncio
import hashlib
import uuid
from collections.abc import Callable

import grpc
import pytest
from google.protobuf.duration_pb2 import Duration
from rpc_server import durable, events, refusal, request, served

from docsort.v1 import classification_pb2 as classification
from docsort.v1.classification_service_pb2 import ClassifyRequest
from docsort_server.services.fingerprint import fingerprint

ID = "6ba7b810-9dad-41d1-80b4-00c04fd430c8"
Change = Callable[[ClassifyRequest], object]


def print_of(message: ClassifyRequest) -> str:
    """Return a request's fingerprint."""
    return fingerprint(message, hashlib.sha256(message.document.content).hexdigest())


async def test_twenty_callers_at_once_share_one_job() -> None:
    """Each page is classified once, whoever asked first; all see the same events."""
    async with served(max_jobs=1) as server:
        calls = [server.calls.classify(request(4, request_id=ID)) for _ in range(20)]
        streams = [durable(each) for each in await asyncio.gather(*map(events, calls))]
        assert sorted(server.engine.seen) == [1, 2, 3, 4]
        assert server.jobs.admission.running == 0
    assert all(stream == streams[0] for stream in streams)


async def test_without_an_id_every_request_is_a_job_of_its_own() -> None:
    """Equal requests without a request id are different jobs."""
    async with served() as server:
        found = [await events(server.calls.classify(request(1))) for _ in range(2)]
    assert found[0][0].job_id != found[1][0].job_id


@pytest.mark.parametrize("written", [ID.upper(), ID.replace("-", ""), f"{{{ID}}}"])
async def test_how_the_id_is_written_does_not_matter(written: str) -> None:
    """A UUID in capitals, without dashes or in braces is the same UUID."""
    async with served() as server:
        first = await events(server.calls.classify(request(1, request_id=ID)))
        second = await events(server.calls.classify(request(1, request_id=written)))
    assert first[0].job_id == second[0].job_id


async def test_another_request_under_the_same_id_is_refused() -> None:
    """The first request keeps its id; the second is told, and its job is not touched."""
    async with served() as server:
        first = await events(server.calls.classify(request(2, request_id=ID)))
        with pytest.raises(grpc.aio.AioRpcError) as caught:
            await events(server.calls.classify(request(3, request_id=ID)))
        assert await server.calls.get(first[0].job_id) == first[-1].finished.job
    found = refusal(caught.value)
    assert (found.code, found.info.reason) == (
        grpc.StatusCode.ALREADY_EXISTS,
        "IDEMPOTENCY_MISMATCH",
    )


async def test_a_finished_job_is_found_when_the_server_is_full() -> None:
    """Asking again for a job needs no room for another."""
    async with served(max_jobs=1) as server:
        first = await events(server.calls.classify(request(1, request_id=ID)))
        server.jobs.admission.close()
        again = await events(server.calls.classify(request(1, request_id=ID)))
    assert again == durable(first)


@pytest.mark.parametrize(
    "change",
    [
        lambda r: setattr(r.document, "content", b"%PDF-1.7 4"),
        lambda r: setattr(r.categories[0], "name", "Bill"),
        lambda r: setattr(r.categories[0], "description", "to be paid"),
        lambda r: r.categories[0].criteria.add(text="shows a total"),
        lambda r: setattr(r.categories[0], "threshold", 0.0),
        lambda r: r.categories[0].examples.append("Please pay"),
        lambda r: r.categories.add(name="Memo"),
        lambda r: r.categories.reverse(),
        lambda r: r.options.pages.add(first=1, last=2),
        lambda r: setattr(r.options, "min_confidence", 0.0),
        lambda r: setattr(r.options, "segments", False),
        lambda r: setattr(r.options, "evidence", True),
        lambda r: setattr(r.options, "engine", "local"),
    ],
)
def test_what_makes_another_request(change: Change) -> None:
    """Document, categories with all they hold, their order, and options that are set."""
    one, other = request(3), request(3)
    change(other)
    assert print_of(one) != print_of(other)


@pytest.mark.parametrize(
    "change",
    [
        lambda r: setattr(r, "request_id", str(uuid.uuid4())),
        lambda r: r.options.deadline.CopyFrom(Duration(seconds=9)),
        lambda r: r.options.SetInParent(),
        lambda r: setattr(r.options, "engine", ""),
    ],
)
def test_what_does_not(change: Change) -> None:
    """The request id, the deadline, and fields that only repeat their default."""
    one, other = request(3), request(3)
    change(other)
    assert print_of(one) == print_of(other)


def test_the_order_of_fields_on_the_wire_does_not_matter() -> None:
    """A client that writes its fields in another order, or in two pieces, asks the same."""
    one = request(3, options=classification.ClassificationOptions(min_margin=0.5, engine="x"))
    parts = [
        ClassifyRequest(options=classification.ClassificationOptions(engine="x")),
        ClassifyRequest(categories=one.categories),
        ClassifyRequest(options=classification.ClassificationOptions(min_margin=0.5)),
        ClassifyRequest(document=one.document),
    ]
    other = ClassifyRequest.FromString(b"".join(part.SerializeToString() for part in parts))
    assert print_of(other) == print_of(one)


def test_the_fingerprint_is_versioned_and_fixed() -> None:
    """A stored fingerprint must mean the same after an upgrade."""
    message = request(b"%PDF-1.7", ["Invoice", "Contract"])
    message.options.pages.add(first=1, last=3)
    canonical = (
        '{"categories":[{"name":"Invoice"},{"name":"Contract"}],'
        f'"document":"{hashlib.sha256(b"%PDF-1.7").hexdigest()}",'
        '"options":{"pages":[{"first":1,"last":3}]}}'
    )
    assert print_of(message) == f"1:{hashlib.sha256(canonical.encode()).hexdigest()}"
