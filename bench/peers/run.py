"""Measure docsort beside other classifiers on the same slow model, in the same run.

    make bench-peers    or    python bench/peers/run.py [--runs 3] [--json FILE]

Each peer runs in an environment of its own below build/peers, which is made at the first run, with
as many threads as docsort has calls at a time. What is timed: a document of 50 pages, which the
peers are given as 50 documents of one page, after one that is not counted.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import os
import subprocess
import sys
import time
from math import ceil
from pathlib import Path
from statistics import median
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parent.parent.parent))

from pypdf import PdfReader, PdfWriter

from bench.drawing import drawn
from bench.figures import Figure, save, spread, table
from bench.model_engine import SECONDS, model
from bench.model_service import Took, measure, serving
from bench.service import end_cleanly

ROOT = Path(__file__).resolve().parent.parent.parent
BUILD = ROOT / "build" / "peers"
PEERS = {"extract_thinker": "extract-thinker 0.1.14", "cat_llm": "cat-llm 3.5.0"}
PAGES = 50
AT_ONCE = (8, 32)


def main() -> int:
    """Measure, print and save."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--runs", type=int, default=3, help="documents of each kind")
    parser.add_argument("--json", type=Path, default=ROOT / "build/model_peers.json")
    given = parser.parse_args()
    end_cleanly()
    started = time.monotonic()
    files = single_pages()
    for name in PEERS:
        prepare(name)
    found: list[Figure] = []
    for at_once in AT_ONCE:
        with model("peers.model", SECONDS) as port:
            with serving(port, at_once, "jetstream") as server:
                took = asyncio.run(measure(server, PAGES, given.runs))
            found += figures("docsort", at_once, took)
            for name, title in PEERS.items():
                took = [run(name, port, at_once, files) for _ in range(given.runs)]
                found += figures(title, at_once, took)
    print(table(found))
    save(found, given.json, time.monotonic() - started)
    return 0


def single_pages() -> list[Path]:
    """Return the pages of the document as documents of their own."""
    folder = BUILD / "pages"
    folder.mkdir(parents=True, exist_ok=True)
    files = []
    for number, page in enumerate(PdfReader(drawn(PAGES)).pages, 1):
        writer, file = PdfWriter(), folder / f"{number:03}.pdf"
        writer.add_page(page)
        writer.write(file)
        files.append(file)
    return files


def prepare(name: str) -> None:
    """Make the environment of a peer, unless it is there as its file of requirements asks."""
    folder, wanted = BUILD / name, ROOT / "bench" / "peers" / f"{name}.txt"
    stamp = folder / "installed.txt"
    if stamp.exists() and stamp.read_text() == wanted.read_text():
        return
    print(f"... installing {PEERS[name]}", file=sys.stderr, flush=True)
    subprocess.run([sys.executable, "-m", "venv", "--clear", str(folder)], check=True)
    command = [str(folder / "bin" / "python"), "-m", "pip", "install", "--quiet", "-r", str(wanted)]
    subprocess.run(command, check=True)
    stamp.write_text(wanted.read_text())


def run(name: str, port: int, threads: int, files: list[Path]) -> Took:
    """Let a peer classify all pages. Raises RuntimeError where it does not answer all of them."""
    script = ROOT / "bench" / "peers" / f"{name}_peer.py"
    command = [str(BUILD / name / "bin" / "python"), str(script), str(port), str(threads)]
    # One of them would fetch prices from the network at its start.
    variables = {**os.environ, "LITELLM_LOCAL_MODEL_COST_MAP": "True"}
    ran = subprocess.run(
        [*command, *map(str, files)], capture_output=True, check=False, text=True, env=variables
    )
    lines = ran.stdout.strip().splitlines()
    told: dict[str, Any] = json.loads(lines[-1]) if lines and ran.returncode == 0 else {}
    if told.get("pages") != len(files):
        raise RuntimeError(f"{name} answered {told.get('pages')} pages: {ran.stderr[-500:]}")
    return Took(0.0, told["seconds"], told["cpu"])


def figures(title: str, at_once: int, took: list[Took]) -> list[Figure]:
    """Hold the times against those of a classifier that costs nothing."""
    whole = [each.whole for each in took]
    name = f"{title}, {PAGES} pages, {at_once} at once"
    least = ceil(PAGES / at_once) * SECONDS
    cpu = 1_000 * median(each.cpu for each in took) / PAGES
    return [
        Figure(name, median(whole), "s", "limit s", least, None, spread(whole)),
        Figure(f"{name}: CPU of a page", cpu, "ms", "model ms", 1_000 * SECONDS),
    ]


if __name__ == "__main__":
    sys.exit(main())
