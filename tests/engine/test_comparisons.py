"""Comparisons in criteria, held against values of a page."""

from __future__ import annotations

import pytest
from criterion_marks import mark
from engine_pages import INVOICE
from hypothesis import given, settings
from hypothesis import strategies as st

from docsort_server.engine.local.criteria.statement import parts_of

FACTURE = """Boulangerie Durand
FACTURE N° 2024-118
Date de facture : 03/05/2024
Date d'échéance : 02/06/2024
Farine 10 12,50 125,00
Total HT 1.125,00
TVA 20 % 225,00
Total TTC 1.350,00 €"""
AGREEMENT = """SERVICE AGREEMENT
This agreement is made on 1 March 2021 between Ada Finch and Ben Holt.
The initial term of this agreement is twelve (12) months.
The security deposit is USD 700.
Notice shall be given 30 days before."""
TABLE = """Marlow Bakery
Invoice no   Date        Due date    Customer
10023        05/14/2023  06/13/2023  Holt
Subtotal $442.00
TOTAL $477.36"""
LOAN = """LOAN AGREEMENT
dated as of January 15, 2019
Interest rate: 4.75% per annum
The loan matures on February 1, 2049."""
PAY = """Pay stub
Pay period: 01/01/2024 - 01/15/2024
Gross pay 3,200.00
Net pay 2,455.10"""
FACTURA = """FACTURA 55
Fecha: 15/02/2023
Vence: 17/03/2023
IVA 21% 210,00 €
TOTAL A PAGAR 1.210,00 €"""
LOCATION = """CONTRATTO DI LOCAZIONE
Roma, 15 marzo 2022
Canone mensile: € 1.200,00
Deposito cauzionale: € 3.600,00"""
MEETING = """Meeting of 12 June 2024
Next meeting: 10 September 2024"""
MIXED = """Quarterly overview
Total north 900.00 EUR
Total south 1,100.00 EUR"""
TOTAL, DUE = "Total due 130.80", "Due date: 2 June 2024"
ECHEANCE = "Date d'échéance : 02/06/2024"


