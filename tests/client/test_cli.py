"""The command line prints what each format promises and ends with the documented code."""

import asyncio
import json
from pathlib import Path

import grpc
import pytest
from client_scripts import failing, finished, omitted, script
from command import Ended, ran
from google.protobuf import json_format

import docsort
from docsort import ErrorReason, FieldViolation, formats
from docsort._cli.extras import install
from docsort._convert import event_to_proto, job_to_proto
from docsort.testing import Cut, Server
from docsort.v1 import classification_service_pb2, job_pb2

EVENTS = script()
FINISHED = finished(EVENTS)


async def classified(server: Server, *arguments: str | Path, stdin: bytes = b"") -> Ended:
    """Run `docsort classify` against a scripted server."""
    async with server:
        return await ran("classify", *arguments, "-c", "Invoice", server=server.target, stdin=stdin)


async def test_text(document: Path) -> None:
    """Away from a terminal text is a line per page and a summary, without any drawing."""
    ended = await classified(Server(EVENTS), document)
    assert (ended.code, ended.err) == (0, "")
    assert ended.lines[0].split() == ["job", "job-1"]
    assert ended.lines[1].split() == ["page", "category", "confidence", "outcome", "because"]
    assert ended.lines[3].split() == ["2", "Contract", "0.90", "matched"]
    assert "category    Invoice" in ended.lines
    assert "\x1b" not in ended.out


async def test_json(document: Path) -> None:
    """Json is the native job with the names of the contract, also where pages were left out."""
    ended = await classified(Server(omitted(EVENTS)), document, "--format", "json")
    assert ended.code == 0
    message = json_format.Parse(ended.out, job_pb2.Job())
    assert message == job_to_proto(FINISHED.job)
    assert '"page_results"' in ended.out


async def test_jsonl(document: Path) -> None:
    """Jsonl is one event a line, in order, with the names of the contract."""
    ended = await classified(Server(EVENTS), document, "--format", "jsonl")
    assert ended.code == 0
    events = [json_format.Parse(line, job_pb2.JobEvent()) for line in ended.lines]
    assert events == [event_to_proto(event) for event in EVENTS]


@pytest.mark.parametrize("form", ["pages", "criteria"])
async def test_bodies(document: Path, form: str) -> None:
    """The other formats print exactly their body."""
    ended = await classified(Server(EVENTS), document, "--format", form)
    assert ended.code == 0
    assert json.loads(ended.out) == getattr(formats, form)(FINISHED.job)


async def test_standard_input() -> None:
    """A single dash reads the document from standard input."""
    server = Server(EVENTS)
    ended = await classified(server, "-", "--format", "pages", stdin=b"%PDF-1.7 piped")
    assert ended.code == 0
    request = await server.received(classification_service_pb2.ClassifyRequest)
    assert request.document.content == b"%PDF-1.7 piped"


async def test_several_files(document: Path) -> None:
    """Files come one after the other, each under its name; one that fails stops no other."""
    missing = document.with_name("missing.pdf")
    ended = await classified(Server(EVENTS), missing, document)
    assert ended.code == 1
    assert ended.err == f"docsort: {missing}: No such file or directory\n"
    assert ended.lines[:2] == [f"== {missing} ==", f"== {document} =="]
    assert "category    Invoice" in ended.lines


async def test_several_files_as_json(document: Path) -> None:
    """Several files give one value a line and one line a file, also for one that fails."""
    missing = document.with_name("missing.pdf")
    ended = await classified(Server(EVENTS), missing, document, "--format", "json")
    failed, done = (json.loads(line) for line in ended.lines)
    assert (failed["file"], done["file"]) == (str(missing), str(document))
    statuses = (failed["body"]["status"], done["body"]["status"])
    assert statuses == ("JOB_STATUS_FAILED", "JOB_STATUS_COMPLETED")
    assert "No such file" in failed["error"]["message"]
    assert "error" not in done


async def test_several_files_as_criteria(document: Path) -> None:
    """A document that failed has its reason beside a body that has no room for it."""
    server = Server(failing(ErrorReason.ENCRYPTED_DOCUMENT, "The document is encrypted."))
    ended = await classified(server, document, document, "--format", "criteria")
    first, second = (json.loads(line) for line in ended.lines)
    assert first == second
    assert first["error"]["reason"] == "ENCRYPTED_DOCUMENT"
    assert first["body"]["result"] == {"category": None}


