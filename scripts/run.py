"""Classify one document with a server of its own, started and stopped here (`make run`)."""

from __future__ import annotations

import argparse
import json
import os
import signal
import subprocess
import sys
import tempfile
import time
import uuid
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, NoReturn

if TYPE_CHECKING:
    from collections.abc import Iterator

START_SECONDS = 30.0
STOP_SECONDS = 15.0
POLL_SECONDS = 0.02
LOG_LINES = 20


@contextmanager
def server(data: Path) -> Iterator[str]:
    """Run a server on a free loopback port; yield its address once it serves."""
    with (data / "server.log").open("wb") as log:
        process = subprocess.Popen(
            [sys.executable, "-m", "docsort_server", "--listen", "127.0.0.1:0", "--data", data],
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=subprocess.STDOUT,
            env={**os.environ, "DOCSORT_DRAIN_DELAY": "0"},
            # Ctrl-C is for the client, which cancels its job; the server is stopped afterwards.
            start_new_session=True,
        )
        try:
            yield await_ready(process, data / "ready.json")
            if process.poll() is not None:
                raise RuntimeError(f"the server ended with exit code {process.returncode}")
        finally:
            stop(process)


def await_ready(process: subprocess.Popen[bytes], ready: Path) -> str:
    """Return the address in the server's ready file; RuntimeError when it does not come."""
    deadline = time.monotonic() + START_SECONDS
    while not ready.exists():
        if process.poll() is not None:
            raise RuntimeError(f"the server ended with exit code {process.returncode}")
        if time.monotonic() > deadline:
            raise RuntimeError(f"the server was not ready within {START_SECONDS:.0f} s")
        time.sleep(POLL_SECONDS)
    address: str = json.loads(ready.read_text())["address"]
    return address


def stop(process: subprocess.Popen[bytes]) -> None:
    """Let the server drain; kill it when it does not end in time."""
    process.terminate()
    try:
        process.wait(STOP_SECONDS)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()


def classify(arguments: list[str], title: str) -> int:
    """Run `docsort classify` on our terminal; return its exit code."""
    print(f"\n{title}", flush=True)
    return subprocess.call([sys.executable, "-m", "docsort", "classify", *arguments])


def show(address: str, document: Path, categories: Path) -> int:
    """Classify once and print the result in each form; return the first exit code but 0."""
    # The same request id is the same job: the second and third call replay what the first did.
    request = ["--server", address, "--request-id", str(uuid.uuid4())]
    request += ["--categories", str(categories)]
    for form, title in (
        ("text", f"{document.name}, classified page by page:"),
        ("pages", "The same job in the pages format (--format pages):"),
        ("criteria", "The same job in the criteria format (--format criteria):"),
    ):
        if code := classify([*request, "--format", form, "--", str(document)], title):
            return code
    print(
        "\nYour own: make run DOC=file.pdf CATEGORIES=categories.yaml; to keep a server: make serve"
    )
    return 0


def tail(log: Path) -> str:
    """Return the last lines of a log, for people."""
    lines = log.read_text(errors="replace").splitlines() if log.exists() else []
    return "\n".join(["the server's last words:", *(f"  {line}" for line in lines[-LOG_LINES:])])


def interrupted(number: int, _frame: object) -> NoReturn:
    """End through the context managers, so that the server never outlives us."""
    raise SystemExit(128 + number)


def run(document: Path, categories: Path) -> int:
    """Start, classify, stop; a server that failed is reported with its last words."""
    with tempfile.TemporaryDirectory(prefix="docsort-run-") as name:
        data = Path(name)
        began = time.monotonic()
        try:
            with server(data) as address:
                print(f"server ready on {address} after {time.monotonic() - began:.1f} s")
                code = show(address, document, categories)
        except RuntimeError as error:
            print(f"make run: {error}", tail(data / "server.log"), sep="\n", file=sys.stderr)
            return 1
        except KeyboardInterrupt:
            return 130
        return code


def main() -> int:
    """Parse the arguments; 2 when a file is not there."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--categories", type=Path, required=True)
    parser.add_argument("document", type=Path)
    arguments = parser.parse_args()
    for path in (arguments.document, arguments.categories):
        if not path.is_file():
            print(f"make run: no such file: {path}", file=sys.stderr)
            return 2
    signal.signal(signal.SIGTERM, interrupted)
    return run(arguments.document, arguments.categories)


if __name__ == "__main__":
    raise SystemExit(main())
