"""Things recognised by their form: amounts, dates, numbers, addresses of several kinds."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping

_MONTHS = (
    "jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec|januar|märz|mai|juni|juli|okt|dez|janv|févr"
    "|avril|juin|juil|août|déc|ene|abr|ago|dic|gen|mag|giu|lug|set|ott|maart|mei|fev|out"
)

PATTERNS: Mapping[str, re.Pattern[str]] = {
    "amount": re.compile(
        r"[$€£¥₹]\s?\d|\d\s?[€£¥]|\b(?:USD|EUR|GBP|CHF|INR)\s?\d|\d[.,]\d\d(?![\d.,])"
    ),
    "date": re.compile(
        r"\b\d{1,4}[./-]\d{1,2}[./-]\d{2,4}\b"
        rf"|\b\d{{1,2}}(?:st|nd|rd|th|\.)?\s(?:of\s)?(?:{_MONTHS})[a-zé]*\.?,?\s\d{{4}}"
        rf"|\b(?:{_MONTHS})[a-z]*\.?\s\d{{1,2}}(?:st|nd|rd|th)?,?\s\d{{4}}",
        re.IGNORECASE,
    ),
    "year": re.compile(r"\b(?:19|20)\d\d\b"),
    "percent": re.compile(r"\d\s?%"),
    "number": re.compile(r"(?=[A-Z/-]*\d)[A-Z\d][A-Z\d/-]{4,}\b"),
    "email": re.compile(r"\b[\w.+-]+@[\w-]+\.[\w.]{2,}"),
    "url": re.compile(r"\b(?:https?://|www\.)\S+", re.IGNORECASE),
    "phone": re.compile(r"(?:\+\d{1,3}[\s.-]?)?\(?\d{2,4}\)?[\s.-]\d{3,4}[\s.-]\d{3,4}\b"),
    "iban": re.compile(r"\b[A-Z]{2}\d{2}(?:\s?[A-Z\d]{4}){3,7}(?:\s?[A-Z\d]{1,3})?\b"),
    "quote": re.compile(r"[“„«\"][^”“»\"\n]{12,}"),
    "citation": re.compile(r"\[\d{1,3}\]|\(\w+(?: et al\.?)?,? (?:19|20)\d\d\)|\bet al\b"),
    "signed": re.compile(r"(?<![^\s:])/s/ ?\w"),
    "blank": re.compile(r"_{3,}|\.{8,}"),
    "box": re.compile("[☐□❑☑\uf0a8\uf06f]|\\[ \\]"),
    "bullet": re.compile("^[•●▪■◦‣∙\uf0b7]", re.MULTILINE),
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