@pytest.mark.parametrize(
    ("text", "criterion", "met", "quote"),
    [
        (INVOICE, "the total is above 100", True, TOTAL),
        (INVOICE, "the total is above 1,000", False, TOTAL),
        (INVOICE, "the total is above 130.80", False, TOTAL),
        (INVOICE, "the total is at least 130.80", True, TOTAL),
        (INVOICE, "the amount is less than 500.00", True, TOTAL),
        (INVOICE, "the total due does not exceed 100", False, TOTAL),
        (INVOICE, "States a total of 130.80", True, TOTAL),
        (INVOICE, "States a total of 999.99", False, TOTAL),
        (INVOICE, "the due date is after 1 June 2024", True, DUE),
        (INVOICE, "the due date is before 1 June 2024", False, DUE),
        (INVOICE, "issued in May", True, "Invoice date: 3 May 2024"),
        (INVOICE, "issued in March", False, "Invoice date: 3 May 2024"),
        (INVOICE, "an invoice from 2023", False, "Invoice date: 3 May 2024"),
        (INVOICE, "the VAT rate is above 20 %", False, "VAT 20 % 21.80"),
        (INVOICE, "States the VAT rate of 20 %", True, "VAT 20 % 21.80"),
        (INVOICE, "contains an amount above 100", True, "Subtotal 109.00"),
        (INVOICE, "contains no amount above 1,000", True, ""),
        (INVOICE, "does not contain an amount above 100", False, "Subtotal 109.00"),
        (INVOICE, "contains at least two amounts above 100", True, "Subtotal 109.00"),
        (INVOICE, "the total is above 100 and the due date is before 2024", False, DUE),
        (FACTURE, "Le total dépasse 1 000 €", True, "Total TTC 1.350,00 €"),
        (FACTURE, "Le montant total n'excède pas 1 000 €", False, "Total TTC 1.350,00 €"),
        (FACTURE, "Der Gesamtbetrag liegt unter 1.350 Euro", False, "Total TTC 1.350,00 €"),
        (FACTURE, "El total es superior a 1.300 euros", True, "Total TTC 1.350,00 €"),
        (FACTURE, "Il totale supera 1.300 euro", True, "Total TTC 1.350,00 €"),
        (FACTURE, "Het totaal is hoger dan € 1.300", True, "Total TTC 1.350,00 €"),
        (FACTURE, "O total é superior a 1.400 euros", False, "Total TTC 1.350,00 €"),
        (FACTURE, "the subtotal is above 1,200", False, "Total HT 1.125,00"),
        (FACTURE, "dated before 1 April 2024", False, "Date de facture : 03/05/2024"),
        (FACTURE, "Datée de mai 2024", True, "Date de facture : 03/05/2024"),
        (TABLE, "the due date is after 1 June 2023", True, TABLE.splitlines()[2]),
        (TABLE, "the invoice is dated after 1 June 2023", False, TABLE.splitlines()[2]),
        (TABLE, "the invoice is for more than $450", True, "TOTAL $477.36"),
        (LOAN, "the interest rate is below 5 percent", True, LOAN.splitlines()[2]),
        (LOAN, "matures after 2040", True, LOAN.splitlines()[3]),
        (LOAN, "dated before 2020", True, LOAN.splitlines()[1]),
        (PAY, "net pay above 3,000", False, "Net pay 2,455.10"),
        (PAY, "gross pay above 3,000", True, "Gross pay 3,200.00"),
        (FACTURA, "El tipo de IVA es del 10 %", False, "IVA 21% 210,00 €"),
        (FACTURA, "emitida en febrero de 2023", True, "Fecha: 15/02/2023"),
        (FACTURA, "vence antes del 1 de abril de 2023", True, "Vence: 17/03/2023"),
        (FACTURA, "no supera los 1.300 euros", True, "TOTAL A PAGAR 1.210,00 €"),
        (INVOICE, "the due date is within 30 days of the invoice date", True, DUE),
        (INVOICE, "the due date is within 14 days of the invoice date", False, DUE),
        (INVOICE, "the due date is more than two months after the invoice date", False, DUE),
        (INVOICE, "the due date is before the invoice date", False, DUE),
        (INVOICE, "the total due is larger than the subtotal", True, TOTAL),
        (INVOICE, "payable within 30 days of the invoice date", True, DUE),
        (FACTURE, "La date d'échéance est postérieure à la date de facture", True, ECHEANCE),
        (FACTURE, "Die Fälligkeit liegt mehr als 30 Tage nach dem Rechnungsdatum", False, ECHEANCE),
        (TABLE, "the due date is 30 days after the invoice date", True, TABLE.splitlines()[2]),
        (LOCATION, "il deposito cauzionale è pari a 3.600 euro", True, LOCATION.splitlines()[3]),
        (LOCATION, "il canone è inferiore o uguale a 1.000 euro", False, LOCATION.splitlines()[2]),
        (LOCATION, "datato dopo il 1 gennaio 2022", True, LOCATION.splitlines()[1]),
        (MEETING, "the next meeting is after August 2024", True, MEETING.splitlines()[1]),
        (
            FACTURE,
            "le montant est compris entre 1 300 et 1 400 euros",
            True,
            "Total TTC 1.350,00 €",
        ),
        (AGREEMENT, "the contract term exceeds 12 months", False, AGREEMENT.splitlines()[2]),
        (AGREEMENT, "the contract term is at least 1 year", True, AGREEMENT.splitlines()[2]),
        (AGREEMENT, "the deposit exceeds 500 dollars", True, AGREEMENT.splitlines()[3]),
        (AGREEMENT, "Der Vertrag ist vor 2020 datiert", False, AGREEMENT.splitlines()[1]),
    ],
)
def test_comparisons_are_held_against_the_value_that_is_named(
    text: str, criterion: str, quote: str, *, met: bool
) -> None:
    """The line of the value is quoted, whether it fits or not."""
    told = mark(text, criterion)
    assert (told.met, told.evidence) == (met, quote)
    assert told.confidence is not None
    assert told.confidence > 0.7


