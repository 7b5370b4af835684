"""What comparisons say in words, and what of them the engine does not understand."""

from __future__ import annotations

import pytest
from criterion_marks import mark

from docsort_server.engine.local.criteria.number_words import figures

BILL = """Bill of Northwind
Bill number 47
Bread knife 210.00 EUR
Cutting board 540.00 EUR
Total 750.00 EUR"""
ACCOUNT = """Harbour Bank
Account number 30127744 Sort code 12-40-77
05 Feb Card payment Bookshop 20.00 290.00
09 Feb Salary 900.00 1,190.00
Closing balance 1,190.00"""
IBAN = "Phone +49 30 410920\nIBAN DE89 3704 0044 0532 0130 00"
HEARING = """Town of Fernhill
Case No. B-2023-031
The request was approved by a vote of 5-2."""


@pytest.mark.parametrize(
    ("said", "figure"),
    [
        ("above three thousand euros", "above 3000 euros"),
        ("above twenty-two hundred euros", "above 2200 euros"),
        ("one hundred and five euros", "105 euros"),
        ("half a million euros", "500000 euros"),
        ("between two hundred and three thousand", "between 200 and 3000"),
        ("uber zwanzigtausend euro", "uber 20000 euro"),
        ("dreihundertfunfundvierzig euro", "345 euro"),
        ("trois mille deux cents euros", "3200 euros"),
        ("quatre-vingt-douze euros", "92 euros"),
        ("cuatro mil quinientos euros", "4500 euros"),
        ("cuarenta y dos euros", "42 euros"),
        ("tremilacinquecento euro", "3500 euro"),
        ("vierduizend tweehonderd euro", "4200 euro"),
        ("drieentwintig euro", "23 euro"),
        ("tres mil e quinhentos euros", "3500 euros"),
        ("at least three line items and two dates", "at least three line items and two dates"),
        ("twenty per cent", "twenty per cent"),
        ("fifty cents", "50 cents"),
        ("5 million euros", "5 million euros"),
        ("a form and a receipt", "a form and a receipt"),
    ],
)
def test_numbers_in_words_are_read_in_seven_languages(said: str, figure: str) -> None:
    """Those of one word stay: criteria count with them."""
    assert figures(said) == figure


@pytest.mark.parametrize(
    ("criterion", "met"),
    [
        ("The total is above three thousand EUR", False),
        ("The total is above seven hundred euros", True),
        ("The total is less than five hundred euros", False),
        ("The total is above half a million EUR", False),
        ("the total is over a million", False),
        ("The total is above zero", True),
        ("Der Gesamtbetrag übersteigt zwanzigtausend Euro", False),
        ("Der Gesamtbetrag übersteigt siebenhundert Euro", True),
        ("Le total dépasse mille euros", False),
        ("El total es superior a quinientos euros", True),
        ("Il totale è superiore a duemila euro", False),
        ("Het totaal is hoger dan duizend euro", False),
        ("O total é superior a mil euros", False),
        ("The total is not 750 EUR", False),
        ("The total is not 700 EUR", True),
        ("Der Gesamtbetrag ist nicht 750 EUR", False),
        ("The total is other than 750 EUR", False),
        ("The total does not equal 750 EUR", False),
        ("The total is 750 EUR", True),
        ("The total is 750", True),
        ("The total is exactly 750", True),
        ("The total is exactly 751", False),
        ("The total is above 1,000 EUR or below 800 EUR", True),
        ("The total is above 1,000 EUR or below 700 EUR", False),
        ("Der Gesamtbetrag liegt über 1.000 EUR oder unter 800 EUR", True),
        ("all amounts are below 500 EUR", False),
        ("all amounts are below 1,000 EUR", True),
        ("every amount is above 100 EUR", True),
        ("no amount is above 600 EUR", False),
        ("kein Betrag liegt über 600 EUR", False),
        ("kein Betrag liegt über 900 EUR", True),
        ("alle Beträge liegen unter 900 EUR", True),
        ("The total is above five euros", True),
        ("The total is below five euros", False),
    ],
)
def test_comparisons_in_words_are_held_against_the_value(criterion: str, *, met: bool) -> None:
    """Numbers in words, "not", "or" and "all" are part of what is compared."""
    told = mark(BILL, criterion)
    assert told.met is met
    assert told.confidence is not None
    assert told.confidence > 0.7


