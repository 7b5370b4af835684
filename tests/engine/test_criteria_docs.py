"""What docs/criteria.md says of criteria, held against the engine."""

from __future__ import annotations

from pathlib import Path

import pytest
from criterion_marks import mark
from engine_pages import TALE

from docsort_server.engine.denial import denies
from docsort_server.engine.local.criteria.statement import parts_of
from docsort_server.engine.model import Terms

DOCS = " ".join(Path("docs/criteria.md").read_text().split())
# A page with everything that the examples ask for.
EVERYTHING = """Northwind Tools Ltd, 12 Harbour Road, Austin, TX 78701
INVOICE
Invoice number: 2026-0042
Policy number: AB-4711
Numéro de commande: 4711-22
Invoice date: 3 May 2024
Due date: 2 June 2024
Date de naissance: 4 avril 1980
Lieferdatum: 5.5.2024
Date of loss: 1 March 2024
Oven thermometer 2 18.50 37.00
Tray 10 7.20 72.00
Bowl 3 4.00 12.00
Total: 121.00 EUR
Importe a pagar: 121,00 EUR
Net pay: 121.00 EUR
Amount of the deposit: 20.00 EUR
VAT rate 19 %
VAT number DE136695976
EIN 12-3456789
Social security number 123-45-6789
IBAN DE89 3704 0044 0532 0130 00
BIC COBADEFFXXX
ISBN 978-3-16-148410-0
doi 10.1000/182
Card number 4111 1111 1111 1111
mail ada@example.org, www.example.org, tel +49 30 410920, fax +49 30 410921
Signature: Ada Finch, at 7:30
Signature: Ben Marsh
Page 3"""


@pytest.mark.parametrize(
    "example",
    [
        *("contains a date", "is dated", "shows a due date", "date de naissance", "Lieferdatum"),
        *("states an amount", "prices in euros", "states the total", "net pay", "importe a pagar"),
        *("contains a percentage", "VAT rate", "contains an IBAN", "contains a BIC", "SWIFT code"),
        *("e-mail address", "website", "phone number", "fax number", "VAT number", "EIN"),
        *("social security number", "invoice number", "numéro de commande", "policy number"),
        *("postal address", "postcode", "page number", "time", "ISBN", "DOI", "card number"),
        *("date of loss", "amount of the deposit", "states a policy number"),
        *("At least three line items", "two or more dates", "signed by both parties"),
    ],
)
def test_what_is_there_is_met(example: str) -> None:
    """And not met where it is not."""
    assert f'"{example}"' in DOCS
    assert mark(EVERYTHING, example).met
    assert not mark(TALE, example).met


@pytest.mark.parametrize(
    "example",
    [
        *("Does not mention a due date", "contains no IBAN", "invoice without a signature"),
        *("is unsigned", "the date is missing", "enthält keine IBAN", "ohne Unterschrift"),
        *("ne mentionne pas de date", "sans signature", "sin firma", "senza firma"),
        *("no contiene ningún importe", "bevat geen IBAN", "zonder handtekening"),
        *("não contém data", "sem assinatura"),
    ],
)
def test_what_is_denied_is_met_where_it_is_not(example: str) -> None:
    """The line that speaks against it is quoted."""
    assert f'"{example}"' in DOCS
    there, missing = mark(EVERYTHING, example), mark(TALE, example)
    assert (there.met, bool(there.evidence)) == (False, True)
    assert (missing.met, missing.evidence) == (True, "")


@pytest.mark.parametrize(
    "example",
    [
        *("states the passport no", "gives the NIE of the holder", "is marked not negotiable"),
        *("is a non disclosure agreement", "delivery is free of charge"),
        *("is payable no later than 3 May", "states the total without VAT"),
        *("says that no refunds are given", "no claims bonus certificate"),
        *("No Pending Litigation Certificate", "organización sin fines de lucro"),
    ],
)
def test_other_words_turn_nothing(example: str) -> None:
    """Neither for a page nor for a document."""
    assert f'"{example}"' in DOCS
    assert not any(part.negated for part in parts_of(example))
    assert not denies(example)


