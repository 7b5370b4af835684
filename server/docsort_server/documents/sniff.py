"""Recognise what can be told from a document's bytes without parsing them."""

from __future__ import annotations

import re
from dataclasses import dataclass

from docsort_server.documents.limits import DocumentLimits
from docsort_server.faults import Fault, Reason

_HEADER_WINDOW = 1024  # where readers look for "%PDF-" behind leading junk
WINDOW = 64 * 1024
_OBJECT = re.compile(rb"\d\s+\d+\s+obj\b")
_STRUCTURE = (b"endobj", b"trailer", b"startxref")


@dataclass(frozen=True, slots=True)
class Sample:
    """What is looked at: the first and the last 64 KiB, which do not overlap.

    `blank` tells that the whole document is nothing but white space.
    """

    head: bytes
    tail: bytes
    size: int
    blank: bool

    @classmethod
    def of(cls, content: bytes) -> Sample:
        """Take the sample of a document that is here as a whole."""
        blank = not content or content.isspace()
        return cls(content[:WINDOW], content[WINDOW:][-WINDOW:], len(content), blank)


class Sampling:
    """Take the sample of a document that comes in chunks."""

    def __init__(self) -> None:
        self.size = 0
        self._head = bytearray()
        self._tail = b""
        self._blank = True

    def add(self, chunk: bytes) -> None:
        """Look at the next bytes."""
        self.size += len(chunk)
        self._blank = self._blank and (not chunk or chunk.isspace())
        missing = WINDOW - len(self._head)
        if missing > 0:
            self._head += chunk[:missing]
            chunk = chunk[missing:]
        self._tail = chunk[-WINDOW:] if len(chunk) >= WINDOW else (self._tail + chunk)[-WINDOW:]

    def sample(self) -> Sample:
        """Return the sample of all that has come."""
        return Sample(bytes(self._head), self._tail, self.size, self._blank)


def sniff(sample: Sample, limits: DocumentLimits | None = None) -> None:
    """Check that a document may be a PDF of an acceptable size.

    A PDF has `%PDF-` within its first 1,024 bytes. Since several readers open files with a
    damaged header, `%PDF` at the very start does as well, and so do numbered objects together
    with `endobj`, `trailer` or `startxref` near either end.

    Raises the Faults EMPTY_DOCUMENT (nothing but white space), DOCUMENT_TOO_LARGE and
    UNSUPPORTED_DOCUMENT.
    """
    if sample.blank:
        raise Fault(Reason.EMPTY_DOCUMENT, "the document is empty")
    (limits or DocumentLimits()).check_size(sample.size)
    if not (_has_header(sample.head) or _has_structure(sample)):
        raise Fault(Reason.UNSUPPORTED_DOCUMENT, "the document is not a PDF")


def _has_header(head: bytes) -> bool:
    return head.startswith(b"%PDF") or b"%PDF-" in head[:_HEADER_WINDOW]


def _has_structure(sample: Sample) -> bool:
    ends = (sample.head, sample.tail)
    return any(map(_OBJECT.search, ends)) and any(
        mark in end for mark in _STRUCTURE for end in ends
    )
