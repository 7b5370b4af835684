"""Comparisons in criteria: read from seven languages, and held against values of a page."""

from __future__ import annotations

import time
from datetime import date

import pytest
from engine_pages import INVOICE, page
from hypothesis import given, settings
from hypothesis import strategies as st

from docsort_server.engine.denial import folded
from docsort_server.engine.local.criteria import comparisons
from docsort_server.engine.local.criteria.conditions import Condition, Measure
from docsort_server.engine.local.criteria.statement import parts_of
from docsort_server.engine.local.engine import classify_page
from docsort_server.engine.model import Category, CriterionMark, Question, Terms

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
MIXED = """Quarterly overview
Total north 900.00 EUR
Total south 1,100.00 EUR"""
TOTAL, DUE = "Total due 130.80", "Due date: 2 June 2024"


def mark(text: str, criterion: str) -> CriterionMark:
    """Return what the engine makes of a criterion on a page of this text."""
    question = Question((Category("X", criteria=(criterion,)), Category("Recipe")))
    return classify_page(page(text), question).criteria[0][0]


def conditions(statement: str) -> list[Condition | None]:
    """Return the conditions of a statement, None for a comparison that cannot be read."""
    return [each.condition for each in comparisons.find(folded(statement))]


@pytest.mark.parametrize(
    ("statement", "fits", "fails"),
    [
        ("above 1,000 EUR", 1000.01, 1000.0),
        ("more than $1,000", 1000.01, 1000.0),
        ("at least 1 000 €", 1000.0, 999.99),
        ("not above 1,000 EUR", 1000.0, 1000.01),
        ("does not exceed 1,000 EUR", 1000.0, 1000.01),
        ("no more than 1.000,00 Euro", 1000.0, 1000.01),
        ("is 1,000 EUR or less", 1000.0, 1000.01),
        ("1,000 EUR or more", 1000.0, 999.0),
        ("USD 5k or less", 5000.0, 5001.0),
        ("between 100 and 200 USD", 200.0, 201.0),
        ("of 49.90", 49.9, 49.91),
        ("liegt über 1.000 EUR", 1000.01, 1000.0),
        ("beträgt mindestens 1.000 €", 1000.0, 999.0),
        ("übersteigt nicht 2 Millionen Euro", 2e6, 2e6 + 1),
        ("dépasse 1 000 €", 1001.0, 1000.0),
        ("n'excède pas 500 euros", 500.0, 501.0),
        ("inférieur à 500 euros", 499.0, 500.0),
        ("superior a 500 euros", 501.0, 500.0),
        ("menos de 500 euros", 499.0, 500.0),
        ("non supera 1.500,50 euro", 1500.5, 1501.0),
        ("è superiore a 500 euro", 501.0, 500.0),
        ("is hoger dan € 500", 501.0, 500.0),
        ("hoogstens 500 euro", 500.0, 501.0),
        ("maior que 500 euros", 501.0, 500.0),
        ("no máximo 500 euros", 500.0, 501.0),
    ],
)
def test_amounts_are_compared(statement: str, fits: float, fails: float) -> None:
    """In both notations, with a currency before or behind, denied or not."""
    (condition,) = conditions(statement)
    assert condition is not None
    assert condition.measure is Measure.MONEY
    assert condition.holds(fits, fits) is True
    assert condition.holds(fails, fails) is False


@pytest.mark.parametrize(
    ("statement", "fits", "fails"),
    [
        ("dated before 2020", date(2019, 12, 31), date(2020, 1, 1)),
        ("issued after 1 March 2021", date(2021, 3, 2), date(2021, 3, 1)),
        ("issued after 2020", date(2021, 1, 1), date(2020, 12, 31)),
        ("since March 2021", date(2021, 3, 1), date(2021, 2, 28)),
        ("no later than 3 May 2024", date(2024, 5, 3), date(2024, 5, 4)),
        ("not before 2024-05-03", date(2024, 5, 3), date(2024, 5, 2)),
        ("between 2019 and 2021", date(2021, 12, 31), date(2022, 1, 1)),
        ("between 1 June and 30 June 2024", date(2024, 6, 1), date(2024, 7, 1)),
        ("dated in 2023", date(2023, 7, 1), date(2024, 1, 1)),
        ("dated 2020 or later", date(2020, 1, 1), date(2019, 12, 31)),
        ("vor dem 1. März 2021", date(2021, 2, 28), date(2021, 3, 1)),
        ("spätestens am 3.5.2024", date(2024, 5, 3), date(2024, 5, 4)),
        ("après le 3 mai 2024", date(2024, 5, 4), date(2024, 5, 3)),
        ("à partir de 2021", date(2021, 1, 1), date(2020, 12, 31)),
        ("antes del 1 de enero de 2020", date(2019, 12, 31), date(2020, 1, 1)),
        ("desde marzo de 2021", date(2021, 3, 1), date(2021, 2, 28)),
        ("dopo il 4 ottobre 2021", date(2021, 10, 5), date(2021, 10, 4)),
        ("entro il 31.12.2021", date(2021, 12, 31), date(2022, 1, 1)),
        ("na 9 maart 2022", date(2022, 3, 10), date(2022, 3, 9)),
        ("uiterlijk op 9 maart 2022", date(2022, 3, 9), date(2022, 3, 10)),
        ("antes de 2020", date(2019, 12, 31), date(2020, 1, 1)),
        ("depois de março de 2021", date(2021, 4, 1), date(2021, 3, 31)),
    ],
)
def test_dates_are_compared(statement: str, fits: date, fails: date) -> None:
    """Days, months and years; a whole year lies behind "after 2020"."""
    (condition,) = conditions(statement)
    assert condition is not None
    assert condition.measure is Measure.DATE
    assert condition.holds(fits.toordinal(), fits.toordinal()) is True
    assert condition.holds(fails.toordinal(), fails.toordinal()) is False


