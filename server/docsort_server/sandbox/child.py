"""The loop inside a worker process: one request, its reply frames, an end."""

from __future__ import annotations

import array
import os
import select
import socket
from collections import deque
from collections.abc import Generator
from typing import TYPE_CHECKING, Any

from docsort_server.faults import Fault, Reason
from docsort_server.sandbox.confine import allow_cpu, resident_bytes
from docsort_server.sandbox.frames import FrameBuffer, FrameError, encode

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from docsort_server.sandbox.handler import Handler

_READ = 64 * 1024
_REST_MILLISECONDS = 1_000
_FD_SPACE = socket.CMSG_SPACE(array.array("i").itemsize)


class Child:
    """Serves a handler to the one server at the other end of a blocking socket.

    The kernel ends the process when one request takes more than `cpu_seconds` of its processor.
    """

    def __init__(self, sock: socket.socket, handler: Handler, cpu_seconds: int) -> None:
        self._sock = sock
        self._cpu_seconds = cpu_seconds
        self._handler = handler
        self._buffer = FrameBuffer()
        self._fds: deque[int] = deque()
        self._poll = select.poll()
        self._poll.register(sock, select.POLLIN)

    def serve(self, missing: Sequence[str] = ()) -> None:
        """Answer requests until the server closes its end.

        `missing` names the walls of the sandbox that this system does not have.
        """
        self._send({"ready": os.getpid(), "missing": list(missing)})
        while True:
            message = self._buffer.take() or self._await_request()
            if "request" in message:  # a stop that crossed the last end is stale
                self._answer(message)

    def _await_request(self) -> dict[str, Any]:
        if not self._poll.poll(_REST_MILLISECONDS):
            self._handler.rest()
        return self._receive()

    def _answer(self, message: dict[str, Any]) -> None:
        fd = self._fds.popleft() if message.get("fd") else None
        allow_cpu(self._cpu_seconds)
        try:
            replies = self._handler.handle(message["request"], fd)
            self._reply(replies, once=bool(message.get("once")))
        except Exception as error:  # noqa: BLE001 - whatever a parser raises ends its request only
            self._send(_error_frame(error))
        finally:
            if fd is not None:
                os.close(fd)

    def _reply(self, replies: Iterator[dict[str, Any]], *, once: bool) -> None:
        for reply in replies:
            if once:
                _close(replies)
                return self._send({"reply": reply, **_end()})
            self._send({"reply": reply})
            if self._stopped():
                _close(replies)
                break
        return self._send(_end())

    def _stopped(self) -> bool:
        return bool(self._poll.poll(0)) and "stop" in self._receive()

    def _send(self, message: dict[str, Any]) -> None:
        self._sock.sendall(encode(message))

    def _receive(self) -> dict[str, Any]:
        while (message := self._buffer.take()) is None:
            received, ancillary, _flags, _address = self._sock.recvmsg(_READ, _FD_SPACE)
            if not received:
                os._exit(0)  # native libraries may crash in their exit handlers
            self._buffer.feed(received)
            self._keep_fds(ancillary)
        return message

    def _keep_fds(self, ancillary: list[tuple[int, int, bytes]]) -> None:
        for level, kind, data in ancillary:
            if (level, kind) == (socket.SOL_SOCKET, socket.SCM_RIGHTS):
                self._fds.extend(array.array("i", data))


def _close(replies: Iterator[dict[str, Any]]) -> None:
    if isinstance(replies, Generator):
        replies.close()


def _end() -> dict[str, Any]:
    return {"end": True, "rss": resident_bytes()}


def _error_frame(error: Exception) -> dict[str, Any]:
    if isinstance(error, Fault):
        told = {"reason": error.reason, "message": error.message, "metadata": error.metadata}
    elif isinstance(error, FrameError):
        told = {"reason": Reason.INTERNAL, "message": str(error), "metadata": {}}
    else:
        told = {"reason": Reason.INTERNAL, "message": type(error).__name__, "metadata": {}}
    return {"error": told, **_end()}
