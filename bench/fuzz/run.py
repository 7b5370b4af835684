"""Send damaged copies of a folder's files through one server and see whether it holds.

    python bench/fuzz/run.py FOLDER [--mutants 20000] [--seed 1] [--seconds 20] [--json FILE]

The folder holds `index.csv` with a column `path`. The same seed makes the same files. Then each
target of `bench/fuzz/targets.py` is fuzzed for `--seconds`, where atheris is installed. Ends with 1
where something that must hold does not; a file that did it is written to build/fuzz.
"""

from __future__ import annotations

import argparse
import asyncio
import importlib.util
import json
import os
import subprocess
import sys
import tempfile
import time
from collections import Counter
from pathlib import Path
from typing import TYPE_CHECKING

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT))

from bench.batch import UNTYPED, Answer, Progress, send
from bench.drawing import categories
from bench.fuzz.mutants import Mutant, mutants
from bench.fuzz.targets import TARGETS
from bench.hostile import State, no_orphans, state
from bench.kills import Check
from bench.service import Service, end_cleanly, service
from bench.truth import TruthError, read_index
from docsort import AsyncClient

if TYPE_CHECKING:
    from collections.abc import Sequence

# Mutants that are not counted, so that caches and pools have their size.
_WARM = 300
# Jobs are forgotten after so many seconds, and so is their memory.
_TTL = 20
_FOUND = ROOT / "build" / "fuzz"
_SLOWEST = 5
_MIB = 1024 * 1024


def arguments() -> argparse.Namespace:
    """Parse the command line."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("folder", type=Path)
    parser.add_argument("--mutants", type=int, default=20_000)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--seconds", type=int, default=20, help="for each function; 0: none")
    parser.add_argument("--at-once", type=int, default=6, help="files in flight")
    parser.add_argument("--pages", type=int, default=3, help="read at most so many of each")
    parser.add_argument("--json", type=Path, help="write the figures there too")
    return parser.parse_args()


def main() -> int:
    """Run both parts and print."""
    asked = arguments()
    end_cleanly()
    try:
        parents = [asked.folder / row["path"] for row in read_index(asked.folder)]
    except TruthError as error:
        print(f"fuzz: {error}", file=sys.stderr)
        return 2
    checks, told = asyncio.run(served(parents, asked))
    checks += guided(asked)
    for check in checks:
        print(f"  {'ok  ' if check.good else 'FAIL'}  {check.name}: {check.seen}")
    if asked.json:
        asked.json.write_text(json.dumps(told, indent=1) + "\n")
    return int(not all(check.good for check in checks))


async def served(
    parents: Sequence[Path], asked: argparse.Namespace
) -> tuple[list[Check], dict[str, object]]:
    """Send all mutants; return what held, and the figures."""
    with tempfile.TemporaryDirectory() as folder:
        os.environ["TMPDIR"] = folder
        before_files = set(Path(folder).iterdir())
        with service(job_ttl=_TTL, ocr_idle=2) as server:
            await batch(server, mutants(parents, _WARM, -asked.seed), asked)
            await at_rest(server)
            before = state(server)
            started = time.monotonic()
            answers = await batch(server, mutants(parents, asked.mutants, asked.seed), asked)
            seconds = time.monotonic() - started
            after = await at_rest(server)
            alive, pid = server.process.alive, server.process.pid
            left = sorted(path.name for path in folder_files(Path(folder)) - before_files)
        checks = [*held(answers, before, after, alive=alive), no_orphans(pid)]
    checks.append(Check("no temporary file is left", not left, ", ".join(left[:5]) or "none"))
    told = figures(answers, seconds)
    print(report(told))
    return checks, told


def folder_files(folder: Path) -> set[Path]:
    """Return what lies in the folder for temporary files, but for the server's own data."""
    return {path for path in folder.iterdir() if not path.name.startswith("docsort-bench-")}


async def batch(
    server: Service, made: Sequence[Mutant] | object, asked: argparse.Namespace
) -> list[Answer]:
    """Send mutants, so many at a time; only answers are kept."""
    waiting = iter(made)  # type: ignore[call-overload]
    progress = Progress(asked.mutants)
    answers: list[Answer] = []

    async def work(client: AsyncClient) -> None:
        for mutant in waiting:
            answer = await send(client, mutant.content, categories(), pages=[(1, asked.pages)])
            answer.path = mutant.parent
            if answer.reason == UNTYPED or not answer.kind:
                keep(mutant)
            answers.append(answer)
            answer.pages, answer.job = {}, answer.job and None
            progress.step(mutant.damage)

    async with AsyncClient(server.address) as client, asyncio.TaskGroup() as group:
        for _ in range(asked.at_once):
            group.create_task(work(client))
    progress.end()
    return answers
