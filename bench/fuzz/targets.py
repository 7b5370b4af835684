"""Functions that no input may break: each takes bytes, and raises only where there is a bug."""

from __future__ import annotations

import contextlib
from pathlib import Path
from typing import TYPE_CHECKING

from google.protobuf.message import DecodeError

from docsort import CategoriesError
from docsort._categories import read_document_of_categories
from docsort._cli.files import UsageError, parsed
from docsort._options import page_ranges
from docsort.v1.classification_service_pb2 import ClassifyRequest
from docsort_server.convert.requests import options_from_proto, question_from_proto
from docsort_server.documents.kinds import Kind, Sample, kind_of
from docsort_server.documents.selection import count, select
from docsort_server.documents.text import clean
from docsort_server.faults import Fault
from docsort_server.services.fingerprint import fingerprint
from docsort_server.validate import check_submission

if TYPE_CHECKING:
    from collections.abc import Callable

_DAY = 24 * 3600.0
_LIMIT = 500


def kinds(data: bytes) -> None:
    """Recognise a document: a kind or none."""
    assert kind_of(Sample.of(data)) in {*Kind, None}


def text(data: bytes) -> None:
    """Clean what a parser might extract: valid Unicode of a bounded length."""
    cleaned = clean(data[: len(data) & ~1].decode("utf-16-le", "surrogatepass"), _LIMIT)
    assert len(cleaned) <= _LIMIT
    cleaned.encode()


def categories(data: bytes) -> None:
    """Read a file of categories, as YAML and as JSON."""
    words = data.decode("utf-8", "replace")
    for name in ("categories.yaml", "categories.json"):
        with contextlib.suppress(UsageError, CategoriesError):
            read_document_of_categories(parsed(Path(name), words))


def pages(data: bytes) -> None:
    """Read a list of pages, and select them in a document."""
    with contextlib.suppress(ValueError, Fault):
        ranges = tuple(page_ranges(data.decode("latin-1")))
        total = 1 + len(data)
        selected, _ = select(ranges, total)
        assert 0 < count(selected) <= total
        ends = [end for pair in selected for end in pair]
        assert ends == sorted(ends)


def requests(data: bytes) -> None:
    """Decode, validate and convert a request; what passes validation can be converted."""
    try:
        request = ClassifyRequest.FromString(data)
    except DecodeError:
        return
    with contextlib.suppress(Fault):
        check_submission(request, _DAY)
        question_from_proto(request.categories, request.options)
        options_from_proto(request.options)
        fingerprint(request, "0" * 64)


TARGETS: dict[str, Callable[[bytes], None]] = {
    "kinds": kinds,
    "text": text,
    "categories": categories,
    "pages": pages,
    "requests": requests,
}
