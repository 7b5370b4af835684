"""Fuzz one function, guided by what of it an input reaches.

    python -m bench.fuzz.guided TARGET [-max_total_time=20] [-seed=1] [CORPUS_FOLDER]

The options are libFuzzer's. A crash leaves its input in the working folder and ends with a trace.
"""

from __future__ import annotations

import sys

import atheris

with atheris.instrument_imports(include=["docsort", "docsort_server", "bench.fuzz.targets"]):
    from bench.fuzz.targets import TARGETS


def main() -> None:
    """Run for as long as the options say."""
    if len(sys.argv) < 2 or sys.argv[1] not in TARGETS:
        raise SystemExit(f"{__doc__}\nTargets: {', '.join(TARGETS)}")
    target = TARGETS[sys.argv[1]]
    atheris.Setup([sys.argv[0], *sys.argv[2:]], target)
    atheris.Fuzz()


if __name__ == "__main__":
    main()
