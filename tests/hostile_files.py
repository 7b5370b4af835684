"""Where the hostile files are, and which of them the tests take."""

from __future__ import annotations

import os
from pathlib import Path

HOSTILE = Path(__file__).parents[2] / "shared" / "corpus" / "hostile"


def sample() -> list[Path]:
    """Return every sixth file, or all of them when DOCSORT_TEST_HOSTILE is `all`."""
    files = sorted(path for path in HOSTILE.glob("*") if path.suffix != ".csv")
    return files if os.environ.get("DOCSORT_TEST_HOSTILE") == "all" else files[::6]
