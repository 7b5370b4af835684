"""`docsort-server` as a process of its own."""

import asyncio
import json
import os
import signal
import sys
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import IO

import forks
from eventually import alive, children_of, eventually

from docsort_server.nats.binary import find_binary
from docsort_server.nats.embedded import embedded

COMMAND = (sys.executable, "-m", "docsort_server")
# One process of each kind starts fastest, and jobs in memory need no other.
SMALL = {
    "store": "memory",
    "parser_workers": 1,
    "engine_workers": 1,
    "drain_delay": 0,
    "task_wait": 2,
}


@dataclass(frozen=True, slots=True)
class ServerProcess:
    """A server that is ready, with the processes it had started by then."""

    process: asyncio.subprocess.Process | forks.Fork
    data: Path
    address: str
    workers: set[int]

    async def end(self, number: signal.Signals) -> int:
        """Send a signal and return the exit code."""
        self.process.send_signal(number)
        return await asyncio.wait_for(self.process.wait(), 20)

    async def no_worker_left(self) -> None:
        """Wait until every worker process is gone."""
        await eventually(lambda: not any(map(alive, self.workers)), 5)


def environment(**settings: object) -> dict[str, str]:
    """Return the variables of a server with these settings and no others."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith("DOCSORT_")}
    return kept | {f"DOCSORT_{name.upper()}": str(value) for name, value in settings.items()}


@asynccontextmanager
async def started(
    data: Path,
    listen: str = "127.0.0.1:0",
    command: tuple[str, ...] = (),
    /,
    **settings: object,
) -> AsyncGenerator[ServerProcess, None]:
    """Start a server, on a free port by default, and wait until it is ready; kill it in the end.

    `command` is what starts it. Without one, or with options alone, it is a copy of a process that
    has loaded the server.
    """
    words = (*command, "--listen", listen, "--data", str(data))
    async with awaited(data, words, environment(**{**SMALL, **settings})) as server:
        yield server


@asynccontextmanager
async def awaited(
    data: Path, words: tuple[str, ...], variables: dict[str, str]
) -> AsyncGenerator[ServerProcess, None]:
    """Run a command that starts a server on a folder; wait until that is ready, kill it in the end.

    Options alone are given to a copy, as in `started`.
    What it says is in a file beside the folder.
    """
    ready = data / "ready.json"
    ready.unlink(missing_ok=True)
    with (data.parent / f"{data.name}.log").open("ab") as log:
        process = await _begun(words, variables, log)
    try:
        await eventually(lambda: ready.exists() or process.returncode is not None, 20)
        facts = json.loads(ready.read_text())
        assert facts["pid"] == process.pid
        yield ServerProcess(process, data, facts["address"], children_of(process.pid))
    finally:
        if process.returncode is None:
            process.kill()
            await process.wait()


async def _begun(
    words: tuple[str, ...], variables: dict[str, str], log: IO[bytes]
) -> asyncio.subprocess.Process | forks.Fork:
    if Path(words[0]).is_absolute():
        return await asyncio.create_subprocess_exec(*words, env=variables, stderr=log)
    if forks.measured():
        return await asyncio.create_subprocess_exec(*COMMAND, *words, env=variables, stderr=log)
    return await forks.started("docsort_server", [*words], variables, log)


@asynccontextmanager
async def shared_nats(folder: Path) -> AsyncGenerator[str, None]:
    """Run a NATS server that several docsort-servers can share; yield its address."""
    async with embedded(find_binary(), folder, sync="2m") as endpoint:
        yield endpoint.url.replace("//", f"//{endpoint.token}@")


async def refused(*arguments: str, **settings: object) -> tuple[int, str]:
    """Run a server that cannot start; return its exit code and what it said."""
    return await ran(*arguments, **{**SMALL, **settings})


async def ran(*arguments: str, **settings: object) -> tuple[int, str]:
    """Run the command to its end; return its exit code and what it said."""
    variables = environment(**settings)
    if not forks.measured():
        code, out, err = await asyncio.to_thread(
            forks.ran, "docsort_server", [*arguments], variables
        )
        return code, (out + err).decode()
    process = await asyncio.create_subprocess_exec(
        *COMMAND,
        *arguments,
        env=variables,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.STDOUT,
    )
    output, _ = await asyncio.wait_for(process.communicate(), 20)
    assert process.returncode is not None
    return process.returncode, output.decode()
