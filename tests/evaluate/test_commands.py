"""`docsort evaluate` and `docsort calibrate` against a real server with the embedded engine."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from html.parser import HTMLParser
from typing import TYPE_CHECKING, Any

import pytest
import pytest_asyncio
from command import Ended, ran
from labelled_parts import labelled_folder, write_labels
from server_process import started

from docsort._cli.extras import install
from docsort_server.engine.openai.calibration import load

if TYPE_CHECKING:
    from collections.abc import AsyncGenerator
    from pathlib import Path

pytestmark = pytest.mark.asyncio(loop_scope="module")
DAMAGED = "bad<b>.pdf"
CATEGORIES = ("-c", "Invoice", "-c", "Letter")
# One that the embedded engine knows nothing like.
UNKNOWN = ("-c", "Zorblax")


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def server(tmp_path_factory: pytest.TempPathFactory) -> AsyncGenerator[str, None]:
    """Run a server; yield its address."""
    async with started(tmp_path_factory.mktemp("server")) as process:
        yield process.address


async def evaluated(labels: Path, server: str, *more: str | Path) -> Ended:
    """Evaluate labels; both files are `run` beside them."""
    output = ("-o", labels.parent / "run")
    return await ran("evaluate", labels, *CATEGORIES, *output, *more, server=server)


def read(path: Path) -> dict[str, Any]:
    """Return a run's file."""
    found: dict[str, Any] = json.loads(path.read_text())
    return found


class Outside(HTMLParser):
    """Collect what a page would fetch, and its text."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.fetched: list[str] = []
        self.words = ""
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Note addresses, and elements that may run or load something."""
        self.fetched += [tag] if tag in {"script", "link", "img", "iframe"} else []
        self.fetched += [
            value or ""
            for name, value in attrs
            if name in {"src", "href"} and not (value or "").startswith("#")
        ]

    def handle_data(self, data: str) -> None:
        """Keep the text."""
        self.words += data


@dataclass(frozen=True, slots=True)
class First:
    """A run with a damaged document and one that is not there yet, in a folder of its own."""

    folder: Path
    labels: Path
    ended: Ended

    @property
    def file(self) -> Path:
        """The run's JSON."""
        return self.folder / "run.json"

    def results(self, name: str = "run.json") -> dict[str, Any]:
        """Return the documents' results by their paths."""
        return {each["path"]: each["result"] for each in read(self.folder / name)["documents"]}


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def first(tmp_path_factory: pytest.TempPathFactory, server: str) -> First:
    """Evaluate once what most tests look at or go on from: it takes seconds."""
    folder = tmp_path_factory.mktemp("first")
    labels = labelled_folder(folder)
    (folder / DAMAGED).write_bytes(b"%PDF-1.7 this is none")
    labels.write_text(labels.read_text() + f"{DAMAGED},Invoice,en\nmissing.pdf,Letter,en\n")
    return First(folder, labels, await evaluated(labels, server, *UNKNOWN))


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def second(first: First, server: str) -> Ended:
    """Go on with the first run once the missing document is there, and compare the two."""
    (first.folder / "missing.pdf").write_bytes((first.folder / "letter-0.pdf").read_bytes())
    more = (*UNKNOWN, "--resume", first.file, "--compare", first.file)
    return await evaluated(first.labels, server, *more, "-o", first.folder / "second")


async def test_a_run_from_end_to_end(first: First) -> None:
    """Summary, JSON and page tell the same; a damaged document is a row, and the exit code 1."""
    assert first.ended.code == 1
    assert first.ended.lines[0].startswith("4 of 6 documents (67%) may go through unseen")
    assert "docsort: missing.pdf: UNREADABLE_FILE: No such file or directory" in first.ended.err
    run = read(first.file)
    assert (run["format"], run["version"], len(run["documents"])) == ("docsort-evaluation", 1, 7)
    figures = run["figures"]
    assert figures["accuracy"]["value"] == pytest.approx(4 / 6, abs=1e-6)
    assert figures["accuracy"]["n"] == 6
    assert set(figures["failures"]) == {"CORRUPT_DOCUMENT", "UNREADABLE_FILE"}
    assert figures["packets"]["page_accuracy"]["value"] == 1.0
    assert figures["packets"]["border_f1"]["value"] == 1.0
    text = (first.folder / "run.html").read_text()
    page = Outside(text)
    assert page.fetched == []
    assert "url(http" not in text
    assert text.count("<svg") == 3
    assert first.ended.lines[0] in page.words
    assert DAMAGED in page.words  # escaped, so it is text


async def test_figures_are_split_by_what_the_server_warns_of(first: First) -> None:
    """Categories that the embedded engine knows nothing like come with the answers."""
    answered = [each for each in first.results().values() if each["pages"]]
    assert {tuple(each["unfamiliar"]) for each in answered} == {("Zorblax",)}
    assert [each["value"] for each in read(first.file)["figures"]["splits"]["known"]] == ["yes"]


