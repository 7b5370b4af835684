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
    canonical = json.dumps(list(map(_plain, categories)), ensure_ascii=True, separators=(",", ":"))
    return hashlib.sha256(canonical.encode()).hexdigest()


def _plain(category: Category) -> list[object]:
    # Without more to them categories are as they always were.
    plain: list[object] = [category.name, category.description, list(category.criteria)]
    if category.terms:
        plain.append(list(map(asdict, category.terms)))
    more: dict[str, object] = {}
    if category.threshold is not None:
        more["threshold"] = category.threshold
    if category.examples:
        more["examples"] = list(category.examples)
    return [*plain, more] if more else plain
