"""One worker process from the server's side: exec, ready, stderr, end."""

from __future__ import annotations

import asyncio
import logging
import os
import socket
import sys
from typing import TYPE_CHECKING

from docsort_server.sandbox.channel import Channel
from docsort_server.sandbox.errors import WorkerStartError
from docsort_server.sandbox.frames import FrameError
from docsort_server.sandbox.killing import Killer

if TYPE_CHECKING:
    from docsort_server.sandbox.limits import Limits

logger = logging.getLogger(__name__)

# What an interpreter may need to find its own libraries; everything else stays with the server.
_PASSED = ("LD_LIBRARY_PATH", "DYLD_LIBRARY_PATH", "PYTHONHOME", "TESSDATA_PREFIX")
_STDERR_LINES = 20
_STDERR_WIDTH = 200
_LAST_BREATH = 0.2  # seconds between closing a socket and ending, so that the status is its own


class WorkerProcess:
    """A running worker process with its channel.

    Build it with `start`; `end` must be awaited exactly once, on whatever path.
    """

    def __init__(self, process: asyncio.subprocess.Process, channel: Channel, name: str) -> None:
        self._process = process
        self.channel = channel
        # The walls of the sandbox that this system does not have.
        self.missing: tuple[str, ...] = ()
        self._name = name
        self._killer = Killer(process.pid)
        self._stderr = asyncio.create_task(self._log_stderr(), name=f"{name}-stderr")

    @classmethod
    async def start(cls, handler: str, limits: Limits, name: str) -> WorkerProcess:
        """Start a process and wait until its handler is loaded.

        Raises WorkerStartError when that fails or takes more than `limits.start_seconds`.
        """
        ours, theirs = socket.socketpair()
        with theirs:
            theirs.setsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF, limits.read_ahead_bytes)
            try:
                process = await _execute(handler, limits, theirs.fileno())
            except BaseException:
                ours.close()
                raise
        worker = cls(process, Channel(ours), name)
        try:
            async with asyncio.timeout(limits.start_seconds):
                await worker._await_ready()
        except BaseException as error:
            await worker.end()
            if isinstance(error, TimeoutError):
                raise WorkerStartError(f"not ready within {limits.start_seconds:g} s") from None
            raise
        return worker

    @property
    def pid(self) -> int:
        """The process id."""
        return self._process.pid

    def kill(self) -> None:
        """Send SIGKILL; harmless when the process has ended."""
        if self._process.returncode is None:
            self._killer.kill()

    async def status(self) -> int:
        """Wait for the end and return the exit status, minus the signal's number if killed."""
        return await self._process.wait()

    async def gone(self) -> int:
        """Return the status of a process that closed its socket, killing it if it lives on."""
        try:
            async with asyncio.timeout(_LAST_BREATH):
                return await self.status()
        except TimeoutError:
            self.kill()
        return await self.status()

    async def end(self) -> int:
        """Kill the process, wait for its end and return the status as `status` does."""
        self.channel.close()
        self.kill()
        try:
            status = await self._process.wait()
        finally:
            self._killer.close()
        await asyncio.wait([self._stderr], timeout=_LAST_BREATH)
        self._stderr.cancel()  # whoever inherited the pipe must not keep the server
        return status

    async def _await_ready(self) -> None:
        try:
            message = await self.channel.receive()
        except FrameError as error:
            raise WorkerStartError(str(error)) from error
        if message is None:
            raise WorkerStartError(f"ended with status {await self.status()} before it was ready")
        if "ready" not in message:
            raise WorkerStartError(str(message.get("failed", "unexpected first frame")))
        missing = message.get("missing")
        self.missing = tuple(map(str, missing)) if isinstance(missing, list) else ()

    async def _log_stderr(self) -> None:
        stderr = self._process.stderr
        assert stderr is not None
        left = _STDERR_LINES
        while received := await stderr.read(4096):
            lines = received.decode("ascii", "backslashreplace").splitlines()
            for line in lines[:left]:
                logger.warning("%s %d: %.*a", self._name, self.pid, _STDERR_WIDTH, line)
            left -= min(left, len(lines))


async def _execute(handler: str, limits: Limits, fd: int) -> asyncio.subprocess.Process:
    memory = "-" if limits.memory_bytes is None else str(limits.memory_bytes)
    cpu = str(limits.cpu_seconds)
    arguments = ("docsort_server.sandbox", handler, str(fd), str(os.getpid()), memory, cpu)
    return await asyncio.create_subprocess_exec(
        sys.executable,
        "-P",
        "-m",
        *arguments,
        stdin=asyncio.subprocess.DEVNULL,
        stdout=asyncio.subprocess.DEVNULL,
        stderr=asyncio.subprocess.PIPE,
        pass_fds=(fd,),
        env=_environment(),
    )


def _environment() -> dict[str, str]:
    passed = {key: os.environ[key] for key in _PASSED if key in os.environ}
    path = os.pathsep.join(entry for entry in sys.path if entry)
    return {**passed, "PYTHONPATH": path, "PYTHONUTF8": "1", "LC_ALL": "C.UTF-8"}
