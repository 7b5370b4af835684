"""What a worker process gives up before it touches untrusted input."""

from __future__ import annotations

import contextlib
import ctypes
import gc
import importlib.util
import logging
import math
import mimetypes
import os
import resource
import signal
import sys
import warnings
from pathlib import Path
from typing import TYPE_CHECKING

from docsort_server.sandbox import landlock, seccomp

if TYPE_CHECKING:
    from collections.abc import Iterator

# From <linux/prctl.h>.
_PR_SET_PDEATHSIG = 1
_PR_SET_NO_NEW_PRIVS = 38
# A document's file, its socket, and what a library may open for its data.
_OPEN_FILES = 64
_PACKAGES = ("site-packages", "dist-packages")


def die_with(parent: int) -> None:
    """Have the kernel kill this process when its parent dies, even by SIGKILL.

    Elsewhere than on Linux the closed socket ends the worker once it is idle.
    """
    if sys.platform != "linux":
        return
    libc = ctypes.CDLL(None)
    libc.prctl(_PR_SET_PDEATHSIG, signal.SIGKILL, 0, 0, 0)
    libc.prctl(_PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0)
    if os.getppid() != parent:  # it died before the kernel was asked
        os._exit(1)


def ignore_signals() -> None:
    """Leave stopping to the server: Ctrl-C and a service manager signal the whole group."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    signal.signal(signal.SIGTERM, signal.SIG_IGN)


def mute() -> None:
    """Keep libraries from writing pieces of documents to stderr, which the server logs.

    And from reading the system's lists of file types, which they would fail to do later.
    """
    mimetypes.init([])
    logging.disable(logging.CRITICAL)
    warnings.simplefilter("ignore")
    sys.excepthook = lambda kind, _value, _trace: print(kind.__name__, file=sys.stderr)  # noqa: T201 - the one line a crash leaves


def give_up_the_rest(handler: str) -> list[str]:
    """Give up network, processes and files for good; return the names of what cannot be.

    Code and data of libraries can be read on: what the handler imports must be found, then or
    later. Call it before any thread is started, since of those some would keep what they have.
    """
    walls = {
        "landlock": landlock.confine(_code(handler)),
        "seccomp": seccomp.confine(),
    }
    return [name for name, stands in walls.items() if not stands]


def _code(handler: str) -> Iterator[str]:
    """Yield where the code of this interpreter lies, and that of the handler.

    Not all that modules are looked for in: that may be a folder in which somebody keeps documents.
    """
    yield from (sys.prefix, sys.base_prefix, sys.exec_prefix)
    yield from (place for place in sys.path if Path(place).name in _PACKAGES)
    for name in ("docsort_server", handler.partition(":")[0].partition(".")[0]):
        found = importlib.util.find_spec(name)
        yield from (found.submodule_search_locations if found else None) or ()
        if found and found.origin:
            yield found.origin
    if data := os.environ.get("TESSDATA_PREFIX"):
        yield data


def allow_cpu(seconds: int) -> None:
    """Have the kernel end this process after so many more seconds of processor time."""
    used = resource.getrusage(resource.RUSAGE_SELF)
    soft = math.ceil(used.ru_utime + used.ru_stime) + seconds
    _, hard = resource.getrlimit(resource.RLIMIT_CPU)
    if hard != resource.RLIM_INFINITY:
        soft = min(soft, hard)
    resource.setrlimit(resource.RLIMIT_CPU, (soft, hard))


def limit(memory_bytes: int | None) -> None:
    """Bound memory and open files, forbid core dumps and written files, after the imports."""
    gc.freeze()
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))
    resource.setrlimit(resource.RLIMIT_NOFILE, (_OPEN_FILES, _OPEN_FILES))
    if memory_bytes is None:
        return
    bound = _mapped_bytes() + memory_bytes
    with contextlib.suppress(ValueError, OSError):  # macOS refuses RLIMIT_AS
        resource.setrlimit(resource.RLIMIT_AS, (bound, bound))


def resident_bytes() -> int:
    """Return the resident set size, or 0 where the system does not tell."""
    return _statm(1)


def _mapped_bytes() -> int:
    return _statm(0)


def _statm(field: int) -> int:
    try:
        with open("/proc/self/statm", "rb", buffering=0) as file:  # noqa: PTH123 - asked per request
            fields = file.read(128).split()
    except OSError:
        return 0
    return int(fields[field]) * resource.getpagesize()
