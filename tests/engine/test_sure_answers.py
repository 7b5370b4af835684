"""Answers to statements that are sure, on pages where a wrong value lies near."""

from __future__ import annotations

import pytest
from criterion_marks import mark

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

BELOW = "the closing balance is below the opening balance"


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
        (LEASE, "le loyer n'est pas supérieur à 900 €", True),
        (QUOTE, "le total n'est pas supérieur à 3 000 €", True),
        (QUOTE, "le total n'est pas inférieur à 3 000 €", False),
        (QUOTE, "L'IVA è pari al 21 %", True),
        (NOMINA, "el salario bruto no es superior a 2.000 €", False),
        (NOMINA, "el salario bruto no es inferior a 2.000 €", True),
        (QUOTE, "il totale non è superiore a 2.000 €", False),
        (QUOTE, "o total não é inferior a 2.000 €", True),
        (QUOTE, "the total does not appear", False),
        (QUOTE, "the due date does not appear", True),
        (QUOTE, "the total is not visible", False),
        (QUOTE, "the total is not in euros", False),
        (QUOTE, "the total is not in pounds", True),
        (QUOTE, "il totale non è in sterline", True),
        (QUOTE, "le devis n'est pas daté de 2021", True),
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
        ("Statement\nOpening balance 20.00\nClosing balance 30.00", BELOW, False),
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
        ("the notice period is at least sixty days", False),
    ],
)
def test_exact_lengths_of_time_are_compared(criterion: str, *, met: bool) -> None:
    """They count nothing on the page."""
    assert sure(OFFER, criterion) is met


def test_dates_are_compared_in_words_without_figures() -> None:
    """As in "vor dem Rechnungsdatum"."""
    bill = "Rechnung\nRechnungsdatum: 03.05.2024\nFällig am: 02.06.2024"
    assert sure(bill, "das Fälligkeitsdatum liegt nach dem Rechnungsdatum")
    assert sure(bill, "das Fälligkeitsdatum liegt vor dem Rechnungsdatum") is False


def test_signatures_side_by_side_are_two() -> None:
    """And one that is told with its place alone may be there."""
    assert sure(LEASE, "von beiden Parteien unterschrieben")
    assert sure(LEASE, "three signatures") is False
    dutch = "Huurovereenkomst\nOndertekend te Utrecht, 15 augustus 2021"
    assert sure(dutch, "is ondertekend") is None
    assert sure("Brief\nOndertekend door: Jan de Vries", "is ondertekend")


@pytest.mark.parametrize(
    ("text", "criterion", "met"),
    [
        (OFFER, "dated in May 2024", None),
        (OFFER, "the letter is dated before the start date", None),
        ("Hospital bill\nDate of admission: 2 June 2023", "dated in 2024", False),
        ("Loan\nLoan amount: 9,000.00\nDate: 1 May 2024", "dated in 2024", True),
        ("Nota\nData: 7 giugno 2023\nData analyst: M. Rossi, 1 May 2020", "dated in 2023", True),
    ],
)
def test_a_date_of_something_else_is_not_the_page_s_own(
    text: str, criterion: str, *, met: bool
) -> None:
    """A start date, which may be all there is, nor English data, which is a date in Italian."""
    assert sure(text, criterion) is met


@pytest.mark.parametrize(
    "criterion",
    [
        *("the total is negative", "the grand total is correct"),
        *("the date is a Monday", "the date is less than 90 days old"),
        *("dated within the last three months", "dated in the last 12 months"),
        *("the date is older than two years", "the total matches the order"),
        *("das Datum ist jünger als drei Monate", "document de moins de trois mois"),
        *("the total equals the sum of the line items"),
        "the VAT amount is plausible",
    ],
)
def test_what_is_said_of_a_value_beside_that_it_is_there_is_not_sure(criterion: str) -> None:
    """Its age, its sign, whether it is right: the value alone does not tell."""
    assert sure(QUOTE, criterion) is None


