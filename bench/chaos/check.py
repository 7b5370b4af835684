"""Judge a run by what its clients and the fake model wrote down, and by nothing else.

    python bench/chaos/check.py FOLDER

Ends with 1 where a promise was broken.
"""

from __future__ import annotations

import argparse
import sys
from collections import Counter
from pathlib import Path
from typing import TYPE_CHECKING

sys.path.insert(0, str(Path(__file__).resolve().parents[2]))

from bench.chaos.evidence import load
from bench.chaos.inflight import in_flight, repeated
from bench.chaos.rules import RULES

if TYPE_CHECKING:
    from collections.abc import Iterator

    from bench.chaos.evidence import Evidence

# Breaches of one promise that are told; the others are counted.
_SHOWN = 5


def figures(evidence: Evidence) -> Iterator[tuple[str, str]]:
    """Yield what happened."""
    jobs = evidence.jobs.values()
    watches = [watch for job in jobs for watch in job.watches.values()]
    slowest = max(jobs, key=lambda job: job.seconds, default=None)
    kinds = Counter(kill.kind for kill in evidence.kills)
    statuses = Counter(fact["status"] for fact in evidence.troubles)
    flying = sum(in_flight(call, evidence.kills) for call in evidence.calls)
    yield "jobs, pages", f"{len(jobs)}, {sum(job.pages for job in jobs)}"
    yield "kills", ", ".join(f"{count} {kind}" for kind, count in sorted(kinds.items())) or "none"
    yield "watchers, their calls", f"{len(watches)}, {sum(watch.calls for watch in watches)}"
    yield "how calls ended", ", ".join(f"{n} {name}" for name, n in statuses.most_common())
    yield "calls in flight at kills", f"{flying} of {len(evidence.calls)}"
    yield "calls again", str(sum(len(calls) - 1 for calls in repeated(evidence)))
    yield "wall time", f"{evidence.seconds:.1f} s"
    if slowest:
        yield "slowest job", f"{slowest.seconds:.1f} s (job {slowest.number})"


def main() -> int:
    """Read, judge, print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", type=Path)
    evidence = load(parser.parse_args().folder)
    for name, value in figures(evidence):
        print(f"{name:<26} {value}")
    broken = 0
    for promise, breaches in RULES.items():
        found = list(breaches(evidence))
        broken += len(found)
        print(f"{f'BROKEN {len(found)}' if found else 'ok':<10} {promise}")
        for breach in found[:_SHOWN]:
            print(f"{'':<13}{breach}")
    print("verdict: " + ("every promise was kept" if not broken else f"{broken} breaches"))
    return 1 if broken else 0


if __name__ == "__main__":
    raise SystemExit(main())
