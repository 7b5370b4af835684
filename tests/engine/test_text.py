"""Folding, splitting and stemming."""

from __future__ import annotations

import pytest

from docsort_server.engine.local import text


def test_fold_ignores_case_accents_and_ligatures() -> None:
    """Spellings that readers take for the same word fold to the same letters."""
    assert text.fold("Numéro DE Facture") == "numero de facture"
    assert text.fold("ﬁnal Straße") == "final strasse"


def test_words_hold_letters_and_digits_only() -> None:
    """Punctuation and underscores separate words."""
    assert text.words("Bill-to: ACME_Corp, W-2 (2024)") == [
        "bill", "to", "acme", "corp", "w", "2", "2024",
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("invoice", "invoices"),
        ("invoice", "invoicing"),
        ("policy", "policies"),
        ("shipping", "ship"),
        ("rechnung", "rechnungen"),
        ("application", "applications"),
        ("loan", "loans"),
        ("vergunning", "vergunningen"),
        ("address", "addresses"),
    ],
)
def test_stem_unites_inflections(one: str, other: str) -> None:
    """Inflected forms of a word share a stem."""
    assert text.stem(one) == text.stem(other)


def test_stem_keeps_different_words_apart() -> None:
    """Light stemming does not unite words of different meaning."""
    assert text.stem("state") != text.stem("statement")
    assert text.stem("bus") == "bus"


def test_content_stems_leave_out_stop_words_of_many_languages() -> None:
    """Articles and prepositions carry no meaning in any of the languages."""
    assert text.content_stems("the invoice of the company") == ["invoic", "company"[:-1] + "i"]
    assert text.content_stems("la facture de l'eau") == ["factur", "eau"]
    assert text.content_stems("der Vertrag und die Anlage") == ["vertrag", "anlag"]


def test_unspaced_scripts_are_cut_into_pairs() -> None:
    """Chinese has no spaces, so overlapping pairs of characters stand for words."""
    assert text.content_stems("财务报表") == ["财务", "务报", "报表"]
