"""A document's file as memory, inside a worker process."""

from __future__ import annotations

import ctypes
import mmap
import sys
from typing import Self

from docsort_server.documents.kinds import WINDOW, Sample


class Mapping:
    """Maps a file that stays readable after its descriptor is closed.

    PDFium wants a pointer, which ctypes gives for writable memory only: the mapping is private,
    so writing to it would touch this process alone.
    """

    def __init__(self, memory: mmap.mmap, *, of_file: bool) -> None:
        self._map = memory
        self._of_file = of_file
        self._start = 0
        self._array: ctypes.Array[ctypes.c_char] | None = None

    @classmethod
    def file(cls, fd: int) -> Self:
        """Map a file. Raises ValueError for an empty one."""
        return cls(_mapped(fd, 0), of_file=True)

    @classmethod
    def of(cls, content: bytes) -> Self:
        """Map bytes that are in memory already, such as a document within another."""
        memory = _mapped(-1, len(content))
        memory[:] = content
        return cls(memory, of_file=False)

    @property
    def size(self) -> int:
        """How many bytes there are."""
        return len(self._map) - self._start

    def skip(self, count: int) -> None:
        """Leave out so many bytes at the start, before the array is asked for."""
        self._start += count

    def find(self, mark: bytes, within: int) -> int:
        """Return where the mark is among the first so many bytes; -1 where it is not."""
        return self._map.find(mark, self._start, self._start + within)

    def sample(self) -> Sample:
        """Return what tells the kind of the document."""
        head = self._map[self._start : self._start + WINDOW]
        tail = self._map[max(self._start + len(head), len(self._map) - WINDOW) :]
        return Sample(head, tail, self.size, blank=False)

    @property
    def array(self) -> ctypes.Array[ctypes.c_char]:
        """The memory as a C array; valid until `close`."""
        if self._array is None:
            self._array = (ctypes.c_char * self.size).from_buffer(self._map, self._start)
        return self._array

    def copy(self) -> bytes:
        """Return the bytes, copied."""
        return self._map[self._start :]

    def trim(self) -> None:
        """Give back the pages touched so far, and what was freed with them, until needed again."""
        if sys.platform == "linux" and self._of_file:
            self._map.madvise(mmap.MADV_DONTNEED)
            _give_back_heap()

    def close(self) -> None:
        """Unmap the file; nothing may use the array any more."""
        self._array = None
        self._map.close()


def _mapped(fd: int, size: int) -> mmap.mmap:
    return mmap.mmap(fd, size, flags=mmap.MAP_PRIVATE, prot=mmap.PROT_READ | mmap.PROT_WRITE)


def _give_back_heap() -> None:
    """Return freed heap pages to the system; glibc keeps them otherwise."""
    trim = getattr(ctypes.CDLL(None), "malloc_trim", None)
    if trim is not None:
        trim(0)