async def test_several_files_as_events(document: Path) -> None:
    """Each file's events follow a line that names the file and its job; a failure has its own."""
    missing = document.with_name("missing.pdf")
    ended = await classified(Server(EVENTS), missing, document, "--format", "jsonl")
    failed, named, *events = (json.loads(line) for line in ended.lines)
    said = f"{missing}: No such file or directory"
    assert failed == {"file": str(missing), "error": {"reason": None, "message": said}}
    assert named == {"file": str(document), "job_id": "job-1"}
    assert len(events) == len(EVENTS)


async def test_a_refused_file_as_events(document: Path) -> None:
    """A single file that was refused is a line too, so that no output is a fault of its own."""
    cut = Cut(
        code=grpc.StatusCode.INVALID_ARGUMENT,
        message="It has no pages.",
        reason=ErrorReason.EMPTY_DOCUMENT,
    )
    ended = await classified(Server(EVENTS, cuts=[cut]), document, "--format", "jsonl")
    error = {"reason": "EMPTY_DOCUMENT", "message": "It has no pages."}
    assert [json.loads(line) for line in ended.lines] == [{"file": str(document), "error": error}]


async def test_failed_job(document: Path) -> None:
    """A failed document ends with 1, its reason, and what to do about it."""
    server = Server(failing(ErrorReason.ENCRYPTED_DOCUMENT, "The document is encrypted."))
    ended = await classified(server, document, "--format", "pages")
    assert ended.code == 1
    assert json.loads(ended.out)["status"] == "failed"
    assert ended.err == (
        f"docsort: {document}: ENCRYPTED_DOCUMENT: The document is encrypted. "
        "Give its password by --password-file.\n"
    )


async def test_refused_request(document: Path) -> None:
    """A refused request ends with 2 and names the fields."""
    cut = Cut(
        code=grpc.StatusCode.INVALID_ARGUMENT,
        message="The request is invalid",
        reason=ErrorReason.INVALID_REQUEST,
        violations=[FieldViolation("options.min_margin", "must be at most 1")],
    )
    ended = await classified(Server(EVENTS, cuts=[cut]), document)
    assert ended.code == 2
    assert "INVALID_REQUEST: the request is not valid." in ended.err
    assert "  options.min_margin: must be at most 1" in ended.err


async def test_overloaded_server(document: Path) -> None:
    """A server that wants no work for long ends with 3, and no further file is tried."""
    cut = Cut(0, reason=ErrorReason.OVERLOADED, message="Too busy", retry_after=600)
    server = Server(EVENTS, cuts=[cut])
    ended = await classified(server, document, document)
    assert ended.code == 3
    assert "OVERLOADED: Too busy. Try again in a moment." in ended.err
    assert len(server.requests) == 1


async def test_options_are_sent(document: Path) -> None:
    """What the options say is in the request."""
    server = Server(EVENTS)
    arguments = ["--pages", "1,3,5-7", "--min-confidence", "0.5", "--deadline", "9.5"]
    await classified(server, document, *arguments, "--no-evidence", "--request-id", "id-1")
    request = await server.received(classification_service_pb2.ClassifyRequest)
    assert [(r.first, r.last) for r in request.options.pages] == [(1, 1), (3, 3), (5, 7)]
    assert request.options.min_confidence == 0.5
    assert request.options.deadline.ToMilliseconds() == 9500
    assert request.options.HasField("evidence")
    assert request.options.evidence is False
    assert request.request_id == "id-1"


async def test_watch_get_and_cancel() -> None:
    """The other commands show jobs in the same formats."""
    async with Server(EVENTS) as server:
        watched, got, cancelled = await asyncio.gather(
            ran("watch", "job-1", "--after", "3", "--format", "jsonl", server=server.target),
            ran("get", "job-1", "--format", "criteria", server=server.target),
            ran("cancel", "job-1", server=server.target),
        )
    assert json.loads(watched.lines[0])["sequence"] >= 3
    assert "finished" in json.loads(watched.lines[-1])
    assert json.loads(got.out) == formats.criteria(FINISHED.job)
    assert cancelled.lines == ["status      cancelled: The job was cancelled."]
    assert (watched.code, got.code, cancelled.code) == (0, 0, 0)


@pytest.mark.parametrize(
    ("events", "code", "how"),
    [(EVENTS, 0, "completed"), (failing(ErrorReason.CORRUPT_DOCUMENT), 1, "failed")],
    ids=["completed", "failed"],
)
async def test_watch_past_the_end(events: list[docsort.Event], code: int, how: str) -> None:
    """A job that has ended and has no later event is told at once, with how to read it."""
    async with Server(events) as server:
        ended = await ran("watch", "job-1", "--after", "99", server=server.target)
    assert (ended.code, ended.out) == (code, "")
    assert ended.err == (
        f"docsort: job job-1 has ended ({how}), with no event after 99. "
        "Read it with: docsort get job-1\n"
    )


