"""Commands as copies of a process that has loaded the command line: most of their time is loading.

A command has a process of its own all the same, with its arguments, environment, files and end.
"""

from __future__ import annotations

import atexit
import contextlib
import importlib
import json
import os
import signal
import socket
import subprocess
import sys
import tempfile
from functools import cache
from pathlib import Path
from typing import Any, NoReturn

_LARGEST = 1 << 18
# What these commands load, in the order in which they do.
_LIBRARIES = ("sklearn.metrics", "sklearn.model_selection", "matplotlib.figure", "jinja2")
_MEASURING = frozenset({"evaluate", "pool", "calibrate"})


def ran(
    arguments: list[str], environment: dict[str, str], stdin: bytes
) -> tuple[int, bytes, bytes]:
    """Run `docsort` to its end; return its exit code, output and errors."""
    order = json.dumps([arguments, environment, str(Path.cwd())]).encode()
    reply, theirs = os.pipe()
    with (
        tempfile.TemporaryFile() as given,
        tempfile.TemporaryFile() as out,
        tempfile.TemporaryFile() as err,
    ):
        given.write(stdin)
        given.seek(0)
        files = [each.fileno() for each in (given, out, err)]
        socket.send_fds(_parent(), [order], [*files, theirs])
        os.close(theirs)
        with os.fdopen(reply) as told:
            code = told.read()
        out.seek(0)
        err.seek(0)
        said = out.read(), err.read()
    assert code, f"the command died: {said[1].decode()}"
    return int(code), *said


@cache
def _parent() -> socket.socket:
    """Start the process that is copied; it ends with this one."""
    ours, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
    with theirs:
        process = subprocess.Popen(
            [sys.executable, __file__, str(theirs.fileno())],
            pass_fds=[theirs.fileno()],
            stdin=subprocess.DEVNULL,
            # As the program itself sets it before it loads gRPC; a copy takes one thread along.
            env={**os.environ, "GRPC_VERBOSITY": "NONE", "OPENBLAS_NUM_THREADS": "1"},
        )
    atexit.register(_end, process, ours)
    return ours


def _end(process: subprocess.Popen[bytes], channel: socket.socket) -> None:
    channel.close()
    process.wait()


def _serve(channel: socket.socket) -> None:
    """Make a copy for each order until whoever gives them is gone."""
    importlib.import_module("docsort._cli.command")
    importlib.import_module("docsort._public")
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    while True:
        order, files, _, _ = socket.recv_fds(channel, _LARGEST, 4)
        _bury()
        if not order:
            return
        arguments, environment, folder = json.loads(order)
        if arguments and arguments[0] in _MEASURING:
            for name in _LIBRARIES:
                importlib.import_module(name)
        if os.fork() == 0:
            channel.close()
            _become(arguments, environment, folder, files)
        for each in files:
            os.close(each)


def _bury() -> None:
    """Take note of copies that have ended, and so of the processor time that they took."""
    with contextlib.suppress(ChildProcessError):
        while os.waitpid(-1, os.WNOHANG)[0]:
            pass


def _become(arguments: list[str], environment: dict[str, str], folder: str, files: Any) -> NoReturn:  # noqa: ANN401
    """Be the command: what Python does between a program's start and its end."""
    signal.signal(signal.SIGINT, signal.default_int_handler)
    *standard, reply = files
    for number, each in enumerate(standard):
        os.dup2(each, number)
        os.close(each)
    os.chdir(folder)
    os.environ.clear()
    os.environ.update(environment)
    sys.argv = ["docsort", *arguments]
    sys.stdin, sys.stdout = os.fdopen(0), os.fdopen(1, "w")
    sys.stderr = os.fdopen(2, "w", 1, errors="backslashreplace")
    code = _code()
    atexit._run_exitfuncs()
    sys.stdout.flush()
    sys.stderr.flush()
    os.write(reply, str(code).encode())
    os._exit(code)


def _code() -> int:
    from docsort.__main__ import main  # noqa: PLC0415 - loaded in the copy's parent

    try:
        return main()
    except SystemExit as ended:
        if isinstance(ended.code, str):
            sys.stderr.write(f"{ended.code}\n")
            return 1
        return ended.code or 0
    except BaseException:  # noqa: BLE001 - as Python does with what nobody catches
        sys.excepthook(*sys.exc_info())
        return 1


if __name__ == "__main__":
    _serve(socket.socket(fileno=int(sys.argv[1])))
