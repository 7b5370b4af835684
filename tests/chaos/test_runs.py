"""Short runs of `make chaos`: a few jobs, a few kills, and the verdict."""

import os
import re
import subprocess
import sys
from pathlib import Path

from source_tree import ROOT


def run(folder: Path, *options: str) -> str:
    """Run it and return what it said; fails where a promise was broken."""
    command = [sys.executable, str(ROOT / "bench/chaos/run.py"), "--output", str(folder)]
    # Coverage would slow down the start of each of its processes.
    plain = {name: value for name, value in os.environ.items() if not name.startswith("COVERAGE")}
    ran = subprocess.run(
        [*command, *options], capture_output=True, check=False, text=True, env=plain, timeout=50
    )
    assert ran.returncode == 0, f"{ran.stdout}\n{ran.stderr}"
    return ran.stdout


def test_jobs_survive_kills_of_servers_and_engine(tmp_path: Path) -> None:
    """Two kills of the engine and one of a docsort process leave every promise kept."""
    small = ("--jobs", "6", "--pages", "6", "--servers", "2", "--spread", "2", "--task-wait", "4")
    kills = ("--kinds", "engine", "server", "engine", "--kills", "3", "--every", "0.7")
    said = run(tmp_path, "--topology", "single", *small, *kills)
    assert "verdict: every promise was kept" in said
    assert re.search(r"^kills +2 engine, 1 server$", said, re.MULTILINE)
