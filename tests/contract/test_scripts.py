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
DYING_SERVER = """
import json, pathlib, sys
data = pathlib.Path(sys.argv[sys.argv.index("--data") + 1])
(data / "ready").write_text(json.dumps({"address": "127.0.0.1:1"}))
(data / "ready").rename(data / "ready.json")
print("out of memory", file=sys.stderr)
raise SystemExit(7)
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


def test_a_bad_document_is_told_in_a_line(tmp_path: Path) -> None:
    """A document that cannot be read is no fault of the server, whose log is not shown."""
    letter = tmp_path / "letter.pdf"
    letter.write_bytes(bytes(64))
    ran = run(letter)
    assert ran.returncode == 1
    assert ran.stderr.startswith(f"docsort: {letter}: UNSUPPORTED_DOCUMENT: ")
    assert ran.stderr.count("\n") == 1


def test_a_server_that_dies_shows_its_words(tmp_path: Path) -> None:
    """When the server ends before it is stopped, its log is shown."""
    package = tmp_path / "docsort_server"
    package.mkdir()
    (package / "__init__.py").touch()
    (package / "__main__.py").write_text(DYING_SERVER)
    # Refused by the client itself, which therefore does not wait for the server.
    empty = tmp_path / "empty.pdf"
    empty.touch()
    ran = run(empty, {"PYTHONPATH": str(tmp_path)})
    assert ran.returncode == 1
    assert "the server ended with exit code 7" in ran.stderr
    assert "out of memory" in ran.stderr


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
