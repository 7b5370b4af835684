"""From what the caller gives to the request that is sent."""

import math
import os
import re
import uuid
from collections.abc import Iterable
from datetime import timedelta
from pathlib import Path
from typing import BinaryIO, Final, TypeAlias, TypedDict

from docsort import _errors
from docsort._categories import CategoryLike, read_categories
from docsort._enums import ErrorReason
from docsort._models import Category, Criterion
from docsort.v1 import classification_pb2, classification_service_pb2, document_pb2

Document: TypeAlias = bytes | bytearray | memoryview | str | os.PathLike[str] | BinaryIO
Pages: TypeAlias = str | Iterable[int | tuple[int, int]]

# The contract counts pages in 32 bits.
_LAST_PAGE: Final = 2**31 - 1
_RUN: Final = re.compile(r"\s*(\d+)\s*(?:-\s*(\d+)\s*)?")


class Options(TypedDict, total=False):
    """Say how a job should run; what is left out, or None, is the server's choice.

    pages: the pages to classify, as numbers, (first, last) pairs, or text such as "1,3,5-7".
    min_confidence: the least confidence, 0 to 1, for MATCHED.
    min_margin: the least lead over the second category, 0 to 1, for MATCHED.
    deadline: how long the job may take, in seconds; it then finishes with what it has.
    engine: the name of one of the server's engines.
    evidence: whether to quote the lines that meet criteria.
    segments: whether to report runs of pages.
    request_id: a UUID; the same id with the same request is the same job. One is made if left
        out.
    """

    pages: Pages | None
    min_confidence: float | None
    min_margin: float | None
    deadline: float | None
    engine: str | None
    evidence: bool | None
    segments: bool | None
    request_id: str | None


def read_document(document: Document, max_bytes: int) -> bytes:
    """Return the content of a document given as bytes, path or binary file.

    Raises EmptyDocumentError, DocumentTooLargeError (before anything is sent), OSError.
    """
    content = _content(document, max_bytes)
    if not content:
        raise _errors.EmptyDocumentError("the document is empty", reason=ErrorReason.EMPTY_DOCUMENT)
    if len(content) > max_bytes:
        raise _too_large(document, len(content), max_bytes)
    return content


def build_request(
    content: bytes, categories: Iterable[CategoryLike], options: Options
) -> classification_service_pb2.ClassifyRequest:
    """Return the request.

    Raises ValueError for categories, pages or a deadline that cannot be read.
    """
    return classification_service_pb2.ClassifyRequest(
        document=document_pb2.DocumentSource(content=content),
        categories=[_category(category) for category in read_categories(categories)],
        options=_options(options),
        request_id=options.get("request_id") or str(uuid.uuid4()),
    )


def page_ranges(pages: Pages) -> list[tuple[int, int]]:
    """Return (first, last) pairs; neighbouring single numbers become one pair.

    Raises ValueError for text that is not of the form "1,3,5-7".
    """
    ranges: list[tuple[int, int]] = []
    for item in _runs(pages) if isinstance(pages, str) else pages:
        first, last = (item, item) if isinstance(item, int) else item
        if ranges and isinstance(item, int) and ranges[-1][1] == first - 1:
            first = ranges.pop()[0]
        ranges.append((first, last))
    return ranges


def _runs(text: str) -> Iterable[tuple[int, int]]:
    for part in text.split(","):
        match = _RUN.fullmatch(part)
        first, last = match.groups() if match else ("0", None)
        pair = (int(first), int(last or first))
        if not 1 <= pair[0] <= pair[1] <= _LAST_PAGE:
            raise ValueError(f"pages: '{part.strip()}' is not a page or run of pages as in 1,3,5-7")
        yield pair


def _content(document: Document, max_bytes: int) -> bytes:
    if isinstance(document, bytes | bytearray | memoryview):
        return bytes(document)
    if not isinstance(document, str | os.PathLike):
        return _read(document, max_bytes + 1)
    path = Path(document)
    size = path.stat().st_size
    if size > max_bytes:
        raise _too_large(document, size, max_bytes)
    # What a pipe or a device holds, its size does not tell.
    with path.open("rb") as file:
        return _read(file, max_bytes + 1)


def _read(file: BinaryIO, most: int) -> bytes:
    """Read to the end, `most` bytes at most; pipes give less at a time than asked for."""
    pieces: list[bytes] = []
    while most and (piece := file.read(most)):
        pieces.append(piece)
        most -= len(piece)
    return b"".join(pieces)


def _too_large(document: Document, size: int, limit: int) -> _errors.DocumentTooLargeError:
    # A file object is read no further than one byte past the limit.
    known = isinstance(document, bytes | bytearray | memoryview | str | os.PathLike)
    actual = str(size) if known else f"more than {limit}"
    return _errors.DocumentTooLargeError(
        f"the document has {actual} bytes; max_message_bytes allows {limit}",
        reason=ErrorReason.DOCUMENT_TOO_LARGE,
        metadata={"limit": "max_message_bytes", "value": str(limit), "actual": actual},
    )


def _category(category: Category) -> classification_pb2.Category:
    texts = (c.text if isinstance(c, Criterion) else c for c in category.criteria)
    return classification_pb2.Category(
        name=category.name,
        description=category.description,
        criteria=[classification_pb2.Criterion(text=text) for text in texts],
    )


def _options(options: Options) -> classification_pb2.ClassificationOptions | None:
    message = classification_pb2.ClassificationOptions(
        pages=[
            classification_pb2.PageRange(first=first, last=last)
            for first, last in page_ranges(options.get("pages") or ())
        ],
        min_confidence=options.get("min_confidence"),
        min_margin=options.get("min_margin"),
        engine=options.get("engine") or "",
        evidence=options.get("evidence"),
        segments=options.get("segments"),
    )
    deadline = options.get("deadline")
    if deadline is not None:
        if not math.isfinite(deadline):
            raise ValueError(f"deadline: {deadline} is not a number of seconds")
        message.deadline.FromTimedelta(timedelta(seconds=deadline))
    return message
