"""Meaning without a word in common: vectors of words, and what categories make of them."""

from __future__ import annotations

from dataclasses import replace

import pytest
from engine_pages import page

from docsort_server.engine.local import word_vectors
from docsort_server.engine.local.engine import classify_page, default_engine
from docsort_server.engine.local.word_vectors import SIZE, WordVectors, middle, nearness
from docsort_server.engine.model import Category, Question

_BEES = """Hive check, third of May
Colony strong, brood on six frames, queen seen
Fed two litres of syrup, no mites found"""


def _meaning(text: str) -> word_vectors.Meaning | None:
    return word_vectors.load().meaning(text.split())


@pytest.mark.parametrize(
    ("word", "near", "far"),
    [
        ("invoice", "payment", "river"),
        ("physician", "doctor", "invoice"),
        ("lawsuit", "court", "kitchen"),
        ("wages", "salary", "mountain"),
        ("flight", "airport", "contract"),
    ],
)
def test_words_of_one_matter_are_nearer_than_others(word: str, near: str, far: str) -> None:
    """The shipped table holds meanings, not noise."""
    one, other, third = map(_meaning, (word, near, far))
    assert nearness(one, other) > nearness(one, third) + 0.2


def test_plurals_are_found_by_their_singular() -> None:
    """A word that only lacks its plural in the table is not lost."""
    vectors = WordVectors(["bee"], bytes([1, *[0] * (SIZE - 1)]))
    assert vectors.meaning(["bees"]) == vectors.meaning(["bee"]) == (1.0, *[0.0] * (SIZE - 1))


def test_compounds_are_taken_apart_where_that_is_asked_for() -> None:
    """Names of categories hold words that are in no list; pages are read by the words they have."""
    vectors = word_vectors.load()
    assert vectors.meaning(["beekeeping"]) is None
    whole = vectors.meaning(["beekeeping"], compounds=True)
    assert whole == vectors.meaning(["bee", "keeping"])
    assert vectors.meaning(["a" * 10_000], compounds=True) is None


def test_unknown_words_mean_nothing() -> None:
    """They are near to nothing, and take no part in a mean."""
    assert _meaning("qzxv wvvq") is None
    assert nearness(_meaning("qzxv"), _meaning("invoice")) == 0.0
    assert middle([None, _meaning("invoice")]) == pytest.approx(_meaning("invoice"))
    assert middle([None]) is None


def test_a_table_that_lacks_rows_is_refused() -> None:
    """A file cut off is an error, not a wrong answer."""
    with pytest.raises(ValueError, match="192 bytes: 96"):
        WordVectors(["one", "two"], bytes(SIZE))


def test_a_page_goes_to_the_unfamiliar_category_it_is_near_to() -> None:
    """No word of the right category stands on the page."""
    question = Question((Category("Sports"), Category("Beekeeping"), Category("Music")))
    scores = classify_page(page(_BEES), question).scores
    assert scores[1] > 3 * max(scores[0], scores[2])


def test_vectors_are_left_alone_where_the_lexicon_knows_all() -> None:
    """They cost time, and what the lexicon knows tells more."""
    known = Question((Category("Invoice"), Category("Letter"), Category("Other")))
    prepared = default_engine().prepare(known)
    assert prepared.vectors is None
    assert all(category.meaning is None for category in prepared.categories)


def test_what_describes_a_category_counts() -> None:
    """A name that says nothing is told by its description and criteria."""
    bare = Category("Class K7")
    told = replace(bare, description="Notes of a beekeeper on hives and honey")
    question = Question((Category("Class J2"), told))
    scores = classify_page(page(_BEES), question).scores
    assert scores[1] > 2 * scores[0]
