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

PANCAKES = "Pancakes\n1. Whisk the eggs\n2. Add the flour\n3. Fry them in butter"


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
        PANCAKES,
        "Printer\n1.1 Turn the printer off.\n1.2 Open the tray.\n1.3 Press the button.",
        "Form\n1. Name of the supplier\n2. Name of the employer\n3. Address",
        "Contract with a supplier\nHow to sign:\n1. Print it\n2. Sign it\n3. Send it",
    ],
)
def test_other_numbers_at_the_start_of_lines_are_no_clauses(text: str) -> None:
    """Quantities, days, rows of items, steps, fields, and numbers that do not rise."""
    assert not mark(text, "Is divided into numbered clauses").met


def test_numbered_clauses_are_told_in_other_languages() -> None:
    """The sentence may be in another than the page."""
    for criterion in ("enthält nummerierte Klauseln", "contient des articles numérotés"):
        assert mark(CONTRACT, criterion).met
        assert not mark(PANCAKES, criterion).met


def test_sections_are_numbered_whatever_they_are_about() -> None:
    """They need bind nobody, unlike clauses."""
    report = "Report\n1 Introduction\nBirds fly.\n2 Methods\nWe watched.\n3 Results\nThey flew."
    for criterion in ("contains numbered sections", "enthält nummerierte Abschnitte"):
        assert mark(report, criterion).met
    assert not mark(report, "contains numbered clauses").met


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


@pytest.mark.parametrize(
    ("text", "criterion", "met"),
    [
        (RECEIPT, "States the date of the sale", True),
        (RECEIPT, "Nennt das Datum des Verkaufs", True),
        (RECEIPT, "Indique la date d'achat", True),
        (RECEIPT, "States the date of loss", False),
        ("Letter\n4 June 2025\nDear Ada,\nthank you for your visit", "date of sale", False),
        ("Minutes of the meeting\nFernhill\nTown Hall\n4 June 2025", "date of the meeting", True),
        ("Carta\n4 de junio de 2025\nQuerida Ada,\ngracias", "fecha de la compra", False),
    ],
)
def test_a_date_at_the_head_is_of_the_occasion_that_the_page_is_about(
    text: str, criterion: str, *, met: bool
) -> None:
    """That of a receipt is of a sale; elsewhere a heading tells."""
    told = mark(text, criterion)
    assert told.met is met
    assert told.confidence == pytest.approx(0.6)


@pytest.mark.parametrize(
    "criterion",
    [
        "Lists the items bought with their prices",
        "Listet die gekauften Artikel mit Preisen auf",
        "Enumera los artículos comprados con sus precios",
    ],
)
def test_a_row_of_what_is_asked_for_is_quoted(criterion: str) -> None:
    """A line that only names it tells less."""
    told = mark(RECEIPT.replace("TOTAL", "Items sold: 6\nTOTAL"), criterion)
    assert told.met
    assert told.evidence in RECEIPT.splitlines()[3:6]


def test_english_data_are_no_date() -> None:
    """In Italian and Portuguese they are."""
    text = "Note\nLeaving on 4 June 2025 for a walk in the hills"
    assert not mark(text, "Lists technical data such as weight and dimensions").met
    assert mark(text, "Lists technical data such as weight").confidence != pytest.approx(0.6)
    assert mark("Nota\nData: 4 giugno 2025", "Indica la data").met


def test_a_date_with_its_parts_is_a_date() -> None:
    """The parts are no names of another one."""
    told = mark("Note\n4 June 2025", "Contains a date with day, month and year")
    assert told.met
    assert told.confidence is not None
    assert told.confidence > 0.9


def test_dates_are_no_amounts_of_line_items() -> None:
    """A number and a date make no row of a bill."""
    text = "Bill\nOrder 80003371 (03.01.1997)\nOrder 80003372 (04.01.1997)\nBroom 2 4.50 9.00"
    assert mark(text, "lists exactly one line item").met
    assert not mark(text, "lists at least two line items").met
