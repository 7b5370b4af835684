"""Criteria taken apart: what they deny and what they count."""

from __future__ import annotations

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from docsort_server.engine.counts import FEWER, MOST, Count
from docsort_server.engine.denial import bounds, denies
from docsort_server.engine.local.criteria.statement import parts_of


@pytest.mark.parametrize(
    "text",
    [
        "Does not mention a due date",
        "doesn't contain an IBAN",
        "Contains no phone number",
        "Invoice without a signature",
        "Lacks a signature",
        "Neither a date nor an amount",
        "Is unsigned",
        "No attorneys are named",
        "Enthält keine Unterschrift",
        "Rechnung ohne Datum",
        "Nennt nicht den Betrag",
        "Ne mentionne pas de date d'échéance",
        "Facture sans signature",
        "Ne contient aucune adresse",
        "Sin firma",
        "No contiene ningún importe",
        "Non contiene una data",
        "Senza firma",
        "Bevat geen IBAN",
        "Zonder handtekening",
        "Não contém data",
        "Sem assinatura",
        "A letter that does not mention money",
        "The bank statement does not mention fees",
        "There is no date",
        "Es gibt keine Unterschrift",
        "Ist nicht unterschrieben",
        "N'est pas signé",
        "No está firmado",
        "Non è firmato",
        "Is niet ondertekend",
        "Contains neither a date nor an amount",
        "Nennt weder Datum noch Betrag",
        "Il n'y a pas de date",
        "Ce n'est pas une facture",
        "Invoice without VAT number",
        "No claims were made",
        "No claim number",
        "No Due Date",
        "No Purchase Order Number",
        "No delivery note",
        "No certificate",
        "No letter of objection",
        "No loss is mentioned",
    ],
)
def test_denials_are_heard(text: str) -> None:
    """In seven languages, by verbs, particles and prefixes."""
    assert denies(text)
    assert all(part.negated for part in parts_of(text))


@pytest.mark.parametrize(
    "text",
    [
        "Mentions a due date",
        "States the invoice no.",
        "States the policy no and a date",
        "Is payable no later than a date",
        "Lists no more than three items",
        "Asks a question to be answered yes or no",
        "Names a non-disclosure agreement",
        "States the total without VAT",
        "Nennt den Betrag ohne MwSt",
        "Says that staff must not be poached",
        "Explains why the payment was not made",
        "Indica no rodapé uma data",
        "Is a notice",
        "Shows a passport no",
        "Gives a VAT no",
        "Contains the flight no",
        "Gives the report no",
        "Shows check no and amount",
        "Lists part no and price",
        "Item no, quantity and price are listed",
        "Shows date, no and amount",
        "Gives the NIE of the holder",
        "Shows the SIN",
        "Is marked not negotiable",
        "Says do not bend",
        'Bears the words "not transferable"',
        "Delivery is free of charge",
        "Is a certificate of no objection",
        "Confirms a state of no liability",
        "Is a non disclosure agreement",
        "Nº de factura",
        "Indica el nº de factura",
        "Sin number is given",
        "Is a do not resuscitate order",
        "Patient is not pregnant",
        "Der Patient ist nicht schwanger",
        "Le patient n'est pas enceinte",
        "Lists symptoms such as lack of appetite",
        "Ist als nicht übertragbar gekennzeichnet",
        "Aviso por falta de pago",
        "No claims bonus certificate",
        "NO CLAIMS BONUS CERTIFICATE",
        "No claim discount",
        "No known loss letter",
        "No dues certificate",
        "No objection letter",
        "No criminal record certificate",
        "No Pending Litigation Certificate",
        "Is a No Fault Accident Declaration",
        "No win, no fee agreement",
        "Do not disturb sign",
        "Not for profit status letter",
        "Organización sin fines de lucro",
        "Association sans but lucratif",
        "Names a sans-papiers association",
    ],
)
def test_words_that_turn_nothing_are_let_be(text: str) -> None:
    """Abbreviations, bounds, compounds, and what a page itself denies."""
    assert not denies(text)
    assert not any(part.negated for part in parts_of(text))


