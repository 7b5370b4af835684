"""`docsort evaluate` and `docsort calibrate` against a real server with the embedded engine."""

from __future__ import annotations

import json
import re
from html.parser import HTMLParser
from typing import TYPE_CHECKING, Any

import pytest
import pytest_asyncio
from command import Ended, ran
from labelled_parts import labelled_folder, write_labels
from server_process import started

from docsort_server.engine.openai.calibration import load

if TYPE_CHECKING:
    from collections.abc import AsyncGenerator
    from pathlib import Path

pytestmark = pytest.mark.asyncio(loop_scope="module")
CATEGORIES = ("-c", "Invoice", "-c", "Letter")


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def server(tmp_path_factory: pytest.TempPathFactory) -> AsyncGenerator[str, None]:
    """Run a server; yield its address."""
    async with started(tmp_path_factory.mktemp("server")) as process:
        yield process.address


async def evaluated(labels: Path, server: str, *more: str | Path) -> Ended:
    """Evaluate labels; both files are `run` beside them."""
    output = labels.parent / "run"
    return await ran("evaluate", labels, *CATEGORIES, "-o", output, *more, server=server)


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


async def test_a_run_from_end_to_end(tmp_path: Path, server: str) -> None:
    """Summary, JSON and page tell the same; a damaged document is a row, and the exit code 1."""
    labels = labelled_folder(tmp_path)
    name = "bad<b>.pdf"
    (tmp_path / name).write_bytes(b"%PDF-1.7 this is none")
    labels.write_text(labels.read_text() + f"{name},Invoice,en\nmissing.pdf,Letter,en\n")
    ended = await evaluated(labels, server)
    assert ended.code == 1
    assert ended.lines[0].startswith("4 of 6 documents (67%) may go through unseen")
    assert "docsort: missing.pdf: FILE: No such file or directory" in ended.err
    run = read(tmp_path / "run.json")
    assert (run["format"], run["version"], len(run["documents"])) == ("docsort-evaluation", 1, 7)
    figures = run["figures"]
    assert figures["accuracy"]["value"] == pytest.approx(4 / 6, abs=1e-6)
    assert figures["accuracy"]["n"] == 6
    assert set(figures["failures"]) == {"CORRUPT_DOCUMENT", "FILE"}
    assert figures["packets"]["page_accuracy"]["value"] == 1.0
    assert figures["packets"]["border_f1"]["value"] == 1.0
    text = (tmp_path / "run.html").read_text()
    page = Outside(text)
    assert page.fetched == []
    assert "url(http" not in text
    assert text.count("<svg") == 3
    assert ended.lines[0] in page.words
    assert "bad<b>.pdf" in page.words  # escaped, so it is text


async def test_resume_asks_only_for_what_is_missing(tmp_path: Path, server: str) -> None:
    """Answers are taken over, failures tried again; another question is refused."""
    labels = labelled_folder(tmp_path)
    letter = (tmp_path / "letter-0.pdf").rename(tmp_path / "later.pdf")
    assert (await evaluated(labels, server)).code == 1
    before = {each["path"]: each["result"] for each in read(tmp_path / "run.json")["documents"]}
    letter.rename(tmp_path / "letter-0.pdf")
    assert (await evaluated(labels, server, "--resume", tmp_path / "run.json")).code == 0
    after = {each["path"]: each["result"] for each in read(tmp_path / "run.json")["documents"]}
    assert {name for name in after if after[name] != before[name]} == {"letter-0.pdf"}
    other = await evaluated(labels, server, "-c", "Memo", "--resume", tmp_path / "run.json")
    assert other.code == 2
    assert "it has answers to other categories or options" in other.err


async def test_a_lost_server_takes_no_answer_along(tmp_path: Path, server: str) -> None:
    """Of a run that goes on without its server, all answers that were there are kept."""
    labels = labelled_folder(tmp_path)
    await evaluated(labels, server)
    (tmp_path / "invoice-0.pdf").write_bytes((tmp_path / "letter-1.pdf").read_bytes())
    ended = await evaluated(labels, "127.0.0.1:1", "--resume", tmp_path / "run.json")
    assert (ended.code, "go on with: --resume" in ended.err) == (3, True)
    kept = read(tmp_path / "run.json")["documents"]
    assert len(kept) == 5
    assert all(each["result"]["pages"] for each in kept)


async def test_compare_shows_what_changed(tmp_path: Path, server: str) -> None:
    """A document that was lost and is right now is mended, in all three outputs."""
    labels = labelled_folder(tmp_path)
    letter = (tmp_path / "letter-0.pdf").rename(tmp_path / "later.pdf")
    await evaluated(labels, server)
    (tmp_path / "run.json").rename(tmp_path / "old.json")
    letter.rename(tmp_path / "letter-0.pdf")
    ended = await evaluated(labels, server, "--compare", tmp_path / "old.json")
    assert "  mended: letter-0.pdf: Letter, (no answer) -> Letter" in ended.lines
    comparison = read(tmp_path / "run.json")["comparison"]
    assert [each["path"] for each in comparison["mended"]] == ["letter-0.pdf"]
    assert comparison["difference"]["value"] == 0.25
    assert "Against old.json" in (tmp_path / "run.html").read_text()
    same = await evaluated(labels, server, "--compare", tmp_path / "run.json")
    assert (same.code, "would be overwritten; give another -o" in same.err) == (2, True)


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
    assert ended.err.startswith("docsort: evaluate needs an extra: pip install 'docsort[cli,eval")
    assert ended.err.count("\n") == 1
