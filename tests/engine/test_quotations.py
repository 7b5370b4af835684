"""Quotations without a title: what they offer, until when, and that they demand no payment."""

from __future__ import annotations

from pathlib import Path

import pytest
from engine_pages import GERMAN_INVOICE, INVOICE, page

from docsort_server.engine.local.engine import classify_page
from docsort_server.engine.model import Category, Outcome, PageVerdict, Question

QUOTATIONS = sorted(Path(__file__).with_name("quotations").glob("*.txt"))
BESIDE = ("Quotation", "Invoice", "Purchase order", "Order confirmation", "Receipt", "Price list")
# Papers that speak of an offer or of prices, and are none.
OTHERS = {
    "Invoice": """Calder Landscaping
Mr Holt
INVOICE 2281
Patio and steps as per our quotation 118, accepted 2 May
Paving 42 sq m 3,780.00
Steps 640.00
VAT 884.00
Total due 5,304.00
Payment within 14 days to sort code 20-00-00 account 12345678""",
    "Purchase order": """To Northgate Print
Further to your offer, please deliver by 20 May
500 menus 0.62 310.00
1000 cards 0.08 80.00
Our order 5512. Delivery address: 14 Mill Lane. Quote the order number on your invoice.
Buyer: P. Finch""",
    "Order confirmation": """Northwind Tools
Thank you for your order 7715, which we confirm as follows:
10 trays 7.20 72.00
2 thermometers 18.50 37.00
Total 109.00
Expected delivery 18 May. Order number 99120.""",
    "Price list": """Northwind Tools
Prices 2026, valid until 31 December
Article Description Price per piece
100 Steel tray 7.20
101 Thermometer 18.50
102 Whisk 4.10
Subject to change. All prices exclude VAT.""",
}


def asked(text: str, *names: str) -> PageVerdict:
    """Return the answer for a page among categories of these names."""
    return classify_page(page(text), Question(tuple(map(Category, names))))


@pytest.mark.parametrize("path", QUOTATIONS, ids=lambda path: path.stem)
def test_a_quotation_is_one_without_its_title(path: Path) -> None:
    """Beside what looks like it, in seven languages."""
    verdict = asked(path.read_text(encoding="utf-8"), *BESIDE)
    assert verdict.outcome is Outcome.MATCHED
    assert verdict.scores.index(max(verdict.scores)) == 0


@pytest.mark.parametrize("path", QUOTATIONS, ids=lambda path: path.stem)
def test_a_quotation_is_hardly_an_invoice(path: Path) -> None:
    """Where no category is about quotations, it is no sure invoice, whatever else it may be."""
    text = path.read_text(encoding="utf-8")
    assert asked(text, "Invoice", "Letter", "Report").scores[0] < 0.8
    invoice, letter, quotation = asked(text, "Invoice", "Letter", "Quotation").scores
    assert invoice < 0.1
    # One that is written as a letter is a letter as well.
    assert max(letter, quotation) > 0.6
    assert quotation > 0.5 or path.stem == "english_letter"


def test_what_is_asked_for_or_ordered_is_no_quotation() -> None:
    """What quotations have in common with invoices and orders makes none of these."""
    pages = {**OTHERS, "Quotation": QUOTATIONS[1].read_text(encoding="utf-8")}
    for name, text in pages.items():
        scores = asked(text, *BESIDE).scores
        assert scores.index(max(scores)) == BESIDE.index(name), name
    for text in (INVOICE, GERMAN_INVOICE):
        assert asked(text, *BESIDE).scores[1] > 0.9


def test_an_estimate_that_binds_nobody_is_a_quotation() -> None:
    """Its sums and the tax to be added do not make it an invoice."""
    text = """Kostenvoranschlag Nr. 31
Dachdeckerei Ahrens, 11.06.2026
Rinne erneuern 700,00
Gerüst 400,00
Summe 1.100,00 EUR zzgl. MwSt.
Unverbindlich, sechs Wochen gültig."""
    verdict = asked(text, "Invoice", "Quotation", "Letter")
    assert verdict.outcome is Outcome.MATCHED
    assert verdict.scores[1] > 0.9
