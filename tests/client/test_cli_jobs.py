"""The commands about jobs that nobody follows."""

import json
from pathlib import Path

import grpc
import pytest
from client_scripts import finished, script
from command import ran
from google.protobuf import json_format

import docsort
from docsort._convert import job_to_proto
from docsort.testing import Cut, Server
from docsort.v1 import classification_pb2, job_pb2, job_service_pb2

EVENTS = script()
JOB = finished(EVENTS).job


async def test_submit_prints_the_id(document: Path) -> None:
    """One file: its job's id alone, for scripts; the options are sent."""
    options = ["--label", "team=a=b", "--label", "x=", "--ttl", "90", "--priority", "high"]
    server = Server(EVENTS)
    async with server:
        ended = await ran("submit", document, "-c", "A", *options, server=server.target)
    assert (ended.code, ended.out, ended.err) == (0, "job-1\n", "")
    request = await server.received(job_service_pb2.SubmitJobRequest)
    assert dict(request.options.labels) == {"team": "a=b", "x": ""}
    assert request.options.ttl.seconds == 90
    assert request.options.priority == classification_pb2.PRIORITY_HIGH


async def test_submit_goes_on_after_a_file_that_is_not_there(document: Path) -> None:
    """Several files: an id and its file a line; one that fails stops no other."""
    missing = document.with_name("missing.pdf")
    async with Server(EVENTS) as server:
        ended = await ran("submit", missing, document, "-c", "A", server=server.target)
    assert ended.code == 1
    assert ended.out == f"job-1  {document}\n"
    assert ended.err == f"docsort: {missing}: No such file or directory\n"


@pytest.mark.parametrize(
    ("form", "keys"),
    [
        ("json", ["job_id", "status", "message"]),
        ("jsonl", ["job_id", "status", "message"]),
        ("pages", ["job_id", "status", "message", "quota_remaining"]),
    ],
)
async def test_submit_formats(document: Path, form: str, keys: list[str]) -> None:
    """Each format is the answer under its own names."""
    async with Server(EVENTS) as server:
        ended = await ran("submit", document, "-c", "A", "--format", form, server=server.target)
    assert ended.code == 0
    assert list(json.loads(ended.out)) == keys


async def test_submit_is_refused(document: Path) -> None:
    """A refusal is told with its reason and what to do."""
    cut = Cut(code=grpc.StatusCode.INVALID_ARGUMENT, reason=docsort.ErrorReason.EMPTY_DOCUMENT)
    async with Server(EVENTS, refusals={"SubmitJob": cut}) as server:
        ended = await ran("submit", document, "-c", "A", server=server.target)
    assert ended.code == 1
    assert "EMPTY_DOCUMENT" in ended.err


async def test_list() -> None:
    """Text is a line a job; json is a list of jobs and jsonl the same one a line."""
    server = Server(EVENTS)
    chosen = ["--status", "failed", "--label", "a=b", "--limit", "5"]
    async with server:
        text = await ran("list", *chosen, server=server.target)
        whole = await ran("list", "--format", "json", server=server.target)
        lines = await ran("list", "--format", "jsonl", server=server.target)
    assert (text.code, text.err) == (0, "")
    assert text.out.split() == ["job-1", "-", "completed", "-"]
    request = server.requests[0]
    assert isinstance(request, job_service_pb2.ListJobsRequest)
    assert list(request.filter.statuses) == [job_pb2.JOB_STATUS_FAILED]
    assert dict(request.filter.labels) == {"a": "b"}
    (job,) = json.loads(whole.out)
    assert job == json.loads(lines.out)
    bare = job_to_proto(JOB)
    bare.ClearField("result")
    assert json_format.ParseDict(job, job_pb2.Job()) == bare


@pytest.mark.parametrize("form", ["json", "jsonl", "pages"])
async def test_submit_names_each_file(document: Path, form: str) -> None:
    """Of several files every line names its own, and one that failed has a line too."""
    missing = document.with_name("missing.pdf")
    rest = ("-c", "A", "--format", form)
    async with Server(EVENTS) as server:
        ended = await ran("submit", document, missing, *rest, server=server.target)
    assert ended.code == 1
    good, bad = map(json.loads, ended.lines)
    assert (good["file"], good["body"]["job_id"]) == (str(document), "job-1")
    said = f"{missing}: No such file or directory"
    assert bad == {"file": str(missing), "error": {"reason": None, "message": said}, "body": None}


async def test_submit_tells_each_refusal(document: Path) -> None:
    """A file that the server refuses has the server's reason in its line."""
    cut = Cut(code=grpc.StatusCode.INVALID_ARGUMENT, reason=docsort.ErrorReason.EMPTY_DOCUMENT)
    rest = ("-c", "A", "--format", "jsonl")
    async with Server(EVENTS, refusals={"SubmitJob": cut}) as server:
        ended = await ran("submit", document, document, *rest, server=server.target)
    assert [json.loads(line)["error"]["reason"] for line in ended.lines] == ["EMPTY_DOCUMENT"] * 2


@pytest.mark.parametrize(
    "arguments",
    [["--label", "x"], ["--limit", "0"], ["--limit", "x"], ["--status", "done"]],
    ids=" ".join,
)
async def test_what_cannot_be_asked(arguments: list[str]) -> None:
    """Wrong usage is told before anything is sent."""
    ended = await ran("list", *arguments, server="127.0.0.1:1")
    assert ended.code == 2
    assert arguments[0] in ended.err


async def test_a_label_given_twice() -> None:
    """The same key twice would leave one of its values out, so it is refused."""
    for command in (["list"], ["feed"], ["submit", "a.pdf", "-c", "A"]):
        ended = await ran(*command, "--label", "a=", "--label", "a=2", server="127.0.0.1:1")
        assert (ended.code, ended.err) == (2, "docsort: --label: the key 'a' is given twice\n")


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["watch", "job-1", "--after", "x"], "not a sequence: x"),
        (["submit", "a", "-c", "A", "--ttl", "x"], "not a number of seconds: x"),
        (["submit", "a", "-c", "A", "--min-margin", "x"], "not from 0 to 1: x"),
        (["list", "--limit", "x"], "not a number of jobs: x"),
        (["feed", "--resume", ""], "the token is empty"),
    ],
)
async def test_values_that_mean_nothing(arguments: list[str], said: str) -> None:
    """A value is told in words of the reader, not of the program."""
    ended = await ran(*arguments, server="127.0.0.1:1")
    assert ended.code == 2
    assert said in ended.err
