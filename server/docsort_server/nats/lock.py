"""The lock on a job store: nats-server has none of its own and would share a store silently."""

from __future__ import annotations

import asyncio
import fcntl
import os
from contextlib import asynccontextmanager
from typing import TYPE_CHECKING

from docsort_server.nats.errors import NatsServerError

if TYPE_CHECKING:
    from collections.abc import AsyncGenerator
    from pathlib import Path

# Seconds between looks at a lock that another process holds: the kernel does not tell.
_LOOK = 0.05
_WIDTH = 20


class StoreLock:
    """A held lock. The child inherits `file`, so the lock stays for as long as either lives."""

    def __init__(self, file: int) -> None:
        self.file = file

    def name(self, pid: int) -> None:
        """Write down the process that uses the store, for whoever finds the lock taken."""
        # Of one width, so that one write replaces all of the process before.
        os.pwrite(self.file, str(pid).ljust(_WIDTH).encode(), 0)


@asynccontextmanager
async def locked_store(folder: Path, patience: float = 10.0) -> AsyncGenerator[StoreLock, None]:
    """Hold a folder's store for the block.

    Waits up to `patience` seconds for a nats-server whose owner was killed, as it may be about
    to end. Raises `NatsServerError` naming its process id when it does not.
    """
    file = os.open(folder / "lock", os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
    try:
        if not await _taken(file, patience):
            pid = os.pread(file, _WIDTH, 0).decode().strip() or "unknown"
            raise NatsServerError(
                f"the job store {folder} is in use by a nats-server with process id {pid}; it has "
                "outlived its docsort-server, or serves another one: end that first"
            )
        yield StoreLock(file)
    finally:
        os.close(file)


async def _taken(file: int, patience: float) -> bool:
    give_up = asyncio.get_running_loop().time() + patience
    while True:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            if asyncio.get_running_loop().time() >= give_up:
                return False
            await asyncio.sleep(_LOOK)
        else:
            return True
