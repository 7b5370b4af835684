"""The lexicon's types on made-up pages, and the names that callers give them.

`lexicon_pages` holds a page for each type that is sorted in packets, in its own words;
`lexicon_names.toml` names that mean these types.
"""

from __future__ import annotations

import tomllib
from pathlib import Path

import engine_pages
import pytest
from engine_pages import page

from docsort_server.engine.local import lexicon, mapping
from docsort_server.engine.local.engine import classify_page
from docsort_server.engine.model import Category, Outcome, Question

_HERE = Path(__file__).parent
_PAGES = sorted((_HERE / "lexicon_pages").glob("*.txt"))
_NAMES: dict[str, list[str]] = tomllib.loads((_HERE / "lexicon_names.toml").read_text())
_ALL = Question(tuple(Category(entry.name) for entry in lexicon.load().types))
_EARLIER = {
    "INVOICE": "invoice",
    "GERMAN_INVOICE": "invoice",
    "LEASE": "lease",
    "STATEMENT": "bank_statement",
    "TALE": "book",
    "LETTER": "letter",
}


def _best(text: str, question: Question) -> tuple[Outcome, int]:
    verdict = classify_page(page(text), question)
    return verdict.outcome, verdict.scores.index(max(verdict.scores))


@pytest.mark.parametrize("path", _PAGES, ids=lambda path: path.stem)
def test_a_page_is_of_its_type_among_all_types(path: Path) -> None:
    """Asked with the names of all types of the lexicon, it matches its own."""
    outcome, best = _best(path.read_text(), _ALL)
    assert (outcome, lexicon.load().types[best].id) == (Outcome.MATCHED, path.stem)


@pytest.mark.parametrize("path", _PAGES, ids=lambda path: path.stem)
def test_a_page_goes_to_the_broader_category(path: Path) -> None:
    """Where no category is about its own type, one about a broader type takes it."""
    known = lexicon.load()
    types = {entry.id: entry for entry in known.types}
    for broader in types[path.stem].broader:
        others = ("menu", "timetable", "recipe", "source_code")
        names = [types[each].name for each in (broader, *others)]
        question = Question(tuple(map(Category, names)))
        assert _best(path.read_text(), question) == (Outcome.MATCHED, 0), broader


@pytest.mark.parametrize(("name", "type_id"), _EARLIER.items())
def test_no_narrower_type_takes_a_page_of_a_common_one(name: str, type_id: str) -> None:
    """Invoices, letters and the like stay what they are among all types."""
    outcome, best = _best(getattr(engine_pages, name), _ALL)
    assert (outcome, lexicon.load().types[best].id) == (Outcome.MATCHED, type_id)


@pytest.mark.parametrize(
    ("type_id", "name"), [(type_id, name) for type_id, names in _NAMES.items() for name in names]
)
def test_a_name_leads_to_its_type(type_id: str, name: str) -> None:
    """Plurals, other languages and additions are understood, without doubt."""
    known = lexicon.load()
    links = mapping.link([Category(name)], known)[0]
    strongest = max(links, key=links.__getitem__)
    assert known.types[strongest].id == type_id
    assert links[strongest] >= 0.6


@pytest.mark.parametrize(
    "name",
    [
        *(
            "Manifesto",
            "Political manifesto",
            "Cola",
            "Cifras",
            "Disk partition",
            "Cartel agreement",
        ),
        *("Clasificación", "Classement des documents", "Classificação de risco", "Uitslag"),
    ],
)
def test_a_word_that_means_something_else_too_leads_to_no_type(name: str) -> None:
    """In another language, or in general: what ranks the racers classifies all else as well."""
    links = mapping.link([Category(name)], lexicon.load())[0]
    assert max(links.values(), default=0.0) < 0.6


def test_every_page_has_names_and_every_name_a_page() -> None:
    """Both lists are of the same types."""
    assert {path.stem for path in _PAGES} == set(_NAMES)


def test_words_for_a_type_are_words_for_its_kinds() -> None:
    """A vague name is about the broad type, however many kinds of it share the words."""
    known = lexicon.load()
    links = mapping.link([Category("Papers from the insurer about what is covered")], known)[0]
    numbers = {entry.id: number for number, entry in enumerate(known.types)}
    assert links[numbers["insurance"]] > 0.6
    assert links[numbers["loss_run"]] > 0.4