@pytest.mark.parametrize(
    ("example", "line", "other"),
    [
        ("The total is above 1,000 EUR", "Total: 1.200,00 EUR", "Total: 800.00 EUR"),
        ("the amount is less than $500", "Amount due: $ 499.00", "Amount due: $ 501.00"),
        ("dated before 2020", "Date: 3 May 2019", "Date: 3 May 2021"),
        ("issued after 1 March 2021", "Date: 3 May 2021", "Date: 3 May 2019"),
        ("émise en mars 2023", "Date : 3 mars 2023", "Date : 3 avril 2023"),
        ("issued in March", "Date: 3 March 2023", "Date: 3 April 2023"),
        ("a total of 49.90", "Total 49,90", "Total 49,80"),
        ("a term of at least 12 months", "for a term of one year", "for a term of 6 months"),
        ("A German IBAN", "IBAN DE89 3704 0044 0532 0130 00", "IBAN NL91ABNA0417164300"),
        ("the phone number is French", "tel +33 1 44 55 66 77", "tel +49 30 410920"),
        ("the total is in euros", "Total € 12.00", "Total £ 12.00"),
        ("der Gesamtbetrag übersteigt nicht 1.000 €", "Summe 900,00", "Summe 1.100,00"),
        (
            "the due date is between 1 June and 30 June 2024",
            "Due date: 2 June 2024",
            "Due date: 2 July 2024",
        ),
    ],
)
def test_comparisons_are_met_by_what_fits(example: str, line: str, other: str) -> None:
    """And the line is quoted either way."""
    assert f'"{example}"' in DOCS or f'"{example[0].lower()}{example[1:]}"' in DOCS
    fits, fails = mark(f"{TALE}\n{line}", example), mark(f"{TALE}\n{other}", example)
    assert (fits.met, fits.evidence) == (True, line)
    assert (fails.met, fails.evidence) == (False, other)


def test_two_parts_must_both_hold() -> None:
    """The one is there, the other is not."""
    example = "Contains an IBAN and no phone number"
    assert f'"{example}"' in DOCS
    line = "IBAN DE89 3704 0044 0532 0130 00"
    assert mark(f"{TALE}\n{line}", example).met
    assert not mark(f"{TALE}\n{line}\ntel +49 30 410920", example).met
    assert not mark(TALE, example).met


def test_documents_are_told_by_what_denies_beyond_doubt() -> None:
    """As the documentation has it of denials, negative ones, and bounds."""
    negative = Terms(negative=True)
    assert "{text: Does not mention a due date, negative: true}" in DOCS
    assert not negative.throughout("Does not mention a due date")
    assert Terms().throughout("is unsigned")
    assert Terms().throughout("at most one date")
    assert not Terms().throughout("the date is missing")


def test_an_empty_field_states_nothing() -> None:
    """It asks for its value, and mentions it."""
    field = f"{TALE}\nPolicy number:"
    assert not mark(field, "states a policy number").met
    assert mark(field, "asks for a policy number").met
    assert mark(field, "mentions a policy number").met
    assert not mark(f"{TALE}\nref 020 8356 3100", "phone number").met
    assert mark(f"{TALE}\ntel 020 8356 3100", "phone number").met


@pytest.mark.parametrize(
    ("text", "criterion", "told"),
    [
        ("Yours sincerely,\nBen Holt", "is signed", "| met, 0.76 |"),
        ("Signature: ______", "is signed", "| unmet, 0.76 |"),
        ("Signature", "is signed", "| met, 0.6 |"),
        (
            "Bread 2 1.50 3.00\nJam 1 2.00 2.00\nTea 3 4.00 12.00",
            "items with their prices",
            "are met with at least 0.65 by three rows with amounts",
        ),
    ],
)
def test_the_confidences_told_are_those_given(text: str, criterion: str, told: str) -> None:
    """A fit of the weights moves them, and the docs with them."""
    assert told in DOCS
    figure = next(each for each in told.split() if each.startswith("0."))
    confidence = mark(text, criterion).confidence
    assert confidence is not None
    if "at least" in told:
        assert confidence >= float(figure)
    else:
        assert confidence == pytest.approx(float(figure), abs=0.005)
