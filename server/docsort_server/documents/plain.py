"""Reading plain text and Markdown, in whatever encoding it comes."""

from __future__ import annotations

import codecs
from typing import TYPE_CHECKING

from docsort_server.documents.written import WrittenDocument, paginated

if TYPE_CHECKING:
    from docsort_server.documents.mapping import Mapping
    from docsort_server.documents.terms import Terms

_MARKS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
# What bytes are that are no UTF-8: Windows of western Europe, which gives every byte a meaning
# together with the replacement of the five that it has none for.
_USUAL = "cp1252"


def open_text(mapping: Mapping, terms: Terms) -> WrittenDocument:
    """Return the text, cut into pages."""
    content = mapping.copy()
    mapping.close()
    return WrittenDocument("text", paginated(decoded(content)), terms.page_chars)


def decoded(content: bytes) -> str:
    """Return text by its byte order mark, else as UTF-8, else as Windows-1252."""
    for mark, encoding in _MARKS:
        if content.startswith(mark):
            return content.decode(encoding, "replace")
    try:
        return content.decode()
    except UnicodeDecodeError:
        return content.decode(_USUAL, "replace")
