"""A document on its way to the parsers."""

from __future__ import annotations

import hashlib
import os
from typing import TYPE_CHECKING, Self

from docsort_server.documents.memfd import sealed

if TYPE_CHECKING:
    from types import TracebackType


class Document:
    """One document's bytes outside the heap, with what reading it has cost so far.

    `digest` is the SHA-256 in hex, `size` counts bytes. `seconds` is the time spent waiting for
    parsers and `crashes` how many of them it killed; `pages` is known once it was opened. Close
    it when the job ends.
    """

    def __init__(self, content: bytes, digest: str | None = None) -> None:
        self.digest = digest or hashlib.sha256(content).hexdigest()
        self.size = len(content)
        self.pages: int | None = None
        self.seconds = 0.0
        self.crashes = 0
        self._fd: int | None = sealed(content)

    @property
    def fd(self) -> int:
        """The open file. Raises ValueError once closed."""
        if self._fd is None:
            raise ValueError("the document is closed")
        return self._fd

    def close(self) -> None:
        """Give the memory back; a parser that holds the document keeps its own mapping."""
        if self._fd is not None:
            os.close(self._fd)
            self._fd = None

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()
