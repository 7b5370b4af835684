"""A document's file as memory, inside a worker process."""

from __future__ import annotations

import ctypes
import mmap


class Mapping:
    """Maps a file that stays readable after its descriptor is closed.

    PDFium wants a pointer, which ctypes gives for writable memory only: the mapping is private,
    so writing to it would touch this process alone.
    """

    def __init__(self, fd: int) -> None:
        self._map = mmap.mmap(fd, 0, flags=mmap.MAP_PRIVATE, prot=mmap.PROT_READ | mmap.PROT_WRITE)
        self.size = len(self._map)
        self._array: ctypes.Array[ctypes.c_char] | None = None

    @property
    def array(self) -> ctypes.Array[ctypes.c_char]:
        """The memory as a C array; valid until `close`."""
        if self._array is None:
            self._array = (ctypes.c_char * self.size).from_buffer(self._map)
        return self._array

    def copy(self) -> bytes:
        """Return the bytes, copied."""
        return self._map[:]

    def close(self) -> None:
        """Unmap the file; nothing may use the array any more."""
        self._array = None
        self._map.close()
