"""Reading HTML: its text as a browser would lay it out, without running or fetching anything."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import html_text
from lxml import etree, html

from docsort_server.documents.parsed import Refused
from docsort_server.documents.written import WrittenDocument, paginated

if TYPE_CHECKING:
    from docsort_server.documents.mapping import Mapping
    from docsort_server.documents.terms import Terms

_HEAD = 4096
_DECLARED = re.compile(rb"charset|encoding=|^\xff\xfe|^\xfe\xff", re.IGNORECASE)


def open_html(mapping: Mapping, terms: Terms) -> WrittenDocument:
    """Return the page's text, cut into pages as if printed. Raises Refused."""
    content = mapping.copy()
    mapping.close()
    return WrittenDocument("html-text", paginated(text_of(content)), terms.page_chars)


def text_of(content: bytes) -> str:
    """Return the visible text of HTML. Raises Refused where there is none to parse."""
    parser = html.HTMLParser(
        encoding=None if _DECLARED.search(content, 0, _HEAD) else _guess(content)
    )
    try:
        tree = html.fromstring(content, parser=parser)
    except (ValueError, LookupError, etree.LxmlError) as error:
        raise Refused(f"lxml: {type(error).__name__}") from error
    return str(html_text.extract_text(tree, guess_layout=True))


def _guess(content: bytes) -> str:
    """Return the encoding of a page that declares none; the parser would take Latin 1."""
    try:
        content.decode()
    except UnicodeDecodeError:
        return "cp1252"
    return "utf-8"
