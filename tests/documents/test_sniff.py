"""What is taken for a PDF before any parser sees it."""

from __future__ import annotations

import pytest
from pdfs import handmade, text_pdf

from docsort_server.documents.kinds import Sample
from docsort_server.documents.limits import DocumentLimits
from docsort_server.documents.sniff import Sampling, sniff
from docsort_server.faults import Fault, Reason


@pytest.mark.parametrize(
    "content",
    [
        text_pdf(["x"]),
        b"junk" * 200 + handmade(),
        b"\xef\xbb\xbf" + handmade(),
        handmade().replace(b"%PDF-1.7", b"%!PS"),
        handmade()[9:],
        b"%PDF\n",
    ],
    ids=["whole", "after junk", "byte order mark", "odd header", "no header", "bare header"],
)
def test_what_a_reader_may_open_passes(content: bytes) -> None:
    """A header near the start, or the structure of a PDF, is enough."""
    sniff(Sample.of(content))


@pytest.mark.parametrize(
    "content",
    [
        b"\x7fELF" + b"\x00" * 5000,
        b"PK\x03\x04 word/document.xml endobj",
        b"hello\x00world",
        b"\x00" * 2000 + b"%PDF-1.7",
        b"\x1f\x8b\x08\x00" + bytes(100),
    ],
    ids=["program", "archive", "nearly text", "header too late", "compressed"],
)
def test_anything_else_is_unsupported(content: bytes) -> None:
    """Other formats are refused by name before a parser is started."""
    with pytest.raises(Fault) as caught:
        sniff(Sample.of(content))
    assert caught.value.reason is Reason.UNSUPPORTED_DOCUMENT


@pytest.mark.parametrize("content", [b"", b" \r\n\t" * 1000])
def test_nothing_is_empty(content: bytes) -> None:
    """Zero bytes and white space are EMPTY_DOCUMENT."""
    with pytest.raises(Fault) as caught:
        sniff(Sample.of(content))
    assert caught.value.reason is Reason.EMPTY_DOCUMENT


def test_too_large_names_the_limit() -> None:
    """The metadata tell the limit, its value and the actual size."""
    with pytest.raises(Fault) as caught:
        sniff(Sample.of(b"%PDF-" + b"x" * 95), DocumentLimits(max_bytes=99))
    assert caught.value.reason is Reason.DOCUMENT_TOO_LARGE
    assert caught.value.metadata == {"limit": "max_document_bytes", "value": "99", "actual": "100"}


@pytest.mark.parametrize("size", [1, 1_000, 65_536, 300_000])
@pytest.mark.parametrize(
    "content",
    [b"", b" \n" * 50_000, b"%PDF-1.7\n" + bytes(70_000), bytes(65_536) + b"x", b"a" * 200_001],
    ids=["empty", "blank", "header", "one beyond the head", "long"],
)
def test_chunks_give_the_same_sample(content: bytes, size: int) -> None:
    """However a document is cut on its way, what is looked at is the same."""
    sampling = Sampling()
    for start in range(0, len(content), size):
        sampling.add(content[start : start + size])
    assert sampling.sample() == Sample.of(content)
