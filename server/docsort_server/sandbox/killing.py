"""Kill a child process without racing the event loop for its exit status."""

from __future__ import annotations

import contextlib
import os
import signal
import sys


class Killer:
    """Sends SIGKILL to one child.

    `Process.kill` of asyncio polls the child first, and so may reap it before the loop's own
    watcher does, which then reports status 255; a bare `os.kill` may meet a reused id. A pidfd,
    where the system has them, does neither.
    """

    def __init__(self, pid: int) -> None:
        self._pid = pid
        self._pidfd: int | None = None
        self._closed = False
        if sys.platform == "linux":
            with contextlib.suppress(OSError):
                self._pidfd = os.pidfd_open(pid)

    def kill(self) -> None:
        """Send the signal; harmless when the process has ended, or after `close`."""
        with contextlib.suppress(ProcessLookupError):
            if sys.platform == "linux" and self._pidfd is not None:
                signal.pidfd_send_signal(self._pidfd, signal.SIGKILL)
            elif not self._closed:
                os.kill(self._pid, signal.SIGKILL)

    def close(self) -> None:
        """Forget the process, once its end is known."""
        self._closed = True
        if self._pidfd is not None:
            os.close(self._pidfd)
        self._pidfd = None
