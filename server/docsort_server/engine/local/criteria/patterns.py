"""Marks that show or support a concept by their form; values that are asked for are in `forms`."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping

PATTERNS: Mapping[str, re.Pattern[str]] = {
    "amount": re.compile(
        r"[$€£¥₹]\s?\d|\d\s?[€£¥]|\b(?:USD|EUR|GBP|CHF|INR)\s?\d|\d[.,]\d\d(?![\d.,])"
    ),
    "url": re.compile(r"\b(?:https?://|www\.)\S+", re.IGNORECASE),
    "quote": re.compile(r"[“„«\"][^”“»\"\n]{12,}"),
    "citation": re.compile(r"\[\d{1,3}\]|\(\w+(?: et al\.?)?,? (?:19|20)\d\d\)|\bet al\b"),
    "signed": re.compile(r"(?<![^\s:])/s/ ?\w"),
    "blank": re.compile(r"_{3,}|\.{8,}"),
    "box": re.compile("[☐□❑☑\uf0a8\uf06f]|\\[ \\]"),
    "bullet": re.compile("^[•●▪■◦‣∙\uf0b7]", re.MULTILINE),
    "listing": re.compile(r"^ ?(?:\(?\d{1,2}[.)]|[-*•●▪■◦‣∙\u2013\uf0b7]) ?[^\W\d_]", re.MULTILINE),
    "caption": re.compile(
        r"(?im)^(?:table|figure|fig\.|chart|tabelle|abbildung|tableau|tabla)\s?\d",
    ),
}


def find(name: str, text: str) -> int | None:
    """Return the number of the first line of `text` that holds the named pattern.

    Raises KeyError for unknown names.
    """
    found = PATTERNS[name].search(text)
    return None if found is None else text.count("\n", 0, found.start())
