"""`docsort-server status` from the outside, on servers that run, have ended, or are in trouble."""

import asyncio
import json
import os
import signal
import time
from pathlib import Path
from typing import Any

import pytest
from pdf_files import pdf
from rpc_server import Calls, connected, events, request
from server_process import ran, shared_nats, started

from docsort_server.jobs.store.jetstream.servers import shown
from docsort_server.services.names import SERVICES
from docsort_server.status.engine import unwritable
from docsort_server.status.report import size
from docsort_server.version import VERSION

STORE = {"store": "jetstream", "sync": "2m"}


async def facts(*arguments: str, **settings: object) -> tuple[int, dict[str, Any]]:
    """Return the exit code and what is told as JSON."""
    code, text = await ran("status", *arguments, "--format", "json", **settings)
    return code, json.loads(text)


def lane(told: dict[str, Any], kind: str, name: str) -> tuple[int, int]:
    """Return the tasks that wait in a lane and those in hand."""
    (found,) = [
        each for each in told["engine"]["lanes"] if (each["kind"], each["lane"]) == (kind, name)
    ]
    return found["waiting"], found["in_hand"]


async def test_a_server_that_serves(tmp_path: Path) -> None:
    """By its folder alone all is told of it and of its engine, but for the engine's secret."""
    folder = tmp_path / "data"
    async with started(folder, **STORE) as server, connected(server.address) as channel:
        await events(Calls(channel).classify(request(pdf("an invoice"))))
        told, text = await asyncio.gather(
            facts("--data", str(folder)), ran("status", "--data", str(folder))
        )
        file = folder / "nats" / "endpoint.json"
        assert file.stat().st_mode & 0o777 == 0o600
        token = json.loads(file.read_text())["token"]
        assert await server.end(signal.SIGTERM) == 0
        assert not file.exists()
    code, found = told
    assert (code, found["serving"], found["problems"]) == (0, True, [])
    assert found["server"] == {
        "address": server.address,
        "version": VERSION,
        "pid": server.process.pid,
        "role": "all",
        "health": dict.fromkeys(("", *SERVICES), "SERVING"),
        "problem": None,
    }
    streams = {each["name"]: each for each in found["engine"]["streams"]}
    assert streams["DOCSORT_EVENTS"]["messages"] > 0
    assert streams["DOCSORT_EVENTS"]["limit"] > streams["DOCSORT_EVENTS"]["bytes"] > 0
    assert streams["DOCSORT_EVENTS"]["replicas"] == 1
    assert lane(found, "page", "normal") == (0, 0)
    assert found["engine"]["documents"] == 0
    assert found["engine"]["version"].startswith("2.15.")
    assert found["free_disk"] > 0
    assert text[0] == 0
    assert text[1].startswith("serving      yes\n")
    assert token
    assert token not in text[1] + json.dumps(found)


async def test_a_server_that_has_ended(tmp_path: Path) -> None:
    """Whether it ended well, was killed, or never was, is told apart, with exit code 1."""
    async with started(tmp_path / "data", **STORE) as server:
        await server.end(signal.SIGKILL)
    killed, never = await asyncio.gather(
        facts("--data", str(tmp_path / "data")), facts("--data", str(tmp_path / "none"))
    )
    assert (killed[0], never[0]) == (1, 1)
    assert killed[1]["problems"][0] == f"no server answers at {server.address}"
    assert "the job engine at nats://127.0.0.1" in killed[1]["problems"][1]
    assert never[1]["problems"] == [
        f"no server is ready in {tmp_path / 'none'}",
        f"no job engine runs in {tmp_path / 'none' / 'nats'} that this user may ask",
    ]


async def test_an_engine_that_does_not_answer(tmp_path: Path) -> None:
    """It is said within seconds, whatever the server itself still says."""
    async with started(tmp_path / "data", **STORE) as server:
        engine = int((server.data / "nats" / "lock").read_text())
        os.kill(engine, signal.SIGSTOP)
        try:
            began = time.monotonic()
            code, text = await ran("status", "--data", str(server.data))
            took = time.monotonic() - began
        finally:
            os.kill(engine, signal.SIGCONT)
    assert code == 1
    assert text.startswith("serving      no\nbecause      the job engine at nats://127.0.0.1:")
    assert "does not answer" in text
    # Two seconds of waiting; the rest is what a process takes to start on a busy machine.
    assert took < 10


