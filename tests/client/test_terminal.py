"""The command lives with terminals, pipes, signals and servers that come and go."""

import asyncio
import json
import os
import pty
import signal
import sys
from pathlib import Path

import pytest
from client_scripts import script
from command import read_all, started
from google.protobuf import json_format

from docsort.testing import Cut, Server
from docsort.v1 import job_pb2, job_service_pb2

EVENTS = script()


async def test_lines_come_as_things_happen(document: Path) -> None:
    """An event is printed before the next one has happened."""
    async with Server(EVENTS, cuts=[Cut(1, code=None)]) as server:
        process = await started(
            "classify", document, "-c", "a", "--format", "jsonl", server=server.target
        )
        assert process.stdout is not None
        first = json.loads(await process.stdout.readline())
        assert first["accepted"]["job"]["job_id"] == "job-1"
        process.send_signal(signal.SIGINT)
        assert await process.wait() == 130


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
async def test_interrupt_cancels_the_job(document: Path, number: signal.Signals) -> None:
    """Ctrl-C and SIGTERM cancel the job and end with 130."""
    async with Server(EVENTS, cuts=[Cut(3, code=None)]) as server:
        process = await started("classify", document, "-c", "Invoice", server=server.target)
        assert process.stdout is not None
        await process.stdout.readline()
        process.send_signal(number)
        _, err = await process.communicate()
        cancelled = await server.received(job_service_pb2.CancelJobRequest)
    assert process.returncode == 130
    assert err == b"docsort: job job-1 was cancelled\ndocsort: interrupted\n"
    assert cancelled.job_id == "job-1"


async def test_server_that_restarts(document: Path) -> None:
    """A server that goes away and comes back loses no page, and nobody has to be told."""
    async with Server(EVENTS, cuts=[Cut(2, code=None)]) as server:
        process = await started(
            "classify", document, "-c", "a", "--format", "jsonl", server=server.target
        )
        assert process.stdout is not None
        first = await process.stdout.readline()
        await server.stop()
        await server.start()
        rest, err = await process.communicate()
    events = [json_format.Parse(line, job_pb2.JobEvent()) for line in (first + rest).splitlines()]
    kinds = [event.WhichOneof("kind") for event in events]
    assert (kinds.count("page_result"), kinds[-1]) == (4, "finished")
    assert process.returncode == 0
    assert b"docsort:" not in err


async def test_reader_that_leaves(document: Path) -> None:
    """When whoever reads the output has gone, the command cancels its job and says only that."""
    reader, writer = os.pipe()
    os.close(reader)
    async with Server(EVENTS, cuts=[Cut(1, code=None)]) as server:
        process = await asyncio.create_subprocess_exec(
            *(sys.executable, "-m", "docsort", "classify", document, "-c", "a"),
            *("--server", server.target, "--format", "jsonl"),
            stdout=writer,
            stderr=asyncio.subprocess.PIPE,
        )
        os.close(writer)
        _, err = await process.communicate()
        await server.received(job_service_pb2.CancelJobRequest)
    assert process.returncode == 130
    assert err == b"docsort: job job-1 was cancelled\n"


async def test_waiting_is_told(document: Path) -> None:
    """When nothing has come for two seconds, text mode names the server it waits for."""
    async with Server(EVENTS, cuts=[Cut(0, code=None)]) as server:
        process = await started("classify", document, "-c", "a", server=server.target)
        assert process.stderr is not None
        said = await process.stderr.readline()
        process.send_signal(signal.SIGINT)
        assert await process.stderr.read() == b"docsort: interrupted\n"
        assert await process.wait() == 130
    assert said.decode() == f"docsort: waiting for {server.target} ...\n"


async def test_a_break_is_told_once(document: Path) -> None:
    """Several attempts after one break are one line."""
    async with Server(EVENTS, cuts=[Cut(3), Cut(0), Cut(0)]) as server:
        process = await started("classify", document, "-c", "a", server=server.target)
        _, err = await process.communicate()
    assert process.returncode == 0
    assert err == b"docsort: connection lost; trying again\n"


async def test_grpc_is_not_heard(document: Path) -> None:
    """When a server goes away only our own line tells of it, none of gRPC's."""
    async with Server(EVENTS, cuts=[Cut(3, code=None)]) as server:
        process = await started("classify", document, "-c", "a", server=server.target)
        assert process.stdout is not None
        assert await process.stdout.readline() == b"job         job-1\n"
        await server.stop()
        await server.start()
        _, err = await process.communicate()
    assert process.returncode == 0
    assert err == b"docsort: connection lost; trying again\n"


@pytest.mark.parametrize("without", ["", "rich"])
async def test_terminal(document: Path, without: str) -> None:
    """A terminal gets the table and the summary; without rich in plain lines."""
    ours, theirs = pty.openpty()
    program = (
        "import sys\n"
        f"{f'sys.modules[{without!r}] = None' if without else ''}\n"
        "from docsort.__main__ import main\nsys.exit(main())"
    )
    async with Server(script(["In\x1b[31mvoice", "Contract"])) as server:
        process = await asyncio.create_subprocess_exec(
            sys.executable, "-c", program, "classify", document, "-c", "a",
            stdout=theirs,
            env={**os.environ, "TERM": "xterm", "DOCSORT_SERVER": server.target, "COLUMNS": "90"},
        )  # fmt: skip
        os.close(theirs)
        drawn = await asyncio.to_thread(read_all, ours)
        assert await process.wait() == 0
    assert "Contract" in drawn
    assert "2 of 2 read and judged" in drawn
    assert "In [31mvoice" in drawn
    assert ("\x1b[2K" in drawn) == (without == "")
