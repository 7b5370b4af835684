"""Run jobs while servers and the engine under them are killed, then have it judged.

    make chaos    or    python bench/chaos/run.py [--topology single|cluster] [--seed N]

Ends with 1 where a promise was broken. What was seen stays in build/chaos/TOPOLOGY-SEED.
"""

from __future__ import annotations

import argparse
import asyncio
import random
import shutil
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING

sys.path.insert(0, str(Path(__file__).resolve().parents[2]))

from bench.chaos import kills
from bench.chaos.clients import Clients
from bench.chaos.records import CLIENTS, Record, read
from bench.chaos.stage import Scene, stage
from bench.chaos.victims import ROOT
from bench.service import end_cleanly

if TYPE_CHECKING:
    from collections.abc import Sequence

_CHECK = Path(__file__).resolve().parent / "check.py"
TOPOLOGIES = ("single", "cluster")
# Seconds between two kills and over which the jobs are submitted: a cluster takes some to elect.
_EVERY = {"single": 2.0, "cluster": 5.0}
_SPREAD = {"single": 20.0, "cluster": 75.0}
# Seconds that a watcher stays with a replica: a cluster has to agree on the consumer of each call.
_STAYS = {"single": (0.5, 10.0), "cluster": (2.0, 30.0)}
# Kills after which the jobs are left alone; None goes on to the last job.
_KILLS = {"single": None, "cluster": 10}


async def chaos(arguments: argparse.Namespace, topology: str, folder: Path) -> None:
    """Let clients and killer loose on everything, then look at what is left."""
    clustered = topology == "cluster"
    chance = random.Random(arguments.seed)
    scene = Scene(folder, clustered, arguments.servers, arguments.sync, arguments.task_wait)
    record = Record(folder / CLIENTS)
    async with (
        stage(scene) as running,
        Clients.of(running.addresses, record, arguments.seed, _STAYS[topology]) as clients,
    ):
        killer = kills.Killer(running.servers, running.nodes, running.record, chance)
        record.write("begun", jobs=arguments.jobs)
        async with asyncio.TaskGroup() as group:
            group.create_task(killer.run(_plan(arguments, clustered)))
            await _jobs(clients, arguments, topology)
            if arguments.kills is None:
                killer.stop()
        await running.ready()
        await _survey(clients, folder)
        record.write("over")


async def _jobs(clients: Clients, arguments: argparse.Namespace, topology: str) -> None:
    """See all jobs to their ends."""
    spread = _SPREAD[topology] if arguments.spread is None else arguments.spread
    jobs = range(arguments.jobs)
    await asyncio.gather(
        *(clients.job(each, arguments.pages, each * spread / len(jobs)) for each in jobs)
    )


async def _survey(clients: Clients, folder: Path) -> None:
    """Ask for every job that was accepted."""
    facts = (fact for fact in read(folder / CLIENTS) if fact["what"] == "accepted")
    accepted = {fact["job"]: fact["job_id"] for fact in facts}
    await asyncio.gather(*(clients.survey(number, job) for number, job in accepted.items()))
    await clients.list()


def _plan(arguments: argparse.Namespace, clustered: bool) -> kills.Plan:
    topology = TOPOLOGIES[clustered]
    kinds = arguments.kinds or (kills.CLUSTER if clustered else kills.SINGLE)
    every = _EVERY[topology] if arguments.every is None else arguments.every
    most = _KILLS[topology] if arguments.kills is None else arguments.kills
    return kills.Plan(kinds, every, most, rounds=clustered or bool(arguments.kinds))


async def _bounded(arguments: argparse.Namespace, topology: str, folder: Path) -> None:
    try:
        async with asyncio.timeout(arguments.seconds):
            await chaos(arguments, topology, folder)
    except TimeoutError:
        print(f"stopped after {arguments.seconds:g} s", file=sys.stderr)


def judged(arguments: argparse.Namespace, topology: str) -> bool:
    """Run one topology and have another process judge what was seen."""
    folder: Path = arguments.output / f"{topology}-{arguments.seed}"
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    print(f"... {topology}, seed {arguments.seed}", file=sys.stderr, flush=True)
    asyncio.run(_bounded(arguments, topology, folder))
    return subprocess.run([sys.executable, str(_CHECK), str(folder)], check=False).returncode == 0


def main() -> int:
    """Parse the arguments, run and judge."""
    arguments = _arguments()
    end_cleanly()
    topologies: Sequence[str] = arguments.topology or TOPOLOGIES
    verdicts = [judged(arguments, topology) for topology in topologies]
    return 0 if all(verdicts) else 1


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__)
    add = parser.add_argument
    add("--topology", choices=TOPOLOGIES, action="append", help="only this one")
    add("--seed", type=int, default=1, help="draws delays, victims, replicas; default 1")
    add("--seconds", type=float, default=300.0, help="after which a topology is stopped")
    add("--jobs", type=int, default=100)
    add("--pages", type=int, default=20, help="of each job")
    add("--servers", type=int, default=3, help="docsort processes")
    add("--spread", type=float, help="seconds over which jobs are submitted")
    add("--every", type=float, help="seconds between two kills")
    add("--kills", type=int, help="so many, whenever the jobs end")
    add("--kinds", nargs="+", help="of kills, each once a round")
    add("--sync", default="always", help="when NATS forces writes to disk")
    add("--task-wait", type=float, default=10.0, help="the server's setting task_wait")
    add("--output", type=Path, default=ROOT / "build" / "chaos")
    return parser.parse_args()


if __name__ == "__main__":
    raise SystemExit(main())
