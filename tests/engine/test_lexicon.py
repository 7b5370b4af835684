"""The lexicon's files are well-formed."""

from __future__ import annotations

import re
import tomllib
from collections import Counter

import pytest
from engine_pages import page

from docsort_server.engine.local import evidence, lexicon, text
from docsort_server.engine.local.criteria import concepts, patterns
from docsort_server.engine.local.doctype import DocumentType, parse_type
from docsort_server.engine.local.layout import FACTS, facts
from docsort_server.engine.local.reading import read

_FILES = sorted(lexicon.FOLDER.glob("*.toml"))
_LANGUAGES = {"en", "de", "fr", "es", "it", "nl", "pt"}


@pytest.mark.parametrize("path", _FILES, ids=lambda path: path.stem)
def test_file_is_named_after_its_type_and_complete(path: object) -> None:
    """A type has an id, names in seven languages, and cues of weight 1 to 3."""
    data = tomllib.loads(path.read_text())  # type: ignore[attr-defined]
    assert data["id"] == path.stem  # type: ignore[attr-defined]
    assert set(data["aliases"]) >= _LANGUAGES
    for weights in data["cues"].values():
        assert set(weights) <= {"1", "2", "3"}
    assert re.fullmatch("[a-z_]+", data["id"])


def test_aliases_are_unique_among_types() -> None:
    """A name means one type, whatever its case, accents and spaces."""
    owners = Counter(
        name
        for entry in lexicon.load().types
        for name in {text.squeeze(alias) for alias in entry.aliases}
    )
    assert [alias for alias, count in owners.items() if count > 1] == []


def _phrases(entry: DocumentType) -> list[str]:
    return [*(cue.phrase for cue in entry.cues), *(phrase for phrase, _ in entry.against)]


def test_no_type_repeats_a_cue() -> None:
    """Within a type each cue stands once, for or against."""
    for entry in lexicon.load().types:
        cues = Counter((phrase[0] == "^", text.squeeze(phrase)) for phrase in _phrases(entry))
        assert [cue for cue, count in cues.items() if count > 1] == [], entry.id


def test_cues_and_layout_rules_can_match() -> None:
    """Every cue has letters, every rule a known fact and a range, every parent exists."""
    known = lexicon.load()
    ids = {entry.id for entry in known.types}
    for entry in known.types:
        assert set(entry.broader) <= ids - {entry.id}
        assert all(text.squeeze(phrase) for phrase in _phrases(entry))
        for rule in entry.layout:
            assert all(name in FACTS and low <= high for name, low, high in rule.ranges)


def test_concepts_can_be_meant_and_shown() -> None:
    """Every concept has words that ask for it and something that shows it."""
    loaded = concepts.load()
    for number, concept in enumerate(loaded.entries):
        assert all(concept.says), number
        assert concept.shows or concept.pattern or concept.looks or concept.value, number
        assert concept.pattern is None or concept.pattern in patterns.PATTERNS
        assert all(name in FACTS for name, _, _ in concept.looks)


@pytest.mark.parametrize(
    ("language", "weight"), [("", 3), ("de", 3), ("nl", 2), ("en", 0.75), ("fr", 0.75)]
)
def test_a_cue_weighs_most_in_its_own_languages(language: str, weight: float) -> None:
    """A word of another language is mostly one that is spelled alike."""
    use = lexicon.CueUse(0, 3, alias=False, weights={"de": 3, "nl": 2})
    assert use.weight_in(language) == weight


def test_english_cues_count_in_other_languages() -> None:
    """Documents in all languages have some English, but less than their own."""
    use = lexicon.CueUse(0, 2, alias=False, weights={"en": 2})
    assert [use.weight_in(language) for language in ("en", "", "it")] == [2, 2, 1]


def test_pages_are_read_in_their_own_language() -> None:
    """The French "these" is a thesis, the English one is none, and the phrase is one cue."""
    types = tuple(
        parse_type({"id": name, "aliases": {"en": [name]}, "cues": {language: {"3": ["these"]}}})
        for name, language in (("thesis", "fr"), ("letter", "en"))
    )
    known = lexicon.build(types)
    english = read(page("These are the terms of the sale. With this we end, and thank you for it."))
    french = read(page("La these est sur les arbres et dans les bois, pour une vue des sols."))
    assert (english.language, french.language) == ("en", "fr")
    thesis, letter = evidence.gather(english, facts(english), known)
    assert thesis[0] < letter[0]
    thesis, letter = evidence.gather(french, facts(french), known)
    assert thesis[0] > letter[0]
