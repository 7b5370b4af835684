"""Cleaning of extracted text."""

from __future__ import annotations

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from docsort_server.documents.text import clean, fitted


@pytest.mark.parametrize(
    ("raw", "cleaned"),
    [
        ("one\r\ntwo\rthree", "one\ntwo\nthree"),
        ("be\ufffetween", "between"),
        ("be\u0002tween", "between"),
        ("be\u00adtween", "between"),
        ("be\u00ad\r\ntween", "between"),
        ("PRO\ufffeJECT", "PROJECT"),
        ("Cross\ufffeExamination", "Cross-Examination"),
        ("2024\ufffe25", "2024-25"),
        ("end\ufffe\r\n", "end\n"),
        ("nul\x00led", "nulled"),
        ("\ufeffmark", "mark"),
        ("half \ud83d pair", "half \ufffd pair"),
        ("glyph\x01s", "glyph\ufffds"),
        ("cle\x9b2Jar", "cle\ufffd2Jar"),
        ("tab\tkept, page\x0cbreak", "tab\tkept, page\nbreak"),
        ("Übung 😀 €", "Übung 😀 €"),
    ],
)
def test_marks_and_breaks(raw: str, cleaned: str) -> None:
    """Line ends, broken words and what is no character come out as readers see them."""
    assert clean(raw, 100) == cleaned


@given(text=st.text(st.characters(codec=None)), limit=st.integers(min_value=0, max_value=50))
def test_any_text_becomes_valid(text: str, limit: int) -> None:
    """Whatever a parser returns, the result is encodable, bounded, and stays as it is."""
    cleaned = clean(text, limit)
    cleaned.encode()
    assert len(cleaned) <= limit
    assert not set(cleaned) & set("\ufffe\uffff\u00ad")
    assert {c for c in cleaned if unicodedata.category(c) == "Cc"} <= {"\t", "\n"}
    assert clean(cleaned, limit) == cleaned


@pytest.mark.parametrize(
    ("raw", "expected"),
    [
        ("a" * 10, ("a" * 10, False)),
        ("a" * 11, ("a" * 10, True)),
        ("\0" * 30 + "a" * 10, ("a" * 10, False)),
        ("\0" * 30 + "a" * 11, ("a" * 10, True)),
        ("\x01" * 21, ("\ufffd" * 10, True)),
        ("\u00ad" * 25 + "a", ("", True)),
    ],
)
def test_a_cut_is_told(raw: str, expected: tuple[str, bool]) -> None:
    """Also where what was dropped stood in the way of the rest."""
    assert fitted(raw, 10) == expected
