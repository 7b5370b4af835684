"""A document's bytes outside the heap."""

from __future__ import annotations

import hashlib
import os
from typing import TYPE_CHECKING

import pytest

from docsort_server.documents.document import Document
from docsort_server.faults import Fault, Reason

if TYPE_CHECKING:
    from collections.abc import AsyncGenerator


def test_the_bytes_are_sealed() -> None:
    """Whoever gets the descriptor can read the document and change nothing of it."""
    content = os.urandom(100_000)
    with Document(content) as document:
        assert document.digest == hashlib.sha256(content).hexdigest()
        assert document.size == len(content)
        assert os.pread(document.fd, 200_000, 0) == content
        with pytest.raises(PermissionError):
            os.pwrite(document.fd, b"x", 0)
        with pytest.raises(PermissionError):
            os.truncate(document.fd, 10)
        with pytest.raises(PermissionError):
            os.truncate(document.fd, 200_000)


def test_closing_gives_the_descriptor_back() -> None:
    """A closed document has no descriptor; closing twice is harmless."""
    document = Document(b"content")
    fd = document.fd
    document.close()
    document.close()
    with pytest.raises(OSError, match="Bad file descriptor"):
        os.fstat(fd)
    with pytest.raises(ValueError, match="closed"):
        _ = document.fd


CONTENT = bytes(range(250)) * 1_200
DIGEST = hashlib.sha256(CONTENT).hexdigest()


async def chunks() -> AsyncGenerator[bytes, None]:
    """Yield a document in chunks of all sizes."""
    for start, end in ((0, 5), (5, 5), (5, 200_000), (200_000, 300_000)):
        yield CONTENT[start:end]


async def test_a_document_is_fetched_in_chunks() -> None:
    """What comes in chunks is the same sealed document as one given whole."""
    with await Document.fetched(chunks(), (DIGEST, len(CONTENT))) as document:
        assert (document.digest, document.size) == (DIGEST, len(CONTENT))
        assert os.pread(document.fd, 400_000, 0) == CONTENT
        with pytest.raises(PermissionError):
            os.pwrite(document.fd, b"x", 0)


@pytest.mark.parametrize(("digest", "size"), [("0" * 64, len(CONTENT)), (DIGEST, 299_999)])
async def test_a_damaged_document_is_not_taken(digest: str, size: int) -> None:
    """What is not the document that was handed in never reaches a parser."""
    with pytest.raises(Fault) as caught:
        await Document.fetched(chunks(), (digest, size))
    assert caught.value.reason is Reason.CORRUPT_DOCUMENT