@pytest.mark.parametrize(
    ("text", "criterion", "met"),
    [
        (INVOICE, "the salary is above 1,000", False),
        (INVOICE, "the delivery date is before 2020", False),
        (FACTURE, "the total is above 1,000 USD", False),
        (AGREEMENT, "the deposit exceeds 500 EUR", False),
        (LOAN, "signed after 2020", False),
        (INVOICE, "the total exceeds the salary", False),
        (INVOICE, "the delivery date is after the invoice date", False),
        (INVOICE, "the total is above the credit limit", True),
        (PAY, "the employee earns more than 3,000", False),
        (MIXED, "the total is above 1,000 EUR", True),
        (MIXED, "the total is below 1,000 EUR", False),
        ("Policy\nDate: 3/4/2021", "dated before 15 March 2021", False),
        ("Policy\nDate: 3 April", "dated before 2021", False),
        (INVOICE, "the total is larger than the deposit", False),
        (INVOICE, "the total is larger than the limit", True),
        (INVOICE, "the due date is later than usual", True),
    ],
)
def test_what_cannot_be_told_is_never_sure(text: str, criterion: str, *, met: bool) -> None:
    """No value, another currency, several totals, a day that may be a month, no year."""
    told = mark(text, criterion)
    assert told.met is met
    assert told.confidence == pytest.approx(0.6)


@pytest.mark.parametrize(
    ("year", "met"), [("2021", True), ("2019", False)], ids=["there", "missing"]
)
def test_a_year_is_found_by_itself(year: str, *, met: bool) -> None:
    """Figures of a year need no date in it."""
    told = mark("Annual report\nFiscal year 2021", f"reports results for the year {year}")
    assert (told.met, told.evidence) == (met, "Fiscal year 2021")


def test_the_end_of_a_period_is_its_last_day() -> None:
    """And its beginning the first."""
    assert mark(PAY, "the pay period ends after 10 January 2024").met
    assert not mark(PAY, "the pay period begins after 10 January 2024").met


def test_the_order_of_a_date_is_told_by_another() -> None:
    """A day above twelve, or what is paid with."""
    for other in ("Delivered 25/12/2020", "Total 12.00 EUR"):
        told = mark(f"Policy\nDate: 3/4/2021\n{other}", "dated after 15 March 2021")
        assert (told.met, told.evidence) == (True, "Date: 3/4/2021")
    assert not mark("Policy\nDate: 3/4/2021\nPaid 12/25/2020", "dated after 15 March 2021").met


@pytest.mark.parametrize(
    ("row", "met"),
    [
        ("Total 1,500", True),
        ("Total VAT 1,500.00", False),
        ("Total incl. VAT 1,500.00", True),
        ("Total items 1,500", False),
        ("Total\n1,500.00", True),
        ("Grand total 1,500.00\nTotal 900.00", True),
    ],
)
def test_a_total_of_something_else_is_no_total(row: str, *, met: bool) -> None:
    """Nor is an amount that another name stands nearer to."""
    assert mark(f"Bill\n{row}", "the total is above 1,000").met is met


def test_each_comparison_has_its_own_subject() -> None:
    """Parts are cut where two things are compared, and lists of names are not."""
    two = parts_of("Names seller and buyer, and the total is above 1,000 EUR")
    assert [len(part.conditions) for part in two] == [0, 1]
    (one,) = parts_of("The amount is above 100 and below 200 EUR")
    assert len(one.conditions) == 2
    assert mark(INVOICE, "The total is above 100 and below 200").met
    assert not mark(INVOICE, "The total is above 100 and below 120").met


@settings(max_examples=60, deadline=None)
@given(
    st.text("0123456789.,/- $€%abovetnmay'", max_size=60), st.text("0123456789.,/- $€", max_size=60)
)
def test_any_comparison_on_any_page_is_judged(statement: str, line: str) -> None:
    """Nothing raises, whatever looks like a number or a date."""
    text = f"{INVOICE}\nTotal {line}\nDate {line}"
    for criterion in (f"the total is above {statement}", f"dated before {statement}"):
        told = mark(text, criterion)
        assert told.confidence is not None
        assert 0.5 <= told.confidence <= 1.0
