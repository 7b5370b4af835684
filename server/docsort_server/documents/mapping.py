"""A document's file as memory, inside a worker process."""

from __future__ import annotations

import ctypes
import mmap
import sys


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

    def trim(self) -> None:
        """Give back the pages touched so far, and what was freed with them, until needed again."""
        if sys.platform == "linux":
            self._map.madvise(mmap.MADV_DONTNEED)
            _give_back_heap()

    def close(self) -> None:
        """Unmap the file; nothing may use the array any more."""
        self._array = None
        self._map.close()


def _give_back_heap() -> None:
    """Return freed heap pages to the system; glibc keeps them otherwise."""
    trim = getattr(ctypes.CDLL(None), "malloc_trim", None)
    if trim is not None:
        trim(0)
