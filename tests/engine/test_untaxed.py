"""Amounts without the tax: of any amount, of the total where there is no other, of the net one."""

from __future__ import annotations

import pytest
from criterion_marks import mark

BILL = """Bill no. 5
Total excl. VAT 5,020.00 EUR
VAT 20 % 1,004.00 EUR
Total incl. VAT 6,024.00 EUR"""


@pytest.mark.parametrize(
    "line",
    [
        *("Summe netto 5.020,00 EUR", "Nettobetrag 5.020,00 EUR", "Net amount EUR 7,300.00"),
        *("Subtotal EUR 7,300.00", "Total excl. VAT EUR 7,300.00"),
    ],
)
@pytest.mark.parametrize(
    "criterion",
    [
        *("An amount is above 5000 EUR", "Ein Betrag liegt über 5000 EUR"),
        *("Un montant est supérieur à 5000 EUR", "A price is above 5000 EUR"),
    ],
)
def test_an_amount_is_any(line: str, criterion: str) -> None:
    """Whatever it is called; "the amount" is the total."""
    page = f"Quotation no. 5\nRoof EUR 300.00\n{line}\nDeposit EUR 90.00"
    told = mark(page, criterion)
    assert (told.met, told.evidence) == (True, line)
    assert not mark(f"{page}\nTotal EUR 4,000.00", "The amount is above 5000 EUR").met


@pytest.mark.parametrize(
    "line",
    [
        *("Total excl. VAT EUR 7,300.00", "Total excluding VAT: EUR 7,300.00"),
        *("Summe netto 7.300,00 EUR", "Summe zzgl. MwSt. 7.300,00 EUR"),
        *("Total hors taxes 7.300,00 EUR", "Total sin IVA 7.300,00 EUR"),
    ],
)
def test_a_total_without_the_tax_is_the_total_where_there_is_no_other(line: str) -> None:
    """It is less sure, and one with the tax is it rather."""
    told = mark(f"Offer\nRoof 6,400.00\n{line}", "The total is above 5000 EUR")
    assert (told.met, told.evidence) == (True, line)
    assert told.confidence is not None
    assert told.confidence < 0.9
    assert not mark(f"Offer\n{line}\nTotal EUR 4,900.00", "The total is above 5000 EUR").met


@pytest.mark.parametrize(
    ("criterion", "met", "line"),
    [
        ("The net amount is above 5000 EUR", True, 1),
        ("The net amount is above 5500 EUR", False, 1),
        ("The total excluding VAT is above 5000 EUR", True, 1),
        ("The VAT is above 1200 EUR", False, 2),
        ("The VAT is above 1000 EUR", True, 2),
    ],
)
def test_what_a_total_is_with_or_without_names_no_tax(
    criterion: str, line: int, *, met: bool
) -> None:
    """The net amount, the tax and the total stand on a line each."""
    told = mark(BILL, criterion)
    assert (told.met, told.evidence) == (met, BILL.splitlines()[line])
    assert told.confidence is not None
    assert told.confidence > 0.9


@pytest.mark.parametrize(
    "page",
    [
        "Gesamt ohne MwSt. 5.020,00 EUR\nMwSt. 20 % 1.004,00 EUR\nGesamt inkl. MwSt. 6.024,00 EUR",
        "Total hors taxes 5 020,00 EUR\nTVA 20 % 1 004,00 EUR\nTotal TTC 6 024,00 EUR",
        "Net amount excl. VAT 5,020.00 EUR\nTotal 6,024.00 EUR",
    ],
)
def test_the_net_amount_is_known_by_what_it_is_without(page: str) -> None:
    """In the languages of the page and of the sentence."""
    for criterion in ("The net amount is above 5000 EUR", "Der Nettobetrag liegt über 5000 EUR"):
        assert mark(page, criterion).met
        assert not mark(page, criterion.replace("5000", "5500")).met
