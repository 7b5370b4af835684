"""Copies of loaded processes, which other tests run: none is left over, and none waited for."""

from __future__ import annotations

import asyncio
import os
import socket
import tempfile

import forks
import pytest
from eventually import alive, eventually


@pytest.fixture
def parent(monkeypatch: pytest.MonkeyPatch) -> socket.socket:
    """Start a process to copy, for one test, in place of the one that all share."""
    channel = forks._parent.__wrapped__("docsort")
    monkeypatch.setattr(forks, "_parent", lambda _: channel)
    return channel


async def test_no_copy_outlives_whoever_ordered_it(parent: socket.socket) -> None:
    """A test run that is broken off leaves no server behind."""
    given, kept = os.pipe()
    with tempfile.TemporaryFile() as out:
        files = [given, out.fileno(), out.fileno()]
        words = ["classify", "-", "-c", "Invoice", "--server", "127.0.0.1:1"]
        reply = forks._copy("docsort", words, dict(os.environ), files)
        copy = await asyncio.to_thread(forks._number, reply)
        assert alive(copy)
        parent.close()
        await eventually(lambda: not alive(copy))
    for each in (given, kept, reply):
        os.close(each)


async def test_a_program_that_does_not_end_is_killed() -> None:
    """Its end is awaited, so that nothing of it is left when that is told."""
    with socket.create_server(("127.0.0.1", 0)) as silent:
        words = ["feed", "--server", f"127.0.0.1:{silent.getsockname()[1]}"]
        with pytest.raises(TimeoutError, match="docsort took more than"):
            await asyncio.to_thread(forks.ran, "docsort", words, dict(os.environ), b"", 0.5)


async def test_a_copy_whose_end_nobody_can_tell_is_not_waited_for() -> None:
    """The process that is copied may die: the wait for its copies ends, and fails."""
    reply, told = os.pipe()
    copy = forks.Fork(os.getpid(), reply)
    os.close(told)
    with pytest.raises(AssertionError, match="died"):
        await asyncio.wait_for(copy.wait(), 5)
