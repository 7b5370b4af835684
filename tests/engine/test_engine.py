"""Whole pages through the engine, in this process."""

from __future__ import annotations

import random
import string
import time

import pytest
from category_sets import GOOD
from engine_pages import (
    ADDRESS,
    GERMAN_INVOICE,
    INVOICE,
    LEASE,
    LETTER,
    SLIDE,
    STATEMENT,
    TALE,
    page,
)
from hypothesis import given, settings
from hypothesis import strategies as st

from docsort_server.engine.local.engine import classify_page
from docsort_server.engine.model import Category, Outcome, PageVerdict, Question
from docsort_server.engine.schema.check import check
from docsort_server.engine.schema.findings import Kind


def _ask(*names: str) -> Question:
    return Question(tuple(Category(name) for name in names))


def _best(verdict: PageVerdict, question: Question) -> str:
    scores = verdict.scores
    return question.categories[scores.index(max(scores))].name


_OFFICE = _ask("Invoice", "Contract", "Bank statement", "Letter", "Presentation")


@pytest.mark.parametrize(
    ("text", "name"),
    [
        (INVOICE, "Invoice"),
        (GERMAN_INVOICE, "Invoice"),
        (LEASE, "Contract"),
        (STATEMENT, "Bank statement"),
    ],
)
def test_typical_pages_match_their_category(text: str, name: str) -> None:
    """Pages of common types are matched with confidence, in more than one language."""
    verdict = classify_page(page(text), _OFFICE)
    assert verdict.outcome is Outcome.MATCHED
    assert _best(verdict, _OFFICE) == name
    assert max(verdict.scores) > 0.7


def test_looks_tell_a_slide() -> None:
    """A landscape page with a few short lines is a slide though no word says so."""
    verdict = classify_page(page(SLIDE, width=960.0, height=540.0), _OFFICE)
    assert _best(verdict, _OFFICE) == "Presentation"


def test_page_of_an_unlisted_type_matches_nothing() -> None:
    """Types the caller did not list compete, so an invoice is no recipe."""
    verdict = classify_page(page(INVOICE), _ask("Recipe", "Timetable", "Diploma"))
    assert verdict.outcome is Outcome.NO_MATCH
    assert classify_page(page(TALE), _OFFICE).outcome is not Outcome.MATCHED


def test_one_category_is_matched_or_rejected() -> None:
    """With a single category the answer is yes or no."""
    assert classify_page(page(INVOICE), _ask("Invoice")).outcome is Outcome.MATCHED
    assert classify_page(page(TALE), _ask("Invoice")).outcome is Outcome.NO_MATCH
    assert classify_page(page(TALE), _ask("Invoice")).scores[0] < 0.1
    assert classify_page(page(LETTER), _ask("Invoice")).scores[0] < 0.1


@pytest.mark.parametrize("text", [LETTER, INVOICE, LEASE, TALE, ADDRESS])
@pytest.mark.parametrize("names", [("Foo", "Bar"), ("Zebra", "Giraffe"), ("A", "B"), ("Zebra",)])
def test_names_that_mean_nothing_match_nothing(text: str, names: tuple[str, ...]) -> None:
    """What is unknown and not on the page either is no answer, however few else there are."""
    verdict = classify_page(page(text), _ask(*names))
    assert verdict.outcome is Outcome.NO_MATCH
    assert max(verdict.scores) < 0.1


def test_known_category_wins_over_one_without_evidence() -> None:
    """A name that means nothing takes no pages from one that fits, and gets none that do not."""
    question = _ask("Zebra", "Invoice")
    invoice = classify_page(page(INVOICE), question)
    assert (invoice.outcome, _best(invoice, question)) == (Outcome.MATCHED, "Invoice")
    assert classify_page(page(LEASE), question).outcome is Outcome.NO_MATCH


def test_page_that_says_next_to_nothing_matches_nothing() -> None:
    """Being likelier than the other category is not enough."""
    for names in (("Invoice", "Contract"), ("Invoice",), ("Contract", "Letter", "Report")):
        assert classify_page(page(ADDRESS), _ask(*names)).outcome is Outcome.NO_MATCH


def test_page_of_another_type_is_rejected_by_two_categories() -> None:
    """A contract is neither an invoice nor a resume."""
    verdict = classify_page(page(LEASE), _ask("Invoice", "Resume"))
    assert verdict.outcome is Outcome.NO_MATCH
    assert max(verdict.scores) < 0.3


def test_catch_all_takes_a_page_that_says_nothing() -> None:
    """A category for the rest needs nothing that speaks for it."""
    question = _ask("Invoice", "Contract", "Other")
    assert _best(classify_page(page(ADDRESS), question), question) == "Other"


@pytest.mark.parametrize("name", ["Other", "Miscellaneous documents", "Sonstiges", "None of these"])
def test_catch_all_takes_what_no_other_category_is_about(name: str) -> None:
    """A category for the rest is matched by pages of unlisted types, and by no others."""
    question = _ask("Invoice", "Contract", name)
    tale, invoice = (classify_page(page(text), question) for text in (TALE, INVOICE))
    assert (tale.outcome, _best(tale, question)) == (Outcome.MATCHED, name)
    assert (invoice.outcome, _best(invoice, question)) == (Outcome.MATCHED, "Invoice")


