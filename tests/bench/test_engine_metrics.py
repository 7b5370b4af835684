"""Answers of the embedded engine without a server, and what is told of their confidence."""

from __future__ import annotations

import pytest
from engine_pages import INVOICE, LETTER, page

from bench.engine_corpus import LabelledDocument
from bench.engine_metrics import Answer, Bench, Sheet, honesty
from bench.engine_questions import Catalogue
from docsort_server.engine.local.engine import default_engine
from docsort_server.engine.model import Category, Outcome

_CATALOGUE = Catalogue({"bill": Category("Invoice"), "mail": Category("Letter")})


def _asked(label: str, labels: tuple[str, ...], *texts: str) -> Answer:
    pages = tuple(page(text) for text in texts)
    document = LabelledDocument("a.pdf", label, "en", "a", "a", pages)
    sheet = Sheet()
    Bench(default_engine(), _CATALOGUE).ask("few", document, _CATALOGUE.ask(labels), sheet)
    (answer,) = sheet.answers
    return answer


def test_an_answer_is_made_as_the_service_makes_it() -> None:
    """Pages that disagree are ambiguous, and the first counts twice."""
    answer = _asked("bill", ("bill", "mail"), INVOICE, LETTER)
    assert (answer.chosen, answer.outcome) == ("bill", Outcome.AMBIGUOUS)
    assert answer.confidence == pytest.approx(2 / 3, abs=0.05)
    assert (answer.right, answer.true, answer.absent) == (True, True, False)


def test_a_class_that_is_not_asked_for_is_rightly_no_match() -> None:
    """Its confidence is the belief that none fits."""
    answer = _asked("bill", ("mail",), INVOICE)
    assert (answer.outcome, answer.true, answer.right) == (Outcome.NO_MATCH, True, False)
    assert answer.confidence > 0.5


def test_honesty_is_of_the_outcome() -> None:
    """A confidence of 1 in what is so has no error, in what is not the greatest."""
    told = [
        Answer("few", "bill", "a", "bill", 1.0, Outcome.MATCHED, absent=False),
        Answer("few", "bill", "b", "mail", 1.0, Outcome.NO_MATCH, absent=True),
    ]
    assert honesty(told).brier.value == 0.0
    wrong = [Answer("few", "bill", "c", "mail", 1.0, Outcome.MATCHED, absent=False)]
    assert honesty(wrong).brier.value == 1.0
