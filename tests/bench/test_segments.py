"""Packets composed to measure with, and what is told of the parts they are taken into."""

from __future__ import annotations

import json
import random
import subprocess
import sys
from itertools import pairwise
from typing import TYPE_CHECKING

import pytest
from bench_folders import CATEGORIES, INVOICE, LETTER, ROOT, index, pdf

from bench.segment_bundles import Source, compose

if TYPE_CHECKING:
    from pathlib import Path

SOURCES = [Source(f"{n}.pdf", "ab"[n % 2], f"f{n}", "g", pages=1 + 4 * n) for n in range(5)]


@pytest.mark.parametrize("seed", range(5))
def test_composed_packets_hold_documents_in_order(seed: int) -> None:
    """Every part is consecutive pages of one document, and never follows the same document."""
    for bundle in compose(SOURCES, 20, random.Random(seed)):
        starts = sorted(bundle.starts)
        parts = [
            [page for page in bundle.pages[first:end] if page]
            for first, end in zip(starts, [*starts[1:], len(bundle.pages)], strict=True)
        ]
        paths = [part[0][0] for part in parts]
        assert 2 <= len(parts) <= 7
        assert all(one != other for one, other in pairwise(paths))
        for path, part in zip(paths, parts, strict=True):
            first = part[0][1]
            assert part == [(path, first + n) for n in range(len(part))]


def test_equal_seeds_compose_equal_packets() -> None:
    """Figures can be taken again."""
    first, again = (list(compose(SOURCES, 9, random.Random(3))) for _ in range(2))
    assert first == again
    assert first != list(compose(SOURCES, 9, random.Random(4)))


def test_parts_are_measured(tmp_path: Path) -> None:
    """Single documents, given packets and composed ones each have their figures, with numbers."""
    labelled, packets = tmp_path / "labelled", tmp_path / "packets"
    labelled.mkdir()
    packets.mkdir()
    pdf(labelled / "one.pdf", INVOICE)
    pdf(labelled / "two.pdf", LETTER)
    pdf(packets / "mixed.pdf", INVOICE, LETTER)
    (tmp_path / "categories.json").write_text(json.dumps(CATEGORIES))
    known = {"has_text_layer": "yes", "pages": 1}
    index(
        labelled,
        {"path": "one.pdf", "class": "bill", **known},
        {"path": "two.pdf", "class": "mail", **known},
    )
    index(packets, {"packet": "mixed.pdf", "pages": 2})
    pages = [{"page": 1, "class": "bill"}, {"page": 2, "class": "mail"}]
    segments = [{"start": 1, "end": 1, "class": "bill"}, {"start": 2, "end": 2, "class": "mail"}]
    (packets / "mixed.json").write_text(json.dumps({"pages": pages, "segments": segments}))
    command = [sys.executable, str(ROOT / "bench/segments.py"), str(labelled), str(packets)]
    ran = subprocess.run([*command, "--bundles", "3"], capture_output=True, check=False, text=True)
    assert ran.returncode == 0, ran.stderr
    alone, given, composed = ran.stdout.split("packets:")[0], *ran.stdout.split("packets:")[1:]
    assert "split                      0/2 = 0.000" in alone
    assert "  among neighbours         2/2 = 1.000" in given
    assert "  by parts                 2/2 = 1.000" in given
    assert "border F1                  2/2 = 1.000" in given
    assert composed.lstrip().startswith("3\n")
