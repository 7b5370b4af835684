"""PDF readers that crash, hang or lie where a document tells them to."""

from __future__ import annotations

import os
import signal
import time
from typing import TYPE_CHECKING, Any

from docsort_server.documents.ocr.handler import PageRecogniser
from docsort_server.documents.ocr.model import Recognised
from docsort_server.documents.reader import Reader

if TYPE_CHECKING:
    from collections.abc import Iterator

    from docsort_server.documents.parsed import Picture

_STARTED = time.time()


class Saboteur:
    """Reads like the real one, but obeys words in the text of a page or after the file's end."""

    def __init__(self) -> None:
        self._reader = Reader()

    def rest(self) -> None:
        """Hold nothing between requests."""

    def handle(self, request: dict[str, Any], fd: int | None) -> Iterator[dict[str, Any]]:
        """Yield what the real reader yields, unless told otherwise."""
        if fd is not None:
            tail = os.pread(fd, 100, max(0, os.fstat(fd).st_size - 100)).decode("latin-1")
            _obey(tail.rpartition("%%EOF")[2])
        for frame in self._reader.handle(request, fd):
            _obey(frame.get("text", ""))
            yield {**frame, "number": 99} if "LIE" in frame.get("text", "") else frame


def saboteur() -> Saboteur:
    """Make the handler."""
    return Saboteur()


class Reciter:
    """Reads the same off every picture, and starts in a moment."""

    def read(self, picture: Picture) -> Recognised:
        """Return the text."""
        return Recognised("Hello there, whoever reads this", 0.9)

    def angle(self, picture: Picture) -> int:
        """Turn nothing."""
        return 0


def reciter() -> PageRecogniser:
    """Make the handler."""
    return PageRecogniser(Reciter())


def _obey(text: str) -> None:
    # A worker can note nothing down; whoever comes after it has started later.
    if "ONCE" in text and float(text.partition("ONCE ")[2].partition("\n")[0]) < _STARTED:
        return
    if "CRASH" in text:
        os.kill(os.getpid(), signal.SIGABRT)
    if "HANG" in text:
        time.sleep(3600)
    if "STROLL" in text:
        time.sleep(0.2)
