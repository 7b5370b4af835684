"""Criteria as mail rooms, loan, claims, invoice, personnel and legal teams word them."""

from __future__ import annotations

import pytest
from criterion_marks import mark

from docsort_server.engine.counts import Count, find_count

BOOKING = """Payment receipt
Booking ID
IBZY2087
Check In
31/12/2017
Check Out
01/01/2018
Grand Total Rs 1939
Balance Rs 0"""
STATEMENT = """Harbour Savings Bank
10750 Mill Freeway
Account Number:
Opening balance 200.00"""


@pytest.mark.parametrize(
    ("text", "criterion", "met"),
    [
        (BOOKING, "Booking reference is present", True),
        (BOOKING, "Nennt die Buchungsnummer", True),
        (BOOKING, "Check-in and check-out dates are shown", True),
        (STATEMENT, "Account number is shown in full", False),
        ("Rechnung\nIBAN DE89 3704 0044 0532 0130 00", "Enthält eine gültige IBAN", True),
        ("Solicitud\nD.N.I. o pasaporte: ........", "Pide el número de DNI o pasaporte", True),
        ("Offer\nAnnual salary: 60,000 EUR", "Nennt das Jahresgehalt", True),
        ("Oferta\nSueldo: 1.900,00 EUR", "Indica el salario", True),
        ("Order\nVAT (12%): $207", "VAT rate is 12 %", True),
        ("Order\nVAT (12%): $207", "VAT rate is 19 %", False),
    ],
)
def test_values_are_told_by_the_words_of_teams(text: str, criterion: str, *, met: bool) -> None:
    """A street is no account number, and a share in brackets no credit."""
    told = mark(text, criterion)
    assert told.met is met
    assert told.confidence is not None
    assert told.confidence > 0.7


@pytest.mark.parametrize(
    "criterion",
    [
        *("Signature blocks are still blank", "The signature line is empty"),
        *("Das Unterschriftsfeld ist leer", "Le champ de signature est vide"),
        *("El campo de firma está vacío", "Il campo firma è vuoto"),
        *("Het handtekeningveld is leeg", "O campo de assinatura está vazio"),
    ],
)
def test_a_blank_line_for_a_signature_is_told(criterion: str) -> None:
    """It is there, and nobody has signed on it."""
    assert mark("Form\nSignature: ______________", criterion).met
    assert not mark("Form\n/s/ Ada Finch\n/s/ Ben Holt", criterion).met


def test_people_are_those_asked_for_where_the_page_says_so() -> None:
    """Any name is not that of one who was absent."""
    told = mark("Minutes\nPresent: Ada Finch, Ben Holt", "Names absent members")
    assert not told.met
    assert told.confidence == pytest.approx(0.6)
    assert mark("Minutes\nAbsent: Ada Finch", "Names absent members").met


def test_two_things_that_are_both_there_are_no_count() -> None:
    """Behind a verb the word says the same of each."""
    assert find_count("seller and buyer are both named")[0] is None
    assert find_count("is signed by both parties")[0] == Count(2)


@pytest.mark.parametrize(
    "criterion",
    [
        *("There is an outstanding balance", "Es besteht ein offener Betrag"),
        *("Il reste un solde impayé", "Hay un saldo pendiente", "C'è un saldo insoluto"),
        *("Er is een openstaand saldo", "Há um saldo em dívida"),
    ],
)
def test_nothing_owed_is_no_balance_that_is_owed(criterion: str) -> None:
    """Stated it is all the same."""
    assert not mark(BOOKING, criterion).met
    assert mark(BOOKING.replace("Rs 0", "Rs 500"), criterion).met
    stated = mark(BOOKING, "States the outstanding balance")
    assert stated.met
    assert stated.evidence == "Balance Rs 0"


@pytest.mark.parametrize(
    "text",
    [
        "Terms\nChanges must be in writing and signed by an authorized person of the firm",
        "Dear Ada,\nthank you.\nBest regards,\nThe Support Team",
    ],
)
@pytest.mark.parametrize("criterion", ["Contains a signature block", "Hat eine Unterschriftszeile"])
def test_a_line_to_sign_on_is_more_than_words_of_signing(text: str, criterion: str) -> None:
    """Prose that speaks of signing, and a closing, have none."""
    assert not mark(text, criterion).met
    assert mark(f"{text}\nCustomer\u2019s signature: ________", criterion).met


def test_whether_a_field_is_filled_in_is_not_sure() -> None:
    """Handwriting is no text."""
    for criterion in ("The patient's name is filled in", "Der Name ist ausgefüllt"):
        told = mark("Consent form\nPatient\nPlease fill in: first name, last name", criterion)
        assert told.confidence is not None
        assert told.confidence <= 0.68


@pytest.mark.parametrize(
    "criterion", ["The newsletter box is ticked", "The box for the newsletter is checked"]
)
def test_whether_a_box_is_ticked_is_not_sure(criterion: str) -> None:
    """The words beside a box stand there with and without its tick."""
    told = mark("Membership application\nI agree to the rules\nNewsletter", criterion)
    assert told.confidence is not None
    assert told.confidence <= 0.6


def test_other_periods_are_not_those_of_bills() -> None:
    """And what is asked for is not compared with what follows "nach dem"."""
    assert mark("Offer\nNotice period: 3 months", "Mentions a notice period").met
    assert mark("Form\nDate of birth:", "Fragt nach dem Geburtsdatum").met
