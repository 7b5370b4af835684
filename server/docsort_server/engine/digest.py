"""Fingerprints of what an engine was asked, for provenance."""

from __future__ import annotations

import hashlib
import json
from dataclasses import asdict
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence

    from docsort_server.engine.model import Category


def categories_digest(categories: Sequence[Category]) -> str:
    """Return the SHA-256, in hexadecimal, of the categories as canonical JSON."""
    plain = [
        # Without terms as it always was.
        [
            c.name,
            c.description,
            list(c.criteria),
            *([list(map(asdict, c.terms))] if c.terms else []),
        ]
        for c in categories
    ]
    canonical = json.dumps(plain, ensure_ascii=True, separators=(",", ":"))
    return hashlib.sha256(canonical.encode()).hexdigest()
