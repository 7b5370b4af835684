"""Reading RTF with striprtf."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from striprtf.striprtf import rtf_to_text

from docsort_server.documents.written import WrittenDocument, paginated

if TYPE_CHECKING:
    from docsort_server.documents.mapping import Mapping
    from docsort_server.documents.terms import Terms

# striprtf knows no pages.
_PAGE = re.compile(r"\\page(?![a-z])")
_FORM_FEED = r"\\u12?"


def open_rtf(mapping: Mapping, terms: Terms) -> WrittenDocument:
    """Return the document's text, cut at its page breaks; pictures and objects are left out."""
    content = mapping.copy().decode("latin-1")
    mapping.close()
    text = rtf_to_text(_PAGE.sub(_FORM_FEED, content), errors="replace")  # type: ignore[no-untyped-call]
    return WrittenDocument("striprtf", paginated(text), terms.page_chars)
