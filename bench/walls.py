"""What the walls around a parser cost: reading the same pages with and without them.

    python -m bench.walls [--pages 350] [--runs 9]

Each run is a process of its own that opens a document and reads all of its pages, in turns inside
the walls (Landlock, the filter of system calls) and outside. CPU seconds after the imports.
"""

from __future__ import annotations

import argparse
import os
import subprocess
import sys
import time
from contextlib import closing
from statistics import median
from typing import TYPE_CHECKING

from bench.drawing import drawn
from bench.figures import Figure, spread, table
from bench.service import ROOT

if TYPE_CHECKING:
    from pathlib import Path

BOUND = 1.05
_INSIDE, _OUTSIDE = "inside", "outside"


def main() -> int:
    """Measure what the arguments say; 1 where the bound is missed."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--pages", type=int, default=350)
    parser.add_argument("--runs", type=int, default=9)
    parser.add_argument("--one", choices=(_INSIDE, _OUTSIDE), help=argparse.SUPPRESS)
    asked = parser.parse_args()
    path = drawn(asked.pages)
    if asked.one:
        print(_read(path, inside=asked.one == _INSIDE))
        return 0
    found: dict[str, list[float]] = {_INSIDE: [], _OUTSIDE: []}
    for _ in range(asked.runs):
        for way, seconds in found.items():
            seconds.append(_run(way, asked.pages))
    inside, outside = median(found[_INSIDE]), median(found[_OUTSIDE])
    ratios = [a / b for a, b in zip(found[_INSIDE], found[_OUTSIDE], strict=True)]
    name = f"reading {asked.pages} pages inside the walls"
    figure = Figure(name, inside, "s", "outside s", outside, BOUND, f"ratios {spread(ratios)}")
    print(table([figure]))
    return 1 if figure.verdict == "MISSED" else 0


def _run(way: str, pages: int) -> float:
    command = [sys.executable, "-m", "bench.walls", "--pages", str(pages), "--one", way]
    path = os.pathsep.join(str(each) for each in (ROOT, ROOT / "server", ROOT / "client"))
    answer = subprocess.run(
        command, env={**os.environ, "PYTHONPATH": path}, check=True, capture_output=True, text=True
    )
    return float(answer.stdout)


def _read(path: Path, *, inside: bool) -> float:
    """Return the CPU seconds that opening and reading take, in this process."""
    from docsort_server.documents import reader  # noqa: PLC0415 - not in the process that measures
    from docsort_server.documents.limits import DocumentLimits  # noqa: PLC0415
    from docsort_server.documents.mapping import Mapping  # noqa: PLC0415
    from docsort_server.documents.opening import open_document  # noqa: PLC0415
    from docsort_server.documents.terms import terms_of  # noqa: PLC0415
    from docsort_server.sandbox import confine  # noqa: PLC0415

    content = path.read_bytes()
    if inside and (missing := confine.give_up_the_rest(reader.HANDLER)):
        raise RuntimeError(f"not to be had on this system: {', '.join(missing)}")
    started = time.process_time()
    with closing(open_document(Mapping.of(content), terms_of(DocumentLimits()))) as document:
        for number in range(1, document.pages + 1):
            document.read(number)
    return time.process_time() - started


if __name__ == "__main__":
    sys.exit(main())
