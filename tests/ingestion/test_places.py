"""Documents that the server fetches: over https, from an S3 store, from a folder."""

from __future__ import annotations

import importlib  # what only one test needs is loaded by it
import logging
from contextlib import asynccontextmanager
from typing import TYPE_CHECKING, Any

import grpc
import pytest
from pdf_files import pdf
from rpc_server import Calls, RealServer, connected, events, refusal, request

from docsort.v1 import error_reason_pb2, job_pb2
from docsort_server.app import serving
from docsort_server.settings import Settings

if TYPE_CHECKING:
    from collections.abc import AsyncGenerator, Iterator
    from pathlib import Path

INVOICE = "INVOICE\nInvoice number: 2024-117\nBill to: Example Ltd\nAmount due: 120.00 EUR\nVAT"
DOCUMENT = pdf(INVOICE)
BUCKET = "invoices"


@pytest.fixture
def store(monkeypatch: pytest.MonkeyPatch) -> Iterator[Any]:
    """Yield a client of an S3 server on loopback, which the environment names."""
    server = importlib.import_module("moto.server").ThreadedMotoServer(
        ip_address="127.0.0.1", port=0, verbose=False
    )
    server.start()
    host, port = server.get_host_and_port()
    url = f"http://{host}:{port}"
    for name, value in {
        "AWS_ENDPOINT_URL": url,
        "AWS_ALLOW_HTTP": "true",
        "AWS_ACCESS_KEY_ID": "testing",
        "AWS_SECRET_ACCESS_KEY": "testing",
        "AWS_DEFAULT_REGION": "us-east-1",
        "AWS_REGION": "us-east-1",
    }.items():
        monkeypatch.setenv(name, value)
    client = importlib.import_module("boto3").client("s3", endpoint_url=url)
    client.create_bucket(Bucket=BUCKET)
    yield client
    server.stop()


@asynccontextmanager
async def serving_from(
    **places: Any,  # noqa: ANN401 - settings of any type
) -> AsyncGenerator[RealServer, None]:
    """Serve with places to fetch from."""
    settings = Settings(
        listen="127.0.0.1:0", store="memory", parser_workers=1, engine_workers=1, **places
    )
    async with serving(settings) as app, connected(app.address) as channel:
        yield RealServer(app, Calls(channel))


async def job_of(real: RealServer, uri: str) -> job_pb2.Job:
    """Return what becomes of a document that is named by a URI."""
    asked = request()
    asked.document.uri = uri
    return (await events(real.calls.classify(asked)))[-1].finished.job


async def test_a_document_of_an_object_store(store: Any) -> None:  # noqa: ANN401 - boto3's
    """It is fetched with the server's credentials; one that is missing is told as that."""
    store.put_object(Bucket=BUCKET, Key="2024/may/a file.pdf", Body=DOCUMENT)
    async with serving_from(uri_buckets=f"s3://{BUCKET}/2024") as real:
        found = await job_of(real, f"s3://{BUCKET}/2024/may/a%20file.pdf")
        missing = await job_of(real, f"s3://{BUCKET}/2024/june.pdf")
    assert found.result.classification == "Invoice"
    assert missing.failure.reason == error_reason_pb2.ERROR_REASON_URI_UNREACHABLE


async def test_an_object_that_is_too_large_is_not_kept(store: Any) -> None:  # noqa: ANN401 - as above
    """It is refused as soon as it is known to be, with the limit's name."""
    store.put_object(Bucket=BUCKET, Key="large.pdf", Body=b"%PDF-1.7 " + bytes(3 << 20))
    async with serving_from(uri_buckets=f"s3://{BUCKET}", max_document_bytes=1 << 20) as real:
        job = await job_of(real, f"s3://{BUCKET}/large.pdf")
    assert job.failure.reason == error_reason_pb2.ERROR_REASON_DOCUMENT_TOO_LARGE
    assert job.failure.metadata["limit"] == "max_document_bytes"


async def test_a_file_of_a_folder(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    """Where a document came from is in no log and in no event."""
    (tmp_path / "a.pdf").write_bytes(DOCUMENT)
    caplog.set_level(logging.DEBUG)
    async with serving_from(uri_folders=str(tmp_path)) as real:
        job = await job_of(real, f"file://{tmp_path}/a.pdf")
        again = await job_of(real, f"file://{tmp_path}/a.pdf")
    assert job.result.classification == again.result.classification == "Invoice"
    assert "a.pdf" not in str(job)
    assert "a.pdf" not in caplog.text


@pytest.mark.parametrize(
    "uri", ["https://docs.example.com/a.pdf", "s3://invoices/a.pdf", "file:///etc/hostname"]
)
async def test_nothing_is_fetched_by_default(uri: str) -> None:
    """The call itself is refused, and no job is made."""
    async with serving_from() as real:
        asked = request()
        asked.document.uri = uri
        with pytest.raises(grpc.aio.AioRpcError) as caught:
            await events(real.calls.classify(asked))
    told = refusal(caught.value)
    assert told.code is grpc.StatusCode.PERMISSION_DENIED
    assert told.info.reason == "URI_NOT_ALLOWED"
    assert uri not in told.text
