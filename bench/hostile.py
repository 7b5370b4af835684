"""Send a folder of malformed documents through one server and see whether it holds.

    python bench/hostile.py FOLDER [--skip-kills] [--json FILE]

The folder holds `index.csv` with a column `path`; `opens_in`, where there is one, counts other
programs that open the file, and any column that tells `pages=3` says that one of them found pages.
Ends with 1 where something that must hold does not.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import re
import sys
import time
from collections import Counter
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

import grpc.aio
from grpc_health.v1 import health_pb2, health_pb2_grpc

from bench import kills
from bench.asking import fresh
from bench.batch import send, send_all
from bench.checks import Check, State, ended, near, no_orphans, same_workers, state
from bench.drawing import categories
from bench.service import Service, end_cleanly, service
from bench.truth import TruthError, read_index
from docsort import AsyncClient, Outcome

if TYPE_CHECKING:
    from collections.abc import Sequence

    from bench.batch import Answer

_SLOWEST = 8
# Of files in which another program finds pages, so many give results of pages.
_READ = 0.97
_PAGES = re.compile(r"\bpages=[1-9]")
_IDLE = 2
# What the server may keep of a run beside the results, and the workers beside their start.
_SERVER_MIB = 48
_WORKERS_MIB = 150


async def run(folder: Path, rows: Sequence[dict[str, str]], asked: argparse.Namespace) -> int:
    """Send, check, print; 1 where a check fails."""
    paths = [folder / row["path"] for row in rows]
    with service(ocr_idle=_IDLE) as server:
        async with AsyncClient(server.address) as client:
            await send(client, fresh(20), categories())
        before = state(server)
        started = time.monotonic()
        answers = await send_all(server.address, paths, categories(), asked.at_once)
        seconds = time.monotonic() - started
        checks = [*ended(answers), whole(answers), read(answers, rows)]
        checks += await holds(server, before)
        if not asked.skip_kills:
            checks += await kills.check(server)
            checks += await holds(server, before)
        pid = server.process.pid
    checks.append(no_orphans(pid))
    refused = [
        (answer, row)
        for answer, row in zip(answers, rows, strict=True)
        if answer.reason and int(row.get("opens_in") or 0) > 0
    ]
    print(report(answers, refused, checks, seconds))
    if asked.json:
        save(asked.json, answers, checks, seconds)
    return int(not all(each.good for each in checks))


def whole(answers: Sequence[Answer]) -> Check:
    """Check that every result has all its pages."""
    partial = [answer.path.name for answer in answers if not answer.whole]
    return Check("every result has all its pages", not partial, f"not whole: {partial or 'none'}")


def read(answers: Sequence[Answer], rows: Sequence[dict[str, str]]) -> Check:
    """Check that nearly all files in which another program finds pages give results of pages."""
    known = [
        bool(answer.pages)
        for answer, row in zip(answers, rows, strict=True)
        if int(row.get("opens_in") or 0) > 0 and any(map(_PAGES.search, row.values()))
    ]
    good = sum(known) >= _READ * len(known)
    return Check("what others find pages in has pages", good, f"{sum(known)} of {len(known)}")


async def holds(server: Service, before: State) -> list[Check]:
    """Check that the server lives, is healthy, works, and has given its memory back."""
    async with grpc.aio.insecure_channel(server.address) as channel:
        asked = health_pb2.HealthCheckRequest(service="")
        stub = health_pb2_grpc.HealthStub(channel)
        status = (await stub.Check(asked, timeout=10)).status  # type: ignore[attr-defined]
    async with AsyncClient(server.address) as client:
        good = await send(client, fresh(20), categories())
    # Recognisers of scans are no part of what a server keeps.
    await asyncio.sleep(_IDLE + 2)
    after = state(server)
    serving = status == health_pb2.HealthCheckResponse.SERVING
    return [
        Check("the server is alive and healthy", server.process.alive and serving, str(status)),
        Check("a good document is classified", good.whole and not good.reason, good.kind),
        same_workers(before, after),
        near(before, after, _SERVER_MIB, _WORKERS_MIB),
    ]


def report(
    answers: Sequence[Answer],
    refused: Sequence[tuple[Answer, dict[str, str]]],
    checks: Sequence[Check],
    seconds: float,
) -> str:
    """Return everything as text."""
    lines = [f"{len(answers)} files in {seconds:.1f} s", "", "outcomes:"]
    lines += [f"  {count:4} {kind}" for kind, count in Counter(map(_kind, answers)).most_common()]
    lines += ["", f"refused here, opened by others ({len(refused)}):"]
    lines += [
        f"  {answer.reason:22} opens in {row['opens_in']}  {answer.path.name}  {row.get('odd', '')}"
        for answer, row in sorted(refused, key=lambda each: each[0].reason)
    ]
    slow = sorted(answers, key=lambda each: -each.seconds)[:_SLOWEST]
    lines += ["", "slowest:"]
    lines += [f"  {each.seconds:6.2f} s  {each.kind:22} {each.path.name}" for each in slow]
    lines += ["", "checks:"]
    lines += [f"  {'ok  ' if each.good else 'FAIL'}  {each.name}: {each.seen}" for each in checks]
    return "\n".join(lines)


def _kind(answer: Answer) -> str:
    failed = answer.failed_pages
    if answer.reason or not failed:
        return answer.kind
    return f"{answer.kind}, some pages {Outcome.FAILED}"


def save(path: Path, answers: Sequence[Answer], checks: Sequence[Check], seconds: float) -> None:
    """Write everything as JSON."""
    files = [
        {
            "path": answer.path.name,
            "kind": answer.kind,
            "message": answer.message,
            "pages": len(answer.pages),
            "failed_pages": {
                str(page.page): str(page.failure.reason)
                for page in answer.failed_pages
                if page.failure
            },
            "seconds": round(answer.seconds, 3),
        }
        for answer in answers
    ]
    content = {"seconds": seconds, "checks": [asdict(each) for each in checks], "files": files}
    path.write_text(json.dumps(content, indent=1) + "\n")


def main() -> int:
    """Parse the arguments and run."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("folder", type=Path)
    parser.add_argument("--at-once", type=int, default=6, help="files in flight")
    parser.add_argument("--skip-kills", action="store_true", help="do not kill parsers")
    parser.add_argument("--json", type=Path, help="write everything there too")
    asked = parser.parse_args()
    end_cleanly()
    try:
        rows = read_index(asked.folder)
    except TruthError as error:
        print(f"hostile: {error}", file=sys.stderr)
        return 2
    return asyncio.run(run(asked.folder, rows, asked))


if __name__ == "__main__":
    raise SystemExit(main())
