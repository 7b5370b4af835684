"""What must hold of a server that was sent what nobody would send in good faith."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from bench.batch import LOST, UNTYPED
from bench.processes import Process

if TYPE_CHECKING:
    from collections.abc import Sequence

    from bench.batch import Answer
    from bench.service import Service

_MIB = 1024 * 1024


@dataclass(frozen=True, slots=True)
class Check:
    """One thing that must hold, whether it did, and what was seen."""

    name: str
    good: bool
    seen: str


@dataclass(frozen=True, slots=True)
class State:
    """Memory in MiB and worker processes of a server at one moment."""

    server: float
    workers: float
    count: int


def ended(answers: Sequence[Answer]) -> list[Check]:
    """Check that every file ended, in time, with a result or a reason."""
    loose = [answer for answer in answers if answer.kind == UNTYPED]
    slowest = max(answer.seconds for answer in answers)
    return [
        Check(
            "every file ends in a result or a reason",
            not loose,
            f"{len(answers) - len(loose)} of {len(answers)} "
            + "; ".join(f"{each.path.name}: {each.message}" for each in loose[:3]),
        ),
        Check("no file is lost", slowest < LOST, f"slowest {slowest:.2f} s"),
    ]


def same_workers(before: State, after: State) -> Check:
    """Check that workers that ended were replaced, and that no more were made."""
    good = after.count == before.count
    return Check("as many workers as before", good, f"{before.count} -> {after.count}")


def near(before: State, after: State, server_mib: float, workers_mib: float) -> Check:
    """Check that neither the server nor its workers hold so many MiB more than before."""
    return Check(
        "memory is near where it was",
        after.server - before.server <= server_mib
        and after.workers - before.workers <= workers_mib,
        f"server {before.server:.0f} -> {after.server:.0f} MiB, "
        f"workers {before.workers:.0f} -> {after.workers:.0f} MiB",
    )


def state(server: Service) -> State:
    """Measure a server as it is."""
    workers = server.workers()
    resident = sum(worker.resident for worker in workers)
    return State(server.process.resident / _MIB, resident / _MIB, len(workers))


def no_orphans(pid: int) -> Check:
    """Check that no worker of a server that has stopped is left."""
    running = [int(entry.name) for entry in Path("/proc").iterdir() if entry.name.isdigit()]
    left = [each for each in running if _served(each, pid)]
    return Check("no worker outlives the server", not left, f"left: {left or 'none'}")


def _served(pid: int, server: int) -> bool:
    try:
        words = Process(pid).command.split()
    except OSError:
        return False
    return "docsort_server.sandbox" in words and str(server) in words