async def test_jobs_in_memory_have_no_engine(tmp_path: Path) -> None:
    """The server's folder tells that; of an address alone nobody knows what is behind it."""
    async with started(tmp_path / "data") as server:
        near, far = await asyncio.gather(
            ran("status", "--data", str(server.data)),
            ran("status", "--listen", server.address, "--data", str(tmp_path / "none")),
        )
    assert (near[0], far[0]) == (0, 0)
    assert "jobs         in the server's memory, gone with it\n" in near[1]
    assert "stream" not in near[1]
    assert "job engine   not asked: " in far[1]


async def test_what_waits_for_workers(tmp_path: Path) -> None:
    """On shared servers an address is enough; tasks are counted before any worker came."""
    async with shared_nats(tmp_path / "nats") as nats:
        settings = {"store": "jetstream", "nats": nats}
        async with (
            started(tmp_path / "api", role="api", **settings) as server,
            connected(server.address) as channel,
        ):
            await Calls(channel).submit(request(pdf("an invoice")))
            code, told = await facts("--listen", server.address, nats=nats)
            token = nats.partition("//")[2].partition("@")[0]
            text = await ran("status", "--data", str(server.data), "--nats", nats)
        async with started(tmp_path / "worker", role="worker", **settings) as worker:
            _, working = await facts("--data", str(worker.data), nats=nats)
    assert (code, text[0]) == (0, 0)
    assert lane(told, "job", "normal") == (1, 0)
    assert told["engine"]["documents"] == 1
    assert told["engine"]["url"] == f"nats://{nats.rpartition('@')[2]}"
    assert token not in json.dumps(told) + text[1]
    assert "role api" in text[1]
    assert working["server"]["role"] == "worker"
    assert working["server"]["health"] == {"": "SERVING"}


async def test_wrong_settings_exit_with_2(tmp_path: Path) -> None:
    """As for the server: the setting is named and nothing is asked."""
    wrong, unknown, helped = await asyncio.gather(
        ran("status", "--listen", "nowhere"), ran("status", "--colour"), ran("status", "--help")
    )
    assert wrong == (2, "docsort-server: listen must be HOST:PORT, is 'nowhere'\n")
    assert unknown[0] == 2
    assert helped[0] == 0
    assert "usage: docsort-server status" in helped[1]


@pytest.mark.parametrize(
    ("cluster", "written"),
    [
        ({}, True),
        ({"name": "c", "leader": "a"}, True),
        ({"name": "c", "leader": "a", "replicas": [{"active": 10**9}, {"active": 10**10}]}, True),
        ({"name": "c", "leader": "a", "replicas": [{"active": 10**10}] * 2}, False),
        ({"name": "c", "replicas": [{"active": 0}, {"active": 0}]}, False),
    ],
)
def test_streams_without_most_of_their_copies_are_told(
    cluster: dict[str, Any], *, written: bool
) -> None:
    """One that led them still takes itself for their leader, which counts for nothing."""
    problem = unwritable([{"config": {"name": "EVENTS"}, "cluster": cluster}])
    assert ("EVENTS" in (problem or "")) != written


@pytest.mark.parametrize(
    ("url", "text"),
    [
        ("nats://user:secret@a:4222", "nats://a:4222"),
        ("tls://token@a", "tls://a"),
        ("user:secret@a:4222", "nats://a:4222"),
        ("a:4222", "nats://a:4222"),
    ],
)
def test_addresses_are_shown_without_secrets(url: str, text: str) -> None:
    """Names, passwords and tokens are left out, whatever form the address has."""
    assert shown(url) == text


@pytest.mark.parametrize(
    ("count", "text"),
    [
        (0, "0 B"),
        (1023, "1023 B"),
        (1536, "1.5 KiB"),
        (5 << 40, "5.0 TiB"),
        (1 << 54, "16384.0 TiB"),
    ],
)
def test_sizes_are_readable(count: int, text: str) -> None:
    """The unit is the largest that leaves a one before the point."""
    assert size(count) == text
