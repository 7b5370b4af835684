"""The benchmarks themselves: the quick run, and the two that take a folder of documents."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from typing import TYPE_CHECKING, Any

import pytest
from bench_folders import CATEGORIES, INVOICE, LETTER, ROOT, index, pdf

if TYPE_CHECKING:
    from pathlib import Path

# One process of each kind starts fastest; coverage would slow those that are measured, and not all
# of them alike.
ENVIRONMENT = {
    **{key: value for key, value in os.environ.items() if not key.startswith("COVERAGE")},
    "DOCSORT_PARSER_WORKERS": "1",
    "DOCSORT_ENGINE_WORKERS": "1",
    "DOCSORT_OCR": "off",
}


def run(tool: str, folder: Path, *options: str) -> tuple[dict[str, Any], str, int]:
    """Run a tool on a folder; return its JSON, its text and its exit code."""
    told = folder / "told.json"
    command = [sys.executable, str(ROOT / "bench" / tool), str(folder), "--json", str(told)]
    ran = subprocess.run(
        [*command, *options], capture_output=True, check=False, text=True, env=ENVIRONMENT
    )
    assert told.exists(), ran.stderr
    return json.loads(told.read_text()), ran.stdout, ran.returncode


@pytest.mark.timeout(120)
def test_quick_run_measures_everything(tmp_path: Path) -> None:
    """A quick run writes figures that can be true, each with its ratio and every bound judged."""
    output = tmp_path / "bench.json"
    command = [sys.executable, str(ROOT / "bench/run.py"), "--quick", "--output", str(output)]
    ran = subprocess.run(command, capture_output=True, check=False, text=True, env=ENVIRONMENT)
    assert ran.returncode in {0, 1}, ran.stderr
    figures = {each["name"]: each for each in json.loads(output.read_text())["figures"]}
    # What a few jobs add to CPU or memory may be less than the kernel's own grain.
    grain = ("CPU a page of durable jobs", "4 idle watchers")
    sure = [each for name, each in figures.items() if not name.startswith(grain)]
    assert len(sure) > 10
    assert all(each["ratio"] > 0 for each in sure)
    assert {each["verdict"] for each in figures.values() if each["bound"]} <= {"ok", "MISSED"}
    assert 0 < figures["first page of 24"]["value"] < 10_000
    # The service does what the bare loop does and more: less CPU would be a wrong measurement.
    assert 1.0 < figures["CPU per page"]["ratio"] < 10.0
    assert figures["cancel to finished event"]["value"] < 5_000
    assert all(name in ran.stdout for name in figures)


def test_a_service_with_a_model_is_measured(tmp_path: Path) -> None:
    """Jobs complete, and nothing is faster than the model allows."""
    told = tmp_path / "told.json"
    options = ("--quick", "--runs", "1", "--store", "memory", "--json", str(told))
    command = [sys.executable, str(ROOT / "bench/model_service.py"), *options]
    ran = subprocess.run(command, capture_output=True, check=False, text=True, env=ENVIRONMENT)
    assert ran.returncode == 0, ran.stderr
    figures = {each["name"]: each["ratio"] for each in json.loads(told.read_text())["figures"]}
    assert 1.0 <= figures["16 pages, 8 at once"] < 10.0
    assert 1.0 <= figures["16 pages, 8 at once: first page"] < 10.0


def test_labelled_folder_is_graded(tmp_path: Path) -> None:
    """Right, wrong and unsupported documents are told apart, and classes come from the ids."""
    pdf(tmp_path / "one.pdf", INVOICE)
    pdf(tmp_path / "two.pdf", INVOICE, LETTER)
    (tmp_path / "three.png").write_bytes(bytes(32))
    (tmp_path / "categories.json").write_text(json.dumps(CATEGORIES))
    index(
        tmp_path,
        {"path": "one.pdf", "class": "bill", "has_text_layer": "yes"},
        {"path": "two.pdf", "class": "mail", "has_text_layer": "yes"},
        {"path": "three.png", "class": "mail", "has_text_layer": "no"},
    )
    told, text, code = run("corpus.py", tmp_path, "--misses")
    assert code == 0
    assert told["figures"]["accuracy"] == {"right": 1, "of": 3}
    assert told["figures"]["accuracy with text layer"] == {"right": 1, "of": 2}
    assert told["figures"]["complete"] == {"right": 3, "of": 3}
    assert told["figures"]["outcomes"]["UNSUPPORTED_DOCUMENT"] == 1
    assert [each["answer"] for each in told["documents"]] == ["bill", "bill", None]
    assert "two.pdf" in text.partition("wrong")[2]


def test_packets_are_graded_by_page_and_part(tmp_path: Path) -> None:
    """Pages are held against the truth one by one, and parts by number and first page."""
    pdf(tmp_path / "mixed.pdf", INVOICE, LETTER)
    (tmp_path / "categories.json").write_text(json.dumps(CATEGORIES))
    pages = [{"page": 1, "class": "bill"}, {"page": 2, "class": "mail"}]
    segments = [{"start": 1, "end": 1, "class": "bill"}, {"start": 2, "end": 2, "class": "mail"}]
    truth = {"pages": pages, "segments": segments}
    (tmp_path / "mixed.json").write_text(json.dumps(truth))
    index(tmp_path, {"packet": "mixed.pdf", "pages": 2})
    told, text, code = run("corpus.py", tmp_path)
    assert code == 0
    assert told["figures"]["page accuracy"] == {"right": 2, "of": 2}
    assert told["figures"]["parts found"] == {"right": 2, "of": 2}
    assert told["figures"]["true first pages found"] == {"right": 2, "of": 2}
    assert told["documents"][0]["pages"] == {"1": "Invoice", "2": "Letter"}
    assert "2/2" in text


def test_malformed_folder_is_survived(tmp_path: Path) -> None:
    """Every file ends typed, what others open is listed, and the server is whole afterwards."""
    pdf(tmp_path / "good.pdf", INVOICE)
    (tmp_path / "cut.pdf").write_bytes((tmp_path / "good.pdf").read_bytes()[:300])
    (tmp_path / "empty.pdf").write_bytes(b"")
    (tmp_path / "image.png").write_bytes(bytes(64))
    index(
        tmp_path,
        {"path": "good.pdf", "opens_in": 4, "odd": "nothing", "peer": "ok pages=1"},
        {"path": "cut.pdf", "opens_in": 1, "odd": "cut off", "peer": "ok pages=0"},
        {"path": "empty.pdf", "opens_in": 0, "odd": "zero bytes", "peer": "error"},
        {"path": "image.png", "opens_in": 0, "odd": "no PDF", "peer": "error"},
    )
    told, text, code = run("hostile.py", tmp_path, "--skip-kills")
    assert code == 0, text
    kinds = {each["path"]: each["kind"] for each in told["files"]}
    assert kinds == kinds | {
        "cut.pdf": "CORRUPT_DOCUMENT",
        "empty.pdf": "EMPTY_DOCUMENT",
        "image.png": "UNSUPPORTED_DOCUMENT",
    }
    assert [each["name"] for each in told["checks"] if not each["good"]] == []
    assert "what others find pages in has pages: 1 of 1" in text
    assert "opens in 1  cut.pdf  cut off" in text


def test_folder_without_index_is_named(tmp_path: Path) -> None:
    """A folder that is no corpus is refused with its missing file, before any server starts."""
    command = [sys.executable, str(ROOT / "bench/corpus.py"), str(tmp_path)]
    ran = subprocess.run(command, capture_output=True, check=False, text=True)
    assert ran.returncode == 2
    assert ran.stderr == f"corpus: {tmp_path / 'index.csv'}: No such file or directory\n"
