"""How a parcel is sent: a header first, its content only once that is asked for."""

import threading
from collections.abc import Callable, Iterable, Iterator
from typing import Final, TypeAlias

from docsort._options import set_seconds
from docsort._parcel import Parcel
from docsort.v1 import document_service_pb2

Progress: TypeAlias = Callable[[int, int], object]
Part: TypeAlias = document_service_pb2.UploadDocumentRequest

# A server that has the content answers the header; one that wants it says so in its first metadata.
# Through a proxy that holds these back the content is sent after so many seconds all the same.
SEND_CHUNKS: Final = ("docsort-upload", "send-chunks")
SIGN_SECONDS: Final = 1.0


def header_of(parcel: Parcel, ttl: float | None) -> Part:
    """Return the first part. Raises TypeError and ValueError for what is no number of seconds."""
    header = document_service_pb2.UploadHeader(size_bytes=parcel.size, sha256=parcel.document_id)
    if ttl is not None:
        set_seconds(header.ttl, "ttl", ttl)
    return document_service_pb2.UploadDocumentRequest(header=header)


def chunk_of(piece: bytes) -> Part:
    """Return a part with content."""
    return document_service_pb2.UploadDocumentRequest(chunk=piece)


class Sending:
    """Give the parts to gRPC's thread, and tell another thread how many bytes it has taken."""

    def __init__(self, parcel: Parcel, ttl: float | None) -> None:
        self.error: Exception | None = None
        self._parcel = parcel
        self._header = header_of(parcel, ttl)
        self._sent = 0
        self._wanted = threading.Event()
        self._over = False
        self._changed = threading.Condition()

    def parts(self) -> Iterator[Part]:
        """Yield the header and, once it is wanted, the content."""
        yield self._header
        self._wanted.wait(SIGN_SECONDS)
        try:
            for piece in self._parcel.pieces():
                if self._over:
                    return
                yield chunk_of(piece)
                self._note(len(piece))
        except Exception as error:  # noqa: BLE001 - it belongs into the caller's thread
            self.error = error

    def note_sign(self, metadata: Iterable[tuple[str, str | bytes]]) -> None:
        """Take note of what the server says to the header."""
        if SEND_CHUNKS in [tuple(each) for each in metadata]:
            self._wanted.set()

    def end(self) -> None:
        """Take note that the call is over."""
        with self._changed:
            self._over = True
            self._wanted.set()
            self._changed.notify_all()

    def progress(self, silence: float) -> Iterator[int]:
        """Yield how many bytes are sent, whenever that has changed, until the call is over.

        Raises TimeoutError where that takes longer than `silence` seconds.
        """
        told = 0
        while (sent := self._next(told, silence)) is not None:
            told = sent
            yield sent

    def _next(self, told: int, silence: float) -> int | None:
        with self._changed:
            if not self._changed.wait_for(lambda: self._over or self._sent > told, silence):
                raise TimeoutError
            return None if self._over else self._sent

    def _note(self, size: int) -> None:
        with self._changed:
            self._sent += size
            self._changed.notify_all()
