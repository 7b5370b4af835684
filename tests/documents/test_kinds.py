"""What kind a document is, told by its content alone."""

from __future__ import annotations

import io
import zipfile

import pytest
from hypothesis import given
from hypothesis import strategies as st
from kinds import encoded, forwarded, heif, mail, odt, scan, sheets, slides, word
from pdfs import text_pdf

from docsort_server.documents.kinds import Kind, Sample, kind_of

PAGE = scan("Hello", size=(80, 60))
CASES = {
    Kind.PDF: text_pdf(["x"]),
    Kind.PNG: encoded(PAGE, "PNG"),
    Kind.JPEG: encoded(PAGE, "JPEG"),
    Kind.TIFF: encoded(PAGE, "TIFF"),
    Kind.WEBP: encoded(PAGE, "WEBP"),
    Kind.GIF: encoded(PAGE, "GIF"),
    Kind.BMP: encoded(PAGE, "BMP"),
    Kind.HEIF: heif(PAGE),
    Kind.DOCX: word("x"),
    Kind.PPTX: slides("x"),
    Kind.XLSX: sheets(One=[["x"]]),
    Kind.ODT: odt("x"),
    Kind.RTF: rb"{\rtf1 x}",
    Kind.HTML: b"<!DOCTYPE html><html><body>x",
    Kind.MAIL: mail("x"),
    Kind.OUTLOOK: b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600),
    Kind.TEXT: b"x",
}


def kind(content: bytes) -> Kind | None:
    """Return the kind of a whole document."""
    return kind_of(Sample.of(content))


def test_every_kind_has_a_case() -> None:
    """A kind that is added is tried here too."""
    assert set(CASES) == set(Kind)


@pytest.mark.parametrize("expected", CASES, ids=str)
def test_each_kind_is_recognised(expected: Kind) -> None:
    """No name and no declared type is needed."""
    assert kind(CASES[expected]) is expected


@pytest.mark.parametrize(
    ("content", "expected"),
    [
        (b"%!PS junk\n" * 40 + text_pdf(["x"]), Kind.PDF),
        (b"\x30\x82\x0a\x0b" + bytes(60) + text_pdf(["x"]), Kind.PDF),
        (b"@PJL SET X=1\r\n" * 200 + text_pdf(["x"]), Kind.PDF),
        (b"A PDF begins with %PDF-1.7, they say.", Kind.TEXT),
        (b"\xef\xbb\xbfGr\xc3\xbc\xc3\x9fe", Kind.TEXT),
        ("Grüße".encode("utf-16"), Kind.TEXT),
        ("Grüße\nund mehr".encode("latin-1"), Kind.TEXT),
        (b"# Heading\n\n* one\n* two\n", Kind.TEXT),
        (b"Dear Sir: yes\nSubject: no\n", Kind.TEXT),
        (b"From nobody Mon May 6\r\nFrom: a@b\r\nSubject: x\r\n\r\nbody", Kind.MAIL),
        (b"Received: from x\r\n by y\r\nMessage-ID: <1>\r\n\r\nbody", Kind.MAIL),
        (forwarded(mail("x")), Kind.MAIL),
        (b"BM is short for benchmark", Kind.TEXT),
        (b"chapter 1 0 objects, trailer follows", Kind.TEXT),
        (b"An object is written as 1 0 obj << >> endobj, they say.", Kind.TEXT),
        (b"\x00junk" + text_pdf(["x"]).partition(b"\n")[2], Kind.PDF),
        (text_pdf(["x"]).partition(b"\n")[2], Kind.PDF),
        (b"PK\x03\x04" + bytes(26) + b"readme.txt", None),
        (bytes(range(256)) * 4, None),
    ],
)
def test_what_looks_like_something_else(content: bytes, expected: Kind | None) -> None:
    """Junk before a PDF, text about one, encodings and archives are told apart."""
    assert kind(content) is expected


def test_a_large_archive_tells_at_its_end() -> None:
    """Where other names fill the head of an office file, its directory says what it is."""
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w") as archive:
        archive.writestr("[Content_Types].xml", "x" * 100_000)
        archive.writestr("word/document.xml", "x")
    assert kind(file.getvalue()) is Kind.DOCX


@given(st.binary(max_size=300), st.sampled_from(sorted(CASES)), st.integers(0, 200))
def test_no_content_is_too_odd(noise: bytes, start: Kind, cut: int) -> None:
    """Whatever comes, the answer is a kind or none, and never an error."""
    assert kind(CASES[start][:cut] + noise) in {*Kind, None}