@pytest.mark.parametrize(
    ("criterion", "met"),
    [
        ("the total is shown", True),
        ("the total is visible and valid", True),
        ("a due date is given", False),
        ("une date est indiquée", True),
        ("aucune date n'est indiquée", False),
        ("no figura ninguna fecha", False),
        ("es ist ein Datum angegeben", True),
        ("è indicata una data", True),
        ("er is een datum vermeld", True),
    ],
)
def test_that_a_value_is_there_is_sure(criterion: str, *, met: bool) -> None:
    """Whichever verb says so."""
    assert sure(QUOTE, criterion) is met


@pytest.mark.parametrize(
    ("criterion", "met"),
    [
        ("the total is over 3,000 or under 2,600 EUR", True),
        ("the total is over 3,000 or under 2,500 EUR", False),
        ("the total is over 2,500 and under 2,600 EUR", True),
        ("the total is neither above 3,000 nor below 2,000", True),
        ("the total is neither above 2,000 nor below 1,000", False),
        ("the total is not between 1 and 2 EUR", True),
        ("the total is not between 2,500 and 2,600 EUR", False),
        ("the date is not between 1 June and 30 June 2024", True),
        ("the total is two thousand dollars", None),
        ("the total is zero", False),
    ],
)
def test_either_of_two_bounds_is_enough_where_a_statement_says_so(
    criterion: str, *, met: bool
) -> None:
    """And neither of them where it denies both."""
    assert sure(QUOTE, criterion) is met


def test_those_who_attended_are_counted_under_their_heading() -> None:
    """Not those who sent apologies, and not everybody the page names."""
    minutes = "Minutes\nPresent: Ada Finch, Ben Holt, Cara Diaz\nApologies: Dan Webb\nBudget"
    assert sure(minutes, "exactly three people attended")
    assert sure(minutes, "at least four people attended") is False


@pytest.mark.parametrize(
    ("line", "above"),
    [
        ("Balance: 500.00 EUR", True),
        ("Balance: -500.00 EUR", None),
        ("Balance: \u2212500.00 EUR", None),
        ("Balance: € -500.00", None),
        ("Balance: -€500.00", None),
        ("Balance: 500.00- EUR", None),
        ("Balance - 500.00 EUR", True),
        ("Balance: 500.00 EUR CR", None),
        ("Balance (500.00)", None),
        ("Balance: five hundred euros (€500.00)", True),
        ("Balance: 1.2 million EUR", True),
        ("Balance: EUR 1.2m", True),
        ("Balance: 3 Mio. EUR", True),
        ("Balance: €3.5k", True),
        ("Balance: 3.5 EUR", False),
    ],
)
def test_amounts_are_read_with_their_sign_and_scale(line: str, above: bool | None) -> None:
    """What may or may not be below zero, as in brackets, is not sure."""
    text = f"Account statement\n{line}\nThank you"
    assert sure(text, "the balance is above 400 EUR") is above


@pytest.mark.parametrize(
    ("lines", "met"),
    [
        ("Ink 2 120.00 240.00\nTotal 90.00 EUR", False),
        ("Ink 2 120,00 EUR\nTotal 90,00 EUR", True),
        ("Ink 120.00 240.00\nTotal 90.00 EUR", False),
        ("Ink 1 200,00 EUR 3\nTotal 90,00 EUR", True),
    ],
)
def test_columns_are_no_thousands(lines: str, *, met: bool) -> None:
    """A blank parts either: the notation of the page tells, and what comes of a product."""
    assert sure(f"Price list\n{lines}", "an amount above 1,000") is met


def test_what_is_below_zero_is_less_than_nothing() -> None:
    """It is sure where a bound says which side is meant, or where the size makes no difference."""
    text = "Account statement\nOpening balance 200.00 EUR\nClosing balance -500.00 EUR"
    assert sure(text, "the closing balance is below 0 EUR")
    assert sure(text, "the closing balance is less than the opening balance")
    assert sure(text, "the closing balance is above 600 EUR") is False
