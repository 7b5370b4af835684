"""What is said, and with which exit code, where a server was reached but gave no answer."""

import grpc
import pytest
from client_scripts import script
from command import ran

import docsort
from docsort._cli.exits import Exit, complaint, exit_code
from docsort._stream import Patience
from docsort.testing import Cut, Server

LATE = Cut(code=grpc.StatusCode.DEADLINE_EXCEEDED, message="Deadline Exceeded")
BUSY = Cut(code=grpc.StatusCode.RESOURCE_EXHAUSTED, reason=docsort.ErrorReason.OVERLOADED)


async def test_a_call_without_an_answer() -> None:
    """Nobody is asked whether a server runs that was reached."""
    async with Server(script(), refusals={"GetJob": LATE}) as server:
        ended = await ran("get", "job-1", server=server.target)
    assert ended.code == Exit.UNREACHABLE
    said = f"docsort: {server.target}: the server was reached but did not answer in time. "
    assert ended.err.startswith(said + "It is overloaded or without its job store")
    assert "Is it running?" not in ended.err


@pytest.mark.parametrize("cut", [LATE, BUSY], ids=lambda cut: cut.code.name)
async def test_a_cancel_without_an_answer(cut: Cut) -> None:
    """What was asked may have been heard: the advice is to look."""
    async with Server(script(), refusals={"CancelJob": cut}) as server:
        ended = await ran("cancel", "job-1", server=server.target)
    assert ended.code == Exit.UNREACHABLE
    assert ended.err.endswith(" It may still be cancelled; see: docsort get job-1\n")


def test_silence_over_all_attempts() -> None:
    """A server that was reached and fell silent each time was reached all the same."""
    silent = docsort.APITimeoutError("no sign of life")
    with pytest.raises(docsort.APITimeoutError) as caught:
        Patience(0).delay(silent)
    assert "docsort-server status" in complaint(caught.value)
    assert exit_code(caught.value) is Exit.UNREACHABLE
