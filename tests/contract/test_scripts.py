"""What the Makefile calls, where it has to fail clearly."""

from __future__ import annotations

import os
import subprocess
import sys
from typing import TYPE_CHECKING

from source_tree import ROOT

if TYPE_CHECKING:
    from pathlib import Path

CATEGORIES = ROOT / "examples/categories.yaml"
BROKEN_SERVER = """
import sys
print("settings: listen: no such host", file=sys.stderr)
raise SystemExit(3)
"""


def run(
    document: Path, environment: dict[str, str] | None = None
) -> subprocess.CompletedProcess[str]:
    """Call the script behind `make run`."""
    command = [sys.executable, str(ROOT / "scripts/run.py"), "--categories", str(CATEGORIES)]
    return subprocess.run(
        [*command, "--", str(document)],
        env={**os.environ, **(environment or {})},
        cwd=ROOT,
        capture_output=True,
        check=False,
        text=True,
    )


def test_an_old_python_is_named_with_the_remedy(tmp_path: Path) -> None:
    """Without a Python that is new enough, set-up says what was tried and what to do."""
    command = ["sh", str(ROOT / "scripts/venv.sh"), str(tmp_path / "venv"), "/bin/false"]
    ran = subprocess.run(command, capture_output=True, check=False, text=True)
    assert ran.returncode == 1
    assert "needs Python 3.11 or newer with venv; tried: /bin/false." in ran.stderr
    assert "make PYTHON=" in ran.stderr
    assert not (tmp_path / "venv").exists()


def test_a_missing_document_starts_nothing(tmp_path: Path) -> None:
    """`make run DOC=...` with a wrong path says so at once."""
    ran = run(tmp_path / "no such.pdf")
    assert ran.returncode == 2
    assert ran.stderr == f"make run: no such file: {tmp_path / 'no such.pdf'}\n"


def test_a_server_that_does_not_start_shows_its_words(tmp_path: Path) -> None:
    """When the server ends before it serves, its log is shown and the run fails."""
    package = tmp_path / "docsort_server"
    package.mkdir()
    (package / "__init__.py").touch()
    (package / "__main__.py").write_text(BROKEN_SERVER)
    ran = run(CATEGORIES, {"PYTHONPATH": str(tmp_path)})
    assert ran.returncode == 1
    assert "the server ended with exit code 3" in ran.stderr
    assert "settings: listen: no such host" in ran.stderr
