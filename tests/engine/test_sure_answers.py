"""Answers to statements that are sure, on pages where a wrong value lies near."""

from __future__ import annotations

import pytest
from engine_pages import page

from docsort_server.engine.local.engine import classify_page
from docsort_server.engine.model import Category, CriterionMark, Question

NOMINA = """NÓMINA
Salario bruto 2.150,00 €
IRPF 15% 322,50 €
Líquido a percibir 1.690,25 €
Fecha: 31/03/2023"""
QUOTE = """Quotation Q-118
Date: 11/05/2024
Net total 2,120.00 €
VAT 21 % 445.20 €
Grand total 2,565.20 €"""
OFFER = """Offer of employment
3 May 2024
Dear Priya Natarajan,
Your annual salary will be £38,500, paid monthly.
Your start date is 1 July 2024.
Your notice period is four weeks.
Yours sincerely,
Helen Brooks"""
LEASE = """Mietvertrag
Karin Vogel (Vermieterin) und Jonas Meier (Mieter)
Die monatliche Kaltmiete beträgt 720,00 EUR.
Berlin, den 15. September 2022
gez. Karin Vogel          gez. Jonas Meier"""


def mark(text: str, criterion: str) -> CriterionMark:
    """Return what the engine makes of a criterion on a page of this text."""
    question = Question((Category("X", criteria=(criterion,)), Category("Recipe")))
    return classify_page(page(text), question).criteria[0][0]


def sure(text: str, criterion: str) -> bool | None:
    """Return the verdict on a criterion; None for one that is not sure."""
    told = mark(text, criterion)
    assert told.confidence is not None
    return told.met if told.confidence > 0.7 else None


@pytest.mark.parametrize(
    ("text", "criterion", "met"),
    [
        (OFFER, "the salary isn't above 40,000 GBP", True),
        (OFFER, "the salary isn't below 40,000 GBP", False),
        (OFFER, "the salary doesn't exceed 30k", False),
        (LEASE, "le loyer n'est pas supérieur à 900 €", None),
        (QUOTE, "le total n'est pas supérieur à 3 000 €", True),
        (QUOTE, "le total n'est pas inférieur à 3 000 €", False),
        (QUOTE, "L'IVA è pari al 21 %", True),
    ],
)
def test_every_way_to_deny_turns_a_comparison(text: str, criterion: str, *, met: bool) -> None:
    """Those that are written as one word with the verb, and those in two words around it."""
    assert sure(text, criterion) is met


@pytest.mark.parametrize(
    ("text", "criterion", "met"),
    [
        (NOMINA, "the net pay is less than the gross pay", True),
        (NOMINA, "the gross pay is at least 2,000 EUR", True),
        (NOMINA, "el salario neto supera los 1.700 €", False),
        (NOMINA, "shows net and gross pay", True),
        ("Payslip\nNet pay 2,500.00", "the gross pay is below 3,000", None),
        (QUOTE, "the net total is below 2,500 €", True),
        (QUOTE, "the net total is less than the grand total", True),
        (QUOTE, "the total equals the sum", None),
    ],
)
def test_net_is_not_gross(text: str, criterion: str, *, met: bool) -> None:
    """Nor is a value compared with itself where its names do not tell two apart."""
    assert sure(text, criterion) is met


@pytest.mark.parametrize(
    ("criterion", "met"),
    [
        ("the notice period is exactly four weeks", True),
        ("the notice period is exactly three months", False),
    ],
)
def test_exact_lengths_of_time_are_compared(criterion: str, *, met: bool) -> None:
    """They count nothing on the page."""
    assert sure(OFFER, criterion) is met


def test_signatures_side_by_side_are_two() -> None:
    """And one that is told with its place alone may be there."""
    assert sure(LEASE, "von beiden Parteien unterschrieben")
    assert sure(LEASE, "three signatures") is False
    dutch = "Huurovereenkomst\nOndertekend te Utrecht, 15 augustus 2021"
    assert sure(dutch, "is ondertekend") is None
    assert sure("Brief\nOndertekend door: Jan de Vries", "is ondertekend")
