"""One nats-server process: start, readiness, log, end."""

from __future__ import annotations

import asyncio
import logging
import os
import re
import signal
import sys
from collections import deque
from contextlib import suppress
from typing import TYPE_CHECKING

from docsort_server.nats import launch
from docsort_server.nats.errors import NatsServerError

if TYPE_CHECKING:
    from pathlib import Path

    from docsort_server.nats.lock import StoreLock

log = logging.getLogger(__name__)

START_SECONDS = 60.0  # a large store is read on the way
STOP_SECONDS = 5.0
# What the log says in this order. The file of ports that the server can write comes a little
# after its word that it is ready, and tells no more.
_LISTENING = "Listening for client connections on "
_READY = "Server is ready"
_TROUBLE = re.compile(r"\[(?:WRN|ERR|FTL)\] (.*)")
_LINES = 5


class NatsProcess:
    """A running nats-server that takes connections on `port`."""

    def __init__(self, process: asyncio.subprocess.Process) -> None:
        self._process = process
        self._last: deque[str] = deque(maxlen=_LINES)
        self._ready = asyncio.Event()
        self._reading = asyncio.create_task(self._read(), name="nats-server-log")
        self.port = 0

    @classmethod
    async def start(cls, binary: Path, folder: Path, lock: StoreLock) -> NatsProcess:
        """Start a server on `folder/nats.conf` and wait until it serves.

        Raises `NatsServerError` with the server's last lines where it does not.
        """
        process = await asyncio.create_subprocess_exec(
            sys.executable,
            "-IS",
            launch.__file__,
            str(os.getpid()),
            str(binary),
            "-c",
            str(folder / "nats.conf"),
            stdin=asyncio.subprocess.DEVNULL,
            stdout=asyncio.subprocess.DEVNULL,
            stderr=asyncio.subprocess.PIPE,
            pass_fds=(lock.file,),
            # Ctrl-C signals the whole group; jobs still need the store while they drain.
            start_new_session=True,
            # Large documents pass through it: collected twice as often, less of them stays.
            env={"GOGC": "50"},
        )
        lock.name(process.pid)
        server = cls(process)
        try:
            await server._await_ready()
        except BaseException:
            await server.stop()
            raise
        return server

    @property
    def pid(self) -> int:
        """The process id."""
        return self._process.pid

    async def ended(self) -> int:
        """Wait for the end and return the exit status."""
        status = await self._process.wait()
        await self._reading
        return status

    async def stop(self) -> None:
        """End the server, by force where it takes more than a few seconds."""
        with suppress(ProcessLookupError):
            self._process.send_signal(signal.SIGTERM)
        try:
            async with asyncio.timeout(STOP_SECONDS):
                await self._process.wait()
        except TimeoutError:
            log.warning("nats-server %d does not end; killing it", self.pid)
            self._process.kill()
            await self._process.wait()
        await self._reading

    async def _await_ready(self) -> None:
        ready = asyncio.create_task(self._ready.wait())
        try:
            await asyncio.wait(
                {ready, self._reading},
                timeout=START_SECONDS,
                return_when=asyncio.FIRST_COMPLETED,
            )
        finally:
            ready.cancel()
        if not self._ready.is_set():
            said = "; ".join(self._last) or "it said nothing"
            raise NatsServerError(f"nats-server does not start: {said}")

    async def _read(self) -> None:
        stderr = self._process.stderr
        assert stderr is not None
        while received := await stderr.readline():
            line = received.decode(errors="replace").strip()
            if _LISTENING in line:
                self.port = int(line.rpartition(":")[2])
            if _READY in line:
                self._ready.set()
            if trouble := _TROUBLE.search(line):
                log.warning("nats-server: %s", trouble[1])
            if "[INF]" not in line:
                self._last.append(trouble[1] if trouble else line)
