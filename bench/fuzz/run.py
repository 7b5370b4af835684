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
from typing import TYPE_CHECKING, Any

sys.path.insert(0, str(Path(__file__).resolve().parents[2]))

from bench.batch import LOST, UNTYPED, Answer, Progress, send
from bench.checks import Check, ended, near, no_orphans, same_workers, state
from bench.drawing import categories
from bench.fuzz.mutants import mutants
from bench.fuzz.targets import TARGETS
from bench.service import end_cleanly, service
from bench.truth import TruthError, read_index
from docsort import AsyncClient

if TYPE_CHECKING:
    from collections.abc import Sequence

    from bench.checks import State
    from bench.fuzz.mutants import Mutant
    from bench.service import Service

# Seconds after the last scan at which recognisers end.
_IDLE = 2
_FOUND = Path(__file__).resolve().parents[2] / "build" / "fuzz"
_SLOWEST = 5
# What the processes may hold more than before: a tenth, or so many MiB of a small server.
_GROWTH, _SLACK_MIB = 0.10, 48


def arguments() -> argparse.Namespace:
    """Parse the command line."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("folder", type=Path)
    parser.add_argument("--mutants", type=int, default=20_000)
    parser.add_argument(
        "--warm", type=int, default=300, help="mutants before, so that caches have their size"
    )
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--seconds", type=int, default=20, help="for each function; 0: none")
    parser.add_argument("--at-once", type=int, default=6, help="files in flight")
    parser.add_argument("--pages", type=int, default=3, help="read at most so many of each")
    parser.add_argument(
        "--rest", type=int, default=20, help="seconds after which jobs and their memory go"
    )
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
) -> tuple[list[Check], dict[str, Any]]:
    """Send all mutants; return what held, and the figures."""
    with tempfile.TemporaryDirectory() as folder:
        os.environ["TMPDIR"] = folder
        with service(job_ttl=asked.rest, ocr_idle=_IDLE) as server:
            await batch(server, parents, asked.warm, -asked.seed, asked)
            before = await at_rest(server, asked.rest)
            started = time.monotonic()
            answers = await batch(server, parents, asked.mutants, asked.seed, asked)
            seconds = time.monotonic() - started
            after = await at_rest(server, asked.rest)
            alive, pid = server.process.alive, server.process.pid
        left = await asyncio.to_thread(names_in, Path(folder))
    checks = [*held(answers, before, after, alive=alive), no_orphans(pid)]
    checks.append(Check("no temporary file is left", not left, ", ".join(left[:5]) or "none"))
    told = figures(answers, seconds)
    print(report(told))
    return checks, told


async def batch(
    server: Service, parents: Sequence[Path], count: int, seed: int, asked: argparse.Namespace
) -> list[Answer]:
    """Send so many mutants, some at a time; of an answer, its pages are not kept."""
    made = mutants(parents, count, seed)
    progress = Progress(count)
    answers: list[Answer] = []

    async def work(client: AsyncClient) -> None:
        for mutant in made:
            answer = await send(client, mutant.content, categories(), pages=((1, asked.pages),))
            answer.path = mutant.parent
            answers.append(answer)
            if answer.kind == UNTYPED or answer.seconds >= LOST:
                keep(mutant)
            answer.pages.clear()
            progress.step(mutant.damage)

    async with AsyncClient(server.address) as client, asyncio.TaskGroup() as group:
        for _ in range(asked.at_once):
            group.create_task(work(client))
    progress.end()
    return answers


async def at_rest(server: Service, seconds: float) -> State:
    """Return the server's state when jobs are forgotten and no scan is read any more."""
    await asyncio.sleep(seconds + _IDLE + 3)
    return state(server)


def names_in(folder: Path) -> list[str]:
    """Return what lies in a folder."""
    return sorted(path.name for path in folder.iterdir())


def keep(mutant: Mutant) -> None:
    """Write a file that must be looked at."""
    _FOUND.mkdir(parents=True, exist_ok=True)
    (_FOUND / f"{mutant.number}-{mutant.parent.name}").write_bytes(mutant.content)


def held(answers: Sequence[Answer], before: State, after: State, *, alive: bool) -> list[Check]:
    """Check what must hold whatever is sent."""
    server, workers = (max(_SLACK_MIB, _GROWTH * was) for was in (before.server, before.workers))
    return [
        Check("the server is alive", alive, str(alive)),
        *ended(answers),
        same_workers(before, after),
        near(before, after, server, workers),
    ]


def figures(answers: Sequence[Answer], seconds: float) -> dict[str, Any]:
    """Return what became of the files, the most frequent first."""
    slow = sorted(answers, key=lambda answer: -answer.seconds)[:_SLOWEST]
    return {
        "files": len(answers),
        "seconds": round(seconds, 1),
        "kinds": dict(Counter(answer.kind for answer in answers).most_common()),
        "slowest": [[round(each.seconds, 2), each.kind, each.path.name] for each in slow],
    }


def report(told: dict[str, Any]) -> str:
    """Return the figures as text."""
    lines = [f"{told['files']} files in {told['seconds']} s", "", "outcomes:"]
    lines += [f"  {count:6} {kind}" for kind, count in told["kinds"].items()]
    lines += ["", "slowest:"]
    lines += [f"  {seconds:6.2f} s  {kind:22} {name}" for seconds, kind, name in told["slowest"]]
    return "\n".join([*lines, "", "checks:"])


def guided(asked: argparse.Namespace) -> list[Check]:
    """Fuzz each function, guided by coverage; one that is left out is said by name."""
    if not asked.seconds:
        return []
    if importlib.util.find_spec("atheris") is None:
        print("  ---   atheris is not installed: no function is fuzzed by itself")
        return []
    _FOUND.mkdir(parents=True, exist_ok=True)
    return [_fuzzed(target, asked) for target in TARGETS]


def _fuzzed(target: str, asked: argparse.Namespace) -> Check:
    options = [f"-max_total_time={asked.seconds}", f"-seed={asked.seed}"]
    run = subprocess.run(
        [
            *(sys.executable, "-m", "bench.fuzz.guided", target),
            *options,
            f"-artifact_prefix={_FOUND}/{target}-",
        ],
        capture_output=True,
        text=True,
        check=False,
    )
    last = run.stderr.strip().splitlines()[-1:]
    return Check(f"{target} raises nothing of its own", not run.returncode, "".join(last))


if __name__ == "__main__":
    raise SystemExit(main())
