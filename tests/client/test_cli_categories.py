"""What categories may hold, from the command line to a real server with the embedded engine."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest
import pytest_asyncio
from command import ran
from labelled_parts import INVOICE
from pdfs import text_pdf
from server_process import started

from docsort._cli.examples import with_texts
from docsort._cli.files import read_structured_file
from docsort._evaluate.choice import of_document

if TYPE_CHECKING:
    from collections.abc import AsyncGenerator
    from pathlib import Path

pytestmark = pytest.mark.asyncio(loop_scope="module")
HIVE = "Round of the apiary\nQueen and brood fine in hive 2, mites low, honey on frames."
SEEN = "Hive 4 in May: the queen was seen, brood on six frames, two supers of honey, few mites."


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def server(tmp_path_factory: pytest.TempPathFactory) -> AsyncGenerator[str, None]:
    """Run a server; yield its address."""
    async with started(tmp_path_factory.mktemp("server")) as process:
        yield process.address


async def classified(folder: Path, server: str, text: str, categories: object) -> dict[str, Any]:
    """Return the result of a document of one page, as JSON."""
    (folder / "page.pdf").write_bytes(text_pdf([text]))
    (folder / "categories.json").write_text(json.dumps(categories))
    files = (folder / "page.pdf", "--categories", folder / "categories.json")
    ended = await ran("classify", *files, "--format", "json", server=server)
    assert ended.code == 0, ended.err
    found: dict[str, Any] = json.loads(ended.out)["result"]
    return found


async def test_a_threshold_bounds_its_category(tmp_path: Path, server: str) -> None:
    """Of the page and of the document; the others keep the usual bound."""
    for threshold, outcome in ((0.0, "OUTCOME_MATCHED"), (1.0, "OUTCOME_AMBIGUOUS")):
        asked = [{"name": "Invoice", "threshold": threshold}, "Letter"]
        result = await classified(tmp_path, server, INVOICE, asked)
        assert (result["outcome"], result["page_results"][0]["outcome"]) == (outcome, outcome)


async def test_what_fits_nothing_is_told_by_name(tmp_path: Path, server: str) -> None:
    """And so is a category that the engine knows nothing like."""
    result = await classified(tmp_path, server, INVOICE, ["Zorblax", "Resume"])
    assert result["outcome"] == "OUTCOME_NO_MATCH"
    assert result["suggestion"]["type"] == "invoice"
    (warning,) = result["warnings"]
    assert warning["code"] == "WARNING_CODE_CATEGORY_UNFAMILIAR"
    assert warning["categories"] == ["Zorblax"]


async def test_examples_from_a_file_find_a_page(tmp_path: Path, server: str) -> None:
    """Of a category with a name that says nothing."""
    (tmp_path / "hive.txt").write_text(SEEN)
    shown = {"name": "Zorblax", "examples": [{"file": "hive.txt"}]}
    before = await classified(tmp_path, server, HIVE, ["Zorblax", "Invoice"])
    after = await classified(tmp_path, server, HIVE, [shown, "Invoice"])
    assert before["outcome"] == "OUTCOME_NO_MATCH"
    assert (after["outcome"], after["classification"]) == ("OUTCOME_MATCHED", "Zorblax")
    assert after["warnings"] == []


@pytest.mark.parametrize(
    ("content", "said"),
    [
        ({"categories": [{"name": "A", "examples": [{"file": "a\0b"}]}]}, "embedded null byte"),
        ({"categories": {"categories": ["A"]}}, "categories"),
    ],
    ids=["no name of a file", "nested"],
)
async def test_a_file_that_cannot_be_used_is_told_in_a_line(
    tmp_path: Path, content: object, said: str
) -> None:
    """Whatever it names and however it is nested; nothing is asked of a server."""
    path = tmp_path / "categories.json"
    path.write_text(json.dumps(content))
    ended = await ran("check", path, server="127.0.0.1:1")
    assert (ended.code, "Traceback" in ended.err) == (2, False)
    assert said in ended.err


async def test_the_mark_of_an_example_s_encoding_is_no_text(tmp_path: Path) -> None:
    """Some editors put it at the start of a file."""
    (tmp_path / "a.txt").write_bytes(b"\xef\xbb\xbfseen")
    found = with_texts({"categories": [{"examples": [{"file": "a.txt"}]}]}, tmp_path)
    assert found == {"categories": [{"examples": ["seen"]}]}


async def test_every_command_takes_examples_from_files(tmp_path: Path) -> None:
    """Those that ask for a file's ids too, as evaluating does."""
    (tmp_path / "a.txt").write_text("seen")
    path = tmp_path / "categories.json"
    path.write_text(json.dumps({"categories": [{"name": "A", "examples": [{"file": "a.txt"}]}]}))
    assert of_document(read_structured_file(str(path))).categories[0].examples == ("seen",)
