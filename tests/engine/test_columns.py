"""Numbers that stand beside each other, and what only looks like a date or an entry."""

from __future__ import annotations

import pytest
from criterion_marks import mark

ORDER = """Order of Northwind
Description Qty Price Amount
Bread knife 3 210.00 630.00
Cutting board 4 115.00 460.00
Total 1090.00 USD"""
COMMANDE = """Commande de Northwind
Désignation Qté Prix Montant
Table en chêne 2 410,00 820,00
Total 820,00 €"""
DEVIS = """Devis de Northwind
Travaux de peinture 2 350,00 €
Total 2 350,00 €"""
ACCOUNT = """Harbour Bank
02 Feb Opening balance 310.00
05 Feb Card payment Bookshop 20.00 290.00
09 Feb Salary 900.00 1,190.00
28 Feb Closing balance 1,190.00"""
KONTO = """Kontoauszug
01.02. Anfangssaldo 310,00
05.02. Lastschrift Strom 20,00 290,00
28.02. Endsaldo 290,00"""
PAYSLIP = """Nómina
Salario base 1.810,00 EUR
Total devengado 2.040,00 EUR
Líquido total a percibir 1.655,20 EUR"""


@pytest.mark.parametrize(
    ("text", "criterion", "met"),
    [
        (ORDER, "contains an amount above 1,500 USD", False),
        (ORDER, "contains an amount above 1,000 USD", True),
        (COMMANDE, "contient un montant supérieur à 1.500 €", False),
        (DEVIS, "contient un montant supérieur à 1.500 €", True),
        (DEVIS, "Le total est supérieur à 2.000 €", True),
        ("Prix\nLoyer 1\u00a0200.00 EUR pour 2 mois", "contains an amount above 1,000 EUR", True),
        ("Price\nRent 1 200.00 EUR", "contains an amount above 1,000 EUR", False),
        ("Prix\nMaison 1 200 000 EUR", "contains an amount above 1,000,000 EUR", True),
        ("Prix\nAuto 12 500 EUR depuis 2019", "contains an amount above 10,000 EUR", True),
    ],
)
def test_spaces_part_thousands_only_where_that_is_sure(
    text: str, criterion: str, *, met: bool
) -> None:
    """Else the numbers of two columns are two."""
    assert mark(text, criterion).met is met


@pytest.mark.parametrize(
    ("text", "criterion"),
    [
        ("Invoice\nCustomer no. 2018-0452", "dated before 2020"),
        ("Invoice\nCustomer no. 2018-0452", "dated in 2018"),
        ("Invoice\nInvoice no. 2018-4452", "dated in 2018"),
        ("Rechnung\nKundennummer 2018", "datiert vor 2020"),
        ("Letter\nRef. 2018/77", "dated before 2020"),
    ],
)
def test_numbers_like_years_are_no_dates(text: str, criterion: str) -> None:
    """A number of a customer may begin with what could be a year."""
    told = mark(text, criterion)
    assert not told.met


def test_years_of_a_page_without_dates_are_its_date() -> None:
    """A year that belongs to no number is a date still."""
    assert mark("Annual report 2018\nFinch Ltd", "dated before 2020").met


@pytest.mark.parametrize(
    ("text", "criterion", "met"),
    [
        (ACCOUNT, "exactly two transactions", True),
        (ACCOUNT, "at least three transactions", False),
        (KONTO, "mindestens zwei Buchungen", False),
    ],
)
def test_balances_are_no_entries(text: str, criterion: str, *, met: bool) -> None:
    """What an account held before and after is dated too, and no transaction."""
    assert mark(text, criterion).met is met


@pytest.mark.parametrize(
    ("criterion", "met", "line"),
    [
        ("El líquido a percibir es superior a 1.700 €", False, 3),
        ("El salario neto es superior a 1.600 €", True, 3),
        ("El salario bruto es superior a 2.000 €", True, 2),
        ("El salario base es inferior a 1.900 €", True, 1),
    ],
)
def test_net_and_gross_pay_are_two(criterion: str, *, met: bool, line: int) -> None:
    """The line that the criterion names is compared, not another kind of pay."""
    told = mark(PAYSLIP, criterion)
    assert told.met is met
    assert told.evidence == PAYSLIP.splitlines()[line]


@pytest.mark.parametrize(
    "criterion",
    ["Die USt-IdNr. ist französisch", "Die USt-IdNr. ist spanisch", "het btw-nummer is Frans"],
)
def test_adjectives_without_an_ending_name_a_country(criterion: str) -> None:
    """Behind their verb they have none in German and Dutch."""
    assert not mark("Rechnung\nUSt-IdNr. DE136695976", criterion).met
