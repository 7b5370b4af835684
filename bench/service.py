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

PARSER = "packet.handler:reader"
CLASSIFIER = "engine.local"
NATS = "nats.conf"
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

    @property
    def nats(self) -> Process | None:
        """The server's own nats-server; None without one."""
        return next((each for each in self.process.descendants() if NATS in _command(each)), None)

    def cpu(self) -> float:
        """Return the CPU seconds of the server and its workers so far."""
        return self.process.cpu + sum(worker.cpu for worker in self.workers())

    def kill(self) -> None:
        """End the server as a crash would."""
        os.kill(self.process.pid, signal.SIGKILL)


@contextmanager
def service(module: str = "docsort_server", **settings: object) -> Iterator[Service]:
    """Run a server on a free port until the block ends; `settings` by their names.

    Jobs are in memory unless a setting says otherwise. `module` is what is run.
    """
    with tempfile.TemporaryDirectory(prefix="docsort-bench-") as folder:
        process = _start(Path(folder), module, settings)
        try:
            yield Service(_address(process, Path(folder)), Process(process.pid))
        finally:
            _stop(process)


def end_cleanly() -> None:
    """Let SIGTERM end this program through its blocks, so that no server outlives it."""

    def leave(number: int, _frame: object) -> NoReturn:
        raise SystemExit(128 + number)

    signal.signal(signal.SIGTERM, leave)


def _start(folder: Path, module: str, settings: dict[str, object]) -> subprocess.Popen[bytes]:
    values = {
        "listen": "127.0.0.1:0",
        "data": folder,
        "store": "memory",
        "drain_delay": 0,
        "drain_grace": 1,
        **settings,
    }
    given = {f"DOCSORT_{name.upper()}": str(value) for name, value in values.items()}
    paths = [ROOT, ROOT / "server", ROOT / "client", os.environ.get("PYTHONPATH", "")]
    given["PYTHONPATH"] = os.pathsep.join(str(path) for path in paths if path)
    with (folder / "server.log").open("wb") as log:
        return subprocess.Popen(
            [sys.executable, "-m", module],
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=subprocess.STDOUT,
            env={**os.environ, **given},
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
