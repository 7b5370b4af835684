"""Become a nats-server that the kernel ends together with its parent.

Run by path, in an interpreter without site packages: a program that replaces this one keeps the
wish, and no Python code runs between fork and exec in a process that has threads.
"""

import ctypes
import os
import signal
import sys

# From <linux/prctl.h>.
_PR_SET_PDEATHSIG = 1


def main() -> None:
    """Execute `argv[2:]` unless the process `argv[1]` is no longer the parent."""
    if sys.platform == "linux":
        # SIGKILL: a server that hangs must go as well, and what it acknowledged is on disk.
        ctypes.CDLL(None).prctl(_PR_SET_PDEATHSIG, signal.SIGKILL, 0, 0, 0)
    if os.getppid() != int(sys.argv[1]):
        os._exit(1)
    os.execv(sys.argv[2], sys.argv[2:])  # noqa: S606 - the program to become


if __name__ == "__main__":
    main()
