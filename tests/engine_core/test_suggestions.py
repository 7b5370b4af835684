"""What documents look like that fit none of the categories."""

from __future__ import annotations

from dataclasses import replace
from itertools import permutations
from typing import TYPE_CHECKING

import pytest
from page_values import QUESTION, chosen, voting

from docsort_server.engine.aggregate import Aggregate
from docsort_server.engine.model import EngineIdentity, Outcome, Suggestion

if TYPE_CHECKING:
    from docsort_server.engine.result import PageResult

IDENTITY = EngineIdentity("scripted", "scripted/1", "", "")


def looks(number: int, kind: str | None, confidence: float = 0.9) -> PageResult:
    """Return a page that fits nothing and looks like a type, or like none."""
    page = replace(voting(number, 0.1, 0.0, 0.0, no_match=0.9), outcome=Outcome.NO_MATCH)
    return replace(page, suggestion=Suggestion(kind, kind, confidence)) if kind else page


def suggestion(*pages: PageResult) -> Suggestion | None:
    """Return what a document of these pages is said to look like."""
    aggregate = Aggregate(QUESTION)
    for page in pages:
        aggregate.add(page)
    numbers = [page.page for page in pages]
    return aggregate.result(
        selected=sorted(numbers), total_pages=len(pages), segments=False, identity=IDENTITY
    ).suggestion


def test_a_document_looks_like_its_pages() -> None:
    """The belief is their mean, in which the first page counts twice, in any order of pages."""
    pages = (looks(1, "menu", 0.9), looks(2, "menu", 0.6), looks(3, None))
    for order in permutations(pages):
        found = suggestion(*order)
        assert found
        assert found.type == "menu"
        assert found.confidence == pytest.approx((2 * 0.9 + 0.6) / 4)


@pytest.mark.parametrize(
    "pages",
    [
        (looks(1, "menu"), looks(2, "map"), looks(3, "map")),
        (looks(1, "menu"), looks(2, None), looks(3, None)),
        (looks(1, None),),
        (chosen(1, None), looks(2, "menu"), chosen(3, None)),
    ],
)
def test_nothing_is_suggested_that_is_unlikely(pages: tuple[PageResult, ...]) -> None:
    """No type has half of the belief: pages of models and of no type count against all."""
    assert suggestion(*pages) is None


def test_a_document_that_fits_a_category_has_no_suggestion() -> None:
    """Whatever single pages look like."""
    page = voting(1, 0.9, 0.0, 0.0, no_match=0.1)
    assert suggestion(replace(page, suggestion=Suggestion("menu", "menu", 0.9))) is None
