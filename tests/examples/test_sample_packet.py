"""The sample packet: what `make run` shows to newcomers."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path
from typing import Any

import pypdfium2
import pytest
import yaml

ROOT = Path(__file__).resolve().parents[2]
# What each page is, in order; "" is the blank one.
PAGES = (
    *("Invoice", "Invoice", "Receipt", "Contract", "Contract", "Bank statement", "Letter", ""),
    *("Scientific article", "Scientific article", "Purchase order", "Resume"),
)


def draw(path: Path) -> None:
    """Draw the packet as the Makefile does."""
    command = [sys.executable, "-m", "examples.sample_packet", str(path)]
    subprocess.run(command, check=True, cwd=ROOT, stdout=subprocess.DEVNULL)


@pytest.fixture(scope="module")
def packet(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a packet drawn once for the module."""
    path = tmp_path_factory.mktemp("packet") / "packet.pdf"
    draw(path)
    return path


def texts(packet: Path) -> list[str]:
    """Return the text of each page."""
    with pypdfium2.PdfDocument(packet) as document:
        return [page.get_textpage().get_text_range() for page in document]


def test_every_run_writes_the_same_bytes(packet: Path, tmp_path: Path) -> None:
    """Two runs give one file, so that results can be compared between machines."""
    again = tmp_path / "again.pdf"
    draw(again)
    assert again.read_bytes() == packet.read_bytes()


def test_packet_is_varied(packet: Path) -> None:
    """Twelve pages, one of them blank and one a narrow slip, all others full of text."""
    with pypdfium2.PdfDocument(packet) as document:
        widths = [page.get_width() for page in document]
    letters = [len(text.strip()) for text in texts(packet)]
    assert len(letters) == len(PAGES)
    assert [count for count in letters if count < 300] == [letters[PAGES.index("")]] == [0]
    assert [width < 250 for width in widths] == [label == "Receipt" for label in PAGES]


def test_sums_are_right(packet: Path) -> None:
    """The statement's closing balance is the last running balance: the figures hold together."""
    text = texts(packet)[PAGES.index("Bank statement")]
    closing = text.split("Closing balance")[1].split("GBP")[1].split()[0]
    assert text.count(closing) == 3


def test_categories_name_every_page() -> None:
    """The example categories cover the packet, and each comes with criteria."""
    listed: list[dict[str, Any]] = yaml.safe_load((ROOT / "examples/categories.yaml").read_text())[
        "categories"
    ]
    assert {entry["name"] for entry in listed} == {*filter(None, PAGES), "Delivery note"}
    assert all(entry["description"] and len(entry["criteria"]) == 3 for entry in listed)
