"""Quotes that a model gave, kept only where they stand on the page."""

from __future__ import annotations

import unicodedata

_MOST = 300
_QUOTES = "\"'`\u201c\u201d\u201e\u2018\u2019\u00ab\u00bb"


def verified(quote: str, page: str) -> str:
    """Return a quote that stands on the page, else an empty text.

    Spacing, case and the forms of letters may differ; words may not.
    """
    wanted = quote.strip().strip(_QUOTES).strip()
    if not wanted or len(wanted) > _MOST:
        return ""
    return " ".join(wanted.split()) if _plain(wanted) in page else ""


def searchable(text: str) -> str:
    """Return a page's text in the form in which quotes are looked up."""
    return _plain(text)


def _plain(text: str) -> str:
    return "".join(unicodedata.normalize("NFKC", text).casefold().split())
