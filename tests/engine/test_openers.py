"""Verbs with which statements begin: whichever a caller takes, the same is asked for."""

import pytest
from engine_pages import INVOICE, LETTER, page

from docsort_server.engine.local.engine import classify_page
from docsort_server.engine.model import Category, Question

VERBS = """Has Contains Shows States Carries Bears Displays Features Includes Holds Prints Discloses
Opens_with Begins_with Starts_with Ends_with Comes_with Sets_out Refers_to Is_marked_with
You_can_find Must_contain""".split()  # noqa: SIM905 - a list of so many literals is a page long


@pytest.mark.parametrize(
    ("text", "thing"),
    [(LETTER, "a salutation"), (INVOICE, "an invoice number"), (INVOICE, "a date")],
    ids=["salutation", "number", "date"],
)
def test_the_verb_of_a_statement_is_no_part_of_what_is_asked(text: str, thing: str) -> None:
    """None of them has to stand on the page."""
    asked = tuple(f"{verb.replace('_', ' ')} {thing}" for verb in VERBS)
    (marks,) = classify_page(page(text), Question((Category("A", "", asked),))).criteria
    assert [said for said, mark in zip(asked, marks, strict=True) if not mark.met] == []


def test_such_a_word_elsewhere_is_part_of_it() -> None:
    """A start date is not any date, and notes to accounts are not accounts."""
    asked = (
        *("States the start date of the lease", "States an opening balance"),
        "Notes to the invoice are attached",
    )
    (marks,) = classify_page(page(INVOICE), Question((Category("A", "", asked),))).criteria
    assert [mark.met for mark in marks] == [False, False, False]
