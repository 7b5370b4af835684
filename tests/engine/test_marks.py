"""Criteria: verdict, confidence and the line that shows it."""

from __future__ import annotations

import pytest
from engine_pages import GERMAN_INVOICE, INVOICE, LEASE, STATEMENT, TALE, page
from hypothesis import given, settings
from hypothesis import strategies as st

from docsort_server.engine.local.criteria import patterns
from docsort_server.engine.local.engine import classify_page
from docsort_server.engine.model import Category, CriterionMark, Question

SIGNED = "Resolution of the board\nAll agreed to the plan as it was read out\n/s/ Ada Finch"
SURGERY = (
    "Clinic by the lake\nDate of surgery: 03/04/2022\nThe patient went home the same week\n"
    "Date of travel: 05/04/2022"
)
BANK = "Please pay to our account at the bank\nIBAN DE89 3704 0044 0532 0130 00\nMany thanks"
_DUE = "Due date: 3 December 2026"


def _mark(text: str, name: str, criterion: str, *, evidence: bool = True) -> CriterionMark:
    question = Question(
        (Category(name, criteria=(criterion,)), Category("Recipe")), None, None, evidence
    )
    return classify_page(page(text), question).criteria[0][0]


@pytest.mark.parametrize(
    ("text", "name", "criterion", "within"),
    [
        (INVOICE, "Invoice", "contains billing information", ("Bill", "Invoice", "INVOICE")),
        (INVOICE, "Invoice", "shows a due date", ("Due date", "Payment terms")),
        (INVOICE, "Invoice", "shows an invoice number", ("Invoice number",)),
        (GERMAN_INVOICE, "Invoice", "shows an invoice number", ("Rechnungsnummer",)),
        (LEASE, "Contract", "has signature lines", ("Signature",)),
        (LEASE, "Contract", "names landlord and tenant", ("tenant",)),
        (STATEMENT, "Bank statement", "shows an opening balance", ("balance",)),
    ],
)
def test_met_criterion_quotes_the_line_that_shows_it(
    text: str, name: str, criterion: str, within: tuple[str, ...]
) -> None:
    """What the page shows is met, across languages, and the quote is literally on the page."""
    mark = _mark(text, name, criterion)
    assert mark.met
    assert mark.confidence is not None
    assert 0.5 <= mark.confidence <= 1.0
    assert mark.evidence in text
    assert any(part in mark.evidence for part in within)


@pytest.mark.parametrize(
    ("criterion", "plain"),
    [
        ("states an invoice number and a due date", ("Invoice number: 2026-0042", _DUE)),
        ("shows an invoice number", ("Invoice number: 2026-0042",)),
        ("shows a due date", (_DUE,)),
        ("shows the total amount due", ("Total due 130.80",)),
    ],
)
@pytest.mark.parametrize("first", [True, False])
def test_evidence_is_the_line_that_says_it_most_plainly(
    criterion: str, plain: tuple[str, ...], *, first: bool
) -> None:
    """A long line that touches on many things loses, wherever it stands."""
    payment = (
        "Please pay the amount payable within 14 days, due on 3 December 2026, to IBAN "
        "DE89 3704 0044 0532 0130 00 and quote the invoice number 2026-0042"
    )
    lines = ["Northwind Tools Ltd", "INVOICE", "Invoice number: 2026-0042"]
    lines += [_DUE, "Oven thermometer 2 65.40 130.80", "Total due 130.80"]
    lines.insert(1 if first else len(lines), payment)
    assert _mark("\n".join(lines), "Invoice", criterion).evidence in plain


@pytest.mark.parametrize(
    ("text", "name", "criterion"),
    [
        (TALE, "Invoice", "shows an invoice number and due date"),
        (INVOICE, "Contract", "names landlord and tenant"),
        (STATEMENT, "Medical record", "lists diagnoses or medications"),
        (LEASE, "Invoice", "shows meter readings"),
    ],
)
def test_unmet_criterion_has_no_evidence(text: str, name: str, criterion: str) -> None:
    """What the page does not show is not met, with confidence in that verdict."""
    mark = _mark(text, name, criterion)
    assert not mark.met
    assert mark.confidence is not None
    assert mark.confidence > 0.5
    assert mark.evidence == ""


