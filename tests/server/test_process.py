"""`docsort-server` from the outside: start, signals, exit codes, what is left behind."""

import asyncio
import os
import signal
from contextlib import AbstractAsyncContextManager, suppress
from pathlib import Path

from eventually import children_of, eventually
from grpc_health.v1.health_pb2 import HealthCheckRequest, HealthCheckResponse
from grpc_health.v1.health_pb2_grpc import HealthStub
from pdf_files import pdf
from rpc_server import Calls, connected, events, next_of, request
from server_process import COMMAND, ServerProcess, refused
from server_process import started as any_started

from docsort.v1 import job_pb2
from docsort_server.settings import Settings
from docsort_server.settings_values import declared
from docsort_server.version import VERSION


def started(data: Path, **settings: object) -> AbstractAsyncContextManager[ServerProcess]:
    """Start a server as its users do, and no copy of one that is loaded."""
    return any_started(data, "127.0.0.1:0", COMMAND, **settings)


async def test_a_whole_life(tmp_path: Path) -> None:
    """Port 0, ready.json, a classification, SIGTERM, exit code 0, nothing left."""
    async with started(tmp_path / "data") as server, connected(server.address) as channel:
        assert not server.address.endswith(":0")
        found = await events(Calls(channel).classify(request(pdf("an invoice"))))
        assert found[-1].finished.job.status == job_pb2.JOB_STATUS_COMPLETED
        assert len(server.workers) == 2
        assert await server.end(signal.SIGTERM) == 0
        await server.no_worker_left()
        assert not (server.data / "ready.json").exists()
        assert not children_of(os.getpid()) & {server.process.pid}


async def test_a_second_signal_ends_at_once(tmp_path: Path) -> None:
    """While it drains, another signal ends the process without waiting, workers and all."""
    async with started(tmp_path / "data", drain_delay=60) as server:
        async with connected(server.address) as channel:
            watch = HealthStub(channel).Watch(HealthCheckRequest())  # type: ignore[attr-defined]
            answers = aiter(watch)
            assert (await anext(answers)).status == HealthCheckResponse.SERVING
            server.process.send_signal(signal.SIGINT)
            assert (await anext(answers)).status == HealthCheckResponse.NOT_SERVING
            watch.cancel()
        assert await server.end(signal.SIGTERM) == 128 + signal.SIGTERM
        await server.no_worker_left()


async def test_a_killed_server_leaves_no_process(tmp_path: Path) -> None:
    """SIGKILL gives no chance to clean up: the workers end by themselves, at work or idle."""
    async with started(tmp_path / "data") as server, connected(server.address) as channel:
        call = Calls(channel).classify(request(pdf(*["many words " * 50] * 200)))
        await next_of(call, "page_result")
        assert await server.end(signal.SIGKILL) == -signal.SIGKILL
        await server.no_worker_left()
        call.cancel()


async def test_a_worker_starts_beside_threads_of_grpc(tmp_path: Path) -> None:
    """They run on while a process starts: gRPC does not prepare for a fork.

    What stops and replaces them for one starts them in the child too, where they have crashed it.
    """
    async with (
        started(tmp_path / "data", ocr="off") as server,
        connected(server.address) as channel,
    ):
        await Calls(channel).list()
        before = grpc_threads(server.process.pid)
        os.kill(min(server.workers), signal.SIGKILL)
        await eventually(lambda: bool(children_of(server.process.pid) - server.workers))
        assert before
        assert before & grpc_threads(server.process.pid)


def grpc_threads(pid: int) -> set[str]:
    """Return the ids of the threads in which gRPC waits for its sockets."""
    found = set()
    for task in Path(f"/proc/{pid}/task").iterdir():
        with suppress(FileNotFoundError, ProcessLookupError):  # a thread that has just ended
            if (task / "comm").read_text() == "event_engine\n":
                found.add(task.name)
    return found


async def test_what_another_server_holds_is_refused(tmp_path: Path) -> None:
    """A folder or an address in use: one sentence that names it, exit code 1, no harm done."""
    async with started(tmp_path / "data") as server:
        folder, address = await asyncio.gather(
            refused("--listen", "127.0.0.1:0", "--data", str(server.data)),
            refused("--listen", server.address),
        )
        assert (server.data / "ready.json").exists()
    assert one_sentence(folder, 1).endswith(f"process id {server.process.pid}")
    assert server.address in one_sentence(address, 1)


def one_sentence(ran: tuple[int, str], code: int) -> str:
    """Return what a server said, checked to be one line with this exit code."""
    assert ran[0] == code, ran[1]
    (line,) = ran[1].splitlines()
    assert line.startswith("docsort-server: ")
    return line


async def test_an_address_that_is_none(tmp_path: Path) -> None:
    """A listen address that cannot be is told in one sentence too."""
    assert "nowhere:1" in one_sentence(await refused("--listen", "nowhere:1"), 1)


async def test_wrong_settings_exit_with_2(tmp_path: Path) -> None:
    """Whatever the source, the setting at fault is named and nothing starts."""
    file = tmp_path / "docsort.toml"
    file.write_text("max_pages = 0\n")
    flag, variable, wrong_file = await asyncio.gather(
        refused("--engine", "oracle"),
        refused(max_jobs="many"),
        refused("--config", str(file)),
    )
    assert "engine must be one of" in one_sentence(flag, 2)
    assert "max_jobs must be" in one_sentence(variable, 2)
    assert "max_pages must be" in one_sentence(wrong_file, 2)


async def test_help_and_version() -> None:
    """--help lists every setting with its default; --version tells the version."""
    (code, text), version = await asyncio.gather(refused("--help"), refused("--version"))
    assert code == 0
    for known in declared(Settings):
        assert f"  {known.name} " in text
        assert known.metadata["about"] in text
    assert version == (0, f"docsort-server {VERSION}\n")


async def test_an_unknown_argument() -> None:
    """The usage is shown, with exit code 2."""
    code, text = await refused("--colour")
    assert code == 2
    assert "usage: docsort-server" in text
