"""A limit on the silence of a blocking stream, which gRPC itself does not offer."""

import threading
import time
from collections.abc import Callable, Generator
from contextlib import contextmanager


class Silence:
    """End a wait that takes too long, from a thread of its own.

    Only the waits inside `within` count: a slow reader of the stream is not silence.
    """

    def __init__(self, end: Callable[[], object]) -> None:
        self.ended = False
        self._end = end
        self._deadline: float | None = None
        self._closed = False
        self._changed = threading.Condition()
        self._thread = threading.Thread(target=self._run, name="docsort-silence", daemon=True)
        self._thread.start()

    @contextmanager
    def within(self, seconds: float) -> Generator[None, None, None]:
        """Call `end` once, and set `ended`, if the block takes longer than `seconds`."""
        self._set(time.monotonic() + seconds)
        try:
            yield
        finally:
            self._set(None)

    def close(self) -> None:
        """Stop the thread."""
        with self._changed:
            self._closed = True
            self._changed.notify()
        self._thread.join()

    def _set(self, deadline: float | None) -> None:
        with self._changed:
            self._deadline = deadline
            self._changed.notify()

    def _run(self) -> None:
        with self._changed:
            while not self._closed:
                left = None if self._deadline is None else self._deadline - time.monotonic()
                if left is not None and left <= 0:
                    self.ended = True
                    break
                self._changed.wait(left)
        if self.ended:
            self._end()
