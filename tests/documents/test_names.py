"""Names that senders chose for what they attach."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from docsort_server.documents.names import NAME_CHARS, file_name


@pytest.mark.parametrize(
    ("raw", "shown"),
    [
        ("invoice 4.pdf", "invoice 4.pdf"),
        ("C:\\scans\\invoice.pdf", "invoice.pdf"),
        ("../../etc/passwd", "passwd"),
        ("a\x1b]0;title\x07b\r\n.pdf", "a ]0;title b .pdf"),
        ("pdf.exe\u202efdp.scan", "pdf.exe fdp.scan"),
        ("Re\u0301sume\u0301.pdf", "R\u00e9sum\u00e9.pdf"),
        ("  ", ""),
        ("scans/", ""),
        ("scans/..", ""),
        (". .", ". ."),
        ("\ud800.pdf", ".pdf"),
    ],
)
def test_a_name_is_fit_to_be_shown(raw: str, shown: str) -> None:
    """It is no path, drives no terminal and turns no text round."""
    assert file_name(raw) == shown


def test_a_long_name_keeps_its_ending() -> None:
    """What kind of file it was is still to be seen."""
    name = file_name("x" * 5_000 + ".signed.pdf")
    assert len(name) == NAME_CHARS
    assert name.endswith(".signed.pdf")
    assert "…" in name


@given(st.text(st.characters(codec=None), max_size=300))
def test_any_name_can_be_shown(raw: str) -> None:
    """Whatever it is, it becomes one line of bounded, printable and valid text."""
    name = file_name(raw)
    assert len(name) <= NAME_CHARS
    assert name.isprintable()
    assert name.encode().decode() == name
    assert file_name(name) == name
