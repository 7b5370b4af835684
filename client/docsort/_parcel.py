"""A document on its way to the server: sent within the request, or uploaded piece by piece."""

import contextlib
import hashlib
import os
import stat
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import BinaryIO, Final, TypeAlias

from docsort import _errors
from docsort._enums import ErrorReason
from docsort._models import RemoteDocument, UploadedDocument

Content: TypeAlias = bytes | bytearray | memoryview | str | os.PathLike[str] | BinaryIO
Document: TypeAlias = Content | UploadedDocument | RemoteDocument

CHUNK_BYTES: Final = 960 * 1024
# The most that a server's setting `max_document_bytes` allows.
MOST_BYTES: Final = 2_047 * 1024 * 1024


class Parcel:
    """A document that can be sent more than once, in pieces, without being in memory as a whole.

    `size` is in bytes, `document_id` the SHA-256 of the content, which is what the server will
    call the document.
    """

    def __init__(self, pieces: Callable[[], Iterator[bytes]]) -> None:
        self._pieces = pieces
        self.size = 0
        digest = hashlib.sha256()
        for piece in pieces():
            digest.update(piece)
            self.size += len(piece)
            check_size(self.size)
        self.document_id = digest.hexdigest()
        if not self.size:
            raise empty()

    def pieces(self) -> Iterator[bytes]:
        """Yield the content from its start, 960 KiB at a time."""
        return self._pieces()


@contextlib.contextmanager
def packed(content: Content, inline_bytes: int = 0) -> Iterator[bytes | Parcel]:
    """Lend a document: its bytes where these are few enough, else a parcel to be uploaded.

    What can be read only once is kept in a temporary file meanwhile. Raises EmptyDocumentError,
    OSError, TypeError for anything that is no document.
    """
    with contextlib.ExitStack() as stack:
        yield _packed(content, inline_bytes, stack)


def check_size(size: int) -> None:
    """Raise DocumentTooLargeError for what no server takes, before it is read to its end."""
    if size > MOST_BYTES:
        raise _errors.DocumentTooLargeError(
            f"the document has more than {MOST_BYTES} bytes; no server takes so many",
            reason=ErrorReason.DOCUMENT_TOO_LARGE,
            metadata={"limit": "bytes", "value": str(MOST_BYTES), "actual": f"at least {size}"},
        )


def empty() -> _errors.EmptyDocumentError:
    """Return the error for a document without any bytes."""
    return _errors.EmptyDocumentError("the document is empty", reason=ErrorReason.EMPTY_DOCUMENT)


def _packed(content: Content, inline_bytes: int, stack: contextlib.ExitStack) -> bytes | Parcel:
    if isinstance(content, bytes | bytearray | memoryview):
        return _of_bytes(content, inline_bytes)
    if isinstance(content, str | os.PathLike):
        file = stack.enter_context(Path(content).open("rb"))  # noqa: SIM115
        check_size(os.fstat(file.fileno()).st_size)
        return _of_file(file, inline_bytes, stack)
    if not hasattr(content, "read"):
        raise no_document(content)
    return _of_file(content, inline_bytes, stack)


def _of_bytes(content: bytes | bytearray | memoryview, inline_bytes: int) -> bytes | Parcel:
    whole = memoryview(content)
    if whole.nbytes <= inline_bytes:
        return bytes(content) or _nothing()
    view = whole.cast("B") if whole.c_contiguous else memoryview(bytes(content))
    return Parcel(lambda: _slices(view))


def _of_file(file: BinaryIO, inline_bytes: int, stack: contextlib.ExitStack) -> bytes | Parcel:
    start = _position(file)
    first = _read(file, inline_bytes + 1)
    if len(first) <= inline_bytes:
        return first or _nothing()
    if start is None:
        file, start = _spooled(first, file, stack), 0
    return Parcel(lambda: _rest(file, start))


def _position(file: BinaryIO) -> int | None:
    """Return where a file stands that can be read again from there, else None."""
    try:
        return file.tell() if file.seekable() and _comes_back(file) else None
    except (AttributeError, OSError, ValueError):
        return None


def _comes_back(file: BinaryIO) -> bool:
    """Tell whether what says that it can seek does: a device does not."""
    try:
        number = file.fileno()
    except (AttributeError, OSError):
        return True
    return stat.S_ISREG(os.fstat(number).st_mode)


def _spooled(first: bytes, file: BinaryIO, stack: contextlib.ExitStack) -> BinaryIO:
    spool = stack.enter_context(tempfile.TemporaryFile())  # noqa: SIM115
    spool.write(first)
    while piece := _read(file, CHUNK_BYTES):
        spool.write(piece)
        check_size(spool.tell())
    return spool


def _rest(file: BinaryIO, start: int) -> Iterator[bytes]:
    file.seek(start)
    while piece := _read(file, CHUNK_BYTES):
        yield piece


def _slices(view: memoryview) -> Iterator[bytes]:
    for start in range(0, len(view), CHUNK_BYTES):
        yield bytes(view[start : start + CHUNK_BYTES])


def _read(file: BinaryIO, most: int) -> bytes:
    """Read `most` bytes, less only at the end; pipes give less at a time than asked for."""
    pieces: list[bytes] = []
    while most and (piece := file.read(most)):
        if not isinstance(piece, bytes):
            raise no_document(file)
        pieces.append(piece)
        most -= len(piece)
    return b"".join(pieces)


def _nothing() -> bytes:
    raise empty()


def no_document(found: object) -> TypeError:
    """Return the error for what is neither bytes nor a path nor a binary file."""
    kind = "None" if found is None else type(found).__name__
    return TypeError(
        "a document is bytes, a path, a file opened as binary, one that was uploaded, or a"
        " RemoteDocument;"
        f" found {kind}"
    )
