"""What is told beside the output, on standard error: waiting, trying again, cancelled jobs."""

import contextlib
import logging
import sys
import threading
from collections.abc import Generator
from typing import Final

from docsort._cli.exits import Exit

PATIENT_SECONDS: Final = 2.0


class Waiting:
    """Tell once that nothing has come for two seconds; used between `start` and `stop`."""

    def __init__(self, server: str, *, enabled: bool) -> None:
        self._server = server
        self._enabled = enabled
        self._timer: threading.Timer | None = None

    def start(self) -> None:
        """Begin to count, at the first call only."""
        if self._timer is not None or not self._enabled:
            return
        self._timer = threading.Timer(PATIENT_SECONDS, self._tell)
        self._timer.daemon = True
        self._timer.start()

    def stop(self) -> None:
        """Say nothing any more."""
        if self._timer is not None:
            self._timer.cancel()

    def _tell(self) -> None:
        say(f"waiting for {self._server} ...")


class _StandardError:
    """Write to what is standard error at that time: a live table takes its place for a while."""

    def write(self, text: str) -> None:
        """Write."""
        sys.stderr.write(text)

    def flush(self) -> None:
        """Flush."""
        sys.stderr.flush()


@contextlib.contextmanager
def notices(server: str, *, text: bool) -> Generator[Waiting, None, None]:
    """Show what the client logs; for formats that programs read, only what became of jobs."""
    log = logging.getLogger("docsort")
    handler = logging.StreamHandler(_StandardError())
    handler.setFormatter(logging.Formatter("docsort: %(message)s"))
    handler.addFilter(logging.Filter("docsort" if text else "docsort.jobs"))
    log.addHandler(handler)
    log.setLevel(logging.INFO)
    waiting = Waiting(server, enabled=text)
    try:
        yield waiting
    finally:
        waiting.stop()
        log.removeHandler(handler)


def say(text: str, code: Exit = Exit.OK) -> Exit:
    """Print a line of our own; return the exit code, for the last words of a command."""
    print(f"docsort: {text}", file=sys.stderr, flush=True)
    return code
