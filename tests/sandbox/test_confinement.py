"""What a worker process can and cannot do."""

from __future__ import annotations

import asyncio
import contextlib
import os
import signal
import socket
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from eventually import alive, children_of, eventually

from docsort_server.faults import Fault
from docsort_server.sandbox.errors import WorkerDied
from docsort_server.sandbox.limits import MIB
from docsort_server.sandbox.pool import WorkerPool

PoolOf = Callable[..., contextlib.AbstractAsyncContextManager[WorkerPool]]

SERVER = """
import asyncio
from docsort_server.sandbox.limits import Limits
from docsort_server.sandbox.pool import WorkerPool

async def main():
    pool = WorkerPool("sandbox_handlers:puppet", size=3, limits=Limits(), name="orphans")
    await pool.start()
    async with pool.lease() as hung, pool.lease() as busy:
        stream = busy.stream({"do": "count", "to": 10**9, "bytes": 9000}, frame_seconds=99)
        await anext(stream)
        asyncio.ensure_future(hung.call({"do": "count", "to": 1, "hang_at": 0}, seconds=99))
        await asyncio.sleep(0)
        print("ready", flush=True)
        await asyncio.sleep(99)

asyncio.run(main())
"""


async def test_a_worker_knows_nothing_of_the_server(
    pool_of: PoolOf, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Neither the server's environment nor its open files reach a worker."""
    monkeypatch.setenv("DOCSORT_API_KEY", "sesame")
    read_end, write_end = os.pipe()
    os.set_inheritable(write_end, True)
    try:
        async with pool_of() as pool, pool.lease() as worker:
            seen = await worker.call({"do": "look"}, seconds=10)
    finally:
        os.close(read_end)
        os.close(write_end)
    assert "sesame" not in str(seen["environment"])
    assert set(seen["environment"]) <= {
        "LC_ALL",
        "LD_LIBRARY_PATH",
        "PYTHONHOME",
        "PYTHONPATH",
        "PYTHONUTF8",
    }
    assert len(seen["files"]) <= 5, "stdio, the socket, and the listing of the files itself"


async def test_memory_is_bounded_above_the_baseline(pool_of: PoolOf) -> None:
    """An allocation within the limit works; one above it fails without harm to the worker."""
    async with pool_of(memory_bytes=128 * MIB) as pool, pool.lease() as worker:
        request = {"do": "allocate", "bytes": 64 * MIB}
        assert await worker.call(request, seconds=10) == {"bytes": 64 * MIB}
        with pytest.raises(Fault, match="MemoryError"):
            await worker.call({"do": "allocate", "bytes": 192 * MIB}, seconds=10)
        assert await worker.call(request, seconds=10) == {"bytes": 64 * MIB}
        assert pool.restarts == 0


async def test_a_worker_writes_no_file(pool_of: PoolOf, tmp_path: Path) -> None:
    """Writing to a file fails, so a taken-over parser can leave nothing on the disk.

    Where there is no Landlock the file may be made, and stays empty.
    """
    loot = tmp_path / "loot"
    async with pool_of() as pool, pool.lease() as worker:
        with pytest.raises(Fault, match=r"OSError|PermissionError"):
            await worker.call({"do": "write", "path": str(loot)}, seconds=10)
    assert not loot.exists() or loot.read_bytes() == b""


async def test_a_worker_that_was_taken_over_can_do_nothing(
    pool_of: PoolOf, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    """No network, no other process, no file; what libraries need goes on working."""
    (tmp_path / "secret").write_text("s")
    with socket.create_server(("127.0.0.1", 0)) as listener:
        listener.settimeout(0.1)
        request = {
            "do": "attempt",
            "folder": str(tmp_path),
            "parent": os.getpid(),
            "port": listener.getsockname()[1],
        }
        async with pool_of() as pool, pool.lease() as worker:
            told = await worker.call(request, seconds=20)
        with pytest.raises(TimeoutError):
            listener.accept()
    if "this system has no" in caplog.text:
        pytest.skip(f"the kernel lacks a wall: {caplog.text}")
    harmless = {"a thread", "a library", "random bytes"}
    assert {name for name, came in told.items() if came == "done"} == harmless
    refused = {came for name, came in told.items() if name not in harmless}
    assert refused <= {"EPERM", "EACCES", "FileNotFoundError", "ENOENT"}
    assert os.listdir(tmp_path) == ["secret"]  # noqa: PTH208 - quick enough


async def test_a_request_has_its_processor_time(pool_of: PoolOf) -> None:
    """The kernel ends a worker that runs on and on, even if nobody waits for it any more."""
    async with pool_of(cpu_seconds=1) as pool, pool.lease() as worker:
        for _ in range(3):  # each request anew
            await worker.call({"do": "spin", "seconds": 0.4}, seconds=20)
        with pytest.raises(WorkerDied) as caught:
            await worker.call({"do": "spin", "seconds": 60.0}, seconds=30)
    assert caught.value.status == -signal.SIGXCPU


async def test_no_core_is_dumped_and_no_privilege_gained(pool_of: PoolOf) -> None:
    """The kernel confirms the limits: no core file, no new privileges."""
    async with pool_of() as pool:
        (pid,) = pool.pids
        limits, status = told_by_kernel(pid, "limits"), told_by_kernel(pid, "status")
    (core,) = [line for line in limits.splitlines() if line.startswith("Max core file size")]
    assert core.split()[4:6] == ["0", "0"]
    assert "NoNewPrivs:\t1" in status


def told_by_kernel(pid: int, name: str) -> str:
    """Read a file about a process."""
    return Path(f"/proc/{pid}/{name}").read_text()


async def test_signals_to_the_group_leave_workers_alone(pool_of: PoolOf) -> None:
    """Ctrl-C and a service manager's SIGTERM do not end a worker; the server decides."""
    async with pool_of() as pool, pool.lease() as worker:
        os.kill(worker.pid, signal.SIGINT)
        os.kill(worker.pid, signal.SIGTERM)
        assert await worker.call({"do": "echo"}, seconds=10) == {"do": "echo"}


async def test_stderr_is_logged_within_bounds(
    pool_of: PoolOf, caplog: pytest.LogCaptureFixture
) -> None:
    """What a worker writes to stderr becomes a few short, harmless log lines."""
    text = "\x1b[31mred\n" + "x" * 100_000 + "\n" + "line\n" * 1000
    async with pool_of() as pool, pool.lease() as worker:
        await worker.call({"do": "shout", "text": text}, seconds=10)
        await eventually(lambda: len(caplog.messages) > 0)
    lines = [message for message in caplog.messages if message.startswith("puppet")]
    assert 1 <= len(lines) <= 20
    assert max(map(len, lines)) < 250
    assert "\x1b" not in "".join(lines)


async def test_no_orphan_after_the_server_was_killed() -> None:
    """SIGKILL of the server ends idle, blocked and hung workers within a second."""
    server = await asyncio.create_subprocess_exec(
        sys.executable,
        "-c",
        SERVER,
        stdout=subprocess.PIPE,
        env={**os.environ, "PYTHONPATH": os.pathsep.join(entry for entry in sys.path if entry)},
    )
    assert server.stdout is not None
    assert await server.stdout.readline() == b"ready\n"
    workers = children_of(server.pid)
    assert len(workers) == 3
    server.kill()
    await server.wait()
    assert await eventually(lambda: not any(map(alive, workers))) < 1.0
