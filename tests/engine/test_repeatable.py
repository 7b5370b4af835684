"""Equal questions and pages get equal answers in every process, to the last digit."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

TESTS = Path(__file__).resolve().parents[1]
# Sums over sets come out otherwise where strings hash otherwise, as they do in every process.
ASK = """
from engine_pages import GERMAN_INVOICE, INVOICE, LEASE, LETTER, SLIDE, STATEMENT, TALE, page
from category_sets import GOOD
from docsort_server.engine.local.engine import classify_page
from docsort_server.engine.model import Category, Question
said = ("states the amount that is due and who has to pay it", "lists dated deposits and fees")
own = Category("Proof that something was paid for goods", "Slip of a shop or company", said)
for categories in (*GOOD.values(), (own, Category("Yearly figures of a firm and its profit"))):
    question = Question(tuple(categories))
    for text in (GERMAN_INVOICE, INVOICE, LEASE, LETTER, SLIDE, STATEMENT, TALE):
        print(classify_page(page(text), question))
"""


def answers(seed: int) -> str:
    """Return what a process of its own answers."""
    path = os.pathsep.join([str(TESTS), *sys.path])
    environment = {**os.environ, "PYTHONHASHSEED": str(seed), "PYTHONPATH": path}
    ran = subprocess.run(
        [sys.executable, "-c", ASK], env=environment, check=True, capture_output=True, text=True
    )
    return ran.stdout


def test_answers_do_not_depend_on_how_strings_hash() -> None:
    """A document that is asked about again, or on another replica, is answered alike."""
    first = answers(1)
    assert first.count("PageVerdict") > 30
    assert answers(2) == first
