"""The embedded server: a nats-server that lives and dies with this process."""

from __future__ import annotations

import asyncio
import json
import logging
import secrets
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from docsort_server.nats.capacity import store_capacity
from docsort_server.nats.endpoint import Endpoint, told
from docsort_server.nats.errors import NatsServerError
from docsort_server.nats.lock import locked_store
from docsort_server.nats.process import NatsProcess

if TYPE_CHECKING:
    from collections.abc import AsyncGenerator
    from pathlib import Path

    from docsort_server.nats.lock import StoreLock

__all__ = ["Endpoint", "embedded"]

log = logging.getLogger(__name__)

MIB = 1024 * 1024
# Seconds before a server that died is started again: the first time, and at most.
_BACKOFF = (0.05, 5.0)

_CONFIG = """\
listen: "127.0.0.1:{port}"
authorization {{ token: "{token}" }}
max_payload: 2MB
jetstream {{
  store_dir: {store}
  max_file_store: {capacity}
  max_memory_store: {memory}
  sync_interval: {sync}
}}
"""


@dataclass(frozen=True, slots=True)
class _Setup:
    """What all starts of one server have in common; port -1 takes a free one."""

    binary: Path
    folder: Path
    lock: StoreLock
    token: str
    capacity: int
    beside: int
    sync: str
    port: int = -1

    async def start(self) -> NatsProcess:
        text = _CONFIG.format(
            port=self.port,
            # Quoted as JSON does it, which nats-server reads.
            store=json.dumps(str(self.folder / "store")),
            token=self.token,
            capacity=self.capacity + self.beside,
            memory=64 * MIB,
            sync=self.sync,
        )
        file = self.folder / "nats.conf"
        file.touch(mode=0o600)
        file.write_text(text)
        return await NatsProcess.start(self.binary, self.folder, self.lock)


@asynccontextmanager
async def embedded(
    binary: Path,
    folder: Path,
    *,
    sync: str = "always",
    limit: int = 0,
    beside: int = 0,
    patience: float = 10.0,
) -> AsyncGenerator[Endpoint, None]:
    """Run a nats-server on a folder for the block; start it again whenever it dies.

    `sync` is when writes are forced to disk: "always" before each is acknowledged, else the
    interval. `limit` is the most bytes that it keeps, 0 for a part of the disk, and `beside` how
    many more it may keep, for what is no part of the capacity that it tells. Raises
    `NatsServerError` where it cannot start, or a server holds the folder and keeps it for
    `patience` seconds.
    """
    folder = _made(folder)
    async with locked_store(folder, patience) as lock:
        capacity = store_capacity(folder, folder / "store", limit)
        setup = _Setup(binary, folder, lock, secrets.token_urlsafe(24), capacity, beside, sync)
        process = await setup.start()
        keeper = _Keeper(replace(setup, port=process.port), process)
        keeping = asyncio.create_task(keeper.keep(), name="nats-server")
        try:
            endpoint = Endpoint(f"nats://127.0.0.1:{process.port}", setup.token, capacity)
            with told(folder, endpoint):
                yield endpoint
        finally:
            keeping.cancel()
            with suppress(asyncio.CancelledError):
                await keeping
            await keeper.process.stop()


class _Keeper:
    """Start a server again that died, on the port and with the token that clients know."""

    def __init__(self, setup: _Setup, process: NatsProcess) -> None:
        self._setup = setup
        self.process = process

    async def keep(self) -> None:
        pause, longest = _BACKOFF
        loop = asyncio.get_running_loop()
        while True:
            started = loop.time()
            status = await self.process.ended()
            log.error("nats-server ended with status %d; starting it again", status)
            if loop.time() - started > longest:
                pause = _BACKOFF[0]
            await asyncio.sleep(pause)
            pause = min(2 * pause, longest)
            try:
                self.process = await self._setup.start()
            except NatsServerError as error:
                log.error("%s", error)  # noqa: TRY400 - the text says it all


def _made(folder: Path) -> Path:
    try:
        folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    except OSError as error:
        text = f"the job store {folder} cannot be used: {error.strerror}"
        raise NatsServerError(text) from None
    return folder.resolve()
