"""Recognise what can be told from a document's bytes without parsing them."""

from __future__ import annotations

import re

from docsort_server.documents.limits import DocumentLimits
from docsort_server.faults import Fault, Reason

_HEADER_WINDOW = 1024  # where readers look for "%PDF-" behind leading junk
_WINDOW = 64 * 1024
_OBJECT = re.compile(rb"\d\s+\d+\s+obj\b")
_STRUCTURE = (b"endobj", b"trailer", b"startxref")


def sniff(content: bytes, limits: DocumentLimits | None = None) -> None:
    """Check that the content may be a PDF of an acceptable size.

    A PDF has `%PDF-` within its first 1,024 bytes. Since several readers open files with a
    damaged header, `%PDF` at the very start does as well, and so do numbered objects together
    with `endobj`, `trailer` or `startxref` near either end. Looks at 128 KiB at most.

    Raises the Faults EMPTY_DOCUMENT (nothing but white space), DOCUMENT_TOO_LARGE and
    UNSUPPORTED_DOCUMENT.
    """
    if not content or content.isspace():
        raise Fault(Reason.EMPTY_DOCUMENT, "the document is empty")
    (limits or DocumentLimits()).check_size(len(content))
    if not (_has_header(content) or _has_structure(content)):
        raise Fault(Reason.UNSUPPORTED_DOCUMENT, "the document is not a PDF")


def _has_header(content: bytes) -> bool:
    return content.startswith(b"%PDF") or b"%PDF-" in content[:_HEADER_WINDOW]


def _has_structure(content: bytes) -> bool:
    ends = (content[:_WINDOW], content[_WINDOW:][-_WINDOW:])
    return any(map(_OBJECT.search, ends)) and any(
        mark in end for mark in _STRUCTURE for end in ends
    )
