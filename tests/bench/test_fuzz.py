"""A short `make fuzz`: damaged files for a real server, random bytes for functions."""

from __future__ import annotations

import json
import random
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from pdfs import text_pdf

from bench.batch import UNTYPED, Answer
from bench.checks import State, ended, near
from bench.fuzz.mutants import mutants
from bench.fuzz.targets import TARGETS

if TYPE_CHECKING:
    from collections.abc import Iterator

ROOT = Path(__file__).parents[2]
INPUTS = 300
# Pieces of what the functions read, so that random bytes get past their first lines.
PIECES = (
    b"%PDF-1.7",
    b"PK\x03\x04",
    b"categories:\n- ",
    b"name: a\n",
    b"first(2)",
    b"1,3-",
    b"\x0a",
)


@pytest.fixture
def corpus(tmp_path: Path) -> Path:
    """Return a folder of sound documents with its index; none is a scan, which takes long."""
    made = {
        "invoice.pdf": text_pdf(["Invoice", "Letter"]),
        "letter.html": b"<html><title>Letter</title><p>Dear reader</p></html>",
        "letter.eml": b"From: a@example.org\nSubject: Hello\n\nDear reader\n",
    }
    for name, content in made.items():
        (tmp_path / name).write_bytes(content)
    (tmp_path / "index.csv").write_text("path\n" + "\n".join(made) + "\n")
    return tmp_path


def inputs(chance: random.Random) -> Iterator[bytes]:
    """Yield random bytes between pieces that mean something."""
    for _ in range(INPUTS):
        yield b"".join(
            chance.choice((chance.choice(PIECES), chance.randbytes(chance.randrange(12))))
            for _ in range(chance.randrange(12))
        )


@pytest.mark.parametrize("name", TARGETS)
def test_a_function_takes_any_bytes(name: str) -> None:
    """Whatever comes, it answers or refuses as it says."""
    for data in inputs(random.Random(name)):
        TARGETS[name](data)


def test_the_same_seed_makes_the_same_files(corpus: Path) -> None:
    """A file that broke something can be made again; another seed makes others."""
    parents = sorted(corpus.glob("*.*"))
    first, again, other = (
        [mutant.content for mutant in mutants(parents, 40, seed)] for seed in (1, 1, 2)
    )
    assert first == again
    assert first != other
    assert sum(content not in {path.read_bytes() for path in parents} for content in first) > 30


def test_what_must_not_happen_is_seen() -> None:
    """An answer without a reason and memory that is kept are each a check that fails."""
    untyped = Answer(Path("a.pdf"), reason=UNTYPED, message="boom")
    assert [check.good for check in ended([untyped])] == [False, True]
    assert not near(State(80, 100, 3), State(200, 100, 3), 48, 48).good
    assert not near(State(80, 100, 3), State(80, 200, 3), 48, 48).good
    assert near(State(80, 100, 3), State(90, 110, 3), 48, 48).good


@pytest.mark.timeout(120)
def test_a_server_holds_against_damaged_files(corpus: Path) -> None:
    """All end typed; processes, memory and temporary files are as before."""
    told = corpus / "told.json"
    options = ("--mutants", "50", "--warm", "10", "--rest", "1", "--seconds", "0")
    command = [sys.executable, str(ROOT / "bench/fuzz/run.py"), str(corpus), *options]
    ran = subprocess.run(
        [*command, "--json", str(told)], capture_output=True, check=False, text=True
    )
    assert ran.returncode == 0, ran.stdout + ran.stderr
    figures = json.loads(told.read_text())
    assert figures["files"] == sum(figures["kinds"].values()) == 50
    assert len(figures["kinds"]) > 1
