"""Programs as copies of a process that has loaded them: most of their time is loading.

A copy is a process of its own all the same, with its arguments, environment, files and end.
"""

from __future__ import annotations

import asyncio
import atexit
import contextlib
import importlib
import json
import os
import select
import signal
import socket
import subprocess
import sys
import tempfile
import threading
from functools import cache
from pathlib import Path
from typing import IO, TYPE_CHECKING, Any, NoReturn

if TYPE_CHECKING:
    from collections.abc import Iterable

_LARGEST = 1 << 18
# By the name of a program: the modules that it loads, the one with its `main` first.
_LOADED = {
    "docsort": ("docsort.__main__", "docsort._cli.command", "docsort._public"),
    "docsort_server": (
        *("docsort_server.__main__", "uvloop", "docsort_server.app", "docsort_server.lifecycle"),
        *("docsort_server.jobs.store.jetstream", "docsort_server.status.command"),
        "docsort_server.status.engine",
    ),
}
# What these commands load beside that, in the order in which they do.
_LIBRARIES = ("sklearn.metrics", "sklearn.model_selection", "matplotlib.figure", "jinja2")
_MEASURING = frozenset({"evaluate", "pool", "calibrate"})
# What servers load that have a model.
_OF_MODELS = ("docsort_server.engine.openai.engine", "openai")
# As the programs themselves set it before they load gRPC; a copy takes one thread along.
_BEFORE = {
    "GRPC_VERBOSITY": "NONE",
    "GRPC_ENABLE_FORK_SUPPORT": "0",
    "OPENBLAS_NUM_THREADS": "1",
}
# Coverage starts with a process, and would miss the copy of one.
_COVERAGE = {"COVERAGE_PROCESS_START", "COVERAGE_PROCESS_CONFIG"}
# A number is told in so many bytes, so that two that were told at once are two.
_WIDE = 16
# A test has a minute: whoever waits in a thread is to be told what took so long before that.
_SECONDS = 50.0
_NOBODY = "the process that is copied died"
_ONE_AT_A_TIME = threading.Lock()


def measured() -> bool:
    """Tell whether coverage is measured: programs are to be processes from the start then."""
    return not _COVERAGE.isdisjoint(os.environ)


class Fork:
    """A copy that runs, as `asyncio.subprocess.Process` would be."""

    def __init__(self, pid: int, reply: int) -> None:
        """Take its process id, and where its exit code will be told."""
        self._reply = reply
        self._ended = asyncio.Event()
        self.pid = pid
        self.returncode: int | None = None
        asyncio.get_running_loop().add_reader(reply, self._end)

    def send_signal(self, number: int) -> None:
        """Send a signal, if it has not ended."""
        if self.returncode is None:
            with contextlib.suppress(ProcessLookupError):
                os.kill(self.pid, number)

    def kill(self) -> None:
        """Send SIGKILL."""
        self.send_signal(signal.SIGKILL)

    async def wait(self) -> int:
        """Return the exit code, once it has ended."""
        await self._ended.wait()
        assert self.returncode is not None, _NOBODY
        return self.returncode

    def _end(self) -> None:
        asyncio.get_running_loop().remove_reader(self._reply)
        told = os.read(self._reply, _WIDE)
        os.close(self._reply)
        # Nothing is told when the process that is copied died: whoever waits is to know.
        self.returncode = int(told) if told else None
        self._ended.set()


async def started(
    program: str, arguments: list[str], environment: dict[str, str], err: IO[bytes]
) -> Fork:
    """Start a program; `err` is where it complains to."""
    nothing = os.open(os.devnull, os.O_RDWR)
    reply = _copy(program, arguments, environment, [nothing, nothing, err.fileno()])
    os.close(nothing)
    return Fork(await asyncio.to_thread(_number, reply), reply)


def ran(
    program: str,
    arguments: list[str],
    environment: dict[str, str],
    stdin: bytes = b"",
    seconds: float = _SECONDS,
) -> tuple[int, bytes, bytes]:
    """Run a program to its end; return its exit code, output and errors.

    Raises TimeoutError with what it complained of, once it is killed, where it takes longer.
    """
    with (
        tempfile.TemporaryFile() as given,
        tempfile.TemporaryFile() as out,
        tempfile.TemporaryFile() as err,
    ):
        given.write(stdin)
        given.seek(0)
        files = [each.fileno() for each in (given, out, err)]
        reply = _copy(program, arguments, environment, files)
        copy = _number(reply)
        in_time, _, _ = select.select([reply], [], [], seconds)
        if not in_time:
            os.kill(copy, signal.SIGKILL)
        code = _number(reply)
        os.close(reply)
        out.seek(0)
        err.seek(0)
        if not in_time:
            raise TimeoutError(f"{program} took more than {seconds} s: {err.read()!r}")
        return code, out.read(), err.read()


