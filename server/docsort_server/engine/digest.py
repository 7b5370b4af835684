"""Fingerprints of what an engine was asked, for provenance."""

from __future__ import annotations

import hashlib
import json
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence

    from docsort_server.engine.model import Category


def categories_digest(categories: Sequence[Category]) -> str:
    """Return the SHA-256, in hexadecimal, of the categories as canonical JSON."""
    plain = [[c.name, c.description, list(c.criteria)] for c in categories]
    canonical = json.dumps(plain, ensure_ascii=True, separators=(",", ":"))
    return hashlib.sha256(canonical.encode()).hexdigest()
