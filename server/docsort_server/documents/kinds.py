"""Kinds of documents, recognised by their content: never by a name or by what was declared."""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import StrEnum

WINDOW = 64 * 1024
_PDF_WINDOW = 1024  # where readers look for "%PDF-" behind leading junk
_OBJECT = re.compile(rb"\d\s+\d+\s+obj\b")
_OBJECT_LINE = re.compile(rb"^\s*\d+\s+\d+\s+obj\b", re.MULTILINE)
_STRUCTURE = (b"endobj", b"trailer", b"startxref")
# A name in a ZIP archive follows 26 bytes of its local header, or 42 of its directory's entry.
_PART = re.compile(
    rb"PK(?:\x03\x04.{26}|\x01\x02.{42})(word/|ppt/|xl/|mimetypeapplication/vnd\.oasis\."
    rb"opendocument\.text)",
    re.DOTALL,
)
_HEADER = re.compile(rb"^([A-Za-z][A-Za-z0-9-]{1,60}):[ \t]", re.MULTILINE)
# Fields of which a mail has at least two, and hardly any other text has two at its head.
_MAIL_FIELDS = frozenset(
    b"from to cc subject date received message-id mime-version return-path delivered-to "
    b"content-type reply-to x-mailer x-original-to dkim-signature".split()
)
_FEWEST_MAIL_FIELDS = 2
_HTML = re.compile(rb"<(?:!doctype\s+html|html[\s>]|head[\s>]|body[\s>])", re.IGNORECASE)
_HTML_WINDOW = 2048
_CONTROLS = re.compile(rb"[\x00-\x08\x0e-\x1a\x1c-\x1f\x7f]")
_BYTE_ORDER_MARKS = (b"\xef\xbb\xbf", b"\xff\xfe", b"\xfe\xff")


class Kind(StrEnum):
    """What a document is; each has a reader."""

    PDF = "PDF"
    PNG = "PNG"
    JPEG = "JPEG"
    TIFF = "TIFF"
    WEBP = "WebP"
    GIF = "GIF"
    BMP = "BMP"
    HEIF = "HEIF"
    DOCX = "DOCX"
    PPTX = "PPTX"
    XLSX = "XLSX"
    ODT = "ODT"
    RTF = "RTF"
    HTML = "HTML"
    MAIL = "mail"
    OUTLOOK = "Outlook"
    TEXT = "text"


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


_PARTS = {b"word/": Kind.DOCX, b"ppt/": Kind.PPTX, b"xl/": Kind.XLSX}
_MAGIC = (
    (b"\x89PNG\r\n\x1a\n", Kind.PNG),
    (b"\xff\xd8\xff", Kind.JPEG),
    (b"II*\x00", Kind.TIFF),
    (b"MM\x00*", Kind.TIFF),
    (b"II+\x00", Kind.TIFF),
    (b"MM\x00+", Kind.TIFF),
    (b"GIF87a", Kind.GIF),
    (b"GIF89a", Kind.GIF),
    (b"{\\rtf", Kind.RTF),
    (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", Kind.OUTLOOK),
)
_HEIF_BRANDS = (b"heic", b"heix", b"heim", b"heis", b"hevc", b"mif1", b"msf1", b"avif")


def kind_of(sample: Sample) -> Kind | None:
    """Return the kind of a document, None where it is none of those that are read.

    Magic numbers go first, then a mail by its header fields, whatever is attached to it, then a
    PDF wherever readers find one: `%PDF` at the very start, or
    `%PDF-` in the first 1,024 bytes, or, since files with a damaged header can be read, numbered
    objects with `endobj`, `trailer` or `startxref` near either end. What is left and holds no
    control characters is text, HTML by its tags.
    """
    head = sample.head
    return _magic(head) or _mail(head) or _pdf(sample) or _archive(sample) or _text(head)


def _magic(head: bytes) -> Kind | None:
    for mark, kind in _MAGIC:
        if head.startswith(mark):
            return kind
    if head.startswith(b"RIFF") and head[8:12] == b"WEBP":
        return Kind.WEBP
    if head[4:8] == b"ftyp" and head[8:12] in _HEIF_BRANDS:
        return Kind.HEIF
    # Two letters alone would take many a text for a picture: its header has a known length too.
    if head.startswith(b"BM") and head[14:18] in (
        b"\x0c\0\0\0",
        b"\x28\0\0\0",
        b"\x6c\0\0\0",
        b"\x7c\0\0\0",
    ):
        return Kind.BMP
    return None


def _pdf(sample: Sample) -> Kind | None:
    head = sample.head
    if head.startswith(b"PK\x03\x04"):
        return None  # an archive may hold a PDF as it is
    return (
        Kind.PDF
        if head.startswith(b"%PDF") or _has_header(head) or _has_structure(sample)
        else None
    )


def _has_header(head: bytes) -> bool:
    at = head.find(b"%PDF-", 0, _PDF_WINDOW)
    # A text may speak of the header; a PDF goes on with objects.
    return at >= 0 and (_OBJECT.search(head, at) is not None or _CONTROLS.search(head) is not None)


def _has_structure(sample: Sample) -> bool:
    ends = (sample.head, sample.tail)
    # A text may quote objects; in a PDF they begin lines.
    if not _CONTROLS.search(sample.head) and not _OBJECT_LINE.search(sample.head):
        return False
    found = any(map(_OBJECT.search, ends))
    return found and any(mark in end for mark in _STRUCTURE for end in ends)


def _archive(sample: Sample) -> Kind | None:
    if not sample.head.startswith(b"PK\x03\x04"):
        return None
    found = _PART.search(sample.head) or _PART.search(sample.tail)
    return _PARTS.get(found[1], Kind.ODT) if found else None


def _text(head: bytes) -> Kind | None:
    if head.startswith(_BYTE_ORDER_MARKS[1:]):
        return Kind.TEXT
    if _CONTROLS.search(head):
        return None
    return Kind.HTML if _HTML.search(head[:_HTML_WINDOW]) else Kind.TEXT


def _mail(head: bytes) -> Kind | None:
    """Return the kind of a mail if what stands before the first empty line is its header."""
    start = head.removeprefix(_BYTE_ORDER_MARKS[0]).lstrip()
    fields = re.split(rb"\r?\n\r?\n", start, maxsplit=1)[0]
    if _CONTROLS.search(fields):
        return None
    if not _HEADER.match(fields) and not fields.startswith(b"From "):
        return None
    names = {name.lower() for name in _HEADER.findall(fields)}
    return Kind.MAIL if len(names & _MAIL_FIELDS) >= _FEWEST_MAIL_FIELDS else None
