"""A leased worker: requests in, reply frames out."""

from __future__ import annotations

import asyncio
import contextlib
from typing import TYPE_CHECKING, Any

from docsort_server.faults import Fault, Reason
from docsort_server.sandbox.errors import WorkerDied, WorkerError, WorkerTimeout
from docsort_server.sandbox.frames import FrameError

if TYPE_CHECKING:
    from collections.abc import AsyncGenerator, Iterator

    from docsort_server.sandbox.limits import Limits
    from docsort_server.sandbox.process import WorkerProcess

_KEYS = 4


class Worker:
    """Sends requests to one process, one at a time; a lease gives it to one task only.

    After WorkerTimeout or WorkerDied the process is gone and every further request raises
    WorkerDied: take another lease.
    """

    def __init__(self, process: WorkerProcess, limits: Limits) -> None:
        self._process = process
        self._limits = limits
        self._busy = False
        self._dead = False
        self._late: float | None = None
        self._requests = 0
        self._rss = 0
        self._keys: list[str] = []

    @property
    def pid(self) -> int:
        """The process id."""
        return self._process.pid

    @property
    def dead(self) -> bool:
        """Whether the process has ended or been killed."""
        return self._dead

    @property
    def requests(self) -> int:
        """How many requests the process has been sent."""
        return self._requests

    @property
    def spent(self) -> bool:
        """Whether the process should be replaced before its next request."""
        requests, rss = self._limits.max_requests, self._limits.max_rss_bytes
        return (requests is not None and self._requests >= requests) or (
            rss is not None and self._rss > rss
        )

    async def stream(
        self, request: dict[str, Any], fd: int | None = None, *, frame_seconds: float
    ) -> AsyncGenerator[dict[str, Any], None]:
        """Yield the reply frames as they come, each within `frame_seconds` of being asked for.

        The worker runs ahead by `Limits.read_ahead_bytes` at most. Closing or cancelling stops
        the handler between two frames, or kills the process when it does not stop in time.
        Raises WorkerTimeout, WorkerDied, and the Fault that the handler raised.
        """
        try:
            with self._deadline(frame_seconds):
                await self._send({"request": request}, fd)
                reply = await self._next()
            while reply is not None:
                yield reply
                with self._deadline(frame_seconds):
                    reply = await self._next()
        finally:
            await self.settle()

    async def call(
        self, request: dict[str, Any], fd: int | None = None, *, seconds: float
    ) -> dict[str, Any]:
        """Return the first reply frame of a request; the handler makes no second one.

        Raises as `stream` does, and WorkerDied when the handler yields nothing.
        """
        try:
            with self._deadline(seconds):
                await self._send({"request": request, "once": True}, fd)
                reply = await self._next()
        finally:
            await self.settle()
        if reply is None:
            raise self._violated("no reply")
        return reply

    async def settle(self) -> None:
        """Leave no request running: stop the handler, or kill the process."""
        if not self._busy:
            return
        try:
            with (
                contextlib.suppress(OSError, WorkerError),
                self._deadline(self._limits.stop_seconds),
            ):
                await self._process.channel.send({"stop": True})
                while self._busy:
                    await self._receive()
        finally:
            if self._busy:
                self.kill()

    def kill(self) -> None:
        """End the process at once; its replacement is the pool's business."""
        self._dead = True
        self._busy = False
        self._process.kill()

    def holds(self, key: str) -> bool:
        """Whether the last few leases included one for `key`."""
        return key in self._keys

    def remember(self, key: str) -> None:
        """Note that a lease was for `key`."""
        if key in self._keys:
            self._keys.remove(key)
        self._keys = [*self._keys[1 - _KEYS :], key]

    @contextlib.contextmanager
    def _deadline(self, seconds: float) -> Iterator[None]:
        """Kill the process after `seconds`, which ends whatever waits for it."""
        timer = asyncio.get_running_loop().call_later(seconds, self._expire, seconds)
        try:
            yield
        finally:
            timer.cancel()

    def _expire(self, seconds: float) -> None:
        self._late = seconds
        self.kill()

    async def _send(self, message: dict[str, Any], fd: int | None) -> None:
        if self._busy:
            raise RuntimeError("a worker serves one request at a time")
        if self._dead:
            raise await self._died()
        if fd is not None:
            message["fd"] = True
        self._requests += 1
        self._busy = True
        try:
            await self._process.channel.send(message, fd)
        except FrameError as error:
            self._busy = False
            raise Fault(Reason.INTERNAL, str(error)) from error
        except OSError:
            raise await self._died() from None
        except BaseException:
            self.kill()  # half a frame may be on its way
            raise

    async def _next(self) -> dict[str, Any] | None:
        if not self._busy and not self._dead:
            return None  # the end came together with the last reply
        message = await self._receive()
        if "error" in message:
            raise _fault(message["error"])
        reply = message.get("reply")
        if reply is not None and not isinstance(reply, dict):
            raise self._violated("a reply is no object")
        return reply

    async def _receive(self) -> dict[str, Any]:
        try:
            message = await self._process.channel.receive()
        except FrameError as error:
            raise self._violated(str(error)) from error
        if message is None:
            raise await self._died()
        if "end" in message:
            self._busy = False
            self._rss = _count(message.get("rss"))
        elif "reply" not in message:
            raise self._violated("an unknown frame")
        return message

    async def _died(self) -> WorkerError:
        status = await self._process.gone()
        self.kill()
        return WorkerDied(status) if self._late is None else WorkerTimeout(self._late)

    def _violated(self, detail: str) -> WorkerDied:
        self.kill()
        return WorkerDied(None, detail)


def _count(value: object) -> int:
    return value if isinstance(value, int) else 0


def _fault(error: object) -> Fault:
    """Rebuild what the handler raised, trusting nothing about its shape."""
    fields = error if isinstance(error, dict) else {}
    metadata = fields.get("metadata")
    pairs = metadata.items() if isinstance(metadata, dict) else ()
    reason = Reason.INTERNAL
    with contextlib.suppress(ValueError):
        reason = Reason(fields.get("reason", ""))
    return Fault(
        reason,
        _text(fields.get("message", ""), 500),
        metadata={_text(key, 100): _text(value, 200) for key, value in list(pairs)[:10]},
    )


def _text(value: object, limit: int) -> str:
    """Return valid Unicode: JSON carries lone surrogates, which nothing further on takes."""
    return str(value)[:limit].encode(errors="replace").decode()
