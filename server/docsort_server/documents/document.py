"""A document on its way to the parsers."""

from __future__ import annotations

import asyncio
import hashlib
from typing import TYPE_CHECKING, Self

from docsort_server.documents.memfd import MemoryFile
from docsort_server.faults import Fault, Reason

if TYPE_CHECKING:
    from collections.abc import AsyncIterable
    from types import TracebackType

# Chunks up to this size are too quick to be worth a thread.
_QUICK = 64 * 1024


class Document:
    """One document's bytes outside the heap, with what reading it has cost so far.

    `digest` is the SHA-256 in hex, `size` counts bytes. `seconds` is the time spent waiting for
    parsers and `crashes` how many of them it killed; `pages` is known once it was opened, with the
    `password` where it needs one. Close it when the job ends.
    """

    def __init__(self, content: bytes = b"") -> None:
        self.size = 0
        self.pages: int | None = None
        self.password: str | None = None
        self.seconds = 0.0
        self.crashes = 0
        self._hash = hashlib.sha256()
        self._file = MemoryFile()
        if content:
            self._take(content)
            self._file.seal()

    @classmethod
    async def fetched(
        cls, chunks: AsyncIterable[bytes], known: tuple[str, int] | None = None
    ) -> Self:
        """Return the document that comes in chunks, none of which is kept.

        Raises `Fault` CORRUPT_DOCUMENT where its digest and size are not those that are known.
        """
        document = cls()
        try:
            async for chunk in chunks:
                if len(chunk) <= _QUICK:
                    document._take(chunk)
                else:
                    await asyncio.to_thread(document._take, chunk)
            document._finish(known)
        except BaseException:
            document.close()
            raise
        return document

    @property
    def digest(self) -> str:
        """The SHA-256 of the bytes, in hex."""
        return self._hash.hexdigest()

    @property
    def fd(self) -> int:
        """The open file. Raises ValueError once closed."""
        return self._file.fd

    @property
    def is_open(self) -> bool:
        """Whether it still has its memory."""
        return self._file.is_open

    def close(self) -> None:
        """Give the memory back; a parser that holds the document keeps its own mapping."""
        self._file.close()

    def _take(self, chunk: bytes) -> None:
        self._hash.update(chunk)
        self._file.write(chunk)
        self.size += len(chunk)

    def _finish(self, known: tuple[str, int] | None) -> None:
        if known not in (None, (self.digest, self.size)):
            text = "the stored document is damaged: it is not what was handed in"
            raise Fault(Reason.CORRUPT_DOCUMENT, text)
        self._file.seal()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()
