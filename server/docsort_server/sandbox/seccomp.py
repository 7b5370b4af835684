"""Take away the system calls that a parser never needs: network, processes, the machine.

Any process may do that to itself once it has given up new privileges; no right is needed, so it
works in a restricted container. It is a list of what is refused rather than of what is allowed:
the libraries that run here come in many versions, and one that was missing a harmless call would
fail on somebody's machine only.
"""

from __future__ import annotations

import ctypes
import errno
import os
import platform
import sys
from typing import NamedTuple

from docsort_server.sandbox import bpf

_SET_FILTER, _ALL_THREADS = 1, 1
_X32 = 0x4000_0000
_CLONE_THREAD = 0x0001_0000


class _Calls(NamedTuple):
    """The numbers of system calls on one architecture, and its own number for auditing."""

    audit: int
    seccomp: int
    refused: tuple[int, ...]
    clone: int
    clone3: int
    on_processes: tuple[int, ...]
    prlimit: int


# The same everywhere since Linux 5.1: pidfd_send_signal, io_uring_*, the new mount calls,
# pidfd_open, pidfd_getfd, process_madvise, mount_setattr, process_mrelease.
_NEWER = (*range(424, 435), 438, 440, 442, 448)
_CALLS = {
    "x86_64": _Calls(
        audit=0xC000_003E,
        seccomp=317,
        refused=(
            *(41, 42, 43, 49, 50, 53, 288),  # socket connect accept bind listen socketpair accept4
            *(57, 58, 59, 322),  # fork vfork execve execveat
            *(101, 310, 311, 312),  # ptrace process_vm_readv process_vm_writev kcmp
            *(129, 297, 200),  # rt_sigqueueinfo rt_tgsigqueueinfo tkill
            *(29, 30, 64, 68, 240, 319),  # shmget shmat semget msgget mq_open memfd_create
            *(135, 155, 161, 163, 165, 166, 272, 308),  # personality pivot_root chroot ... setns
            *(164, 167, 168, 169, 170, 171, 172, 173, 227, 305),  # time swap reboot names ports
            *(175, 176, 179, 246, 313, 320),  # modules quotactl kexec
            *(248, 249, 250, 256, 279, 298, 300, 303, 304, 321, 323),  # keys ... bpf userfaultfd
            *_NEWER,
        ),
        clone=56,
        clone3=435,
        on_processes=(62, 234),  # kill tgkill
        prlimit=302,
    ),
    "aarch64": _Calls(
        audit=0xC000_00B7,
        seccomp=277,
        refused=(
            *(198, 199, 200, 201, 202, 203, 242),
            *(221, 281),
            *(117, 270, 271, 272),
            *(138, 240, 130),
            *(194, 196, 190, 186, 180, 279),
            *(92, 41, 51, 89, 40, 39, 97, 268),
            *(170, 224, 225, 142, 161, 162, 112, 266),
            *(105, 106, 60, 104, 273, 294),
            *(217, 218, 219, 238, 239, 241, 262, 264, 265, 280, 282),
            *_NEWER,
        ),
        clone=220,
        clone3=435,
        on_processes=(129, 131),
        prlimit=261,
    ),
}


def confine() -> bool:
    """Give up those calls for good, in all threads; tell whether that was possible here."""
    calls = _CALLS.get(platform.machine())
    if sys.platform != "linux" or calls is None:
        return False
    program = b"".join(step.packed() for step in _program(calls))
    steps = ctypes.create_string_buffer(program, len(program))
    filter_ = _Filter(len(program) // len(bpf.allow().packed()), ctypes.addressof(steps))
    libc = ctypes.CDLL(None, use_errno=True)
    libc.syscall.restype = ctypes.c_long
    done = libc.syscall(
        ctypes.c_long(calls.seccomp), _SET_FILTER, _ALL_THREADS, ctypes.byref(filter_)
    )
    return bool(done == 0)


class _Filter(ctypes.Structure):
    """A `struct sock_fprog`."""

    _fields_ = (("length", ctypes.c_ushort), ("steps", ctypes.c_void_p))


def _program(calls: _Calls) -> list[bpf.Step]:
    denied = errno.EPERM
    steps = [*bpf.only_on(calls.audit, denied), *bpf.load_number()]
    if calls.audit == _CALLS["x86_64"].audit:
        steps += bpf.refuse_from(_X32, denied)
    for number in calls.refused:
        steps += bpf.refuse_call(number, denied)
    # Its flags lie in memory, out of a filter's sight; without it threads are made by clone.
    steps += bpf.refuse_call(calls.clone3, errno.ENOSYS)
    steps += bpf.allow_with_bits(calls.clone, _CLONE_THREAD, denied)
    for number in calls.on_processes:
        steps += bpf.allow_with(number, os.getpid(), denied)
    steps += bpf.allow_with(calls.prlimit, 0, denied)
    return [*steps, bpf.allow()]
