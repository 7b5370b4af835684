"""Names that differ in a letter or a numeral are names of two categories."""

from __future__ import annotations

import pytest

from docsort_server.engine.model import Category
from docsort_server.engine.schema.check import check
from docsort_server.engine.schema.findings import Kind, Severity
from docsort_server.engine.schema.marks import marks


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Inv A", "Inv B"),
        ("Annex I", "Annex II"),
        ("Annex I", "Annex III"),
        ("Vitamin A report", "Vitamin C report"),
        ("vitamin a report", "vitamin c report"),
        ("Type A letter", "Type B letter"),
    ],
)
def test_letters_and_numerals_tell_names_apart(one: str, other: str) -> None:
    """As figures do, they are all that sets such categories apart."""
    told = {Kind.DUPLICATE_CATEGORIES, Kind.OVERLAPPING_CATEGORIES, Kind.NESTED_CATEGORIES}
    assert told.isdisjoint({each.kind for each in check([Category(one), Category(other)])})


@pytest.mark.parametrize("names", [("Schedule A", "Schedule B"), ("IT invoice", "US invoice")])
def test_marked_names_of_a_known_type_are_not_the_same_name(names: tuple[str, str]) -> None:
    """The lexicon takes both for one type, which is no error."""
    (finding,) = check([Category(name) for name in names])
    assert (finding.kind, finding.severity) == (Kind.DUPLICATE_CATEGORIES, Severity.WARNING)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Letter to a client", "Letters to client"),
        ("A letter", "Letters"),
        ("DRIVER'S LICENCE", "Driver licence"),
        ("Carte d\u2019identité", "Carte identité"),
        ("Schedule A", "Schedules A"),
    ],
)
def test_articles_and_elisions_tell_nothing_apart(one: str, other: str) -> None:
    """They are no letters that a name is marked with."""
    assert not marks(one).differ(marks(other))
    (finding,) = check([Category(one), Category(other)])
    assert (finding.kind, finding.severity) == (Kind.DUPLICATE_CATEGORIES, Severity.ERROR)
