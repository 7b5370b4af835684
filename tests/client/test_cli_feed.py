"""The command that tells what becomes of all jobs."""

import asyncio
import json
import signal
from datetime import UTC, datetime

import grpc
import pytest
from command import Ended, ran, started
from google.protobuf import json_format

import docsort
from docsort._convert import change_to_proto
from docsort.testing import Cut, Server
from docsort.v1 import job_pb2, job_service_pb2

WHEN = datetime(2030, 1, 2, 3, 4, 5, tzinfo=UTC)
JOB = docsort.Job(
    "job-1",
    docsort.JobStatus.COMPLETED,
    "Done",
    pages_total=3,
    pages_done=3,
    labels={"b": "\x1b[2J", "a": "x"},
)
CHANGES = [docsort.JobChange(kind, JOB, WHEN) for kind in docsort.ChangeKind]
LINES = [
    "2030-01-02 03:04:05  accepted  job-1  completed         3/3  a=x b=[2J",
    "2030-01-02 03:04:05  finished  job-1  completed         3/3  a=x b=[2J",
    "2030-01-02 03:04:05  deleted   job-1  completed         3/3  a=x b=[2J",
]


async def interrupted(
    server: Server, *arguments: str, lines: int = len(CHANGES), number: int = signal.SIGINT
) -> Ended:
    """Run the command until it has printed so many lines, then interrupt it."""
    async with server, asyncio.timeout(30):
        process = await started("feed", *arguments, server=server.target)
        assert process.stdout
        out = [(await process.stdout.readline()).decode() for _ in range(lines)]
        if not lines:
            await server.received(job_service_pb2.WatchJobsRequest)
        process.send_signal(number)
        rest, err = await process.communicate()
        assert process.returncode is not None
        return Ended(process.returncode, "".join(out) + rest.decode(), err.decode())


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
async def test_text_is_a_line_a_change(number: int) -> None:
    """When, what, and the job; interrupted it prints a token that skips nothing."""
    server = Server(changes=CHANGES)
    ended = await interrupted(server, number=number)
    assert ended.lines == LINES
    assert ended.code == 130
    # The interrupt may come between printing the last line and taking note of it.
    repeat, none = ([f"docsort: go on with: --resume {n}", "docsort: interrupted"] for n in (2, 3))
    # A busy machine may take so long to connect that this is told too.
    waiting = f"docsort: waiting for {server.target} ..."
    assert [line for line in ended.err.splitlines() if line != waiting] in (repeat, none)


@pytest.mark.parametrize("form", ["json", "jsonl"])
async def test_json_is_the_message_a_line(form: str) -> None:
    """With the names of the contract, and the token of each change."""
    ended = await interrupted(Server(changes=CHANGES), "--format", form)
    found = [
        json_format.ParseDict(json.loads(line), job_service_pb2.WatchJobsResponse())
        for line in ended.lines
    ]
    expected = [change_to_proto(change) for change in CHANGES]
    for number, message in enumerate(expected, 1):
        message.resume_token = str(number)
    assert found == expected


async def test_what_was_asked_for_is_sent() -> None:
    """States, labels, and where to begin."""
    server = Server(changes=CHANGES)
    asked = ["--status", "failed", "--status", "queued", "--label", "a=b", "--resume", "1"]
    assert (await interrupted(server, *asked, lines=2)).lines == LINES[1:]
    request = await server.received(job_service_pb2.WatchJobsRequest)
    states = [job_pb2.JOB_STATUS_FAILED, job_pb2.JOB_STATUS_QUEUED]
    assert list(request.filter.statuses) == states
    assert dict(request.filter.labels) == {"a": "b"}
    assert (request.resume_token, request.from_start) == ("1", False)


async def test_from_the_start() -> None:
    """It is asked for at first only: a call that breaks goes on from its token."""
    server = Server(changes=CHANGES, cuts=[Cut(1)])
    ended = await interrupted(server, "--from-start")
    assert ended.lines == LINES
    asked = [r for r in server.requests if isinstance(r, job_service_pb2.WatchJobsRequest)]
    assert [(r.from_start, r.resume_token) for r in asked] == [(True, ""), (False, "1")]
    assert "trying again" in ended.err


async def test_a_token_that_has_expired() -> None:
    """It is told with what to do instead, and not offered again."""
    cut = Cut(code=grpc.StatusCode.OUT_OF_RANGE, reason=docsort.ErrorReason.EVENTS_EXPIRED)
    async with Server(refusals={"WatchJobs": cut}) as server:
        ended = await ran("feed", "--resume", "5", server=server.target)
    assert (ended.code, ended.out) == (2, "")
    assert "EVENTS_EXPIRED" in ended.err
    assert "--from-start" in ended.err
    assert "go on with" not in ended.err


async def test_a_reader_that_leaves() -> None:
    """Like `docsort feed | head`: the token goes on with the change that nobody took."""
    server = Server(changes=CHANGES * 20_000)
    async with server, asyncio.timeout(30):
        process = await started("feed", server=server.target)
        assert process.stdout
        assert process.stderr
        assert (await process.stdout.readline()).decode().strip() == LINES[0]
        process.stdout._transport.close()  # type: ignore[attr-defined]
        err = (await process.stderr.read()).decode()
        assert await process.wait() == 130
    assert 1 <= int(err.removeprefix("docsort: go on with: --resume ")) < 60_000


async def test_a_token_and_the_start_exclude_one_another() -> None:
    """It is told before anything is sent."""
    ended = await ran("feed", "--resume", "a", "--from-start", server="127.0.0.1:1")
    assert ended.code == 2
    assert "not allowed with" in ended.err
