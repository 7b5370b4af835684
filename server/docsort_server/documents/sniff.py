"""Refuse what can be told to be unfit from a document's bytes, without parsing them."""

from __future__ import annotations

from docsort_server.documents.kinds import WINDOW, Kind, Sample, kind_of
from docsort_server.documents.limits import DocumentLimits
from docsort_server.faults import Fault, Reason


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


def sniff(sample: Sample, limits: DocumentLimits | None = None) -> Kind:
    """Return the kind of a document that is of an acceptable size.

    Raises the Faults EMPTY_DOCUMENT (nothing but white space), DOCUMENT_TOO_LARGE and
    UNSUPPORTED_DOCUMENT.
    """
    if sample.blank:
        raise Fault(Reason.EMPTY_DOCUMENT, "the document is empty")
    (limits or DocumentLimits()).check_size(sample.size)
    kind = kind_of(sample)
    if kind is None:
        raise unsupported()
    return kind


def unsupported() -> Fault:
    """Return the Fault for content that is of no kind with a reader."""
    known = ", ".join(kind for kind in Kind)
    return Fault(Reason.UNSUPPORTED_DOCUMENT, f"the content is of no kind that is read: {known}")
