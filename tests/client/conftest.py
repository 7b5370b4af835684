"""What several tests of the client need."""

from pathlib import Path

import pytest


@pytest.fixture
def document(tmp_path: Path) -> Path:
    """Return a file to classify."""
    path = tmp_path / "letter.pdf"
    path.write_bytes(b"%PDF-1.4")
    return path
