"""What is signed, what waits for a signature, and what leaves it open."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

import criterion_marks
import pytest
from engine_pages import LEASE, LETTER, TALE, page

from docsort_server.engine.local.criteria.forms import FORMS
from docsort_server.engine.local.criteria.personal_names import is_name, is_person
from docsort_server.engine.local.criteria.sheet import Sheet
from docsort_server.engine.local.reading import read

if TYPE_CHECKING:
    from docsort_server.engine.model import CriterionMark

SIGNED = (
    *("/s/ Ada Finch", "By: /s/ Ada Finch", "s/ Ada Finch", "Signed: Ada Finch"),
    *("Signature: Ada Finch", "Signed by Ada Finch", "Digitally signed by Ada Finch"),
    *("Electronically signed on 3 May 2024", "Digital signiert von Ada Finch", "gez. Ada Finch"),
    *("Signé électroniquement par Ada Finch", "Firmado digitalmente por Ada Finch"),
    *("Firmado por: Ada Finch", "Firmato digitalmente da Ada Finch", "Assinado por Ada Finch"),
    *("Digitaal ondertekend door Ada Finch", "Assinado digitalmente por Ada Finch"),
)
CLOSED = (
    *("Yours sincerely,\nAda Finch", "Mit freundlichen Grüßen\n\nAda Finch"),
    *("Cordialement,\nAda Finch", "Atentamente,\nAda Finch", "Cordiali saluti\nAda Finch"),
    *("Met vriendelijke groet,\nAda Finch", "Atenciosamente,\nAda Finch"),
    *("Ada Finch\n____________\nSignature", "Paid in full\nAda Finch\nSignature"),
)
OPEN = (
    "Signature",
    "Customer signature",
    "Unterschrift Kunde",
    "Signature du client :",
    "Assinatura",
)
EMPTY = (
    *("Signature: ______________", "____________\nSignature", "____________\nSignature\nAda Finch"),
    *("Unterschrift: ....................", "Firma del cliente: __________"),
    *("Handtekening: ________", "Assinatura: ________", "Signature : ………………………"),
    *("Signature\n________________", "Signature _________ Date _________"),
)
NOTHING = (
    *("This invoice is valid without signature.", "Firma: Nordwerk GmbH, Rechnung 12"),
    *("Diese Rechnung ist ohne Unterschrift gültig.", "Best regards,\nThe Support Team"),
    *(
        "The buyer agrees that his signature on any page binds him and all of his heirs.",
        "S/N 4711",
    ),
    *("It may be electronically signed by the parties in as many copies as they wish to have.",),
    *("The signed original is kept by the office that issued it, and shown to those who ask.",),
)


def mark(text: str, criterion: str) -> CriterionMark:
    """Return what the engine makes of a criterion on a page that ends with this text."""
    return criterion_marks.mark(f"{TALE}\n{text}", criterion)


def states(text: str) -> list[str]:
    """Return what the places for signatures hold."""
    return [spot.key for spot in FORMS["signed"](Sheet(read(page(text))))]


@pytest.mark.parametrize(
    ("state", "text"),
    [
        *(("SIGNED", text) for text in SIGNED),
        *(("CLOSED", text) for text in CLOSED),
        *(("OPEN", text) for text in OPEN),
        *(("EMPTY", text) for text in EMPTY),
    ],
)
def test_places_for_signatures_are_told_apart(state: str, text: str) -> None:
    """By what is said, by a name near them, by blanks."""
    assert states(text) == [state]


@pytest.mark.parametrize("text", NOTHING)
def test_what_only_speaks_of_signatures_is_no_place_for_one(text: str) -> None:
    """Prose, companies, and pages that need none."""
    assert states(text) == []


@pytest.mark.parametrize(
    ("text", "signed", "sure"),
    [
        ("/s/ Ada Finch", True, 0.9),
        ("Yours sincerely,\nAda Finch", True, 0.7),
        ("Signature", True, 0.6),
        ("Signature: ______________", False, 0.7),
        ("Many thanks", False, 0.9),
    ],
)
@pytest.mark.parametrize(
    ("criterion", "denied"),
    [
        *(("is signed", False), ("ist unterschrieben", False), ("est signé", False)),
        *(("está firmado", False), ("è firmato", False), ("is ondertekend", False)),
        *(("está assinado", False), ("is unsigned", True), ("contains no signature", True)),
        ("sans signature", True),
    ],
)
def test_what_is_signed_is_judged_by_its_signature(
    text: str, criterion: str, sure: float, *, signed: bool, denied: bool
) -> None:
    """A blank line is no signature, and of a bare name of one the engine is not sure."""
    told = mark(text, criterion)
    assert told.met is (signed != denied)
    assert told.confidence is not None
    assert sure - 0.01 <= told.confidence
    assert sure > 0.6 or told.confidence < 0.61


@pytest.mark.parametrize(
    ("text", "criterion", "met"),
    [
        ("Signature: ______________", "has a signature line", True),
        ("Signature: ______________", "asks for a signature", True),
        ("Signature: ______________", "must be signed", True),
        ("Unterschrift: ______________", "muss unterschrieben werden", True),
        ("Many thanks", "must be signed", False),
        ("/s/ Ada Finch\n/s/ Ben Holt", "is signed by both parties", True),
        ("/s/ Ada Finch\nSignature: __________", "is signed by both parties", False),
        ("/s/ Ada Finch", "has two signatories", False),
        ("/s/ Ada Finch\n/s/ Ben Holt\n/s/ Cleo Marsh", "names at least three signatories", True),
        ("/s/ Ada Finch\n/s/ Ben Holt", "contains exactly one signature", False),
        ("Many thanks", "contains at most one signature", True),
    ],
)
def test_lines_to_sign_and_signatures_are_two_things(
    text: str, criterion: str, *, met: bool
) -> None:
    """And signatures are counted, not the lines for them."""
    assert mark(text, criterion).met is met


def test_the_place_is_quoted_for_and_against() -> None:
    """Where it is signed, and where it is not yet."""
    assert mark("/s/ Ada Finch", "is signed").evidence == "/s/ Ada Finch"
    assert mark("Signature: ________", "is signed").evidence == "Signature: ________"
    assert mark("/s/ Ada Finch", "is unsigned").evidence == "/s/ Ada Finch"
    assert mark(LETTER, "is signed").met
    assert mark(LEASE, "is signed").confidence == pytest.approx(0.6)


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("Ada Finch", True),
        ("Dr. Ada M. Finch, Director", True),
        ("José de la Cruz", True),
        ("Mary O\u2019Neill", True),
        ("Anna van den Berg", True),
        ("Terms And Conditions", False),
        ("Harbour Road", False),
        ("Ada", False),
        ("Ada Finch and others", False),
    ],
)
def test_names_of_people_are_told_from_headings(text: str, *, name: bool) -> None:
    """By the words that documents capitalise."""
    assert is_name(text) is name
    assert not is_person("Monday Morning")


@pytest.mark.parametrize(
    "piece", ["_", "_ ", "-", ".", "signature ", "Aa ", "s/", "signed by ", " "]
)
def test_no_line_takes_for_ever(piece: str) -> None:
    """A page of one piece is searched in a moment."""

    class Whole(Sheet):
        def __init__(self) -> None:
            self._lines = ("Signature", piece * (12_000 // len(piece)), "Signature")

    started = time.process_time()
    assert len(list(FORMS["signed"](Whole()))) < 10_000
    assert time.process_time() - started < 1.0


@pytest.mark.parametrize(
    ("state", "text"),
    [
        ("EMPTY", "Signature: ____________ Ada Finch"),
        ("SIGNED", "Signature: __Ada Finch__"),
        ("EMPTY", "Signature: [          ]"),
        ("EMPTY", "By: __________________"),
        ("EMPTY", "X ____________________"),
        ("OPEN", "Ort, Datum, Unterschrift"),
        ("OPEN", "Landlord\u2019s signature"),
    ],
)
def test_lines_that_wait_are_told_from_signed_ones(state: str, text: str) -> None:
    """A name in print behind a blank says who is to sign, one written on it has signed."""
    assert states(text) == [state]


BOTH = "/s/ Ada Finch\n/s/ Ben Holt"
ONE = "/s/ Ada Finch\nSignature: ______________"
ALL_SIGNED = (
    *("All parties have signed", "Is signed by everyone", "Alle Parteien haben unterschrieben"),
    *("Toutes les parties ont signé", "Todas las partes han firmado"),
    *("Tutte le parti hanno firmato", "Alle partijen hebben ondertekend"),
    "Todas as partes assinaram",
)
NOT_ALL = (
    *("Not all parties have signed", "Nicht alle Parteien haben unterschrieben"),
    *("Toutes les parties n'ont pas signé", "No todas las partes han firmado"),
    *("Non tutte le parti hanno firmato", "Niet alle partijen hebben ondertekend"),
    "Nem todas as partes assinaram",
)
SOME_LACK = (
    *("Some signatures are missing", "At least one signature is missing"),
    *("Einige Unterschriften fehlen", "Il manque des signatures", "Faltan algunas firmas"),
    *("Mancano alcune firme", "Er ontbreken handtekeningen", "Faltam algumas assinaturas"),
)


@pytest.mark.parametrize(
    ("criterion", "everybody"),
    [
        *((criterion, True) for criterion in ALL_SIGNED),
        *((criterion, False) for criterion in (*NOT_ALL, *SOME_LACK)),
    ],
)
def test_all_have_signed_where_no_line_waits(criterion: str, *, everybody: bool) -> None:
    """One signature beside an empty line is not all of them."""
    for text, there in ((BOTH, True), (ONE, False), ("Signature: ____________", False)):
        told = mark(text, criterion)
        assert told.met is (everybody == there)
        assert told.confidence is not None
        assert told.confidence > 0.7


def test_that_a_signature_is_missing_is_not_sure_where_none_is_asked_for() -> None:
    """How many are to sign, only their places show."""
    for text in ("Many thanks", "/s/ Ada Finch"):
        told = mark(text, "Some signatures are missing")
        assert not told.met
        assert told.confidence == pytest.approx(0.6)
    assert mark(ONE, "Some signatures are missing").evidence == ONE.splitlines()[1]
    assert not mark(ONE, "No signatures are missing").met
    assert mark(BOTH, "No signatures are missing").met
