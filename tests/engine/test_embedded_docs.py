"""What docs/embedded.md tells is what the engine knows."""

from __future__ import annotations

import re
from pathlib import Path

from docsort_server.engine.local import lexicon

_DOCS = Path(__file__).parents[2] / "docs" / "embedded.md"


def test_the_docs_list_every_type() -> None:
    """Whoever looks for a type finds it there, or adds it."""
    text = _DOCS.read_text(encoding="utf-8")
    listed = re.search(r"(\d+) types, each[^\n]*\n\n(.*?)\.\n", text, re.DOTALL)
    assert listed
    names = [name.strip() for name in listed[2].replace("\n", " ").split(",")]
    assert sorted(names) == sorted(entry.name for entry in lexicon.load().types)
    assert int(listed[1]) == len(names)
