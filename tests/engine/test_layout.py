"""Facts about how a page looks, and what they tell of it."""

from __future__ import annotations

import dataclasses

import pytest
from engine_pages import page

from docsort_server.engine.local.engine import classify_page
from docsort_server.engine.local.layout import facts
from docsort_server.engine.local.reading import read
from docsort_server.engine.model import Category, Outcome, Question

_MEETING = """{greeting}
As you may know, the board has met twice, the president and the secretary in attendance.
The seat of the treasurer is vacant, as nobody at the last meeting of the members sought it.
I am calling for a meeting on Saturday. We will have coffee, and you may skip your breakfast.
{closing}
Maud Ashton"""
_SLIP = """HILL STREET TRADING
GST NO: 000400500600
SIMPLIFIED TAX INVOICE
Doc No: CS00012345  Date: 11/02/2018
Cashier: USER  Salesperson:
Item  Qty  Price  Amount
4410  1  35.00  35.00
Total Sales (Inclusive of GST): 35.00
CASH: 50.00
Change: 15.00"""


@pytest.mark.parametrize(
    ("greeting", "closing"),
    [
        ("Dear members,", "Most sincerely,"),
        ("Sehr geehrte Damen und Herren,", "Mit freundlichen Grüßen"),
        ("Madame, Monsieur,", "Cordialement"),
        ("Estimada señora Rey:", "Un cordial saludo"),
        ("Gentile signora Rossi,", "Distinti saluti"),
        ("Geachte heer De Vries,", "Met vriendelijke groet,"),
        ("Prezado senhor Lima,", "Atenciosamente,"),
    ],
)
def test_a_salutation_with_a_closing_frames_a_letter(greeting: str, closing: str) -> None:
    """In every language that has types' names."""
    written = page(_MEETING.format(greeting=greeting, closing=closing))
    assert facts(read(written))["letter_frames"] == 1.0


def test_a_letter_is_one_whatever_it_is_about() -> None:
    """By its frame: the words of a letter about a meeting are those of minutes."""
    written = page(_MEETING.format(greeting="Dear members,", closing="Most sincerely,"))
    verdict = classify_page(written, Question((Category("Meeting minutes"), Category("Letter"))))
    assert (verdict.outcome, verdict.scores[1] > verdict.scores[0]) == (Outcome.MATCHED, True)


@pytest.mark.parametrize(("greeting", "closing"), [("Dear members,", ""), ("", "Sincerely,")])
def test_half_a_frame_is_none(greeting: str, closing: str) -> None:
    """A salutation without a closing formula, or the other way round, frames nothing."""
    written = page(_MEETING.format(greeting=greeting, closing=closing))
    assert facts(read(written))["letter_frames"] == 0.0


@pytest.mark.parametrize(
    ("text", "count"),
    [
        ("as shown before [3, 4] and later [12]", 2),
        ("(Hall et al., 2016) and Reyes (2019)", 2),
        ("J. Test. Chem. 22 (2019) 451-457", 1),
        ("see Fig. 5 and Figs. 6-8", 2),
        ("[ ] yes [x] no, room [A], figure 5 of 2019", 0),
        ("Revenue 2019 (in millions)", 0),
    ],
)
def test_citations_are_counted(text: str, count: int) -> None:
    """References of papers count, check boxes and years alone do not."""
    assert facts(read(page(text)))["citations"] == count


def test_a_simplified_tax_invoice_is_a_receipt() -> None:
    """The slip of a till is called so where sales are taxed."""
    verdict = classify_page(page(_SLIP), Question((Category("Invoice"), Category("Receipt"))))
    assert (verdict.outcome, verdict.scores[1] > verdict.scores[0]) == (Outcome.MATCHED, True)


def test_a_scan_with_few_words_is_no_slide_for_its_shape_alone() -> None:
    """A landscape photograph with a few words that say nothing is no presentation without doubt."""
    words = "pasel nelht adhu quep\nigi fiatim eeuse gelyis elner\nshed lela hen wykd"
    scan = dataclasses.replace(page(words), width=792.0, height=612.0)
    drawn = dataclasses.replace(scan, image_share=1.0, max_font_size=110.0)
    question = Question((Category("Presentation"), Category("Invoice"), Category("Letter")))
    assert classify_page(drawn, question).outcome is not Outcome.MATCHED
