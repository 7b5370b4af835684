"""The commands about uploaded documents."""

import asyncio
import hashlib
import json
import os
import pty
import sys
from pathlib import Path

import pytest
from client_scripts import script
from command import ran, read_all

from docsort.testing import Server
from docsort.v1.classification_service_pb2 import ClassifyRequest
from docsort.v1.document_service_pb2 import UploadDocumentRequest
from docsort.v1.job_service_pb2 import SubmitJobRequest

LARGE = b"%PDF-1.7".ljust(2_000_000, b"x")
ID = hashlib.sha256(LARGE).hexdigest()


@pytest.fixture
def large(tmp_path: Path) -> Path:
    """Return a document that is too large to be sent within a request."""
    path = tmp_path / "large.pdf"
    path.write_bytes(LARGE)
    return path


async def test_upload_prints_the_id(large: Path, document: Path) -> None:
    """One file: its id alone, for scripts; several: each with its file."""
    async with Server(script()) as server:
        ended = await ran("upload", large, "--ttl", "90", server=server.target)
        assert (ended.code, ended.out, ended.err) == (0, f"{ID}\n", "")
        assert server.documents == {ID: LARGE}
        sent = await server.received(UploadDocumentRequest)
        assert sent.header.ttl.seconds == 90
        missing = large.with_name("missing.pdf")
        ended = await ran("upload", missing, large, document, server=server.target)
        assert ended.code == 1
        assert ended.lines[0] == f"{ID}  {large}"
        assert ended.err == f"docsort: {missing}: No such file or directory\n"


@pytest.mark.parametrize("form", ["json", "jsonl"])
async def test_upload_formats(large: Path, form: str) -> None:
    """The document is printed under the names of the contract."""
    async with Server(script()) as server:
        ended = await ran("upload", large, "--format", form, server=server.target)
    body = json.loads(ended.out)
    assert list(body) == ["document_id", "size_bytes", "expire_time"]
    assert (body["document_id"], body["size_bytes"]) == (ID, len(LARGE))


async def test_an_uploaded_document_is_named_by_its_id(large: Path) -> None:
    """Classify and submit take ids beside files, and several of either."""
    async with Server(script()) as server:
        await ran("upload", large, server=server.target)
        for command in ("classify", "submit"):
            ended = await ran(command, "--document-id", ID, "-c", "A", server=server.target)
            assert (ended.code, ended.err) == (0, "")
        assert (await server.received(ClassifyRequest)).document.document_id == ID
        assert (await server.received(SubmitJobRequest)).document.document_id == ID
        ended = await ran(*("submit", large, "--document-id", ID, "-c", "A"), server=server.target)
        assert ended.lines == [f"job-1  {large}", f"job-1  {ID}"]


async def test_large_files_are_uploaded_by_themselves(large: Path) -> None:
    """A file, and standard input too, is uploaded where it is large; no bar is drawn in a pipe."""
    async with Server(script()) as server:
        for name, stdin in ((str(large), b""), ("-", LARGE)):
            ended = await ran("classify", name, "-c", "A", server=server.target, stdin=stdin)
            assert (ended.code, ended.err) == (0, "")
            assert server.documents.pop(ID) == LARGE


async def test_delete_document(large: Path) -> None:
    """Each is told; the first that is gone already ends the command with what to do."""
    async with Server(script()) as server:
        await ran("upload", large, server=server.target)
        ended = await ran("delete-document", ID, server=server.target)
        assert (ended.code, ended.out) == (0, f"deleted {ID}\n")
        ended = await ran("delete-document", ID, "--format", "json", server=server.target)
        assert (ended.code, ended.out) == (2, "")
        assert "DOCUMENT_NOT_FOUND" in ended.err


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["classify", "-c", "A"], "give a FILE or --document-id ID"),
        (["submit", "--document-id", "x", "-c", "A"], "not the id of a document: x"),
        (["delete-document", "X" * 64], "not the id of a document"),
        (["upload"], "required: FILE"),
    ],
)
async def test_wrong_usage(arguments: list[str], said: str) -> None:
    """What cannot be meant ends with 2 before any server is asked."""
    ended = await ran(*arguments)
    assert ended.code == 2
    assert said in ended.err


@pytest.mark.parametrize("without", ["", "rich"])
@pytest.mark.parametrize("command", ["upload", "classify"])
async def test_a_terminal_shows_the_upload(large: Path, command: str, without: str) -> None:
    """Whoever looks on sees a bar, or without rich a line; the output holds nothing of it."""
    ours, theirs = pty.openpty()
    program = (
        "import sys\n"
        f"{f'sys.modules[{without!r}] = None' if without else ''}\n"
        "from docsort.__main__ import main\nsys.exit(main())"
    )
    rest = ["-c", "a", "--format", "json"] if command == "classify" else []
    async with Server(script()) as server:
        process = await asyncio.create_subprocess_exec(
            *(sys.executable, "-c", program, command, str(large), *rest),
            stdout=asyncio.subprocess.PIPE,
            stderr=theirs,
            env={**os.environ, "TERM": "xterm", "DOCSORT_SERVER": server.target, "COLUMNS": "90"},
        )
        os.close(theirs)
        drawn = await asyncio.to_thread(read_all, ours)
        out, _ = await process.communicate()
        assert process.returncode == 0
    assert ("uploading 2.0 MB" if without else "Uploading") in drawn
    assert out == f"{ID}\n".encode() if command == "upload" else json.loads(out)
