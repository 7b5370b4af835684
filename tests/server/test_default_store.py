"""`docsort-server` without a word about where jobs live, as a user starts it."""

import signal
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest
from eventually import children_of
from pdf_files import pdf
from rpc_server import Calls, connected, durable, events, request
from server_process import COMMAND, SMALL, ServerProcess, awaited, environment, refused, started

from docsort_server.app import serving
from docsort_server.nats.errors import NatsServerError
from docsort_server.settings import Settings

HERE = {name: value for name, value in SMALL.items() if name != "store"}


@asynccontextmanager
async def plain(state: Path) -> AsyncGenerator[ServerProcess, None]:
    """Start a server that is told its port only, for a user whose state folder this is."""
    variables = environment(**HERE) | {"XDG_STATE_HOME": str(state)}
    words = (*COMMAND, "--listen", "127.0.0.1:0")
    async with awaited(state / "docsort", words, variables) as server:
        yield server


async def test_jobs_are_kept_unless_told_otherwise(tmp_path: Path) -> None:
    """A folder of the user's own is made, and what was finished is there at the next start."""
    async with plain(tmp_path) as server, connected(server.address) as channel:
        before = durable(await events(Calls(channel).classify(request(pdf("an invoice")))))
        assert server.data.stat().st_mode & 0o777 == 0o700
        assert await server.end(signal.SIGTERM) == 0
    async with plain(tmp_path) as server, connected(server.address) as channel:
        again = durable(await events(Calls(channel).watch(before[0].job_id)))
    assert again == before


async def test_a_user_has_one_such_server(tmp_path: Path) -> None:
    """A second one is refused, and told which process has the folder."""
    async with plain(tmp_path) as server:
        ran = await refused("--listen", "127.0.0.1:0", "--data", str(server.data), **HERE)
    assert ran[0] == 1
    assert f"{server.data} is in use" in ran[1]
    assert str(server.process.pid) in ran[1]


async def test_no_folder_is_chosen_in_code() -> None:
    """Settings that no `load` has completed have to name one: no test finds the user's."""
    settings = Settings(listen="127.0.0.1:0", role="api")
    with pytest.raises(NatsServerError, match="set data"):
        async with serving(settings):
            pass


async def test_the_engine_is_ready_in_half_a_second(tmp_path: Path) -> None:
    """The log tells how long it took; ten times that is still enough for a busy machine.

    What the NATS client has for WebSockets alone, a fifth of the start, is not loaded for it.
    """
    async with plain(tmp_path) as server:
        log = (tmp_path / "docsort.log").read_text()
        maps = Path("/proc") / str(server.process.pid) / "maps"
        assert "/aiohttp/" not in maps.read_text()
    seconds = float(log.partition("the job engine was ready in ")[2].partition(" ")[0])
    assert 0 < seconds < 5


async def test_memory_says_that_nothing_is_kept(tmp_path: Path) -> None:
    """One line tells it; there is no other process than the workers, and nothing on disk."""
    async with started(tmp_path / "data", store="memory") as server:
        assert len(children_of(server.process.pid)) == 2
        names = {path.name for path in server.data.iterdir()}
        assert await server.end(signal.SIGTERM) == 0
    said = (tmp_path / "data.log").read_text()
    assert f"serves on {server.address}; jobs are in memory and not kept\n" in said
    assert names == {"lock", "ready.json"}
