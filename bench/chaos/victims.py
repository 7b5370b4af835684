"""Processes that are killed and started again."""

from __future__ import annotations

import asyncio
import os
import random
import socket
import sys
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

from docsort_server.nats import launch

if TYPE_CHECKING:
    import signal
    from collections.abc import Mapping, Sequence

    from bench.chaos.records import Record

ROOT = Path(__file__).resolve().parents[2]
_PAUSE = 0.05
_START_SECONDS = 60.0


@dataclass(slots=True)
class Victim:
    """A process of this run; on Linux it dies with the run, whatever ends that.

    One that ends by itself is started again, and that is written down: it should not.
    """

    name: str
    command: Sequence[str]
    port: int
    folder: Path
    record: Record
    environment: Mapping[str, str] = field(default_factory=dict)
    _process: asyncio.subprocess.Process | None = None
    _keeping: asyncio.Task[None] | None = None

    async def start(self) -> None:
        """Start it, without waiting for more than the process."""
        with (self.folder / f"{self.name}.log").open("ab") as log:
            self._process = await asyncio.create_subprocess_exec(
                *(sys.executable, "-IS", launch.__file__, str(os.getpid()), *self.command),
                stdin=asyncio.subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                env={**_environment(), **self.environment},
                start_new_session=True,
            )
        self._keeping = asyncio.create_task(self._keep(self._process))

    async def kill(self) -> None:
        """End it at once and wait until it is gone."""
        process, keeping = self._process, self._keeping
        if process is None or keeping is None:
            return
        keeping.cancel()
        with suppress(asyncio.CancelledError):
            await keeping
        with suppress(ProcessLookupError):
            process.kill()
        await process.wait()

    def signal(self, number: signal.Signals) -> None:
        """Send it a signal."""
        assert self._process
        self._process.send_signal(number)

    async def ready(self) -> None:
        """Wait until its port takes connections."""
        async with asyncio.timeout(_START_SECONDS):
            while not await listens(self.port):  # noqa: ASYNC110 - another process has no event
                await asyncio.sleep(_PAUSE)

    async def _keep(self, process: asyncio.subprocess.Process) -> None:
        status = await process.wait()
        self.record.write("ended", victim=self.name, status=status)
        await asyncio.sleep(1.0)
        await self.start()


async def listens(port: int) -> bool:
    """Tell whether a port takes connections."""
    try:
        _, writer = await asyncio.open_connection("127.0.0.1", port)
    except OSError:
        return False
    writer.close()
    with suppress(OSError):
        await writer.wait_closed()
    return True


def _environment() -> dict[str, str]:
    kept = {key: value for key, value in os.environ.items() if not key.startswith("DOCSORT_")}
    paths = [str(ROOT / "server"), str(ROOT / "client"), str(ROOT), kept.get("PYTHONPATH", "")]
    return kept | {"PYTHONPATH": os.pathsep.join(filter(None, paths))}


def free_ports(count: int) -> list[int]:
    """Return ports that nobody listens on, others for each run, whatever its seed.

    They lie below those that the kernel hands out for outgoing connections: one that is free
    while its server is down would be taken by whoever tries to reach it.
    """
    found: list[int] = []
    chance = random.Random()
    while len(found) < count:
        port = chance.randrange(15_000, 32_000)
        with socket.socket() as trial, suppress(OSError):
            trial.bind(("127.0.0.1", port))
            if port not in found:
                found.append(port)
    return found