@pytest.mark.parametrize(
    ("statement", "days"),
    [
        ("exceeds 12 months", 366.0),
        ("more than one year", 366.0),
        ("mehr als zwölf Monate", 366.0),
        ("plus de 12 mois", 366.0),
        ("más de un año", 366.0),
        ("più di 12 mesi", 366.0),
        ("langer dan 1 jaar", 366.0),
        ("mais de 12 meses", 366.0),
    ],
)
def test_lengths_of_time_are_compared_as_days(statement: str, days: float) -> None:
    """Twelve months are a year."""
    (condition,) = conditions(statement)
    assert condition is not None
    assert condition.measure is Measure.LENGTH
    assert condition.holds(days, days) is True
    assert condition.holds(365.25, 365.25) is False


@pytest.mark.parametrize(
    "statement",
    [
        *("Lists at least three line items", "More than two signatures", "Has 12 references"),
        *("Is payable within 30 days", "Is Form 1040", "Mentions the address above"),
        *(
            "Mentions an unpaid balance from before",
            "You may 3",
            "Is for those at least 25 years old",
        ),
        *(
            "Führt mehr als fünf Positionen auf",
            "Contient au moins deux dates",
            "States the year 2018",
        ),
    ],
)
def test_counts_and_other_numbers_are_no_comparisons(statement: str) -> None:
    """Things are counted, and terms and names of forms are words of a page."""
    assert conditions(statement) == []


@pytest.mark.parametrize(
    ("text", "criterion", "met", "quote"),
    [
        (INVOICE, "the total is above 100", True, TOTAL),
        (INVOICE, "the total is above 1,000 EUR", False, TOTAL),
        (INVOICE, "the total is above 130.80", False, TOTAL),
        (INVOICE, "the total is at least 130.80", True, TOTAL),
        (INVOICE, "the amount is less than $500", True, TOTAL),
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
        (MIXED, "the total is above 1,000 EUR", True),
        (MIXED, "the total is below 1,000 EUR", False),
        ("Policy\nDate: 3/4/2021", "dated before 15 March 2021", False),
        ("Policy\nDate: 3 April", "dated before 2021", False),
        (INVOICE, "the total is larger than the deposit", True),
        (INVOICE, "the due date is later than usual", True),
    ],
)
def test_what_cannot_be_told_is_never_sure(text: str, criterion: str, *, met: bool) -> None:
    """No value, another currency, several totals, a day that may be a month, no year."""
    told = mark(text, criterion)
    assert told.met is met
    assert told.confidence == pytest.approx(0.6)


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


@pytest.mark.parametrize(
    "statement", ["Is not above 1,000 EUR", "Costs at most 500 EUR", "Is worth no more than $500"]
)
def test_a_bound_of_a_value_denies_nothing(statement: str) -> None:
    """A document need not hold it on all of its pages."""
    assert not Terms().throughout(statement)


def test_each_comparison_has_its_own_subject() -> None:
    """Parts are cut where two things are compared, and lists of names are not."""
    two = parts_of("Names seller and buyer, and the total is above 1,000 EUR")
    assert [len(part.conditions) for part in two] == [0, 1]
    (one,) = parts_of("The amount is above 100 and below 200 EUR")
    assert len(one.conditions) == 2
    assert mark(INVOICE, "The total is above 100 and below 200").met
    assert not mark(INVOICE, "The total is above 100 and below 120").met


HOSTILE = (
    *("1", "1 ", "1,", "1.", "1 000 ", "$ ", "us dollars ", "above ", "above 1,000 ", "not ", "d'"),
    *("l'", "de la ", "the year ", "before the ", "before 1 may ", "may ", "between 1 and 2 and "),
    *("between ", "2020 ", "in 2020 ", "1/1/", "twelve months ", "a ", "and ", "or more ", "% "),
)


@pytest.mark.parametrize("piece", HOSTILE)
def test_no_statement_takes_for_ever(piece: str) -> None:
    """One of eight times the longest that is taken is read in a moment."""
    started = time.process_time()
    parts_of(piece * (4_000 // len(piece)))
    # What is quadratic twice takes minutes.
    assert time.process_time() - started < 1.0


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
