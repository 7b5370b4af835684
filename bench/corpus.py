"""Run a folder of documents with known truth through a server and tell how right it was.

    python bench/corpus.py FOLDER [--categories FILE.json] [--server HOST:PORT] [--json FILE]

`bench/truth.py` says what the folder holds. The categories file lies in the folder or beside
it unless named. Without --server a server is started, and stopped in the end. Ends with 1 where
an answer is incomplete or an error has no reason.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import sys
import time
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from bench.batch import UNTYPED, send_all
from bench.scores import Graded, Share, summary
from bench.service import end_cleanly, service
from bench.truth import TruthError, read_categories, read_folder

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

_SLOWEST = 5


def arguments() -> argparse.Namespace:
    """Parse the command line."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("folder", type=Path)
    parser.add_argument("--categories", type=Path)
    parser.add_argument("--server", help="address of a running server")
    parser.add_argument("--at-once", type=int, default=4, help="documents in flight")
    parser.add_argument("--json", type=Path, help="write everything there too")
    parser.add_argument("--misses", action="store_true", help="list the wrong answers")
    return parser.parse_args()


def main() -> int:
    """Run, print, save."""
    asked = arguments()
    end_cleanly()
    try:
        items = read_folder(asked.folder)
        choice = read_categories(asked.categories or _nearest_categories(asked.folder))
    except TruthError as error:
        print(f"corpus: {error}", file=sys.stderr)
        return 2
    started = time.monotonic()
    with _server(asked.server) as address:
        paths = [item.path for item in items]
        answers = asyncio.run(send_all(address, paths, choice.categories, asked.at_once))
    seconds = time.monotonic() - started
    graded = [
        Graded(item, answer, choice.classes) for item, answer in zip(items, answers, strict=True)
    ]
    told = summary(graded) | {"seconds": round(seconds, 1)}
    print(_report(told, graded, misses=asked.misses))
    if asked.json:
        asked.json.write_text(json.dumps(_plain(told, graded), indent=1) + "\n")
    return int(told["complete"].right < len(graded) or UNTYPED in told["outcomes"])


@contextmanager
def _server(address: str | None) -> Iterator[str]:
    if address:
        yield address
        return
    with service() as own:
        yield own.address


def _nearest_categories(folder: Path) -> Path:
    beside = folder.resolve().parent / "categories.json"
    return beside if not (folder / "categories.json").exists() else folder / "categories.json"


def _report(told: dict[str, Any], graded: Sequence[Graded], *, misses: bool) -> str:
    lines = [f"{name:32} {_text(value)}" for name, value in told.items()]
    if any(each.item.label is None for each in graded):
        lines += ["", *_packet_lines(graded)]
    if misses:
        lines += ["", "wrong (truth, answer, outcome):", *_misses(graded)]
    slow = sorted(graded, key=lambda each: -each.answer.seconds)[:_SLOWEST]
    lines += ["", "slowest:"]
    lines += [f"  {each.answer.seconds:6.2f} s  {each.item.path.name}" for each in slow]
    return "\n".join(lines)


def _packet_lines(graded: Sequence[Graded]) -> list[str]:
    lines = [f"{'packet':36} {'pages right':>15} {'with text':>15} {'parts':>7}  complete"]
    for each in graded:
        parts = f"{len(each.starts)}/{len(each.item.starts)}"
        lines.append(
            f"{each.item.path.name:36} {each.right_pages()!s:>15} "
            f"{each.right_pages(text_only=True)!s:>15} {parts:>7}  "
            f"{'yes' if each.answer.whole else 'NO'}"
        )
    return lines


def _misses(graded: Sequence[Graded]) -> list[str]:
    return [
        f"  {each.item.label:18} {each.chosen or '-':18} {each.answer.kind:22} "
        f"{each.item.path.name}"
        for each in graded
        if each.item.label and not each.right
    ]


def _text(value: object) -> str:
    if isinstance(value, dict):
        return ", ".join(f"{name} {count}" for name, count in value.items()) or "none"
    return str(value)


def _plain(told: dict[str, Any], graded: Sequence[Graded]) -> dict[str, Any]:
    figures = {
        name.strip(): {"right": value.right, "of": value.of} if isinstance(value, Share) else value
        for name, value in told.items()
    }
    documents = [
        {
            "path": str(each.item.path),
            "label": each.item.label,
            "answer": each.chosen,
            "kind": each.answer.kind,
            "right": each.right if each.item.label else None,
            "pages": {str(page.page): page.classification for page in each.answer.pages.values()},
            "starts": each.starts,
            "complete": each.answer.whole,
            "message": each.answer.message,
            "seconds": round(each.answer.seconds, 3),
        }
        for each in graded
    ]
    return {"figures": figures, "documents": documents}


if __name__ == "__main__":
    raise SystemExit(main())
