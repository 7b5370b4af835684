"""Values found by their form, and how plainly a page gives them."""

from __future__ import annotations

import time

import pytest
from engine_pages import page

from docsort_server.engine.counts import Count
from docsort_server.engine.local.criteria import concepts
from docsort_server.engine.local.criteria.forms import FORMS
from docsort_server.engine.local.criteria.sheet import Sheet
from docsort_server.engine.local.criteria.values import Grade, Values
from docsort_server.engine.local.engine import classify_page
from docsort_server.engine.local.reading import read
from docsort_server.engine.model import Category, Question


def values(text: str) -> Values:
    """Return the values of a page of this text."""
    return Values(read(page(text)))


def sure(form: str, text: str) -> list[str]:
    """Return what is surely of a form, as it stands on the page."""
    lines = read(page(text)).lines
    spots = values(text).spots(form)
    return [lines[spot.line][spot.start : spot.end] for spot in spots if spot.sure]


@pytest.mark.parametrize(
    ("form", "text"),
    [
        ("date", "2024-05-03"),
        ("date", "03.05.2024"),
        ("date", "5/3/24"),
        ("date", "3rd April 2023"),
        ("date", "March 28, 2018"),
        ("date", "23-Nov-16"),
        ("date", "7. Mai 2014"),
        ("date", "02 juillet 2015"),
        ("date", "20 de junio de 2023"),
        ("date", "4 ottobre 2021"),
        ("date", "9 maart 2022"),
        ("date", "1 de março de 2020"),
        ("time", "7:30"),
        ("time", "16h00"),
        ("percent", "4.5 %"),
        ("iban", "DE89 3704 0044 0532 0130 00"),
        ("iban", "NL91ABNA0417164300"),
        ("email", "ada.finch+x@example.co.uk"),
        ("url", "https://example.org/a"),
        ("url", "example.com"),
        ("phone", "+49 (030) 41092-0"),
        ("phone", "(605) 574-2307"),
        ("phone", "(020) 8356 3100"),
        ("phone", "01 23 45 67 89"),
        ("ssn", "123-45-6789"),
        ("ein", "12-3456789"),
        ("vat", "DE136695976"),
        ("vat", "NL004495445B01"),
        ("postcode", "SW1A 1AA"),
        ("postcode", "TX 78701"),
        ("postcode", "D-63571 Gelnhausen"),
        ("address", "12 Harbour Road"),
        ("page_number", "Page 3"),
        ("isbn", "978-3-16-148410-0"),
        ("doi", "10.1000/182"),
    ],
)
def test_forms_are_recognised(form: str, text: str) -> None:
    """As they are written in several countries."""
    assert sure(form, f"nothing here\n{text}\nnor there") == [text]


@pytest.mark.parametrize(
    ("form", "text", "number"),
    [
        ("amount", "Total $ 12.50", "12.50"),
        ("amount", "1.234,50 €", "1.234,50"),
        ("amount", "EUR 20", "20"),
        ("amount", "1 200 000$", "1 200 000"),
        ("amount", "148,83 zł", "148,83"),
        ("euros", "$ 7 and € 8,-", "8"),
        ("dollars", "€ 8 and -$1,000", "1,000"),
        ("pounds", "£600.00 per year", "600.00"),
    ],
)
def test_money_is_a_number_with_its_sign(form: str, text: str, number: str) -> None:
    """Before it or behind, whatever the thousands are parted by."""
    assert sure(form, text) == [number]


@pytest.mark.parametrize(
    ("form", "text"),
    [
        ("date", "31.31.2024"),
        ("date", "section 1.2.3"),
        ("date", "you may 3"),
        ("date", "10.0.0.1"),
        ("iban", "DE89 3704 0044 0532 0130 01"),
        ("iban", "US1234567890"),
        ("vat", "DE136695977"),
        ("amount", "178,200"),
        ("amount", "12.50"),
        ("phone", "06/09 985026"),
        ("phone", "111-22-3333"),
        ("phone", "0123 4567 8901"),
        ("phone", "DE89 3704 0044 0532 0130 00"),
        ("phone", "4111 1111 1111 1111"),
        ("card", "+49 30 1234567 84"),
        ("ssn", "000-45-6789"),
        ("isbn", "978-3-16-148410-1"),
        ("isbn", "978-3-16-148410-X"),
        ("url", "ada@example.com"),
    ],
)
def test_what_only_looks_alike_is_not_sure(form: str, text: str) -> None:
    """Check digits, calendars and currencies tell."""
    assert sure(form, text) == []


DUE = ("due date", "due:")


@pytest.mark.parametrize(
    ("text", "grade"),
    [
        ("Due date: 3 May 2024", Grade.BESIDE),
        ("Due date\n3 May 2024", Grade.BELOW),
        ("Due date:\nTotal:\nBlah\nBlah blah\n3 May 2024", Grade.APART),
        ("Due date: upon receipt", Grade.NAMED),
        ("Paid on 3 May 2024", Grade.UNNAMED),
        ("Nothing to pay", Grade.NOTHING),
    ],
)
def test_values_are_graded_by_the_words_near_them(text: str, grade: Grade) -> None:
    """From beside to not there at all."""
    assert values(text).named("date", DUE, None).grade is grade


@pytest.mark.parametrize(
    ("text", "grade"),
    [
        ("Policy number: X 4711", Grade.BESIDE),
        ("Policy number\nGB123", Grade.BELOW),
        ("Policy number: Effective date: 5/6/2020", Grade.NAMED),
        ("Policy number:\nStatement period: 11/24/2021", Grade.NAMED),
    ],
)
def test_numbers_stand_right_behind_their_words(text: str, grade: Grade) -> None:
    """One number looks like another: what is farther belongs to other words."""
    text = text.replace("X 4711", "X-4711")
    assert values(text).named("number", ("policy number",), None).grade is grade


