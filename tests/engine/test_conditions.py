"""Comparisons read from statements in seven languages."""

from __future__ import annotations

import math
import time
from datetime import date

import pytest

from docsort_server.engine.denial import folded
from docsort_server.engine.local.criteria import comparisons
from docsort_server.engine.local.criteria.conditions import Condition, Measure
from docsort_server.engine.local.criteria.statement import parts_of
from docsort_server.engine.model import Terms


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
        ("inférieur ou égal à 500 euros", 500.0, 501.0),
        ("mayor o igual que 500 euros", 500.0, 499.0),
        ("comes to 500 EUR", 500.0, 501.0),
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
        *("Is delivered within 30 days", "Is Form 1040", "Mentions the address above"),
        *(
            "Mentions an unpaid balance from before",
            "You may 3",
            "Weighs 20 kg",
            "Has more than 20 pages",
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
    "statement", ["Is not above 1,000 EUR", "Costs at most 500 EUR", "Is worth no more than $500"]
)
def test_a_bound_of_a_value_denies_nothing(statement: str) -> None:
    """A document need not hold it on all of its pages."""
    assert not Terms().throughout(statement)


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
    assert time.process_time() - started < 5.0


@pytest.mark.parametrize(
    "statement",
    [
        *("The total is larger than usual", "is dated later than expected", "exceeds 500 words"),
        *("is within 30 days of the hearing", "The holder is over 18 years old", "dated 3/4/2021"),
        *("usage is above 400 kWh", "Der Verbrauch liegt über 3.000 kWh", "dépasse 20 kg"),
        *("Das Datum ist später als üblich", "Le total est supérieur à la moyenne"),
    ],
)
def test_comparisons_that_cannot_be_read_are_heard(statement: str) -> None:
    """So that no verdict on them is sure."""
    assert None in conditions(statement)


@pytest.mark.parametrize(
    ("statement", "other", "low", "high"),
    [
        ("is within 30 days of the invoice date", "invoice date", -30, 30),
        ("is at least 14 days after the invoice date", "invoice date", 14, math.inf),
        ("is not before the invoice date", "invoice date", 0, math.inf),
        ("is after the date of issue", "date of issue", 1, math.inf),
        ("is more than one year before the date of issue", "date of issue", -math.inf, -367),
        ("is less than the subtotal", "subtotal", -math.inf, -0.01),
        ("liegt mindestens 14 Tage nach dem Rechnungsdatum", "rechnungsdatum", 14, math.inf),
        ("est postérieure à la date de facture", "date de facture", 1, math.inf),
        ("es anterior a la fecha de factura", "fecha de factura", -math.inf, -1),
        ("è superiore all'importo", "importo", 0, math.inf),
        ("è posteriore alla data di fattura", "data di fattura", 1, math.inf),
        ("es superior al importe", "importe", 0, math.inf),
        ("est supérieur au montant", "montant", 0, math.inf),
        ("é posterior à data da fatura", "data da fatura", 1, math.inf),
        ("is later dan de factuurdatum", "factuurdatum", 1, math.inf),
    ],
)
def test_two_values_are_compared_by_their_difference(
    statement: str, other: str, low: float, high: float
) -> None:
    """Days between dates, and more or less of an amount."""
    found = [each for each in conditions(statement) if each]
    assert [each.other for each in found] == ([other] if other else [])
    for each in found:
        assert each.low == pytest.approx(low, abs=0.5)
        assert each.high == pytest.approx(high, abs=0.5)


def test_two_values_are_compared_without_any_number() -> None:
    """What names the other value is heard behind all words that compare."""
    for clause in ("the delivery date is by the due date", "the tax equals the deposit"):
        (found,) = comparisons.find(clause)
        assert found.condition is not None
        assert found.condition.other
