"""What a worker process gives up before it touches untrusted input."""

from __future__ import annotations

import contextlib
import ctypes
import gc
import logging
import os
import resource
import signal
import sys
import warnings

# From <linux/prctl.h>.
_PR_SET_PDEATHSIG = 1
_PR_SET_NO_NEW_PRIVS = 38


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
    """Keep libraries from writing pieces of documents to stderr, which the server logs."""
    logging.disable(logging.CRITICAL)
    warnings.simplefilter("ignore")
    sys.excepthook = lambda kind, _value, _trace: print(kind.__name__, file=sys.stderr)  # noqa: T201 - the one line a crash leaves


def limit(memory_bytes: int | None) -> None:
    """Bound memory, forbid core dumps and written files; call it after the imports."""
    gc.freeze()
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))
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
