"""Who signed: the name must stand where the page is signed."""

from __future__ import annotations

import pytest
from criterion_marks import mark

DECISION = """Town of Fernhill
The request of Carl Moss was approved on 4 May 2023.
It was heard by the board in an open session at the town hall.
Notice of the decision is sent to all owners within 100 feet of the land.
It may be appealed within 20 days of the day on which it was filed.
/s/ Ada Finch, Treasurer"""
LETTER = """Dear Ms Moss,
Thank you for the books.
Yours sincerely,
Ben Holt"""


@pytest.mark.parametrize(
    ("text", "criterion", "met"),
    [
        (DECISION, "Is signed by Ada Finch", True),
        (DECISION, "Is signed by A. Finch", True),
        (DECISION, "signed by Ms Finch", True),
        (DECISION, "Is signed by Dan Reed", False),
        (DECISION, "Is signed by Dora Finch", False),
        (DECISION, "Is signed by Ada Finch and Dan Reed", False),
        (DECISION, "ist unterschrieben von Dan Reed", False),
        (DECISION, "est signé par Ada Finch", True),
        (DECISION, "firmado por Dan Reed", False),
        (DECISION, "is not signed by Dan Reed", True),
        (DECISION, "is signed by the treasurer", True),
        (DECISION, "is signed by someone", True),
        (LETTER, "Is signed by Ben Holt", True),
        (LETTER, "Is signed by Dan Reed", False),
    ],
)
def test_a_name_must_stand_near_the_signature(text: str, criterion: str, *, met: bool) -> None:
    """A page that another signed does not meet it."""
    told = mark(text, criterion)
    assert told.met is met
    assert told.confidence is not None
    assert told.confidence > 0.7


@pytest.mark.parametrize("criterion", ["Is signed by Carl Moss", "is signed by the director"])
def test_whoever_is_not_named_there_leaves_it_open(criterion: str) -> None:
    """Whom a page names elsewhere, or what the signer is, may be so all the same."""
    told = mark(DECISION, criterion)
    assert told.confidence is not None
    assert told.confidence <= 0.6 + 1e-9
