"""Uploads to a whole server on JetStream: what they cost its memory, and that they outlive it."""

import hashlib
import signal
from collections.abc import AsyncGenerator
from pathlib import Path

from pdf_files import pdf
from rpc_server import Calls, connected, events
from server_process import started
from upload_calls import Documents, about, header

from docsort.v1 import job_pb2
from docsort.v1.document_service_pb2 import UploadDocumentRequest
from docsort.v1.document_service_pb2_grpc import DocumentServiceStub

STORE = {"store": "jetstream", "sync": "2m"}
MIB = 1024 * 1024
CHUNK = 960 * 1024


def peak(pid: int) -> int:
    """Return the most bytes that a process has had in memory."""
    status = Path(f"/proc/{pid}/status").read_text()
    return int(status.partition("VmHWM:")[2].split()[0]) * 1024


async def large(size: int, salt: bytes) -> AsyncGenerator[UploadDocumentRequest, None]:
    """Yield an upload of so many bytes, none of which are held here either."""
    yield header(size=size)
    start, left = b"%PDF-1.7 " + salt, size
    while left:
        chunk = start.ljust(min(CHUNK, left), b"\0")
        yield UploadDocumentRequest(chunk=chunk)
        start, left = b"", left - len(chunk)


async def test_a_large_upload_passes_through(tmp_path: Path) -> None:
    """96 MiB make the server grow by no more than what is on its way, whatever gRPC buffers."""
    async with started(tmp_path / "data", **STORE) as server, connected(server.address) as channel:
        upload = DocumentServiceStub(channel).UploadDocument
        await upload(large(4 * MIB, b"warm"), timeout=60)
        before = peak(server.process.pid)
        answer = await upload(large(96 * MIB, b"large"), timeout=60)
        assert answer.document.size_bytes == 96 * MIB
        # 9 MiB on a machine at rest; how much is on its way at a time, its load decides.
        assert peak(server.process.pid) - before <= 64 * MIB


async def test_uploads_outlive_their_server(tmp_path: Path) -> None:
    """A document that was uploaded to one process is classified by the next."""
    content = pdf("an invoice", "a contract") + b"\n%" + b"x" * MIB
    async with started(tmp_path / "data", **STORE) as server, connected(server.address) as channel:
        found = await Documents(channel, server.address).upload(content, ttl=600)
        assert found.document_id == hashlib.sha256(content).hexdigest()
        assert await server.end(signal.SIGTERM) == 0
    async with started(tmp_path / "data", **STORE) as server, connected(server.address) as channel:
        again = await Documents(channel, server.address).send(header(content, ttl=1))
        assert again == found
        job = (await events(Calls(channel).classify(about(found.document_id))))[-1].finished.job
        assert job.status == job_pb2.JOB_STATUS_COMPLETED
        assert job.result.total_pages == 2
