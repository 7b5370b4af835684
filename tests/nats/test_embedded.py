"""The nats-server that is a child of this process."""

import asyncio
import os
import signal
import sys
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from pathlib import Path

import nats_parent
import pytest
from eventually import alive, eventually

from docsort_server.jobs.store.jetstream.connection import Connection
from docsort_server.jobs.store.jetstream.servers import Servers
from docsort_server.jobs.store.jetstream.trouble import Away
from docsort_server.nats.binary import find_binary
from docsort_server.nats.embedded import Endpoint, embedded
from docsort_server.nats.errors import NatsServerError


def pid_in(folder: Path) -> int:
    """Return the process that the store's lock names."""
    return int((folder / "lock").read_text())


async def is_served(endpoint: Endpoint, token: str) -> bool:
    """Tell whether the server lets a client in."""
    try:
        async with Connection.open(Servers((endpoint.url,), token), 2) as connection:
            await connection.request("$JS.API.INFO")
    except Away:
        return False
    return True


@asynccontextmanager
async def parent(folder: Path) -> AsyncGenerator[asyncio.subprocess.Process, None]:
    """Run a process with a server in the folder; kill it in the end."""
    command = (sys.executable, nats_parent.__file__, str(folder))
    process = await asyncio.create_subprocess_exec(*command, stdout=asyncio.subprocess.PIPE)
    assert process.stdout
    try:
        assert int(await process.stdout.readline()) == pid_in(folder)
        yield process
    finally:
        if process.returncode is None:
            process.kill()
        await process.communicate()


async def test_it_serves_and_ends_with_the_block(tmp_path: Path) -> None:
    """Only the token opens it, the outside has no way to it, and it leaves no process."""
    async with embedded(find_binary(), tmp_path) as endpoint:
        pid = pid_in(tmp_path)
        assert endpoint.url.startswith("nats://127.0.0.1:")
        assert endpoint.token not in repr(endpoint)
        assert (tmp_path / "nats.conf").stat().st_mode & 0o077 == 0
        assert await is_served(endpoint, endpoint.token)
        assert not await is_served(endpoint, "guessed")
    assert not alive(pid)


async def test_a_killed_server_comes_back_where_it_was(tmp_path: Path) -> None:
    """A new process serves on the same port with the same token."""
    async with embedded(find_binary(), tmp_path) as endpoint:
        pid = pid_in(tmp_path)
        os.kill(pid, signal.SIGKILL)
        await eventually(lambda: pid_in(tmp_path) not in (0, pid))
        assert await is_served(endpoint, endpoint.token)
        await eventually(lambda: not alive(pid))


async def test_it_is_out_of_reach_of_ctrl_c(tmp_path: Path) -> None:
    """The terminal signals a whole session; the server is in one of its own."""
    async with embedded(find_binary(), tmp_path):
        assert os.getsid(pid_in(tmp_path)) != os.getsid(0)


async def test_it_dies_with_its_parent(tmp_path: Path) -> None:
    """A parent that is killed cannot clean up; the kernel does."""
    async with parent(tmp_path) as process:
        pid = pid_in(tmp_path)
        process.kill()
        await process.wait()
        await eventually(lambda: not alive(pid), 5)


async def test_a_folder_serves_one(tmp_path: Path) -> None:
    """A second server on the same store is refused with the first one's process id."""
    async with parent(tmp_path):
        with pytest.raises(NatsServerError, match=f"in use by .* process id {pid_in(tmp_path)};"):
            async with embedded(find_binary(), tmp_path, patience=0.1):
                pass


async def test_a_server_that_is_about_to_end_is_waited_for(tmp_path: Path) -> None:
    """A killed parent's store is taken over as soon as its server is gone."""
    async with parent(tmp_path) as process:
        waiting = asyncio.create_task(serve_once(tmp_path))
        process.kill()
        assert await asyncio.wait_for(waiting, 10)


async def serve_once(folder: Path) -> bool:
    """Run a server in the folder and tell whether it serves."""
    async with embedded(find_binary(), folder) as endpoint:
        return await is_served(endpoint, endpoint.token)


async def test_a_server_that_cannot_start_says_why(tmp_path: Path) -> None:
    """Its own last words are in the error."""
    (tmp_path / "store").write_text("a file, where the server wants a folder")
    with pytest.raises(NatsServerError, match="nats-server does not start: Can't start"):
        async with embedded(find_binary(), tmp_path):
            pass
    with pytest.raises(NatsServerError, match="cannot be used: Not a directory"):
        async with embedded(find_binary(), tmp_path / "store" / "deeper"):
            pass
