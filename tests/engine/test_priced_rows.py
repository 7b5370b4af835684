"""Rows of a name and a price, which come to the sum below them."""

from __future__ import annotations

import pytest
from criterion_marks import mark


@pytest.mark.parametrize(
    ("first", "rest"),
    [
        ("Re-slate roof 6,400.00", "Scaffolding 900.00\nTotal 7,300.00"),
        ("Dach 900,00", "Leitungen 300,00\nSumme 1.200,00 EUR zzgl. MwSt."),
        ("Paint 100.00", "Wall EUR 200.00\nVAT 20 % 60.00\nTotal 360.00 EUR"),
        ("Coffee 3.20", "Cake 4.00\nDiscount -1.20\nTotal 6.00"),
        ("Coffee 3.20", "Cake 4.00\nVAT 0.60\nTotal 7.20"),
        ("Toit 1 200,00", "Porte 2 300,00\nTotal HT 3 500,00"),
    ],
)
def test_rows_that_come_to_the_sum_below_are_line_items(first: str, rest: str) -> None:
    """Without a quantity too; sums, taxes and discounts are none."""
    page = f"Quotation no. 5\n{first}\n{rest}"
    for criterion in ("Lists at least two line items", "Lists exactly two line items"):
        told = mark(page, criterion)
        assert (told.met, told.evidence) == (True, first)
    assert not mark(page, "Lists at least three line items").met
    assert mark(page, "Lists line items").met
    assert not mark(f"Pay stub\n{first}\nRest 1.00", "Lists at least two line items").met