@pytest.mark.parametrize(
    ("text", "negated"),
    [
        ("Contains an IBAN and no phone number", (False, True)),
        ("Contains an IBAN but does not mention a due date", (False, True)),
        ("Does not state a price but names a product", (True, False)),
        ("Has a total without a signature", (False, True)),
        ("Does not contain a date or a signature", (True,)),
        ("The page and the annex do not mention a price", (True,)),
    ],
)
def test_parts_are_affirmed_or_denied_each(text: str, negated: tuple[bool, ...]) -> None:
    """A criterion denies only when all of it does."""
    assert tuple(part.negated for part in parts_of(text)) == negated
    assert denies(text) == all(negated)


@pytest.mark.parametrize(
    ("text", "negated"),
    [
        ("The date is not shown", True),
        ("The date has not been given", True),
        ("La data non è indicata", True),
        ("Lists a price without VAT number", False),
        ("The signature is missing", True),
        ("Nennt den Betrag nicht", True),
        ("Makes no mention of a date", True),
        ("Falta la firma", True),
        ("Says that it does not contain nuts", False),
    ],
)
def test_denials_within_a_clause_are_heard(text: str, *, negated: bool) -> None:
    """Where the verb or its subject comes first."""
    assert all(part.negated for part in parts_of(text)) == negated


@pytest.mark.parametrize(
    ("text", "bounded"),
    [
        ("Contains at most one date", True),
        ("Contains fewer than three dates", True),
        ("Nennt höchstens zwei Namen", True),
        ("Contains exactly one date", False),
        ("Contains more than one date", False),
        ("Names the most important date", False),
    ],
)
def test_bounds_that_nothing_meets_are_told(text: str, *, bounded: bool) -> None:
    """Those without a lower one."""
    assert bounds(text) == bounded


def test_every_word_for_a_bound_from_above_is_looked_at() -> None:
    """Statements without one of a few words are passed over: each phrase has such a word."""
    for phrase in f"{MOST}|{FEWER}".replace(r"\s+", " ").split("|"):
        assert bounds(f"{phrase} 2 dates"), phrase


@pytest.mark.parametrize(
    ("text", "count"),
    [
        ("Lists at least three line items", Count(3)),
        ("Has two or more dates", Count(2)),
        ("Contains more than one date", Count(2)),
        ("Contains exactly one date", Count(1, 1)),
        ("Contains at most 4 dates", Count(0, 4)),
        ("Contains fewer than five dates", Count(0, 4)),
        ("Is signed by both parties", Count(2)),
        ("Contains several dates", Count(2)),
        ("Gives 12 references", Count(12)),
        ("Enthält mindestens drei Daten", Count(3)),
        ("Führt mehr als fünf Positionen auf", Count(6)),
        ("Contient au moins deux dates", Count(2)),
        ("Contiene al menos dos fechas", Count(2)),
        ("Contiene almeno due date", Count(2)),
        ("Bevat minstens twee datums", Count(2)),
        ("Contém pelo menos duas datas", Count(2)),
    ],
)
def test_counts_are_read(text: str, count: Count) -> None:
    """Digits and words, bounds and bare numbers."""
    (part,) = parts_of(text)
    assert part.count == count


@pytest.mark.parametrize(
    "text",
    [
        "Shows the total due",
        "Contains one or more dates",
        "Is payable within 30 days",
        "Is for those at least 25 years old",
        "Gilt mindestens 2 Jahre",
        "Vaut au moins deux ans",
        "Dura almeno 3 anni",
        "Vale al menos 5 años",
        "Duurt minstens 2 jaar",
        "Is Form 1040",
        "Shows both a date and a signature",
        "States the VAT rate of 19 %",
        "Contains a date",
    ],
)
def test_numbers_that_count_nothing_are_let_be(text: str) -> None:
    """Terms, names of forms and rates are no counts; one or more is the thing itself."""
    (part,) = parts_of(text)
    assert part.count is None


def test_a_count_holds_between_its_bounds() -> None:
    """Both bounds included."""
    assert [Count(2, 3).holds(number) for number in (1, 2, 3, 4)] == [False, True, True, False]
    assert Count(2).holds(10**6)
    assert Count(2).high == math.inf


@given(st.text(max_size=500))
def test_any_text_is_taken_apart(text: str) -> None:
    """There is always a part, whatever the text."""
    assert parts_of(text)
