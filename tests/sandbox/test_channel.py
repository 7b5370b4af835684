"""The server's end of a worker's socket when it is closed in the middle of something."""

from __future__ import annotations

import asyncio
import contextlib
import resource
import socket
from typing import TYPE_CHECKING

from docsort_server.sandbox.channel import Channel
from docsort_server.sandbox.confine import allow_cpu

if TYPE_CHECKING:
    import pytest


async def test_a_closed_channel_takes_no_writer_of_others() -> None:
    """The number of its socket belongs to the next one that is opened."""
    ours, theirs = socket.socketpair()
    channel, number = Channel(ours), ours.fileno()
    sending = asyncio.ensure_future(channel.send({"padding": "x" * 4_000_000}))
    await asyncio.sleep(0.05)
    assert not sending.done()
    channel.close()
    other, end = socket.socketpair()
    if other.fileno() != number:
        other, end = end, other
    other.setblocking(False)
    woken = asyncio.Event()
    assert other.fileno() == number
    asyncio.get_running_loop().add_writer(other, woken.set)
    with contextlib.suppress(OSError):
        await sending
    woken.clear()
    async with asyncio.timeout(5):
        await woken.wait()
    asyncio.get_running_loop().remove_writer(other)
    for each in (theirs, other, end):
        each.close()


def test_processor_time_is_bounded_under_a_bound_of_others(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """A hard limit of whoever started the server stays, and is not asked to be lifted."""
    asked: list[tuple[int, int]] = []
    monkeypatch.setattr(resource, "getrlimit", lambda _: (3_600, 3_600))
    monkeypatch.setattr(resource, "setrlimit", lambda _, limits: asked.append(limits))
    allow_cpu(5)
    allow_cpu(100_000)
    assert asked[0][0] < asked[0][1] == 3_600
    assert asked[1] == (3_600, 3_600)