@pytest.mark.parametrize(
    ("text", "criterion"),
    [
        (ACCOUNT, "The lowest balance is below 500"),
        (ACCOUNT, "The smallest payment is under 10"),
        (ACCOUNT, "The largest balance is above 5,000"),
        (ACCOUNT, "The average balance is above 5,000"),
        (ACCOUNT, "every balance is above 1,000"),
        (ACCOUNT, "The closing balance is above 1,000 USD"),
        (ACCOUNT, "The closing balance is above 4,000 USD"),
        (BILL, "The total is above several thousand EUR"),
        (BILL, "The total is above 1,000 EUR or the deposit is below 500 EUR"),
        (BILL, "The total is above 1,000 EUR unless it is in dollars"),
    ],
)
def test_neither_verdict_is_sure_where_something_is_not_understood(
    text: str, criterion: str
) -> None:
    """What was read alone would be beyond doubt."""
    told = mark(text, criterion)
    assert told.confidence is not None
    assert told.confidence <= 0.6 + 1e-9


@pytest.mark.parametrize(
    ("text", "criterion", "met"),
    [
        (BILL, "bill number is 47", True),
        (BILL, "bill number is 48", False),
        (ACCOUNT, "the account number is 30127744", True),
        (ACCOUNT, "the account number is 88888888", False),
        (ACCOUNT, "the account number is not 88888888", True),
        (ACCOUNT, "the sort code is 12-40-77", True),
        (ACCOUNT, "the sort code is 22-22-22", False),
        (IBAN, "the IBAN is DE89370400440532013000", True),
        (IBAN, "IBAN is DE89 3704 0044 0532 0130 00", True),
        (IBAN, "the IBAN is DE43 3704 0044 0532 0130 99", False),
        (IBAN, "the phone number is +49 30 410920", True),
        (IBAN, "the phone number is +49 30 999999", False),
        (HEARING, "Case number is B-2023-031", True),
        (HEARING, "Case number is B-2023-099", False),
        (HEARING, "states case number B-2023-099", False),
        (HEARING, "The vote was 5-2", True),
        (HEARING, "The vote was 4-3", False),
        ("Rechnung\nRechnungsnummer: RE-2024-118", "Rechnungsnummer ist RE-9", False),
        ("Rechnung\nRechnungsnummer: RE-2024-118", "Rechnungsnummer ist RE-2024-118", True),
        ("Facture\nNuméro de facture F12 du 4 mai", "le numéro de facture est 4", False),
    ],
)
def test_what_a_criterion_tells_literally_must_stand_on_the_page(
    text: str, criterion: str, *, met: bool
) -> None:
    """Another number at the same name does not meet it."""
    assert mark(text, criterion).met is met


@pytest.mark.parametrize(
    "criterion",
    [
        "the total is negative",
        "the total is stated in words",
        "the total is about 700 EUR",
        "the bill number is odd",
    ],
)
def test_what_is_said_of_a_value_and_means_nothing_known_is_not_sure(criterion: str) -> None:
    """The value is there, and nothing tells whether it is so."""
    told = mark(BILL, criterion)
    assert told.confidence is not None
    assert told.confidence <= 0.6 + 1e-9


def test_a_sign_at_the_end_of_a_line_makes_no_date_an_amount() -> None:
    """A date that begins the next line is no sum of money."""
    text = "Konto\nMiete 44,10 EUR\n04.03.2024 Strom 20,00 EUR"
    assert not mark(text, "contains an amount above 100 EUR").met


def test_a_length_of_time_that_a_page_must_not_have() -> None:
    """A term that it must not have is compared, not passed over."""
    text = "Lease\nTerm: 12 months"
    assert not mark(text, "the term is not 12 months").met
    assert mark(text, "the term is not 24 months").met


@pytest.mark.parametrize(
    ("criterion", "met"),
    [("the date is not in 2023", True), ("the date is not in 2024", False)],
)
def test_dates_that_a_page_must_not_have(criterion: str, *, met: bool) -> None:
    """A year that is denied is compared too."""
    assert mark("Letter\nDate: 3 May 2024", criterion).met is met
