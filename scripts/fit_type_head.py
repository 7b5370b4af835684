"""Fit the head of the type model, and write it into `weights.json` beside what else is there.

Run from the project root:
`python -m scripts.fit_type_head FOLDER [FOLDER ...] [--texts FILE.jsonl] [--scans] [--write]
[--anew]`. The folders are those of `bench.engine_accuracy`. Prints how many of the pages heads tell
right that were fitted anew without their sources. What is written stays near to the head that is
there, since what that was fitted on may not be at hand; with `--anew` it does not. How much it
weighs beside the lexicon is `WEIGHT`, which is not fitted here; `scripts.fit_engine` prints what
it would be on other documents.
"""

from __future__ import annotations

import argparse
import json
from collections import Counter
from pathlib import Path
from typing import TYPE_CHECKING

from bench.engine_corpus import load, scan_reader
from docsort_server.engine.local import lexicon, weights
from docsort_server.engine.local.reading import read
from docsort_server.engine.local.type_head import TypeHead
from scripts.type_head import Seen, Told, crossed, fit, page_weight, plain, read_texts, spreads

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from bench.engine_corpus import LabelledDocument
    from docsort_server.engine.local.type_head import Head

WEIGHT = 0.55
PAGES = 2


def seen(documents: Sequence[LabelledDocument]) -> Iterator[Seen]:
    """Yield the first pages of documents; families count as one document."""
    families = Counter(document.family for document in documents)
    for document in documents:
        for number, page in enumerate(document.pages[:PAGES]):
            weight = page_weight(number) / families[document.family]
            yield Seen(document.label, document.group, weight, read(page))


def right(
    pages: Sequence[Told], texts: Sequence[Told], looks: Mapping[str, tuple[float, float]]
) -> float:
    """Return the share of pages, by weight, whose class says most of them, left out of the fit."""
    types = lexicon.load().types
    numbers = {entry.id: number for number, entry in enumerate(types)}
    hits = total = 0.0
    for head, left in crossed(pages, texts, looks):
        ready = TypeHead(head, types)
        for page in left:
            if page.label in numbers and any(page.inputs):
                said = ready.said(page.inputs)
                hits += page.weight * (said[numbers[page.label]] == max(said))
                total += page.weight
    return hits / total


def main() -> None:
    """Fit, print, and write the head when asked to."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folders", type=Path, nargs="+")
    parser.add_argument("--texts", type=Path, help="JSON lines of more texts of known class")
    parser.add_argument("--scans", action="store_true", help="read documents without a text layer")
    parser.add_argument("--write", action="store_true", help="replace the head in weights.json")
    parser.add_argument("--anew", action="store_true", help="not near to the head that is there")
    arguments = parser.parse_args()
    recogniser = scan_reader() if arguments.scans else None
    found = [
        page
        for folder in arguments.folders
        for page in seen(load(folder, PAGES, recogniser).documents)
    ]
    toward = None if arguments.anew else weights.load().head
    looks = spreads(found, toward)
    pages = [page.told(looks) for page in found]
    read_too = read_texts(arguments.texts) if arguments.texts else []
    texts = [page.told(looks) for page in read_too]
    print(f"{right(pages, texts, looks):.3f} of {len(pages)} pages, of sources left out")
    if arguments.write:
        write([*pages, *texts], looks, toward)


def write(
    pages: Sequence[Told], looks: Mapping[str, tuple[float, float]], toward: Head | None
) -> None:
    """Replace the head in `weights.json`."""
    whole = json.loads(weights.PATH.read_text())
    sources = len({page.group for page in pages})
    note = f"By scripts/fit_type_head.py, on {len(pages)} pages of {sources} sources"
    note += ", near to the head before." if toward else "."
    whole["types"]["head"] = WEIGHT
    whole["head_comment"] = note
    whole |= plain(fit(pages, looks, toward))
    weights.PATH.write_text(json.dumps(whole, indent=1) + "\n")


if __name__ == "__main__":
    main()
