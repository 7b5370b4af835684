"""What the embedded engine says of pages that fit none of the categories."""

from __future__ import annotations

import pytest
from engine_pages import GERMAN_INVOICE, INVOICE, STATEMENT, page

from docsort_server.engine.local import lexicon
from docsort_server.engine.local import text as t
from docsort_server.engine.local.engine import classify_page
from docsort_server.engine.model import Category, Outcome, PageVerdict, Question


def verdict(text: str, *names: str) -> PageVerdict:
    """Classify a page among plain names."""
    return classify_page(page(text), Question(tuple(map(Category, names))))


@pytest.mark.parametrize(
    ("text", "kind", "name"),
    [
        (INVOICE, "invoice", "invoice"),
        (STATEMENT, "bank_statement", "bank statement"),
        (GERMAN_INVOICE, "invoice", "invoice"),
    ],
)
def test_a_page_without_a_category_is_named(text: str, kind: str, name: str) -> None:
    """By the type that it looks like, which is none of the categories."""
    found = verdict(text, "Recipe", "Resume")
    assert found.outcome is Outcome.NO_MATCH
    assert found.suggestion
    assert (found.suggestion.type, found.suggestion.name) == (kind, name)
    assert 0.5 <= found.suggestion.confidence <= 1.0


def test_a_match_has_no_suggestion() -> None:
    """Nor has a page whose type a category or a catch-all is about, whatever it is called."""
    assert verdict(INVOICE, "Invoice", "Resume").suggestion is None
    assert verdict(INVOICE, "Recipe", "Other").suggestion is None
    for alias in ("Rechnung", "bill", "facture"):
        found = verdict(INVOICE, alias, "Resume").suggestion
        assert found is None or found.type != "invoice"


def test_a_page_that_looks_like_nothing_has_no_suggestion() -> None:
    """A guess would not be honest."""
    found = verdict("a few words about nothing that anybody would ever file", "Recipe", "Resume")
    assert found.outcome is Outcome.NO_MATCH
    assert found.suggestion is None


def test_every_type_has_a_name_for_people() -> None:
    """An English one, that no other type has."""
    names = [" ".join(t.words(each.name)) for each in lexicon.load().types]
    assert len(set(names)) == len(names)
    assert all(name.isascii() for name in names)
