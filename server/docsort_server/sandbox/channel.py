"""The server's end of a worker's socket: frames out, frames in, nothing read before it is asked."""

from __future__ import annotations

import array
import asyncio
import contextlib
import socket
from typing import TYPE_CHECKING, Any

from docsort_server.sandbox.frames import FrameBuffer, encode

if TYPE_CHECKING:
    from collections.abc import Iterator

_READ = 64 * 1024


class Channel:
    """Speaks frames over a non-blocking stream socket, one task at a time.

    The socket is read only while a task is inside `receive`, so a consumer that does not ask lets
    the kernel's buffer fill up and the worker blocks. Cancelling `receive` loses no byte.
    """

    __slots__ = ("_buffer", "_ended", "_loop", "_sock", "_waiter", "_watched", "_writer")

    def __init__(self, sock: socket.socket) -> None:
        sock.setblocking(False)
        self._sock = sock
        self._loop = asyncio.get_running_loop()
        self._buffer = FrameBuffer()
        self._waiter: asyncio.Future[None] | None = None
        self._writer: asyncio.Future[None] | None = None
        self._watched = False
        self._ended = False

    async def send(self, message: dict[str, Any], fd: int | None = None) -> None:
        """Send one frame, with `fd` (which stays open here) when given.

        Raises OSError when the worker is gone and FrameError when the message is too large.
        A cancelled send leaves half a frame behind: the worker must be killed then.
        """
        rest = memoryview(encode(message))
        while rest:
            try:
                sent = self._sock.send(rest) if fd is None else self._send_with(fd, rest)
            except BlockingIOError:
                await self._writable()
                continue
            rest, fd = rest[sent:], None

    async def receive(self) -> dict[str, Any] | None:
        """Return the next frame, or None when the worker closed its end.

        Raises FrameError when the worker broke the protocol.
        """
        while (message := self._buffer.take()) is None and not self._ended:
            with self._waiting() as waiter:
                await waiter
        return message

    def close(self) -> None:
        """Close this end, which an idle worker takes as its end; a waiting task is told."""
        self._unwatch()
        self._ended = True
        # While the number is ours: it is given to the next socket that is opened.
        self._unwrite()
        self._sock.close()
        _wake(self._waiter)
        _wake(self._writer)

    @contextlib.contextmanager
    def _waiting(self) -> Iterator[asyncio.Future[None]]:
        self._waiter = self._loop.create_future()
        if not self._watched:
            self._watched = True
            self._loop.add_reader(self._sock, self._read)
        try:
            yield self._waiter
        finally:
            self._waiter = None

    def _read(self) -> None:
        """Take what the socket has if a task asked; else stop looking until one does."""
        waiter = self._waiter
        if waiter is None or waiter.done():
            return self._unwatch()
        try:
            received = self._sock.recv(_READ)
        except BlockingIOError:
            return None
        except ConnectionError:
            received = b""
        self._buffer.feed(received)
        self._ended = not received
        return waiter.set_result(None)

    def _unwatch(self) -> None:
        if self._watched:
            self._watched = False
            self._loop.remove_reader(self._sock)

    def _send_with(self, fd: int, rest: memoryview) -> int:
        rights = array.array("i", [fd])
        return self._sock.sendmsg([rest], [(socket.SOL_SOCKET, socket.SCM_RIGHTS, rights)])

    async def _writable(self) -> None:
        self._writer = self._loop.create_future()
        self._loop.add_writer(self._sock, _wake, self._writer)
        try:
            await self._writer
        finally:
            self._unwrite()
            self._writer = None

    def _unwrite(self) -> None:
        if self._sock.fileno() >= 0:
            self._loop.remove_writer(self._sock)


def _wake(future: asyncio.Future[None] | None) -> None:
    if future is not None and not future.done():
        future.set_result(None)