def _copy(program: str, arguments: list[str], environment: dict[str, str], files: list[int]) -> int:
    """Order a copy; return where its process id and exit code will be told."""
    order = json.dumps([program, arguments, environment, str(Path.cwd())]).encode()
    reply, theirs = os.pipe()
    with _ONE_AT_A_TIME:
        parent = _parent(program)
    socket.send_fds(parent, [order], [*files, theirs])
    os.close(theirs)
    return reply


def _number(reply: int) -> int:
    told = os.read(reply, _WIDE)
    assert told, _NOBODY
    return int(told)


@cache
def _parent(program: str) -> socket.socket:
    """Start the process that is copied; it ends with this one."""
    ours, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
    with theirs:
        process = subprocess.Popen(
            [sys.executable, __file__, program, str(theirs.fileno())],
            pass_fds=[theirs.fileno()],
            stdin=subprocess.DEVNULL,
            env={**os.environ, **_BEFORE},
        )
    atexit.register(_leave, process, ours)
    return ours


def _leave(process: subprocess.Popen[bytes], channel: socket.socket) -> None:
    channel.close()
    process.wait()


def _serve(program: str, channel: socket.socket) -> None:
    """Make a copy for each order until whoever gives them is gone; no copy outlives that."""
    _load(_LOADED[program])
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    poll = select.poll()
    poll.register(channel, select.POLLIN)
    copies: dict[int, tuple[int, int]] = {}
    while True:
        for ready, _ in poll.poll():
            if ready in copies:
                poll.unregister(ready)
                _bury(ready, *copies.pop(ready))
                continue
            order, files, _, _ = socket.recv_fds(channel, _LARGEST, 4)
            if not order:
                _kill(copy for copy, _ in copies.values())
                return
            copy, reply = _born(json.loads(order), files)
            watch = os.pidfd_open(copy)
            copies[watch] = copy, reply
            poll.register(watch, select.POLLIN)


def _kill(copies: Iterable[int]) -> None:
    for each in copies:
        os.kill(each, signal.SIGKILL)


def _load(modules: Iterable[str]) -> None:
    for name in modules:
        importlib.import_module(name)


def _born(order: list[Any], files: list[int]) -> tuple[int, int]:
    """Make a copy and tell its process id; return that, and where to tell its exit code."""
    program, arguments, environment, folder = order
    if arguments and arguments[0] in _MEASURING:
        _load(_LIBRARIES)
    if "DOCSORT_OPENAI_BASE_URL" in environment:
        _load(_OF_MODELS)
    copy = os.fork()
    if copy == 0:
        _become(program, arguments, environment, folder, files)
    *standard, reply = files
    for each in standard:
        os.close(each)
    _tell(reply, copy)
    return copy, reply


def _bury(watch: int, copy: int, reply: int) -> None:
    """Tell the exit code of a copy that has ended, and take note of its processor time."""
    _, status = os.waitpid(copy, 0)
    with contextlib.suppress(BrokenPipeError):
        _tell(reply, os.waitstatus_to_exitcode(status))
    os.close(watch)
    os.close(reply)


def _tell(reply: int, number: int) -> None:
    os.write(reply, f"{number:{_WIDE}}".encode())


def _become(
    program: str, arguments: list[str], environment: dict[str, str], folder: str, files: list[int]
) -> NoReturn:
    """Be the program: what Python does between a start and an end."""
    signal.signal(signal.SIGINT, signal.default_int_handler)
    standard = files[:3]
    for number, each in enumerate(standard):
        os.dup2(each, number)
    # Those that belong to other copies too.
    os.closerange(3, 1 << 10)
    os.chdir(folder)
    os.environ.clear()
    os.environ.update(environment)
    sys.argv = [program, *arguments]
    sys.stdin, sys.stdout = os.fdopen(0), os.fdopen(1, "w")
    sys.stderr = os.fdopen(2, "w", 1, errors="backslashreplace")
    code = _code(program)
    atexit._run_exitfuncs()
    sys.stdout.flush()
    sys.stderr.flush()
    os._exit(code)


def _code(program: str) -> int:
    try:
        return int(importlib.import_module(_LOADED[program][0]).main())
    except SystemExit as ended:
        if isinstance(ended.code, str):
            sys.stderr.write(f"{ended.code}\n")
            return 1
        return ended.code or 0
    except BaseException:  # noqa: BLE001 - as Python does with what nobody catches
        sys.excepthook(*sys.exc_info())
        return 1


if __name__ == "__main__":
    _serve(sys.argv[1], socket.socket(fileno=int(sys.argv[2])))
