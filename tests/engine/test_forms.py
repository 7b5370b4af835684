"""Kinds of letters among plain letters."""

from __future__ import annotations

import pytest
from engine_pages import page

from docsort_server.engine.local import evidence, lexicon
from docsort_server.engine.local.engine import classify_page
from docsort_server.engine.local.weights import load
from docsort_server.engine.model import Category, Outcome, Question

_NAMES = ("Letter", "Termination letter", "Payment reminder", "Job application", "Invoice")
_FRAME = "Harrow Ltd, 12 Mill Lane\n3 March 2024\nDear Ms Price,\n{}\nYours sincerely\nA. Harrow"


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("thank you for your visit. I hope that you had a good journey home.", "Letter"),
        ("we hereby terminate your employment with effect from 30 April.", "Termination letter"),
        ("according to our records invoice 77 is overdue. Please pay at once.", "Payment reminder"),
        ("I wish to apply for the position of gardener. Please find my resume.", "Job application"),
    ],
)
def test_a_letter_is_of_the_kind_that_it_says(text: str, name: str) -> None:
    """That it looks like any letter is no reason against its kind."""
    verdict = classify_page(page(_FRAME.format(text)), Question(tuple(map(Category, _NAMES))))
    assert verdict.outcome is Outcome.MATCHED
    assert _NAMES[verdict.scores.index(max(verdict.scores))] == name


def test_only_forms_of_writing_hand_their_looks_down() -> None:
    """An electricity bill differs from an invoice by more than what it says."""
    known = lexicon.load()
    heirs = {known.types[number].id for number, _ in known.forms}
    assert {"termination_letter", "complaint_letter", "reminder"} <= heirs
    assert "utility_bill" not in heirs


def test_little_of_its_own_makes_no_kind() -> None:
    """What speaks for every letter alone does not speak for a kind of letter."""
    letter, bare, told = (0.9, 0.0, 0.0, 0.0, 0.9), (0.5, 0.0, 0.0, 0.0, 0.0), (0.5, 0, 0, 0, 0.9)
    forms = ((1, (0,)), (2, (0,)))
    plain = evidence.strengths([letter, bare, told], load().types)
    heirs = evidence.strengths([letter, bare, told], load().types, forms)
    assert heirs[0] == plain[0]
    assert heirs[1] < plain[1]
    assert heirs[2] > heirs[0]


_HEAD = "From: Ann <ann@example.com>\nTo: Tom <tom@example.com>\nSubject: Thursday\n\nDear Tom,\n"


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("can we meet on Thursday at ten? I will bring the plans.\nKind regards", "E-mail"),
        ("I am writing to complain about the delay of my order.\nKind regards", "Complaint letter"),
    ],
)
def test_a_mail_is_no_letter_and_may_be_of_a_kind(text: str, name: str) -> None:
    """Its head tells it from a letter; what it says may be what letters say."""
    names = ("Letter", "E-mail", "Complaint letter")
    scores = classify_page(page(_HEAD + text), Question(tuple(map(Category, names)))).scores
    assert names[scores.index(max(scores))] == name