def test_different_values_are_counted() -> None:
    """A value that is said twice is one."""
    page_values = values("a@x.org\nb@x.org\nA@x.org")
    assert page_values.alone("email", (), Count(2, 2)).grade is Grade.ENOUGH
    assert page_values.alone("email", (), Count(3)).grade is Grade.FEWER


def test_nine_digits_are_a_social_security_number_near_its_name() -> None:
    """So they stand in the boxes of forms, behind the name or below the headings of a row."""
    names = ("social security number",)
    for text, grade in (
        ("Your social security number 334345654", Grade.BESIDE),
        ("Last name Your social security number\nFinch 334345654", Grade.BELOW),
    ):
        assert values(text).alone("ssn", names, None).grade is grade
        assert not sure("ssn", text)
    assert values("Account number 334345654").alone("ssn", names, None).grade < Grade.BELOW
    assert values("Social security number 000345654").alone("ssn", names, None).grade < Grade.BELOW


def test_national_telephone_numbers_count_near_their_name() -> None:
    """Other numbers look like them; the groups of an IBAN are none even there."""
    names = ("tel", "phone")
    assert values("Tel 020 8356 3100").alone("phone", names, None).grade is Grade.BESIDE
    assert values("Ref 020 8356 3100").alone("phone", names, None).grade < Grade.BELOW
    iban = "Phone and IBAN: DE89 3704 0044 0532 0130 00"
    assert values(iban).alone("phone", names, None).grade is Grade.NAMED


@pytest.mark.parametrize(
    ("stem", "text"),
    [
        ("surgeri*", "Date of surgery"),
        ("surgeri*", "Surgeries"),
        ("duti*", "Duty"),
        ("loss*", "Loss"),
    ],
)
def test_stems_name_the_words_they_were_cut_from(stem: str, text: str) -> None:
    """A final y is an i in the stem."""
    assert values(f"{text}: 3 May 2024").named("date", (stem,), None).grade is Grade.BESIDE


def test_what_is_nowhere_has_no_line() -> None:
    """A bound from above is met by nothing, which stands on no line."""
    assert values("Nothing\nhere").tally("signature", Count(0, 1)) == (Grade.ENOUGH, -1)


def test_line_items_are_counted_without_their_sums() -> None:
    """Rows that name something and its price."""
    text = "Item Qty Price Total\nTray 10 7.20 72.00\nOven 2 18.50 37.00\nSubtotal 2 109.00"
    assert values(text).tally("item", Count(2, 2)).grade is Grade.ENOUGH


def test_every_value_of_the_concepts_has_a_form() -> None:
    """And the forms that are counted are there too."""
    for concept in concepts.load().entries:
        assert concept.value is None or concept.value.form in FORMS
        assert concept.counted is None or concept.counted in FORMS


HOSTILE = (
    *("1", "1.", "1 ", "0 ", "a", "Aa ", "A1", "DE1", "a.", "a-", "a@", "+1 ", "(1)", "-", "_"),
    *(
        "1/",
        "$1",
        "1 €",
        "1:",
        "www.",
        "jan ",
        "1 jan ",
        "page 1",
        "rue a ",
        "Aa Bb",
        "[1]",
        "1.1.",
    ),
    *("12/12/", "sign ", "\n", "1\n", "p.", "AAAA DE ", "1'", "97", "10.1234/", "AA 1"),
)


@pytest.mark.parametrize("form", sorted(FORMS))
def test_no_text_takes_for_ever(form: str) -> None:
    """A whole page of any repeated piece, on one line, is searched in a moment."""
    for piece in HOSTILE:
        # What is quadratic takes a second and more, twice of this text four.
        assert spent(form, piece * (16_000 // len(piece))) < 0.5, piece


def spent(form: str, text: str) -> float:
    """Return the seconds of processor time that a search takes."""

    class Whole(Sheet):
        def __init__(self) -> None:
            self._lines = (text,)

    sheet = Whole()
    assert sheet.folded
    started = time.process_time()
    for _ in FORMS[form](sheet):
        pass
    return time.process_time() - started


@pytest.mark.parametrize(
    ("text", "met"),
    [
        ("Due: 3 May 2024", True),
        ("Due 3 May 2024", True),
        ("Invoice 12, due 3 May 2024", True),
        ("Issued: 3 April 2024 | Due: 3 May 2024", True),
        ("DUE\n3 May 2024", True),
        ("Due: upon receipt", False),
        ("Due: 12.00", False),
        ("Total due 12.00\nPaid 3 May 2024", False),
        ("Amount due: 3 May 2024 12.00", False),
        ("Residue: 3 May 2024", False),
    ],
)
def test_due_alone_names_a_due_date(text: str, *, met: bool) -> None:
    """Behind another word it is what is due, and without a date it names none."""
    asked = ("States a due date", "Does not mention a due date")
    (marks,) = classify_page(
        page(f"INVOICE\n{text}"), Question((Category("A", "", asked),))
    ).criteria
    assert [mark.met for mark in marks] == [met, not met]


def test_a_total_that_is_due_is_no_due_date() -> None:
    """Most invoices say what is due, and many not by when."""
    asked = ("Mentions a due date", "Does not mention a due date", "States a total amount due")
    text = "INVOICE 12\nfor the services of March\nTotal due 12.00 EUR"
    (marks,) = classify_page(page(text), Question((Category("A", "", asked),))).criteria
    assert [mark.met for mark in marks] == [False, True, True]
