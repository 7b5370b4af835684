"""What the check says of the verdicts on criteria: opposites, and what is never sure."""

from __future__ import annotations

import pytest

from docsort_server.engine.model import Category
from docsort_server.engine.schema.check import check
from docsort_server.engine.schema.findings import Kind


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Ist unterschrieben", "ohne Unterschrift"),
        ("Is signed", "Is unsigned"),
        ("Contains an IBAN", "Contains no IBAN"),
    ],
)
def test_what_one_category_has_and_another_has_not_tells_them_apart(one: str, other: str) -> None:
    """Two criteria that are opposites are not shared."""
    found = check([Category("Lease", criteria=(one,)), Category("Recipe", criteria=(other,))])
    assert Kind.SHARED_CRITERION not in {each.kind for each in found}


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("The lowest balance is below 500", "lowest"),
        ("The VAT number is invalid", "invalid"),
        ("The total is about 700 EUR", "about"),
        ("The total is above several thousand EUR", "thousand"),
        ("every balance is above 500 EUR", "every"),
        ("The total is above 500 EUR or the deposit is below 300 EUR", "or"),
        ("The total is above two thousand EUR", ""),
        ("All amounts are below 500 EUR", ""),
        ("The total is not 650 EUR", ""),
        ("The invoice number is RE-9", ""),
        ("The total is above 500 EUR or below 300 EUR", ""),
    ],
)
def test_words_by_which_neither_verdict_is_sure_are_told(text: str, told: str) -> None:
    """The note says so of both verdicts; what is computed has none."""
    found = check([Category("Invoice", criteria=(text,)), Category("Letter")])
    notes = [each for each in found if each.kind is Kind.QUALIFIER_NOT_TESTED]
    assert len(notes) == bool(told)
    assert all(f"\u201c{told}" in each.reason and "neither" in each.reason for each in notes)
