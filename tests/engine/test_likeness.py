"""Examples of a category, and how much pages are like them."""

from __future__ import annotations

from dataclasses import replace

import pytest
from engine_pages import GERMAN_INVOICE, INVOICE, LEASE, STATEMENT, TALE, page

from docsort_server.engine.local import lexicon
from docsort_server.engine.local.engine import classify_page
from docsort_server.engine.local.likeness import compile_examples, likeness, page_vector
from docsort_server.engine.local.reading import read
from docsort_server.engine.model import Category, Outcome, PageVerdict, Question

RARITY = lexicon.load().vocabulary.rarity
# A kind of document that the lexicon knows nothing of.
HIVES = (
    "Hive 4 in May: the queen was seen, brood on six frames, two supers of honey, few mites.",
    "Apiary check: hive nine has no queen, brood is patchy, mites were counted, frames replaced.",
    "Swarm caught at the apiary; the queen is marked blue, brood and honey fill the frames.",
)
CHESS = ("White castles and attacks the bishop; black resigns after the rook takes the pawn.",)
HIVE_PAGE = "Round of the apiary\nQueen and brood fine in hive 2, mites low, honey on frames."


def like(text: str, *examples: str) -> float:
    """Return how much a page is like examples."""
    return likeness(page_vector(read(page(text)), RARITY), compile_examples(examples, RARITY))


def test_a_page_is_most_like_examples_of_its_kind() -> None:
    """It is wholly like itself, and not at all like what shares no word with it."""
    assert like(HIVE_PAGE, HIVE_PAGE) == 1.0
    assert 0.0 < like(HIVE_PAGE, *HIVES) <= 1.0
    assert like(HIVE_PAGE, *CHESS) == 0.0
    assert like(HIVE_PAGE) == like("", *HIVES) == 0.0


@pytest.mark.parametrize("text", ["", "12 2026 7", "the of and", "\U0001f984"])
def test_texts_without_words_are_no_examples(text: str) -> None:
    """Numbers and little words tell nothing."""
    assert compile_examples([text], RARITY) is None


def test_the_order_of_examples_does_not_matter() -> None:
    """Each counts the same."""
    assert like(HIVE_PAGE, *HIVES) == pytest.approx(like(HIVE_PAGE, *HIVES[::-1]))


def asked(text: str, *categories: Category) -> PageVerdict:
    """Classify a page."""
    return classify_page(page(text), Question(categories))


def test_examples_find_the_page_that_a_name_does_not() -> None:
    """Without them nothing speaks for the category; with them it is no longer unfamiliar."""
    names = Category("Grimbly"), Category("Zorblax"), Category("Invoice")
    before = asked(HIVE_PAGE, *names)
    assert before.outcome is Outcome.NO_MATCH
    assert before.unfamiliar == (0, 1)
    shown = replace(names[0], examples=CHESS), replace(names[1], examples=HIVES), names[2]
    after = asked(HIVE_PAGE, *shown)
    assert after.outcome is Outcome.MATCHED
    assert max(after.scores) == after.scores[1]
    assert after.unfamiliar == ()
    assert asked(TALE, *shown).outcome is Outcome.NO_MATCH


def test_examples_of_a_known_type_say_what_a_strange_name_means() -> None:
    """Pages of that type are found although they share few words, and not left to a catch-all."""
    strange = Category("Grimbly", examples=(INVOICE,))
    other = GERMAN_INVOICE
    verdict = asked(other, strange, Category("Resume"), Category("Other"))
    assert verdict.outcome is Outcome.MATCHED
    assert max(verdict.scores) == verdict.scores[0]
    assert asked(other, Category("Grimbly"), Category("Resume")).outcome is Outcome.NO_MATCH


PLUMBER = (
    "Invoice No. 7\nPipe and tap fitted, boiler drained, two hours of plumbing\nTotal due 90.00"
)
DENTIST = "Invoice No. 9\nCrown and filling of a molar, dental cleaning\nTotal due 400.00"
BOILER = "Invoice No. 81\nTap mended, pipe and boiler drained\nTotal due 120.00"


def test_examples_tell_categories_of_one_type_apart() -> None:
    """What the type says is the same for both: the words of the examples decide."""
    pipes, teeth = Category("Grimbly", examples=(PLUMBER,)), Category("Zorb", examples=(DENTIST,))
    for order in ((pipes, teeth), (teeth, pipes)):
        verdict = asked(BOILER, *order)
        assert verdict.scores[order.index(pipes)] > 0.75


def test_examples_of_a_doubtful_type_say_what_they_show() -> None:
    """Half of one type and half of another, they are both; a page of a third is not theirs."""
    mixed = Category("Grimbly", examples=(INVOICE, STATEMENT))
    for text in (GERMAN_INVOICE, BOILER):
        verdict = asked(text, mixed, Category("Resume"), Category("Lease"))
        assert verdict.outcome is Outcome.MATCHED
        assert max(verdict.scores) == verdict.scores[0]
    assert asked(TALE, mixed, Category("Resume")).outcome is Outcome.NO_MATCH


@pytest.mark.parametrize("text", [INVOICE, STATEMENT, LEASE, TALE])
def test_questions_without_examples_are_answered_as_before(text: str) -> None:
    """To the last bit: a text without words changes nothing in the scores."""
    plain = Category("Invoice", "A bill"), Category("Zorblax"), Category("Lease")
    empty = tuple(replace(each, examples=("12",)) for each in plain)
    assert asked(text, *plain) == asked(text, *empty)
