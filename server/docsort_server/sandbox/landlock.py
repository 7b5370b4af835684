"""Take away the file system, but for the code and data that libraries load: Linux's Landlock.

No right is needed for that either; see landlock(7). Where a kernel has it, nothing else can be
opened from then on, by whatever means.
"""

from __future__ import annotations

import ctypes
import os
import struct
import sys
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable

# The same on every architecture.
_CREATE, _ADD, _RESTRICT = 444, 445, 446
_VERSION, _BENEATH = 1, 1
_WRITE_FILE, _READ_FILE, _READ_DIR, _TRUNCATE = 1 << 1, 1 << 2, 1 << 3, 1 << 14
_TRUNCATE_SINCE = 3
# Rights on files that a version knows, and from the fourth on those to connect and listen.
_FILE_RIGHTS = {1: 13, 2: 14, 3: 15, 4: 15}
_NEWEST_FILE_RIGHTS = 16
_NET_RIGHTS = 0b11
_NET_SINCE, _SCOPE_SINCE = 4, 6
_SCOPES = 0b11  # abstract sockets and signals to processes outside
_LIBRARIES = (
    *("/usr/lib", "/usr/lib64", "/lib", "/lib64", "/usr/local/lib", "/usr/share"),
    *("/etc/ld.so.cache", "/etc/localtime", "/etc/fonts", "/dev/urandom"),
    *("/proc/self", "/proc/cpuinfo", "/proc/meminfo", "/sys/devices/system/cpu", "/sys/bus/pci"),
)


def confine(places: Iterable[str]) -> bool:
    """Allow reading of what lies below `places`, and of libraries; tell whether that was possible.

    Nothing can be written, made or removed anywhere, /dev/null aside, nor a network be used.
    """
    if sys.platform != "linux":
        return False
    libc = ctypes.CDLL(None, use_errno=True)
    libc.syscall.restype = ctypes.c_long
    version = libc.syscall(ctypes.c_long(_CREATE), None, ctypes.c_size_t(0), _VERSION)
    if version < 1:
        return False
    attributes = _attributes(version)
    rules = libc.syscall(ctypes.c_long(_CREATE), attributes, ctypes.c_size_t(len(attributes)), 0)
    if rules < 0:
        return False
    try:
        for place in (*_LIBRARIES, *places):
            _allow(libc, rules, place, _READ_FILE | _READ_DIR)
        # Where libraries send what they have to say; some do not look whether they may.
        _allow(libc, rules, "/dev/null", _READ_FILE | _WRITE_FILE | _truncate(version))
        return bool(libc.syscall(ctypes.c_long(_RESTRICT), ctypes.c_int(rules), 0) == 0)
    finally:
        os.close(rules)


def _attributes(version: int) -> bytes:
    """Return a `struct landlock_ruleset_attr`, as long as the kernel's version knows it."""
    files = (1 << _FILE_RIGHTS.get(version, _NEWEST_FILE_RIGHTS)) - 1
    fields = [files]
    if version >= _NET_SINCE:
        fields.append(_NET_RIGHTS)
    if version >= _SCOPE_SINCE:
        fields.append(_SCOPES)
    return struct.pack(f"={len(fields)}Q", *fields)


def _truncate(version: int) -> int:
    return _TRUNCATE if version >= _TRUNCATE_SINCE else 0


def _allow(libc: ctypes.CDLL, rules: int, place: str, rights: int) -> None:
    try:
        fd = os.open(place, os.O_PATH | os.O_CLOEXEC)
    except OSError:
        return
    try:
        # A right on folders alone is refused for a file.
        fitting = rights if Path(place).is_dir() else rights & ~_READ_DIR
        rule = struct.pack("=Qi", fitting, fd)
        libc.syscall(ctypes.c_long(_ADD), ctypes.c_int(rules), _BENEATH, rule, 0)
    finally:
        os.close(fd)
