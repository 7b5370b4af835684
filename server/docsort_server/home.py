"""The server's own folder: a lock so that it is not shared, and a file that says it is ready."""

from __future__ import annotations

import fcntl
import json
import os
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from docsort_server.version import VERSION

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

READY = "ready.json"


class HomeError(Exception):
    """The folder cannot be used; the text says why."""


def default_folder(environment: Mapping[str, str]) -> Path | None:
    """Return where a user's server keeps its files; None for a user without a home.

    By the XDG base directory specification, which has relative paths be ignored.
    """
    state = Path(environment.get("XDG_STATE_HOME", ""))
    if state.is_absolute():
        return state / "docsort"
    try:
        home = Path(environment.get("HOME") or Path.home())
    except RuntimeError:
        return None
    return home / ".local" / "state" / "docsort"


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
def announced(folder: Path, address: str, **more: str) -> Iterator[None]:
    """Write ready.json with the address being served and more facts; remove it in the end."""
    facts = {"address": address, "pid": os.getpid(), "version": VERSION, **more}
    fresh = folder / f"{READY}.new"
    fresh.write_text(json.dumps(facts) + "\n")
    # A rename is atomic: whoever waits for the file never reads half of it.
    fresh.rename(folder / READY)
    try:
        yield
    finally:
        (folder / READY).unlink(missing_ok=True)
