"""A document's bytes as an anonymous file that no other process can change."""

from __future__ import annotations

import fcntl
import os
import sys
import tempfile

_CHUNK = 16 * 1024 * 1024


def sealed(content: bytes) -> int:
    """Return a file descriptor that holds the content, closed on exec and owned by the caller.

    Where the system has memfds it is sealed against writing and resizing. Elsewhere it is a
    temporary file without a name.
    """
    if sys.platform != "linux":
        return _unlinked(content)
    fd = os.memfd_create("document", os.MFD_CLOEXEC | os.MFD_ALLOW_SEALING)
    try:
        _write(fd, content)
        seals = fcntl.F_SEAL_SHRINK | fcntl.F_SEAL_GROW | fcntl.F_SEAL_WRITE | fcntl.F_SEAL_SEAL
        fcntl.fcntl(fd, fcntl.F_ADD_SEALS, seals)
    except BaseException:
        os.close(fd)
        raise
    return fd


def _unlinked(content: bytes) -> int:
    with tempfile.TemporaryFile() as file:
        _write(file.fileno(), content)
        return os.dup(file.fileno())


def _write(fd: int, content: bytes) -> None:
    rest = memoryview(content)
    while rest:
        rest = rest[os.write(fd, rest[:_CHUNK]) :]
