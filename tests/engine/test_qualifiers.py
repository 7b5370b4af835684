"""What narrows a value: its country, its currency, and words that cannot be tested."""

from __future__ import annotations

from typing import TYPE_CHECKING

import criterion_marks
import pytest

from docsort_server.engine.local.criteria import concepts, currencies, origins
from docsort_server.engine.local.criteria.criterion import compile_criterion

if TYPE_CHECKING:
    from docsort_server.engine.model import CriterionMark

GERMAN = "IBAN DE89 3704 0044 0532 0130 00"
FRENCH = "IBAN FR14 2004 1010 0505 0001 3M02 606"
PRICES = "Price list\nTray 12.00 EUR\nOven 18.50 EUR\nTotal 30.50"


def mark(text: str, criterion: str) -> CriterionMark:
    """Return what the engine makes of a criterion on a page that ends with this text."""
    return criterion_marks.mark(f"Statement of Northwind\n{text}", criterion)


@pytest.mark.parametrize(
    ("line", "criterion", "met"),
    [
        (GERMAN, "the IBAN is German", True),
        (GERMAN, "a German IBAN", True),
        (GERMAN, "eine deutsche IBAN", True),
        (GERMAN, "un IBAN allemand", True),
        (GERMAN, "un IBAN alemán", True),
        (GERMAN, "un IBAN tedesco", True),
        (GERMAN, "een Duitse IBAN", True),
        (GERMAN, "um IBAN alemão", True),
        (GERMAN, "a European IBAN", True),
        (FRENCH, "a German IBAN", False),
        (FRENCH, "contains no German IBAN", True),
        (FRENCH, "Contient un IBAN français", True),
        ("VAT number DE136695976", "a UK VAT number", False),
        ("VAT number GB123456789", "a UK VAT number", True),
        ("USt-IdNr. DE136695976", "the VAT number is German", True),
        ("BIC COBADEFFXXX", "a German BIC", True),
        ("Phone +33 1 44 55 66 77", "the phone number is French", True),
        ("Tel. 01 44 55 66 77", "the phone number is French", True),
        ("Phone +49 30 410920", "the phone number is French", False),
        ("Phone 0049 30 410920", "eine deutsche Telefonnummer", True),
        ("Phone (605) 574-2307", "a US phone number", True),
        ("London SW1A 1AA", "a UK postcode", True),
        ("Austin, TX 78701", "a UK postcode", False),
        ("Total 12.00 EUR", "the total is in euros", True),
        ("Total 12.00 EUR", "the total is in US dollars", False),
        ("Total $12.00", "the total is in US dollars", True),
        ("Total 12.00 CHF", "prices in Swiss francs", True),
        ("Total £12.00", "Der Gesamtbetrag ist in Pfund angegeben", True),
        (PRICES, "the total is in euros", True),
    ],
)
def test_countries_and_currencies_are_told_by_the_value(
    line: str, criterion: str, *, met: bool
) -> None:
    """Codes, prefixes and signs tell, and the currency of the other amounts."""
    told = mark(line, criterion)
    assert told.met is met
    assert told.confidence is not None
    assert told.confidence > 0.7
    if met and "no " not in criterion:
        assert told.evidence == line.splitlines()[-1]


@pytest.mark.parametrize(
    ("line", "criterion", "met"),
    [
        ("Phone 020 8356 3100", "the phone number is French", False),
        ("VAT number 123 4567 89", "a German VAT number", False),
        ("Total 12.00", "the total is in euros", False),
        ("Total $12.00", "the total is in Canadian dollars", False),
        ("Date: 3 May 2024", "the date is in the future", True),
        ("Date: 3 May 2024", "contains a handwritten date", True),
        ("Datum: 3. Mai 2024", "enthält ein handschriftliches Datum", True),
        ("Date : 3 mai 2024", "contient une date manuscrite", True),
        ("12 Harbour Road", "a German postal address", True),
        (PRICES, "states the highest amount", True),
    ],
)
def test_what_a_page_does_not_tell_is_never_sure(line: str, criterion: str, *, met: bool) -> None:
    """A number without a country, an amount without a sign, a day without a today."""
    told = mark(line, criterion)
    assert told.met is met
    assert told.confidence == pytest.approx(0.6, abs=0.07)


def test_what_is_not_there_at_all_is_surely_not_narrowed() -> None:
    """No IBAN is no German one, and no date is in nobody's hand."""
    for criterion in ("a German IBAN", "contains a handwritten date"):
        told = mark("Many thanks", criterion)
        assert not told.met
        assert told.confidence is not None
        assert told.confidence > 0.9


@pytest.mark.parametrize(
    ("criterion", "words"),
    [
        ("contains a handwritten date", "handwritten"),
        ("the date is in the future", "in the future"),
        ("the total is larger than the limit", "larger than the limit"),
        ("a German address", "german"),
        ("the newsletter box is ticked", "ticked"),
        ("the newsletter checkbox is unchecked", "checkbox is unchecked"),
        ("Newsletter ist angekreuzt", "angekreuzt"),
        ("la case newsletter est cochée", "est cochee"),
        ("la casilla del boletín está marcada", "casilla del boletin esta marcada"),
        ("het vakje nieuwsbrief is aangekruist", "aangekruist"),
        ("has tick boxes", ""),
        ("the work was checked by an engineer", ""),
        ("a German IBAN", ""),
        ("the total is above 100 EUR", ""),
        ("states a past due amount", ""),
        ("payable at the latest by 3 May 2024", ""),
        ("is written in German", ""),
        ("is addressed to a tenant in Germany", ""),
    ],
)
def test_words_that_cannot_be_tested_are_known_beforehand(criterion: str, words: str) -> None:
    """Those that narrow a value or ask for a tick; of others the page's words decide."""
    clauses = compile_criterion(criterion, concepts.load()).clauses
    assert next((each.untested for each in clauses if each.untested), "") == words


def test_every_country_has_its_prefix_and_every_sign_its_code() -> None:
    """The tables are whole."""
    assert all(prefix.isdigit() for prefix in origins.PREFIXES.values())
    assert all(len(code) == 2 for code in origins.PREFIXES)
    for sign in ("€", "$", "us$", "swiss francs", "zl", "kr", "pfund", "rs."):
        assert currencies.codes_of(sign)
    assert not currencies.codes_of("apples")
