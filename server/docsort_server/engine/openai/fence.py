"""A fence around a page's text that the text cannot close."""

from __future__ import annotations

import hashlib

# What every fence line begins with, for the rules to name it.
MARK = "=====PAGE"


def fence(text: str) -> str:
    """Return the line that stands before and after a text and nowhere in it.

    It holds a digest of the text, so the same page is always sent as the same bytes, and whoever
    writes a page would have to know the digest of what they write.
    """
    salt = 0
    while True:
        digest = hashlib.sha256(f"{salt}:{text}".encode()).hexdigest()[:16]
        line = f"{MARK} {digest}====="
        if line not in text:
            return line
        salt += 1


def fenced(text: str) -> str:
    """Return a text between its fences."""
    line = fence(text)
    return f"{line}\n{text}\n{line}"
