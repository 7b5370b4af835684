"""The one-pass phrase index."""

from __future__ import annotations

from engine_pages import page

from docsort_server.engine.local.phrases import PhraseIndex
from docsort_server.engine.local.reading import read


def _found(phrases: list[str], text: str) -> dict[str, int]:
    index = PhraseIndex(phrases)
    return {index.phrases[n]: line for n, line in index.scan(read(page(text))).items()}


def test_phrase_is_found_with_the_line_it_first_stands_on() -> None:
    """The first occurrence counts, whatever the case and accents."""
    assert _found(["numéro de facture"], "Bonjour\nNUMERO DE FACTURE 7\nnuméro de facture") == {
        "numéro de facture": 1
    }


def test_long_phrase_matches_whatever_the_spacing() -> None:
    """Letter-spaced headings and words run together are still read."""
    assert "invoice number" in _found(["invoice number"], "I N V O I C E  N U M B E R 12")
    assert "invoice number" in _found(["invoice number"], "InvoiceNumber: 12")


def test_long_phrase_matches_across_a_line_break() -> None:
    """A phrase that wraps is found on the line where it starts."""
    assert _found(["governing law"], "the governing\nlaw is") == {"governing law": 0}


def test_phrase_starts_where_a_word_starts() -> None:
    """A phrase inside a longer word does not count."""
    assert not _found(["insurance"], "reinsurance treaty")


def test_short_phrase_needs_whole_words() -> None:
    """A short phrase does not match the beginning of another word."""
    assert _found(["net pay"], "net pay 100")
    assert not _found(["net pay"], "net payments")
    assert not _found(["vat"], "vatican")


def test_anchored_phrase_counts_only_at_the_start_of_a_line() -> None:
    """`^dear` finds a salutation, not a word inside a sentence."""
    assert _found(["^dear"], "Hello\nDear Ms Finch") == {"^dear": 1}
    assert not _found(["^dear"], "it was dear to him")


def test_marked_phrase_needs_its_mark() -> None:
    """A final colon or hash is part of what is looked for."""
    assert _found(["invoice #", "present:"], "Invoice # 12\nPresent: Ada") == {
        "invoice #": 0,
        "present:": 1,
    }
    assert not _found(["invoice #", "present:"], "invoice 12\nthe present state")


def test_chinese_phrase_is_found_inside_running_text() -> None:
    """Scripts without spaces match anywhere."""
    assert _found(["资产负债表"], "公司的资产负债表如下") == {"资产负债表": 0}


def test_a_phrase_of_several_lines_is_one_phrase() -> None:
    """What breaks a line in it parts its words only, and later phrases keep their numbers."""
    assert _found(["net\npay", "", "delivery\nnote", "vat"], "net pay\nDelivery note\nVAT") == {
        "net\npay": 0,
        "delivery\nnote": 1,
        "vat": 2,
    }
