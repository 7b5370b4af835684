"""Handlers that misbehave on command, for tests of the worker pool."""

from __future__ import annotations

import errno
import gc
import importlib
import mmap
import os
import resource
import signal
import socket
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, NoReturn

from docsort_server.faults import Fault, Reason

Replies = Iterator[dict[str, Any]]


class Puppet:
    """Does what a request's `do` says."""

    def __init__(self) -> None:
        self._kept: list[bytes] = []
        self._tidied = gc.isenabled()

    def rest(self) -> None:
        """Hold nothing between requests."""

    def handle(self, request: dict[str, Any], fd: int | None) -> Replies:
        """Yield the frames of the deed asked for."""
        replies: Replies = getattr(self, request["do"])(request, fd)
        return replies

    def echo(self, request: dict[str, Any], _fd: int | None) -> Replies:
        """Send the request back."""
        yield request

    def tidy(self, _request: dict[str, Any], _fd: int | None) -> Replies:
        """Tell whether garbage was looked for when this was made, and whether it is now."""
        yield {"loading": self._tidied, "serving": gc.isenabled()}

    def count(self, request: dict[str, Any], fd: int | None) -> Replies:
        """Count, noting in the shared memory behind `fd` how far it came, then that it ended."""
        shared = mmap.mmap(fd, 8) if fd is not None else mmap.mmap(-1, 8)
        try:
            for number in range(request["to"]):
                if number == request.get("die_at"):
                    os.kill(os.getpid(), signal.SIGSEGV)
                if number == request.get("hang_at"):
                    hang()
                shared[:4] = number.to_bytes(4, "big")
                yield {"number": number, "padding": "x" * request.get("bytes", 0)}
        finally:
            shared[4:] = (1).to_bytes(4, "big")

    def read(self, _request: dict[str, Any], fd: int | None) -> Replies:
        """Send the content of the file handed over."""
        assert fd is not None
        yield {"content": os.pread(fd, 1024, 0).decode()}

    def nothing(self, _request: dict[str, Any], _fd: int | None) -> Replies:
        """Send no frame at all."""
        yield from ()

    def fault(self, _request: dict[str, Any], _fd: int | None) -> Replies:
        """Raise what the caller should see."""
        raise Fault(Reason.TOO_MANY_PAGES, "too many", metadata={"limit": "max_pages"})

    def surrogates(self, _request: dict[str, Any], _fd: int | None) -> Replies:
        """Raise what is no Unicode."""
        raise Fault(Reason.CORRUPT_DOCUMENT, "b\ud800d", metadata={"k\udfff": "v\ud800"})

    def error(self, _request: dict[str, Any], _fd: int | None) -> Replies:
        """Raise what the caller should not see."""
        yield {"before": True}
        raise ValueError("a secret sentence")

    def recurse(self, request: dict[str, Any], fd: int | None) -> Replies:
        """Exhaust the stack."""
        yield from self.recurse(request, fd)

    def allocate(self, request: dict[str, Any], _fd: int | None) -> Replies:
        """Allocate memory and let it go."""
        yield {"bytes": len(bytearray(request["bytes"]))}

    def grow(self, request: dict[str, Any], _fd: int | None) -> Replies:
        """Allocate memory and keep it."""
        self._kept.append(b"x" * request["bytes"])
        yield {"pid": os.getpid()}

    def raw(self, request: dict[str, Any], _fd: int | None) -> Replies:
        """Write bytes to the socket past the protocol."""
        os.write(_socket_fd(), bytes.fromhex(request["hex"]))
        hang()

    def look(self, _request: dict[str, Any], _fd: int | None) -> Replies:
        """Send what a parser could find out about the server."""
        yield {"environment": dict(os.environ), "files": sorted(_open_files())}

    def write(self, request: dict[str, Any], _fd: int | None) -> Replies:
        """Try to write a file."""
        with open(request["path"], "w") as file:  # noqa: PTH123 - the plainest way is meant
            file.write("loot")
        yield {}

    def attempt(self, request: dict[str, Any], _fd: int | None) -> Replies:
        """Try what a parser that was taken over would, and tell what each try came to."""
        yield {name: _tried(deed) for name, deed in _deeds(request).items()}

    def spin(self, request: dict[str, Any], _fd: int | None) -> Replies:
        """Use the processor for so many seconds."""
        ends = time.process_time() + request["seconds"]
        while time.process_time() < ends:
            pass
        yield {}

    def shout(self, request: dict[str, Any], _fd: int | None) -> Replies:
        """Write to stderr."""
        sys.stderr.write(request["text"])
        sys.stderr.flush()
        yield {}


def puppet() -> Puppet:
    """Make the handler."""
    return Puppet()


def stillborn() -> NoReturn:
    """Fail to make a handler."""
    raise LookupError("no lexicon")


def mayfly() -> NoReturn:
    """Die where the handler should be made."""
    os._exit(3)


def sluggard() -> NoReturn:
    """Never become ready."""
    hang()


def hang() -> NoReturn:
    """Hang as native code does: no signal but SIGKILL ends it."""
    while True:
        time.sleep(3600)


def _socket_fd() -> int:
    (found,) = [fd for fd, target in _open_files().items() if target.startswith("socket:")]
    return found


def _open_files() -> dict[int, str]:
    found = {}
    for name in os.listdir("/proc/self/fd"):  # noqa: PTH208 - names are all that is needed
        try:
            found[int(name)] = os.readlink(f"/proc/self/fd/{name}")  # noqa: PTH115
        except FileNotFoundError:
            continue
    return found


def _deeds(request: dict[str, Any]) -> dict[str, Callable[[], object]]:
    folder, parent = request["folder"], request["parent"]
    return {
        "connect": lambda: socket.create_connection(("127.0.0.1", request["port"]), timeout=1),
        "datagram": lambda: socket.socket(socket.AF_INET, socket.SOCK_DGRAM),
        "local socket": lambda: socket.socket(socket.AF_UNIX),
        "pair": socket.socketpair,
        "fork": os.fork,
        "exec": lambda: os.execv("/bin/true", ["true"]),
        "spawn": lambda: subprocess.run(["/bin/true"], check=True),
        "kill the server": lambda: os.kill(parent, 0),
        "read a secret": lambda: Path(folder, "secret").read_text(),
        "list a folder": lambda: list(Path(folder).iterdir()),
        "read the system": lambda: Path("/etc/passwd").read_text(),
        "read the server's memory": lambda: Path(f"/proc/{parent}/environ").read_bytes(),
        "write": lambda: Path(folder, "loot").write_text("x"),
        "make a folder": lambda: Path(folder, "made").mkdir(),
        "remove": lambda: Path(folder, "secret").unlink(),
        "link": lambda: Path(folder, "link").symlink_to("/etc/passwd"),
        "temporary file": tempfile.TemporaryFile,
        "memory file": lambda: os.memfd_create("x"),
        "lift a limit": lambda: resource.prlimit(parent, resource.RLIMIT_CORE),
        "a thread": lambda: threading.Thread(target=int).start(),
        "a library": lambda: importlib.import_module("wsgiref.util"),
        "random bytes": lambda: os.urandom(8),
    }


def _tried(deed: Callable[[], object]) -> str:
    try:
        deed()
    except OSError as error:
        return errno.errorcode.get(error.errno or 0, type(error).__name__)
    return "done"
