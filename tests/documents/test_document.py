"""A document's bytes outside the heap."""

from __future__ import annotations

import hashlib
import os

import pytest

from docsort_server.documents.document import Document


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
    document = Document(b"content", digest="known")
    fd = document.fd
    document.close()
    document.close()
    with pytest.raises(OSError, match="Bad file descriptor"):
        os.fstat(fd)
    with pytest.raises(ValueError, match="closed"):
        _ = document.fd
    assert document.digest == "known"