def test_category_unknown_to_the_lexicon_is_found_by_its_words() -> None:
    """A domain of the caller's own works through name and description."""
    question = Question(
        (
            Category("Beehive inspection", "queen, brood frames, varroa mites and honey stores"),
            Category("Invoice"),
        )
    )
    text = "Beehive inspection\nHive 4\nQueen seen, brood on six frames\nVarroa mites: 3\nHoney"
    verdict = classify_page(page(text), question)
    assert (verdict.outcome, _best(verdict, question)) == (Outcome.MATCHED, "Beehive inspection")
    assert classify_page(page(LETTER), question).outcome is Outcome.NO_MATCH


def test_blank_page_has_no_scores() -> None:
    """Pages without text do not vote."""
    assert classify_page(page(""), _OFFICE) == PageVerdict(Outcome.BLANK)


@pytest.mark.parametrize(
    "name",
    [
        "(.*[+?",
        "\\",
        "^$",
        "^",
        "a" * 100,
        "🦄🦄",
        "发票",
        "حساب",
        "Invoice\nLetter",
        " . ",
        "\u0301",
    ],
)
def test_odd_category_names_are_harmless(name: str) -> None:
    """Whatever a category is called, every category gets a score."""
    verdict = classify_page(page(INVOICE + "\n" + name), _ask(name, "Invoice"))
    assert len(verdict.scores) == 2
    assert sum(verdict.scores) + (verdict.no_match_score or 0.0) == pytest.approx(1.0)


@pytest.mark.parametrize(
    ("names", "unfamiliar"),
    [
        (("Invoice", "Zorblax", "Letter", "Grimbly"), (1, 3)),
        (("Zorblax", "Other"), (0,)),
        (("Invoice", "Bank statement"), ()),
    ],
)
def test_categories_that_the_lexicon_does_not_know_are_told(
    names: tuple[str, ...], unfamiliar: tuple[int, ...]
) -> None:
    """By their place in the question; a catch-all is none of them, and blank pages tell nothing."""
    assert classify_page(page(INVOICE), _ask(*names)).unfamiliar == unfamiliar
    assert classify_page(page(""), _ask(*names)).unfamiliar == ()


def test_what_answers_tell_of_as_unfamiliar_is_found_by_the_check_too() -> None:
    """Both go by the same bound, on whole sets as well."""
    for categories in GOOD.values():
        told = classify_page(page(INVOICE), Question(categories)).unfamiliar
        kinds = {Kind.CATEGORY_UNFAMILIAR, Kind.VAGUE_CATEGORY}
        found = {
            place.category
            for each in check(categories)
            if each.kind in kinds
            for place in each.places
        }
        assert set(told) <= found


def test_two_hundred_categories() -> None:
    """The most categories a question may hold still rank the right one first."""
    chance = random.Random(5)
    names = ["".join(chance.choices(string.ascii_lowercase, k=9)) for _ in range(199)]
    question = _ask(*names, "Invoice")
    verdict = classify_page(page(INVOICE), question)
    assert len(verdict.scores) == 200
    assert _best(verdict, question) == "Invoice"


def test_long_page_is_answered_in_time() -> None:
    """The longest page a reader hands over takes far less than a second of CPU."""
    text = "\n".join(f"{INVOICE} line {number}" for number in range(120))[:32_768]
    classify_page(page("warm up the data files"), _OFFICE)
    started = time.process_time()
    classify_page(page(text), _OFFICE)
    assert time.process_time() - started < 0.5


@pytest.mark.parametrize("unit", ["a", "A", "1", "_", ".", "-", "é", "发", "a ", "1.", "«", "a@"])
def test_monotonous_page_is_answered_in_time(unit: str) -> None:
    """No text, however odd, makes a pattern run away."""
    criteria = ("shows a number", "shows an email", "quotes people", "shows an iban and a date")
    question = Question((Category("Invoice", criteria=criteria), Category("Letter")))
    content = page((unit * 32_768)[:32_768])
    classify_page(page("warm up the data files"), question)
    started = time.process_time()
    classify_page(content, question)
    assert time.process_time() - started < 0.5


@settings(max_examples=60, deadline=None)
@given(st.text(max_size=600), st.lists(st.text(min_size=1, max_size=30), min_size=1, max_size=5))
def test_scores_are_a_distribution_on_any_text(text: str, names: list[str]) -> None:
    """Nothing raises; scores and the belief in no match add up to 1, or are absent."""
    verdict = classify_page(page(text), _ask(*names))
    if verdict.outcome in {Outcome.BLANK, Outcome.UNREADABLE}:
        assert verdict == PageVerdict(verdict.outcome)
        return
    assert len(verdict.scores) == len(names)
    assert all(0.0 <= score <= 1.0 for score in verdict.scores)
    assert verdict.no_match_score is not None
    assert sum(verdict.scores) + verdict.no_match_score == pytest.approx(1.0)
    assert 0.0 <= verdict.no_match_score <= 1.0


@settings(max_examples=30, deadline=None)
@given(st.permutations(_OFFICE.categories), st.sampled_from([INVOICE, LEASE, STATEMENT, TALE]))
def test_order_of_categories_does_not_matter(order: list[Category], text: str) -> None:
    """Permuting the categories permutes the scores."""
    straight = dict(zip(_OFFICE.categories, classify_page(page(text), _OFFICE).scores, strict=True))
    permuted = classify_page(page(text), Question(tuple(order))).scores
    assert permuted == pytest.approx([straight[category] for category in order])
