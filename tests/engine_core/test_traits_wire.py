"""Traits on their way from the process that read a page."""

import json
from typing import Any

import pytest
from engine_pages import page
from hypothesis import given
from hypothesis import strategies as st
from page_values import page_traits

from docsort_server.codec.traits import traits_to_record
from docsort_server.documents.model import TRAITS_CHARS
from docsort_server.engine.packet.reading import traits_of
from docsort_server.engine.packet.traits import NO_TRAITS, PageTraits
from docsort_server.engine.packet.wire import from_text, to_text

KEYS = tuple(PageTraits.__slots__)


@given(page_traits())
def test_traits_arrive(traits: PageTraits) -> None:
    """As they were told."""
    assert from_text(to_text(traits)) == traits


@given(st.text(max_size=3_000), st.integers(1, 4))
def test_traits_of_any_page_fit_and_arrive(text: str, times: int) -> None:
    """Whatever stands on it."""
    traits = traits_of(page(text * times, width=9e9, height=9e9))
    told = to_text(traits)
    assert len(told) <= TRAITS_CHARS
    assert from_text(told) == traits


@pytest.mark.parametrize(
    ("key", "value"),
    [
        ("width", -1),
        ("width", 2**32),
        ("height", 1.5),
        ("height", True),
        ("length", None),
        ("look", 1 << 20),
        ("number", "1"),
        ("loose", 7),
        ("loose", [1] * 9),
        ("loose", [-1]),
        ("lines", "AAA="),
        ("lines", "?"),
        ("words", "AAAA" * 60),
        ("names", 7),
        ("language", "a" * 9),
        ("language", "\x1b[2J"),
        ("language", ["en"]),
    ],
    ids=str,
)
def test_traits_that_cannot_be_are_none(key: str, value: object) -> None:
    """A process that was taken over ends no server, and no other page."""
    told: list[Any] = json.loads(to_text(NO_TRAITS))
    told[KEYS.index(key)] = value
    assert from_text(json.dumps(told)) is None


@pytest.mark.parametrize("text", ["", "null", "[]", "7", "{}", "[" * 900, "[NaN]", "\ud800"])
def test_a_text_that_holds_no_traits_has_none(text: str) -> None:
    """So has one from a process that tells none."""
    assert from_text(text) is None


@given(st.lists(st.none() | st.integers() | st.floats() | st.text(), min_size=14, max_size=14))
def test_whatever_arrives_can_be_kept(values: list[object]) -> None:
    """Or is none."""
    found = from_text(json.dumps(values))
    assert found is None or traits_to_record(found).ByteSize()
