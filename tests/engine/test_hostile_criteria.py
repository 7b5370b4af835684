"""Pages of one piece, over and over: whatever a criterion asks of them, the time is bounded."""

from __future__ import annotations

import time

import pytest
from engine_pages import page

from docsort_server.engine.local.engine import default_engine
from docsort_server.engine.model import Category, Question

CRITERIA = (
    *("the total is above 1,000 EUR", "dated before 2020", "is signed by both parties"),
    *(
        "the due date is within 30 days of the invoice date",
        "the total is larger than the subtotal",
    ),
    *("names three attendees", "lists five items", "a German IBAN", "the term exceeds 12 months"),
    *("the next meeting is after 2020", "the total is in euros", "contains an amount above 5"),
)
PIECES = (
    *(
        "total ",
        "total\n",
        "total 1.00 subtotal 2.00\n",
        "date 1.1.2020\n",
        "due date invoice date ",
    ),
    *(
        "due date 1/2/2020 invoice date 1/3/2020\n",
        "signature\n",
        "Signature: ____\n",
        "____",
        "• a\n",
    ),
    *(
        "Present: Ada Finch, ",
        "Attendees\nAda Finch\n",
        "Sincerely\nAda Finch\n",
        "term 12 months\n",
    ),
    *(
        "next meeting ",
        "Roma, ",
        "$1 €1 ",
        "DE89 3704 0044 0532 0130 00\n",
        "may 2020 ",
        "1. a b\n",
    ),
)


@pytest.mark.parametrize("piece", PIECES)
def test_no_page_takes_for_ever(piece: str) -> None:
    """Each is judged by a dozen criteria in less than what one took where names met names."""
    engine = default_engine()
    question = engine.prepare(Question((Category("X", criteria=CRITERIA), Category("Recipe"))))
    text = (piece * 12_000)[:12_000]
    started = time.process_time()
    engine.classify(page(text), question)
    assert time.process_time() - started < 1.0
