"""The repository itself: one version, true commands, nothing left over from somebody's machine."""

from __future__ import annotations

import re
import subprocess
import tomllib
from typing import TYPE_CHECKING

import pytest
from source_tree import ROOT

import docsort

if TYPE_CHECKING:
    from pathlib import Path

PROSE = [ROOT / "README.md", *sorted((ROOT / "docs").glob("*.md"))]
# Spelled in two parts, so that this file does not find itself.
MACHINE_PATHS = re.compile("|".join((r"/wo" + r"rk/", r"/ro" + r"ot/", r"/ho" + r"me/[a-z]")))
LEFT_OVER = re.compile("|".join((r"\bTO" + r"DO\b", r"\bFIX" + r"ME\b", r"\bX" + r"XX\b")))


def files() -> list[Path]:
    """Return the files of the repository, or of an unpacked source distribution."""
    command = ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"]
    if not (ROOT / ".git").exists():
        return [path for path in ROOT.rglob("*") if path.is_file() and not made(path)]
    ran = subprocess.run(command, cwd=ROOT, capture_output=True, check=True)
    listed = [ROOT / name for name in ran.stdout.decode().split("\0") if name]
    return [path for path in listed if path.is_file()]


def made(path: Path) -> bool:
    """Tell whether a path is an environment's, a cache's or a build's."""
    parts = path.relative_to(ROOT).parts
    return parts[0].startswith(".") or bool({"build", "dist", "__pycache__"} & set(parts))


def matching(pattern: re.Pattern[str]) -> list[str]:
    """Return where a pattern stands in the repository's text."""
    texts = ((path, path.read_bytes().decode(errors="replace")) for path in files())
    return [
        f"{path.relative_to(ROOT)}: {found[0]}"
        for path, text in texts
        if (found := pattern.search(text))
    ]


def targets() -> set[str]:
    """Return the Makefile's targets that people may name."""
    source = (ROOT / "Makefile").read_text()
    return set(re.findall(r"^([a-z-]+):.*## ", source, re.MULTILINE))


def test_there_is_one_version() -> None:
    """The package, its metadata and the newest entry of the changelog agree."""
    declared = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]["version"]
    newest = re.search(r"^## (\S+)", (ROOT / "CHANGELOG.md").read_text(), re.MULTILINE)
    assert newest is not None
    assert declared == newest[1] == docsort.__version__


def test_nothing_points_at_a_machine() -> None:
    """No file names a folder of the machine it was written on."""
    assert matching(MACHINE_PATHS) == []


def test_nothing_is_left_to_do_in_the_source() -> None:
    """Open ends are finished or told in the docs, not marked in the code."""
    assert matching(LEFT_OVER) == []


@pytest.mark.parametrize("path", PROSE, ids=lambda path: str(path.name))
def test_commands_in_the_docs_exist(path: Path) -> None:
    """Each `make target` that the documentation shows is a target of the Makefile."""
    shown = re.findall(r"(?:^|`)\s*(?:\$ )?make ([a-z-]+)", path.read_text(), re.MULTILINE)
    assert set(shown) <= targets()


@pytest.mark.parametrize("path", PROSE, ids=lambda path: str(path.name))
def test_links_in_the_docs_lead_somewhere(path: Path) -> None:
    """Each relative link of the documentation names a file or folder of the repository."""
    links = re.findall(r"\]\(([^)#:\s]+)\)", path.read_text())
    assert [link for link in links if not (path.parent / link).exists()] == []


def test_help_lists_every_target() -> None:
    """`make help` names all targets that are declared, in one line each."""
    command = ["make", "--no-print-directory", "help"]
    ran = subprocess.run(command, cwd=ROOT, capture_output=True, check=True, text=True)
    listed = {line.split()[0] for line in ran.stdout.splitlines()[1:]}
    source = (ROOT / "Makefile").read_text().replace("\\\n", " ")
    declared = re.search(r"^\.PHONY:(.*)$", source, re.MULTILINE)
    assert declared is not None
    assert listed == targets() == set(declared[1].split())
