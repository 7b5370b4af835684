"""`make run` from end to end: a server, the sample packet, each form of the result."""

from __future__ import annotations

import json
import os
import re
import signal
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

ROOT = Path(__file__).resolve().parents[2]
RUN = (sys.executable, str(ROOT / "scripts/run.py"), "--categories", "examples/categories.yaml")


@pytest.fixture(scope="module")
def packet(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return the sample packet under a name with a space and a quote in it."""
    path = tmp_path_factory.mktemp("run") / "the 'sample' packet.pdf"
    command = [sys.executable, "-m", "examples.sample_packet", str(path)]
    subprocess.run(command, check=True, cwd=ROOT, stdout=subprocess.DEVNULL)
    return path


@pytest.fixture(scope="module")
def printed(packet: Path) -> str:
    """Return what a run prints that is not on a terminal."""
    ran = subprocess.run([*RUN, packet], cwd=ROOT, capture_output=True, check=False, text=True)
    assert ran.returncode == 0, ran.stderr
    return ran.stdout


def body(printed: str, form: str) -> dict[str, Any]:
    """Return the JSON that a run prints for one format."""
    start = printed.index("{", printed.index(f"--format {form}"))
    found: dict[str, Any] = json.JSONDecoder().raw_decode(printed, start)[0]
    return found


def test_every_page_gets_its_category(printed: str) -> None:
    """The pages format lists the twelve pages, each with what it is; the blank one says so."""
    pages = body(printed, "pages")["result"]["page_results"]
    labels = [page["classification"] for page in sorted(pages, key=lambda page: page["page"])]
    assert labels[:7] == [
        *("Invoice", "Invoice", "Receipt", "Contract", "Contract", "Bank statement", "Letter")
    ]
    assert labels[8:] == ["Scientific article"] * 2 + ["Purchase order", "Resume"]


def test_all_forms_are_of_one_job(printed: str) -> None:
    """The packet is classified once: each format shows the same job."""
    jobs = {body(printed, form)["job_id"] for form in ("pages", "criteria")}
    assert len(jobs) == 1


def test_interrupt_leaves_no_server(packet: Path, tmp_path: Path) -> None:
    """SIGTERM in mid-run ends the server too and removes its data."""
    environment = {**os.environ, "TMPDIR": str(tmp_path)}
    process = subprocess.Popen(
        [*RUN, packet], cwd=ROOT, env=environment, stdout=subprocess.PIPE, text=True
    )
    assert process.stdout is not None
    first = process.stdout.readline()
    assert re.match(r"server ready on 127\.0\.0\.1:\d+ after", first)
    process.send_signal(signal.SIGTERM)
    process.communicate(timeout=20)
    assert process.returncode == 128 + signal.SIGTERM
    assert list(tmp_path.iterdir()) == []
