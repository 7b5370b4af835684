"""Turn what parsers extract into valid, plain Unicode."""

from __future__ import annotations

import re

# U+FFFE and U+0002 are what PDFium puts for a hyphen at a line's end, U+00AD what writers do.
_MARKS = "\ufffe\u0002\u00ad"
_BREAK_IN_COMPOUND = re.compile(
    rf"(?<=[0-9])[{_MARKS}]\n?(?=\w)|(?<=[a-z0-9])[{_MARKS}]\n?(?=[A-Z0-9])"
)
_BREAK = re.compile(rf"[{_MARKS}](?:\n(?=\w))?")
_UNWANTED = dict.fromkeys((*range(0x20), *range(0x7F, 0xA0), *range(0xD800, 0xE000)), "\ufffd")
_UNWANTED |= {0x00: "", 0x09: "\t", 0x0A: "\n", 0x0B: "\n", 0x0C: "\n", 0xFFFF: "", 0xFEFF: ""}
_SUSPECT = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\xad\ud800-\udfff\ufeff\ufffe\uffff]")


def fitted(text: str, limit: int) -> tuple[str, bool]:
    """Return the text as `clean` does, and whether there was more of it."""
    text = text.replace("\0", "")
    whole = _cleaned(text, limit)
    return whole[:limit], len(whole) > limit or len(text) > 2 * limit


def clean(text: str, limit: int) -> str:
    r"""Return at most `limit` characters of the text with `\n` line ends.

    Words broken at a line's end are joined; the hyphen stays where a digit or a capital after a
    small letter tells that the word had one. Lone surrogates and control characters become
    U+FFFD, so that the share of unreadable characters can still be told; NULs, byte order marks
    and non-characters are dropped.
    """
    return fitted(text, limit)[0]


def _cleaned(text: str, limit: int) -> str:
    """Return the first `2 * limit` characters as `clean` does; what it drops is seldom so much."""
    text = text[: 2 * limit].replace("\r\n", "\n").replace("\r", "\n")
    if _SUSPECT.search(text):
        text = _BREAK.sub("", _BREAK_IN_COMPOUND.sub("-", text)).translate(_UNWANTED)
    return text