async def test_resume_asks_only_for_what_is_missing(first: First, second: Ended) -> None:
    """Answers are taken over, failures tried again; what is damaged is so still."""
    before, after = first.results(), first.results("second.json")
    assert second.code == 1
    assert {name for name in after if after[name] != before[name]} == {"missing.pdf", DAMAGED}
    assert after["missing.pdf"]["pages"]
    assert not after[DAMAGED]["pages"]


async def test_compare_shows_what_changed(first: First, second: Ended) -> None:
    """A document that was lost and is right now is mended, in all three outputs."""
    assert "  mended: missing.pdf: Letter, (no answer) -> Letter" in second.lines
    comparison = read(first.folder / "second.json")["comparison"]
    assert [each["path"] for each in comparison["mended"]] == ["missing.pdf"]
    assert comparison["difference"]["value"] == pytest.approx(1 / 6, abs=1e-6)
    assert "Against run.json" in (first.folder / "second.html").read_text()


async def test_earlier_runs_are_not_mistaken(first: First, server: str) -> None:
    """One with another question is not gone on with, and one to compare with not overwritten."""
    other = await evaluated(first.labels, server, "-c", "Memo", "--resume", first.file)
    assert other.code == 2
    assert "it has answers to other categories or options" in other.err
    same = await evaluated(first.labels, server, "--compare", first.file)
    assert (same.code, "would be overwritten; give another -o" in same.err) == (2, True)


async def test_a_lost_server_takes_no_answer_along(first: First) -> None:
    """Of a run that goes on without its server, all answers that were there are kept."""
    letter = first.folder / "letter-1.pdf"
    changed = letter.with_name("invoice-0.pdf")
    kept_content = changed.read_bytes()
    changed.write_bytes(letter.read_bytes())
    output = ("-o", first.folder / "third")
    again = (*UNKNOWN, "--resume", first.file, *output)
    ended = await evaluated(first.labels, "127.0.0.1:1", *again)
    changed.write_bytes(kept_content)
    assert (ended.code, "go on with: --resume" in ended.err) == (3, True)
    answered = {name for name, each in first.results().items() if each["pages"]}
    kept = first.results("third.json")
    assert len(answered) == 5
    assert answered == {name for name, each in kept.items() if each["pages"]}


async def test_calibrate_writes_what_a_server_reads(tmp_path: Path, server: str) -> None:
    """The fit names the embedded engine's model, and tells errors before and after."""
    labels = labelled_folder(tmp_path, 6)
    output = tmp_path / "calibration.toml"
    ended = await ran("calibrate", labels, *CATEGORIES, "-o", output, "--id", "own", server=server)
    assert (ended.code, ended.lines[0][:7]) == (0, "local, ")
    assert "The embedded engine reads no calibration file" in ended.out
    assert re.search(r"calibration error +0\.\d+ before, 0\.\d+ after", ended.out)
    (fit,) = load(output)
    assert (fit.id, fit.backend, fit.fitted_on) == ("own", "local", 14)
    assert ended.lines[0] == f"local, {fit.model}"
    assert len(read(tmp_path / "calibration-run.json")["documents"]) == 13


async def test_a_server_that_is_not_there(tmp_path: Path) -> None:
    """Nothing is written, and the exit code is that of a server out of reach."""
    labels = labelled_folder(tmp_path, 1)
    ended = await evaluated(labels, "127.0.0.1:1")
    assert ended.code == 3
    assert "Is it running?" in ended.err
    assert not (tmp_path / "run.json").exists()


async def test_wrong_use_is_told_before_any_document(tmp_path: Path) -> None:
    """A class that is no category, a folder that is not there, and no extra: code 2, a sentence."""
    labels = write_labels(tmp_path / "labels.csv", [{"path": "a.pdf", "class": "Lettre"}])
    ended = await evaluated(labels, "127.0.0.1:1")
    assert (ended.code, "did you mean 'Letter'?" in ended.err) == (2, True)
    ended = await evaluated(labels, "127.0.0.1:1", "-o", tmp_path / "no/where")
    assert (ended.code, "does not exist; make it first" in ended.err) == (2, True)
    ended = await ran("evaluate", labels, *CATEGORIES, server="127.0.0.1:1", without="sklearn")
    assert ended.code == 2
    assert ended.err.startswith(f"docsort: evaluate needs an extra: {install('cli,evaluate')} (")
    assert ended.err.count("\n") == 1


@pytest.mark.parametrize("command", ["evaluate", "calibrate"])
async def test_no_file_that_is_read_is_written(tmp_path: Path, command: str) -> None:
    """Categories named like the run would be gone; the server is not even asked."""
    categories = tmp_path / "run.json"
    categories.write_text('{"categories": ["Invoice"]}')
    labels = tmp_path / "labels.csv"
    labels.write_text("path,class\na.pdf,Invoice\n")
    (tmp_path / "a.pdf").write_bytes(b"%PDF-1.4")
    options = ("--categories", categories, "-o", tmp_path / "run.json")
    ended = await ran(command, labels, *options, server="127.0.0.1:9")
    assert (ended.code, f"--categories {categories}: would be" in ended.err) == (2, True)
    assert json.loads(categories.read_text()) == {"categories": ["Invoice"]}
