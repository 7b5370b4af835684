"""The server's own folder: a lock so that it is not shared, and a file that says it is ready."""

from __future__ import annotations

import fcntl
import json
import os
from contextlib import contextmanager
from typing import TYPE_CHECKING

from docsort_server.version import VERSION

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

READY = "ready.json"


class HomeError(Exception):
    """The folder cannot be used; the text says why."""


@contextmanager
def locked(folder: Path) -> Iterator[None]:
    """Hold the folder for this process. Raises `HomeError` where another server holds it."""
    try:
        folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        file = os.open(folder / "lock", os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
    except OSError as error:
        raise HomeError(f"the data folder {folder} cannot be used: {error.strerror}") from None
    try:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        os.ftruncate(file, 0)
        os.pwrite(file, str(os.getpid()).encode(), 0)
        # A server that was killed has left its own behind, which tells an address of the past.
        (folder / READY).unlink(missing_ok=True)
        yield
    except BlockingIOError:
        holder = os.pread(file, 20, 0).decode() or "unknown"
        text = f"the data folder {folder} is in use by a docsort-server with process id {holder}"
        raise HomeError(text) from None
    finally:
        os.close(file)


@contextmanager
def announced(folder: Path, address: str) -> Iterator[None]:
    """Write ready.json with the address being served; remove it in the end."""
    facts = {"address": address, "pid": os.getpid(), "version": VERSION}
    fresh = folder / f"{READY}.new"
    fresh.write_text(json.dumps(facts) + "\n")
    # A rename is atomic: whoever waits for the file never reads half of it.
    fresh.rename(folder / READY)
    try:
        yield
    finally:
        (folder / READY).unlink(missing_ok=True)
