"""Documents on their way: small ones as bytes, large ones as parcels that can be sent again."""

import hashlib
import io
import os
import threading
from pathlib import Path
from typing import BinaryIO

import pytest

import docsort
from docsort import _parcel
from docsort._parcel import CHUNK_BYTES, Content, Parcel, packed

CONTENT = b"%PDF-1.4"
LARGE = b"%PDF-1.7".ljust(3 * CHUNK_BYTES + 5, b"x")


class Trickle(io.BytesIO):
    """A file that gives three bytes at a time, as a pipe may, and cannot go back."""

    def read(self, size: int | None = -1, /) -> bytes:
        """Return three bytes or fewer."""
        return super().read(min(3, size or 3))

    def seekable(self) -> bool:
        """Return that it is a one-way street."""
        return False


@pytest.mark.parametrize(
    "document",
    [CONTENT, bytearray(CONTENT), memoryview(CONTENT), io.BytesIO(CONTENT), Trickle(CONTENT)],
    ids=lambda document: type(document).__name__,
)
def test_a_small_document_is_its_bytes(document: Content) -> None:
    """Bytes in any form and binary files are read, up to the limit."""
    with packed(document, len(CONTENT)) as found:
        assert found == CONTENT


def test_a_path_may_be_text(tmp_path: Path) -> None:
    """A path may be text or a path object."""
    path = tmp_path / "a.pdf"
    path.write_bytes(CONTENT)
    for document in (path, str(path)):
        with packed(document, 100) as found:
            assert found == CONTENT


def sources(folder: Path) -> dict[str, Content]:
    """Return the large document in every form that it may have."""
    path = folder / "large.pdf"
    path.write_bytes(LARGE)
    return {
        "bytes": LARGE,
        "view": memoryview(LARGE),
        "path": path,
        "memory file": io.BytesIO(LARGE),
        "file": path.open("rb"),
        "trickle": io.BufferedReader(Trickle(LARGE), 65_536),
        "pipe": piped(LARGE),
    }


def piped(content: bytes) -> BinaryIO:
    """Return the reading end of a pipe that gives the content."""
    reading, writing = os.pipe()

    def write() -> None:
        with os.fdopen(writing, "wb") as file:
            file.write(content)

    threading.Thread(target=write).start()
    return os.fdopen(reading, "rb")


def test_a_large_document_can_be_sent_again(tmp_path: Path) -> None:
    """However it is given, its digest is known first and its pieces can be had twice."""
    for name, document in sources(tmp_path).items():
        with packed(document, 100) as parcel:
            assert isinstance(parcel, Parcel), name
            assert parcel.size == len(LARGE)
            assert parcel.document_id == hashlib.sha256(LARGE).hexdigest()
            for _ in range(2):
                pieces = list(parcel.pieces())
                assert max(map(len, pieces)) <= CHUNK_BYTES
                assert b"".join(pieces) == LARGE
        if isinstance(document, io.IOBase):
            document.close()


def test_a_file_counts_from_where_it_stands() -> None:
    """What was read of a file before is no part of the document."""
    file = io.BytesIO(b"head" + LARGE)
    file.seek(4)
    with packed(file, 100) as parcel:
        assert isinstance(parcel, Parcel)
        assert b"".join(parcel.pieces()) == LARGE


def test_empty_document_is_refused(tmp_path: Path) -> None:
    """Nothing is sent for a document without bytes, inline or not."""
    (tmp_path / "empty.pdf").touch()
    for document in (b"", io.BytesIO(), tmp_path / "empty.pdf"):
        for inline in (0, 100):
            with pytest.raises(docsort.EmptyDocumentError), packed(document, inline):
                pass


def test_what_no_server_takes_is_refused(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """A file is not even read; a device, which has no end, is read no further than the limit."""
    monkeypatch.setattr(_parcel, "MOST_BYTES", 1_000)
    (tmp_path / "a.pdf").write_bytes(LARGE)
    for document in (LARGE, tmp_path / "a.pdf", "/dev/zero"):
        with pytest.raises(docsort.DocumentTooLargeError) as caught, packed(document, 100):
            pass
        assert caught.value.metadata["value"] == "1000"
