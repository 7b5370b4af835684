"""Criteria that a page meets by its form: numbered clauses, a date at its head, rows of items."""

from __future__ import annotations

import pytest
from criterion_marks import mark

CONTRACT = """SUPPLY AGREEMENT
This agreement is between Fern Ltd and Moss GmbH.
1. Supply
1.1 The seller shall deliver the plants.
1.2 The buyer shall collect the pots.
2. Price
2.1 The price is as agreed."""
RECEIPT = """THE GREEN TEAPOT
9 Hill Lane, Northby
04/06/2025 09:31 Till 3
2 x Green tea 5.20
1 x Plum cake 3.10
3 x Oat biscuit 4.50
TOTAL GBP 12.80
CARD 12.80"""


@pytest.mark.parametrize(
    "text",
    [
        CONTRACT,
        "Vertrag\n§ 1 Gegenstand\nDer Verkäufer liefert.\n§ 2 Preis\n§ 3 Laufzeit",
        "Contrat\nArticle 1 Objet\nArticle 2 Durée\nArticle 3 Prix",
        "Terms\n(a) the buyer pays\n(b) the seller delivers\n(c) both sign",
        "Terms continued\n10.1 Notices are in writing.\n10.3 Copies count.\n11. Law",
        "Terms\n1 Supply\nThe seller delivers.\n2 Price and payment\n3 Law",
        "Terms\ni. Buyers pay\nii. Sellers deliver\niii. Both sign",
    ],
)
def test_lines_with_rising_numbers_are_numbered_clauses(text: str) -> None:
    """Whatever their notation is, and wherever on a page they begin."""
    assert mark(text, "Is divided into numbered clauses").met
    assert not mark(text, "has no numbered clauses").met


@pytest.mark.parametrize(
    "text",
    [
        RECEIPT,
        "Agreement\nThe seller delivers plants.\nThe buyer pays 20.00 EUR.",
        "Statement\n02.03 Rent\n03.03 Water\n04.03 Power",
        "Bill\n1. Green tea 2 5.20\n2. Plum cake 1 3.10\n3. Oat biscuit 3 4.50",
        "Cake\n1 cup sugar\n2 eggs\n3 spoons of flour",
        "Notice\n7. Stock\n3. Price",
    ],
)
def test_other_numbers_at_the_start_of_lines_are_no_clauses(text: str) -> None:
    """Quantities, days, rows of items and numbers that do not rise."""
    assert not mark(text, "Is divided into numbered clauses").met


def test_numbered_clauses_are_told_in_other_languages() -> None:
    """The sentence may be in another than the page."""
    for criterion in ("enthält nummerierte Absätze", "contient des articles numérotés"):
        assert mark(CONTRACT, criterion).met


def test_a_date_alone_at_the_head_is_likely_the_one_asked_for() -> None:
    """Nothing on the page names it, so it is not sure."""
    told = mark(RECEIPT, "States the date of the sale")
    assert told.met
    assert told.confidence is not None
    assert 0.55 <= told.confidence <= 0.7
    assert told.evidence == "04/06/2025 09:31 Till 3"


def test_that_no_date_is_the_one_asked_for_is_not_sure_where_there_is_any() -> None:
    """One that is named as another, or stands at the end, may be meant."""
    told = mark("Note\nValid until: 4 June 2025\nThank you", "States the date of the sale")
    assert not told.met
    assert told.confidence is not None
    assert told.confidence <= 0.6 + 1e-9
    told = mark("Note\nThank you for your visit", "States the date of the sale")
    assert not told.met
    assert told.confidence is not None
    assert told.confidence > 0.9


def test_a_date_that_is_named_is_sure() -> None:
    """The one at the head is not asked for then."""
    told = mark("Note\n4 June 2025\nDate of sale: 2 June 2025", "States the date of the sale")
    assert told.met
    assert told.evidence == "Date of sale: 2 June 2025"


def test_rows_with_amounts_are_items_with_prices() -> None:
    """Entries of accounts are not, nor is a single row."""
    criterion = "Lists the items bought with their prices"
    assert mark(RECEIPT, criterion).met
    assert not mark(
        "Statement\n02.03 Rent 1 500.00\n03.03 Water 2 50.00\n04.03 Gas 1 20.00", criterion
    ).met
    assert not mark("Ticket\n1 x Green tea 5.20\nThank you", criterion).met