async def test_server_that_forgot_the_job(document: Path) -> None:
    """A server that comes back without the job is like one out of reach: submit again."""
    gone = Cut(code=grpc.StatusCode.NOT_FOUND, reason=ErrorReason.JOB_NOT_FOUND, message="No job")
    ended = await classified(Server(EVENTS, cuts=[Cut(3), gone]), document)
    assert ended.code == 3
    assert "docsort: connection lost; trying again\n" in ended.err
    assert "the server no longer knows job job-1" in ended.err
    assert "submit the document again.\n" in ended.err
    assert "Check the id" not in ended.err


@pytest.mark.parametrize("server", ["localhost", "h:65536"])
async def test_wrong_address(server: str) -> None:
    """An address that can be none is wrong usage, told at once."""
    ended = await ran("get", "job-1", "--server", server)
    assert ended.code == 2
    assert f"'{server}' is no server: give HOST:PORT" in ended.err


async def test_unknown_job() -> None:
    """A job that is not known ends with 2."""
    missing = Cut(
        code=grpc.StatusCode.NOT_FOUND, reason=ErrorReason.JOB_NOT_FOUND, message="No such job"
    )
    async with Server(refusals={"GetJob": missing}) as server:
        ended = await ran("get", "job-9", server=server.target)
    assert (ended.code, ended.out) == (2, "")
    assert ended.err.startswith("docsort: JOB_NOT_FOUND: No such job. Check the id")


async def test_wrong_usage(document: Path) -> None:
    """Mistakes on the command line end with 2 before anything is sent."""
    no_categories, bad_pages, two_inputs, one_id = await asyncio.gather(
        ran("classify", document),
        ran("classify", document, "-c", "a", "--pages", "5-3"),
        ran("classify", "-", "-", "-c", "a"),
        ran("classify", document, document, "-c", "a", "--request-id", "x"),
    )
    assert {no_categories.code, bad_pages.code, two_inputs.code, one_id.code} == {2}
    assert "--category" in no_categories.err
    assert bad_pages.err.startswith("docsort: --pages: '5-3' is not a page")
    assert "standard input" in two_inputs.err
    assert "give one file" in one_id.err


@pytest.mark.parametrize(
    ("arguments", "complaint"),
    [
        (("classify", "a.pdf", "-c", "a", "--deadline", "inf"), "not a number of seconds: inf"),
        (("classify", "a.pdf", "-c", "a", "--deadline", "soon"), "not a number of seconds: soon"),
        (("classify", "a.pdf", "-c", "a", "--pages", "1-4294967296"), "is not a page"),
        (("classify", "a.pdf", "-c", "a", "--deadline", "0"), "must be more than 0 seconds: 0"),
        (("classify", "a.pdf", "-c", "a", "--min-margin", "1.5"), "not from 0 to 1: 1.5"),
        (("classify", "a.pdf", "-c", "a", "--min-confidence", "nan"), "not from 0 to 1: nan"),
        (("watch", "job-1", "--after", "-1"), "not a sequence: -1"),
        (("watch", "job-1", "--after", "4294967296"), "not a sequence: 4294967296"),
    ],
)
async def test_numbers_that_fit_no_field(arguments: tuple[str, ...], complaint: str) -> None:
    """A number that the contract cannot carry is wrong usage, not a crash."""
    ended = await ran(*arguments)
    assert ended.code == 2
    assert complaint in ended.err
    assert "Traceback" not in ended.err


async def test_help_teaches() -> None:
    """The help shows examples and every exit code."""
    ended = await ran("classify", "--help")
    assert ended.code == 0
    for word in ("examples:", "--format jsonl", "exit codes:", "130", "DOCSORT_SERVER"):
        assert word in ended.out


@pytest.mark.parametrize("command", ["watch", "get", "cancel"])
async def test_help_of_the_other_commands(command: str) -> None:
    """Each shows an example, says what a JOB is, and what its own exit codes mean."""
    ended = await ran(command, "--help")
    assert f"  docsort {command} 5cb29a6e" in ended.out
    assert "a job's id, as classify prints it" in ended.out
    assert "the job was cancelled\n" not in ended.out


async def test_without_the_extras(document: Path) -> None:
    """Without PyYAML a YAML file is one clear sentence, with the command for this environment."""
    categories = document.with_name("categories.yaml")
    categories.write_text("- Invoice\n")
    ended = await ran("classify", document, "--categories", categories, without="yaml")
    assert ended.code == 2
    assert f"needs PyYAML: {install('cli')}, or write JSON" in ended.err
