"""The commands that make the server forget jobs and documents."""

import json

import grpc
import pytest
from client_scripts import script
from command import ran

import docsort
from docsort.testing import Cut, Server

RUNNING = Cut(code=grpc.StatusCode.FAILED_PRECONDITION, reason=docsort.ErrorReason.JOB_NOT_FINISHED)
GONE = Cut(code=grpc.StatusCode.UNIMPLEMENTED, message="Method not found!")
KEPT = "0" * 64


async def test_delete() -> None:
    """Every job is told."""
    async with Server(script()) as server:
        ended = await ran("delete", "a", "b", server=server.target)
    assert (ended.code, ended.out, ended.err) == (0, "deleted a\ndeleted b\n", "")


async def test_delete_goes_on_after_a_refusal() -> None:
    """Each refusal is told with its id, and stops no other."""
    async with Server(script(), refusals={"DeleteJob": RUNNING}) as server:
        ended = await ran("delete", "a", "b", server=server.target)
    assert (ended.code, ended.out) == (1, "")
    told = ended.err.splitlines()
    assert [line.split(": ")[:3] for line in told] == [
        ["docsort", each, "JOB_NOT_FINISHED"] for each in ("a", "b")
    ]
    assert len(server.requests) == 2


@pytest.mark.parametrize("form", ["json", "jsonl"])
async def test_documents_a_line_each(form: str) -> None:
    """Of documents likewise: one that is there goes after one that is not."""
    async with Server(script()) as server:
        server.documents[KEPT] = b"%PDF-"
        asked = ("delete-document", "1" * 64, KEPT, "--format", form)
        ended = await ran(*asked, server=server.target)
        assert server.documents == {}
    assert ended.code == 1
    bad, good = map(json.loads, ended.lines)
    assert (bad["document_id"], bad["error"]["reason"]) == ("1" * 64, "DOCUMENT_NOT_FOUND")
    assert good == {"document_id": KEPT}
    assert "DOCUMENT_NOT_FOUND" in ended.err


async def test_nothing_more_is_tried_where_no_server_answers() -> None:
    """A server that is overloaded would be so for the other ids too."""
    busy = Cut(code=grpc.StatusCode.RESOURCE_EXHAUSTED, reason=docsort.ErrorReason.OVERLOADED)
    async with Server(script(), refusals={"DeleteJob": busy}) as server:
        ended = await ran("delete", "a", "b", server=server.target)
    assert (ended.code, len(server.requests)) == (3, 1)


async def test_a_call_that_is_not_offered() -> None:
    """A server without the call is told as such, with what it may be, and is wrong usage."""
    async with Server(script(), refusals={"DeleteJob": GONE, "ListJobs": GONE}) as server:
        for command in (("list",), ("delete", "a")):
            ended = await ran(*command, server=server.target)
            assert ended.code == 2
            assert "the server does not offer this call. It may run with role worker" in ended.err
