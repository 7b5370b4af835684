"""Categories of which the lexicon knows no type, beside such as it knows."""

from __future__ import annotations

import pytest
from engine_pages import page

from docsort_server.engine.local import evidence
from docsort_server.engine.local.engine import classify_page
from docsort_server.engine.model import Category, Outcome, Question

KNITTING = Category(
    "Knitting pattern", "Instructions for knitting with yarn: gauge, stitches, rows and needles."
)
SEATING = Category("Seating plan", "Which guest sits at which table at a wedding or a dinner.")
KNOWN = (
    Category("Invoice", "Bill for goods or services."),
    Category("Letter", "Letter to a person or a company."),
    Category("Contract", "Agreement between parties."),
)
SCARF = """Winter scarf
Yarn: 200 g of worsted wool. Needles: 5 mm.
Gauge: 18 stitches and 24 rows to 10 cm.
Cast on 40 stitches. Knit two rows.
Row 3: knit 2, purl 2, repeat to the end of the row.
Repeat rows 3 and 4 until the scarf measures 150 cm. Bind off."""
BILL = """INVOICE
Invoice no. 4711
Bill to: Harrow and Finch
Description Quantity Unit price Amount
Wool 2 40.00 80.00
Subtotal 80.00
Total due: 96.00"""


@pytest.mark.parametrize("others", [KNOWN, (*KNOWN, SEATING), (SEATING,)])
def test_a_page_of_an_unfamiliar_category_is_its_own(others: tuple[Category, ...]) -> None:
    """It goes neither to the nearest known category nor to nobody."""
    verdict = classify_page(page(SCARF), Question((*others, KNITTING)))
    assert verdict.outcome is Outcome.MATCHED
    assert max(verdict.scores) == verdict.scores[-1]


def test_an_unfamiliar_category_takes_no_page_of_a_known_one() -> None:
    """What the page says of its type counts for more."""
    verdict = classify_page(page(BILL), Question((*KNOWN, KNITTING, SEATING)))
    assert (verdict.outcome, verdict.scores.index(max(verdict.scores))) == (Outcome.MATCHED, 0)


def test_a_page_of_another_type_fits_no_unfamiliar_category() -> None:
    """Where the only category is about something else, a known type is no reason to match."""
    assert classify_page(page(BILL), Question((SEATING,))).outcome is Outcome.NO_MATCH


def test_the_less_a_page_looks_like_any_type_the_likelier_it_is_of_none() -> None:
    """The chance falls with the strongest type, and stays between 0 and 1."""
    chances = [evidence.none_fits([strength, 0.0, 0.0]) for strength in (-2.0, 0.0, 4.0, 9.0, 99.0)]
    assert chances == sorted(chances, reverse=True)
    assert all(0.0 <= chance < 1.0 for chance in chances)
    assert chances[1] > 0.9
    assert chances[3] < 0.03


def test_types_without_evidence_weigh_the_same_however_many_there_are() -> None:
    """A page with little on it is no likelier to be of a type that has many kinds."""
    few = [3.0, *[0.0] * 69]
    many = [3.0, *[0.0] * 299]
    assert evidence.shares(few)[0] == pytest.approx(evidence.shares(many)[0], rel=0.05)
    assert evidence.none_fits(few) == pytest.approx(evidence.none_fits(many), rel=0.05)
    assert sum(evidence.shares(many)) == pytest.approx(1.0)
    assert evidence.shares([-50.0, 0.0, 50.0])[0] >= 0.0
