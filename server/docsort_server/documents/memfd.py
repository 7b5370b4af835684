"""A document's bytes as an anonymous file that no other process can change."""

from __future__ import annotations

import fcntl
import os
import sys
import tempfile
import threading

_CHUNK = 16 * 1024 * 1024


class MemoryFile:
    """A file without a name, closed on exec: written piece by piece, then sealed, then read.

    Where the system has memfds, sealing keeps everybody from writing and resizing it. Elsewhere
    it is a temporary file. It may be closed while a thread writes to it, which then fails.
    """

    def __init__(self) -> None:
        self._fd: int | None = _unnamed()
        # Without it a late write could hit another file that has got the same number.
        self._writing = threading.Lock()

    @property
    def fd(self) -> int:
        """The open file. Raises ValueError once closed."""
        if self._fd is None:
            raise ValueError("the document is closed")
        return self._fd

    @property
    def is_open(self) -> bool:
        """Whether it still has its memory."""
        return self._fd is not None

    def write(self, content: bytes) -> None:
        """Append bytes. Raises ValueError once closed."""
        rest = memoryview(content)
        with self._writing:
            while rest:
                rest = rest[os.write(self.fd, rest[:_CHUNK]) :]

    def seal(self) -> None:
        """Let nobody change it from now on."""
        if sys.platform == "linux":
            seals = fcntl.F_SEAL_SHRINK | fcntl.F_SEAL_GROW | fcntl.F_SEAL_WRITE | fcntl.F_SEAL_SEAL
            fcntl.fcntl(self.fd, fcntl.F_ADD_SEALS, seals)

    def close(self) -> None:
        """Give the memory back; closing twice is harmless."""
        with self._writing:
            if self._fd is not None:
                os.close(self._fd)
                self._fd = None


def _unnamed() -> int:
    if sys.platform == "linux":
        return os.memfd_create("document", os.MFD_CLOEXEC | os.MFD_ALLOW_SEALING)
    with tempfile.TemporaryFile() as file:
        return os.dup(file.fileno())
