"""Take packets apart through a server, and tell how right their borders are.

    python bench/segments.py LABELLED PACKETS [--bundles N] [--categories FILE] [--server HOST:PORT]

LABELLED and PACKETS are folders as `bench/truth.py` knows them. Documents of LABELLED that have a
text layer are sent alone, to see how many are split, and composed to N packets beside those of
PACKETS. The weights that are shipped were fitted on such documents: `scripts/fit_segments.py`
prints figures for documents left out. Ends with 1 where a document has no result.
"""

from __future__ import annotations

import argparse
import asyncio
import random
import sys
import tempfile
from contextlib import ExitStack
from pathlib import Path
from typing import TYPE_CHECKING

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from bench.batch import send_all
from bench.segment_bundles import Source, compose
from bench.segment_files import write_bundle
from bench.segment_scores import Parted, report
from bench.service import end_cleanly, service
from bench.truth import TruthError, read_categories, read_folder, read_index

if TYPE_CHECKING:
    from collections.abc import Sequence

    from bench.truth import Choice, Item

_SEED = 5


def arguments() -> argparse.Namespace:
    """Parse the command line."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("labelled", type=Path)
    parser.add_argument("packets", type=Path)
    parser.add_argument("--bundles", type=int, default=60, help="packets to compose")
    parser.add_argument("--categories", type=Path, help="else categories.json beside LABELLED")
    parser.add_argument("--server", help="address of a running server")
    parser.add_argument("--at-once", type=int, default=4, help="documents in flight")
    return parser.parse_args()


def main() -> int:
    """Run and print."""
    asked = arguments()
    end_cleanly()
    with ExitStack() as stack:
        scratch = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="docsort-bench-")))
        try:
            beside = asked.labelled.resolve().parent / "categories.json"
            choice = read_categories(asked.categories or beside)
            groups = {
                "single documents": [each for each in read_folder(asked.labelled) if each.text],
                "packets": read_folder(asked.packets),
                "composed packets": composed(asked.labelled, scratch, asked.bundles),
            }
        except TruthError as error:
            print(f"segments: {error}", file=sys.stderr)
            return 2
        address = asked.server or stack.enter_context(service()).address
        answered = {
            name: sent(address, items, choice, asked.at_once) for name, items in groups.items()
        }
    for name, parted in answered.items():
        print(report(name, parted))
    return int(any(each.failed for parted in answered.values() for each in parted))


def composed(folder: Path, scratch: Path, count: int) -> list[Item]:
    """Write packets of a folder's PDFs that have a text layer into `scratch`."""
    sources = [
        Source(
            path=row["path"],
            label=row["class"],
            family=row.get("family") or row["path"],
            group=row.get("source_repo") or row["path"],
            pages=int(row["pages"]),
        )
        for row in read_index(folder)
        if row["path"].endswith(".pdf") and row.get("has_text_layer") == "yes"
    ]
    labels = {source.path: source.label for source in sources}
    bundles = compose(sources, count, random.Random(_SEED))
    return [
        write_bundle(bundle, labels, folder, scratch / f"bundle-{number}.pdf")
        for number, bundle in enumerate(bundles, 1)
    ]


def sent(address: str, items: Sequence[Item], choice: Choice, at_once: int) -> list[Parted]:
    """Classify documents and return their answers beside the truth."""
    paths = [item.path for item in items]
    answers = asyncio.run(send_all(address, paths, choice.categories, at_once))
    return [
        Parted(item, answer, choice.classes) for item, answer in zip(items, answers, strict=True)
    ]


if __name__ == "__main__":
    sys.exit(main())