@pytest.mark.parametrize(
    ("text", "criterion", "met", "quote"),
    [
        (INVOICE, "does not mention a due date", False, "Due date: 2 June 2024"),
        (INVOICE, "does not contain an IBAN", True, ""),
        (INVOICE, "contains no e-mail address", True, ""),
        (INVOICE, "shows a due date but no phone number", True, "Due date: 2 June 2024"),
        (INVOICE, "shows a due date and no invoice number", False, "Invoice number: 2024-0173"),
        (GERMAN_INVOICE, "Enthält keine Kundennummer", False, "Kundennummer: 88"),
        (GERMAN_INVOICE, "Enthält keine IBAN", True, ""),
        (INVOICE, "lists at least two line items", True, "Oven thermometer 2 18.50 37.00"),
        (INVOICE, "lists at least three line items", False, ""),
        (INVOICE, "contains two dates", True, "Invoice date: 3 May 2024"),
        (INVOICE, "contains more than two dates", False, ""),
        (LEASE, "is signed by both parties", True, LEASE.splitlines()[-1]),
        (INVOICE, "is signed by both parties", False, ""),
        (STATEMENT, "states the account number", True, "Account number 0042 1188"),
        (STATEMENT, "contains at most one signature", True, ""),
        (SIGNED, "is unsigned", False, "/s/ Ada Finch"),
        (SIGNED.replace("/s/", "Signed:"), "is unsigned", False, "Signed: Ada Finch"),
        (STATEMENT, "is unsigned", True, ""),
        (SURGERY, "gives the date of surgery", True, "Date of surgery: 03/04/2022"),
        (SURGERY, "gives the date of travel", True, "Date of travel: 05/04/2022"),
        (BANK, "contains a phone number", False, ""),
        (BANK, "contains an IBAN and no phone number", True, BANK.splitlines()[1]),
        (f"{BANK}\n978012345678X", "contains an ISBN", False, ""),
    ],
)
def test_denials_turn_the_verdict_and_counts_count(
    text: str, criterion: str, quote: str, *, met: bool
) -> None:
    """What is absent has no line; what is there against a denial has one."""
    mark = _mark(text, "Invoice", criterion)
    assert (mark.met, mark.evidence) == (met, quote)
    assert mark.confidence is not None
    assert 0.5 <= mark.confidence <= 1.0


@pytest.mark.parametrize(
    ("criterion", "met"),
    [
        ("states a policy number", False),
        ("mentions a policy number", True),
        ("asks for a policy number", True),
        ("does not state a policy number", True),
        ("does not mention a policy number", False),
    ],
)
def test_a_name_without_its_value_is_mentioned_and_asked_for(criterion: str, *, met: bool) -> None:
    """An empty field states nothing."""
    assert _mark("Insurance\nPolicy number:\nName:", "Insurance", criterion).met is met


def test_a_denial_is_as_sure_as_what_it_denies() -> None:
    """Of the two one is met, with the same confidence."""
    affirmed = _mark(INVOICE, "Invoice", "contains a phone number")
    denied = _mark(INVOICE, "Invoice", "does not contain a phone number")
    assert affirmed.met != denied.met
    assert affirmed.confidence == pytest.approx(denied.confidence)


def test_evidence_is_left_out_when_it_was_not_asked_for() -> None:
    """The verdict does not depend on whether evidence is wanted."""
    asked = _mark(INVOICE, "Invoice", "contains billing information")
    spared = _mark(INVOICE, "Invoice", "contains billing information", evidence=False)
    assert (spared.met, spared.confidence, spared.evidence) == (asked.met, asked.confidence, "")


@settings(max_examples=40, deadline=None)
@given(st.text(max_size=400), st.text(min_size=1, max_size=80))
def test_evidence_is_literally_on_the_page(text: str, criterion: str) -> None:
    """Any criterion on any text: the quote is short and a piece of the page."""
    content = page(text + "\n" + criterion)
    question = Question((Category("Invoice", criteria=(criterion,)),))
    for marks in classify_page(content, question).criteria:
        for mark in marks:
            assert mark.evidence in content.text
            assert len(mark.evidence) <= 200


@pytest.mark.parametrize(
    ("name", "line"),
    [
        ("amount", "Total $ 12"),
        ("amount", "1.234,50"),
        ("url", "see www.example.org/terms"),
        ("citation", "as shown by Finch et al."),
        ("bullet", "• first"),
        ("blank", "Name ______"),
        ("signed", "By: /s/ Ada Finch"),
    ],
)
def test_patterns_recognise_forms(name: str, line: str) -> None:
    """Amounts, references and what is drawn in letters are told by their form."""
    assert patterns.find(name, f"nothing here\n{line}") == 1
