"""A server to measure: one of our own in a process of its own."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import tempfile
import time
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, NoReturn

from bench.processes import Process

if TYPE_CHECKING:
    from collections.abc import Iterator

PARSER = "documents.reader"
CLASSIFIER = "engine.local"
ROOT = Path(__file__).resolve().parent.parent

_START_SECONDS = 30.0
_STOP_SECONDS = 20.0
_POLL_SECONDS = 0.02


@dataclass(frozen=True, slots=True)
class Service:
    """A server that runs, with its worker processes."""

    address: str
    process: Process

    def workers(self, handler: str = "docsort_server.sandbox") -> list[Process]:
        """Return the worker processes alive now, of one kind or of all."""
        return [each for each in self.process.descendants() if handler in _command(each)]

    def cpu(self) -> float:
        """Return the CPU seconds of the server and its workers so far."""
        return self.process.cpu + sum(worker.cpu for worker in self.workers())


@contextmanager
def service(**settings: object) -> Iterator[Service]:
    """Run a server on a free port until the block ends; `settings` by their names."""
    with tempfile.TemporaryDirectory(prefix="docsort-bench-") as folder:
        process = _start(Path(folder), settings)
        try:
            yield Service(_address(process, Path(folder)), Process(process.pid))
        finally:
            _stop(process)


def end_cleanly() -> None:
    """Let SIGTERM end this program through its blocks, so that no server outlives it."""

    def leave(number: int, _frame: object) -> NoReturn:
        raise SystemExit(128 + number)

    signal.signal(signal.SIGTERM, leave)


def _start(folder: Path, settings: dict[str, object]) -> subprocess.Popen[bytes]:
    given = {f"DOCSORT_{name.upper()}": str(value) for name, value in settings.items()}
    paths = [str(ROOT / "server"), str(ROOT / "client"), os.environ.get("PYTHONPATH", "")]
    # What is measured is docsort itself; name another store to measure that as well.
    always = {"DOCSORT_STORE": "memory", "DOCSORT_DRAIN_DELAY": "0", "DOCSORT_DRAIN_GRACE": "1"}
    environment = {**always, **given}
    with (folder / "server.log").open("wb") as log:
        return subprocess.Popen(
            [sys.executable, "-m", "docsort_server", "--listen", "127.0.0.1:0", "--data", folder],
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=subprocess.STDOUT,
            env={**os.environ, "PYTHONPATH": os.pathsep.join(filter(None, paths)), **environment},
        )


def _address(process: subprocess.Popen[bytes], folder: Path) -> str:
    deadline = time.monotonic() + _START_SECONDS
    while not (folder / "ready.json").exists():
        if process.poll() is not None or time.monotonic() > deadline:
            log = (folder / "server.log").read_text(errors="replace")
            raise RuntimeError(f"the server did not start:\n{log}")
        time.sleep(_POLL_SECONDS)
    address: str = json.loads((folder / "ready.json").read_text())["address"]
    return address


def _stop(process: subprocess.Popen[bytes]) -> None:
    process.terminate()
    try:
        process.wait(_STOP_SECONDS)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()


def _command(process: Process) -> str:
    try:
        return process.command
    except OSError:
        return ""
