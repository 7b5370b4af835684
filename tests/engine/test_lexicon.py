"""The lexicon's files are well-formed."""

from __future__ import annotations

import re
import tomllib
from collections import Counter

import pytest

from docsort_server.engine.local import lexicon, text
from docsort_server.engine.local.criteria import concepts, patterns
from docsort_server.engine.local.layout import FACTS

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


def test_no_type_repeats_a_cue() -> None:
    """Within a type each cue stands once, for or against."""
    for entry in lexicon.load().types:
        cues = Counter(
            (phrase[0] == "^", text.squeeze(phrase)) for phrase, _ in entry.cues + entry.against
        )
        assert [cue for cue, count in cues.items() if count > 1] == [], entry.id


def test_cues_and_layout_rules_can_match() -> None:
    """Every cue has letters, every rule a known fact and a range, every parent exists."""
    known = lexicon.load()
    ids = {entry.id for entry in known.types}
    for entry in known.types:
        assert set(entry.broader) <= ids - {entry.id}
        assert all(text.squeeze(phrase) for phrase, _ in entry.cues + entry.against)
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
