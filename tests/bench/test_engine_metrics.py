"""Answers of the embedded engine without a server, and what is told of their confidence."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from engine_pages import INVOICE, LETTER, page

from bench.engine_accuracy import print_sheet
from bench.engine_corpus import LabelledDocument, load
from bench.engine_metrics import Answer, Bench, Sheet, honesty
from bench.engine_questions import Catalogue
from docsort_server.engine.local.engine import default_engine
from docsort_server.engine.model import Category, Outcome

if TYPE_CHECKING:
    from pathlib import Path

    from docsort_server.documents.ocr.model import Recognised
    from docsort_server.documents.parsed import Picture

_CATALOGUE = Catalogue({"bill": Category("Invoice"), "mail": Category("Letter")})


class _NoReader:
    """Reads no picture: texts have none."""

    def read(self, picture: Picture) -> Recognised:
        raise AssertionError(picture)

    def angle(self, picture: Picture) -> int:
        raise AssertionError(picture)


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


def test_what_the_docs_tell_of_is_printed(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """What the documents are, a second class that would do, and how sure and right MATCHED is."""
    (tmp_path / "index.csv").write_text(
        "path,class,second,has_text_layer,language,source_repo\n"
        "a.txt,bill,mail,yes,en,one\nb.txt,mail,bill,no,de,two\nc.txt,other,,yes,de,two\n"
    )
    for name in ("a.txt", "b.txt", "c.txt"):
        (tmp_path / name).write_text(INVOICE)
    with_scans = load(tmp_path, 1, _NoReader())
    sheet = Sheet()
    asked = _CATALOGUE.ask(_CATALOGUE.labels)
    Bench(default_engine(), _CATALOGUE).ask("all", with_scans.documents[0], asked, sheet)
    other = Answer("all", "mail", "b", "bill", 0.5, Outcome.AMBIGUOUS, absent=False, second="bill")
    sheet.answers.append(other)
    print_sheet(sheet, with_scans)
    told = capsys.readouterr().out
    assert "3 documents (1 of them other) of 2 sources" in told
    expected = (
        "of 2 with a class: 1 in other languages than English, 1 without a text layer, 2 with"
    )
    assert expected in told
    assert "all, a second class counted too: 1.000  n=2" in told
    assert "accuracy 0.500" in told
    matched = next(line for line in told.splitlines() if line.startswith("  MATCHED"))
    assert matched.endswith("right 1.000, a second class counted too 1.000, n=1")
