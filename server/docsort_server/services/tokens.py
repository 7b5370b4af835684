"""Opaque tokens that tell where a list goes on, and for which request."""

from __future__ import annotations

import base64
import hashlib
import json
from typing import TYPE_CHECKING

from docsort_server.validate import bad_token

if TYPE_CHECKING:
    from collections.abc import Sequence

Value = int | str


class Token:
    """A kind of token; `scope` is what must stay the same from one request to the next.

    It holds no secret and protects none: its reader checks it because callers mix things up.
    """

    def __init__(self, kind: str, scope: object, field: str = "page_token") -> None:
        canonical = json.dumps([kind, scope], sort_keys=True)
        self._mark = hashlib.sha256(canonical.encode()).hexdigest()[:12]
        self._field = field

    def write(self, *values: Value) -> str:
        """Return a token that holds these values."""
        text = json.dumps([self._mark, *values], separators=(",", ":"))
        return base64.urlsafe_b64encode(text.encode()).decode().rstrip("=")

    def read(self, token: str, *kinds: type[Value]) -> Sequence[Value]:
        """Return a token's values. Raises `Fault` INVALID_REQUEST for what is no such token."""
        try:
            padded = token + "=" * (-len(token) % 4)
            mark, *values = json.loads(base64.b64decode(padded, altchars=b"-_", validate=True))
        except (ValueError, TypeError, RecursionError):
            raise bad_token(self._field) from None
        if mark != self._mark or [type(value) for value in values] != list(kinds):
            raise bad_token(self._field)
        found: list[Value] = values
        return found
