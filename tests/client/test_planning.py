"""Estimates and checks, on both clients, as a scripted server has them."""

import asyncio
from pathlib import Path

import grpc
import pytest
from client_scripts import QUICK, serving
from plans import CHECK, ESTIMATE

import docsort
from docsort.testing import Cut, Server
from docsort.v1 import job_service_pb2, schema_service_pb2

LARGE = b"%PDF-1.7".ljust(2_000_000, b"x")
OPTIONS = docsort.Options(engine="openai", pages="1-4", max_model_calls=7)


async def test_an_estimate_is_asked_as_a_job_is() -> None:
    """Both clients send the document, the categories and the options, and no request id."""
    server = Server(estimate=ESTIMATE)

    def run() -> docsort.Estimate:
        with docsort.Client(server.target, timeouts=QUICK) as client:
            return client.estimate_job(b"%PDF-1", ["Invoice", "Letter"], **OPTIONS)

    async with serving(server) as client:
        told = await client.estimate_job(b"%PDF-1", ["Invoice", "Letter"], **OPTIONS)
        assert [told, await asyncio.to_thread(run)] == [ESTIMATE, ESTIMATE]
    first, second = server.requests
    assert first == second
    assert isinstance(first, job_service_pb2.EstimateJobRequest)
    assert first.document.content == b"%PDF-1"
    assert first.options.engine == "openai"
    assert first.options.budget.max_model_calls == 7


async def test_a_large_document_is_uploaded_for_an_estimate() -> None:
    """As for a job: it can be classified afterwards without being sent again."""
    server = Server(estimate=ESTIMATE)
    sent: list[int] = []
    async with serving(server) as client:
        await client.estimate_job(
            LARGE, ["Invoice"], progress=lambda so_far, total: sent.append(so_far)
        )
        assert list(server.documents.values()) == [LARGE]
    assert sent[-1] == len(LARGE)


async def test_a_check_sends_samples_of_every_kind(tmp_path: Path) -> None:
    """Texts and small files within the request; large ones are uploaded and named."""
    path = tmp_path / "a.pdf"
    path.write_bytes(b"%PDF-small")
    samples = [
        docsort.Sample("some text", category="Invoice"),
        docsort.Sample(document=path),
        docsort.Sample(document=LARGE, category="Letter"),
        docsort.Sample(document=docsort.UploadedDocument("0" * 64)),
    ]
    server = Server(check=CHECK)

    def run() -> docsort.CategoriesCheck:
        with docsort.Client(server.target, timeouts=QUICK) as client:
            return client.check_categories(["Invoice", "Letter"], samples)

    async with serving(server) as client:
        found = await client.check_categories(["Invoice", "Letter"], samples)
        assert [found, await asyncio.to_thread(run)] == [CHECK, CHECK]
        (uploaded,) = server.documents
    asked = [each for each in server.requests if _is_check(each)]
    assert asked[0] == asked[1]
    first, second, third, fourth = asked[0].samples  # type: ignore[attr-defined]
    assert (first.text, first.category) == ("some text", "Invoice")
    assert second.document.content == b"%PDF-small"
    assert (third.document.document_id, third.category) == (uploaded, "Letter")
    assert fourth.document.document_id == "0" * 64


def _is_check(request: object) -> bool:
    return isinstance(request, schema_service_pb2.CheckCategoriesRequest)


async def test_a_sample_is_not_fetched() -> None:
    """What the server would have to fetch is a mistake of the program, told before sending."""
    server = Server()
    remote = docsort.Sample(document=docsort.RemoteDocument("https://example.org/a.pdf"))
    async with serving(server) as client:
        with pytest.raises(TypeError):
            await client.check_categories(["Invoice"], [remote])
    assert server.requests == []


async def test_a_document_that_cannot_be_read_raises_what_its_job_would() -> None:
    """The class is that of a job's failure, though the call itself is refused."""
    cut = Cut(code=grpc.StatusCode.INVALID_ARGUMENT, reason=docsort.ErrorReason.ENCRYPTED_DOCUMENT)
    server = Server(refusals={"EstimateJob": cut})
    async with serving(server) as client:
        with pytest.raises(docsort.EncryptedDocumentError):
            await client.estimate_job(b"%PDF-1", ["Invoice"])


async def test_a_sample_that_is_refused_while_it_is_sent_is_told() -> None:
    """As by the check itself, from either client."""
    cut = Cut(code=grpc.StatusCode.INVALID_ARGUMENT, reason=docsort.ErrorReason.DOCUMENT_TOO_LARGE)
    large = docsort.Sample(document=b"%PDF-" + bytes(100_000))
    samples = [docsort.Sample("some text"), large]
    server = Server(refusals={"UploadDocument": cut})

    def run() -> None:
        with docsort.Client(server.target, timeouts=QUICK) as client:
            client.check_categories(["Invoice"], samples)

    async with serving(server) as client:
        with pytest.raises(docsort.DocumentTooLargeError) as caught:
            await client.check_categories(["Invoice"], samples)
        with pytest.raises(docsort.DocumentTooLargeError) as blocking:
            await asyncio.to_thread(run)
    assert [each.value.metadata["field"] for each in (caught, blocking)] == ["samples[1]"] * 2
