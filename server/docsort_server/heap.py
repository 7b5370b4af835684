"""How the C library gives memory back to the system."""

from __future__ import annotations

import ctypes

# Numbers of glibc's mallopt(3).
_TRIM_THRESHOLD, _MMAP_THRESHOLD, _ARENA_MAX = -1, -3, -8
_MIB = 1024 * 1024
# The chunks of uploads are a little less than 1 MiB. By default each would be memory that the
# system has to clear anew, which costs more than hashing it.
KEPT = 4 * _MIB
LARGEST = 2 * _MIB
# Each arena keeps as much, and each thread would get one of its own.
ARENAS = 2


def keep_freed_memory() -> None:
    """Let this process use freed memory again instead of giving all of it back at once.

    Does nothing where the C library is not glibc.
    """
    mallopt = getattr(ctypes.CDLL(None), "mallopt", None)
    if mallopt is not None:
        mallopt(_TRIM_THRESHOLD, KEPT)
        mallopt(_MMAP_THRESHOLD, LARGEST)
        mallopt(_ARENA_MAX, ARENAS)
