"""What callers see of results beside scores."""

from __future__ import annotations

from dataclasses import replace

import pytest
from page_values import QUESTION, silent, voting

from docsort.v1 import classification_pb2 as classification
from docsort.v1.classification_pb2 import VERDICT_MET
from docsort_server.convert.results import page_to_proto, result_to_proto
from docsort_server.engine.aggregate import Aggregate
from docsort_server.engine.model import CriterionMark, EngineIdentity, Outcome, Suggestion
from docsort_server.engine.packet.traits import NO_TRAITS, Look, PageTraits
from docsort_server.engine.result import PageResult


def test_what_a_page_and_a_document_look_like_is_sent() -> None:
    """Beside the nearest category, and unset where there is nothing to tell."""
    looks = Suggestion("menu", "menu", 0.9)
    plain = replace(voting(1, 0.1, 0.0, 0.0, no_match=0.9), outcome=Outcome.NO_MATCH)
    page = replace(plain, suggestion=looks, unfamiliar=(2,))
    aggregate = Aggregate(QUESTION)
    aggregate.add(page)
    identity = EngineIdentity("local", "m", "", "")
    result = result_to_proto(
        aggregate.result(selected=[1], total_pages=1, segments=False, identity=identity), QUESTION
    )
    for message in (page_to_proto(page, QUESTION), result):
        told = message.suggestion
        assert (told.type, told.name, told.confidence) == ("menu", "menu", 0.9)
        assert message.classification == "Invoice"
    assert [list(each.categories) for each in result.warnings] == [["Letter"]]
    assert not page_to_proto(plain, QUESTION).HasField("suggestion")


def test_revised_pages_are_sent_beside_the_pages_own_results() -> None:
    """A blank back has no category of its own, and that of its document among the others."""
    aggregate = Aggregate(QUESTION)
    back = silent(2, Outcome.BLANK)
    aggregate.add(voting(1, 0.1, 0.7, 0.1, no_match=0.1))
    aggregate.add(back)
    identity = EngineIdentity("local", "m", "", "")
    found = aggregate.result(selected=[1, 2], total_pages=2, segments=True, identity=identity)
    (page,) = result_to_proto(found, QUESTION).revised_pages
    assert (page.page, page.classification) == (2, "Contract")
    assert page.outcome == classification.OUTCOME_MATCHED
    assert (page.confidence, page.no_match_score) == pytest.approx((0.7, 0.1))
    assert not page_to_proto(back, QUESTION).HasField("classification")


def test_the_bound_that_a_page_misses_is_sent() -> None:
    """Whoever sorts by outcome can tell a threshold that is too high from a tie."""
    page = replace(voting(1, 0.45, 0.42, 0.13), outcome=Outcome.AMBIGUOUS)
    told = page_to_proto(page, QUESTION).shortfall
    assert told.bound == classification.BOUND_MIN_MARGIN
    assert (told.required, told.reached) == pytest.approx((0.05, 0.03))
    aggregate = Aggregate(QUESTION)
    aggregate.add(page)
    identity = EngineIdentity("local", "m", "", "")
    found = aggregate.result(selected=[1], total_pages=1, segments=True, identity=identity)
    result = result_to_proto(found, QUESTION)
    assert result.shortfall == result.segments[0].shortfall == told
    assert not page_to_proto(voting(1, 0.9, 0.1, 0.0), QUESTION).HasField("shortfall")


def test_a_segment_has_the_criteria_of_its_own_pages() -> None:
    """The document meets what the letter alone does, and the invoice before it does not."""
    no, yes = CriterionMark(False, 0.9), CriterionMark(True, 0.9)
    pages = [
        replace(voting(1, 0.9, 0.1, 0.0), criteria=((yes, no), (), (no,))),
        PageResult(2, Outcome.BLANK, criteria=((no, yes), (), (yes,))),
        replace(voting(3, 0.0, 0.1, 0.9), criteria=((no, yes), (), (yes,))),
    ]
    aggregate = Aggregate(QUESTION)
    for page in pages:
        aggregate.add(page)
    identity = EngineIdentity("local", "m", "", "")
    found = aggregate.result(selected=[1, 2, 3], total_pages=3, segments=True, identity=identity)
    result = result_to_proto(found, QUESTION)
    told = [
        [(each.criterion, each.confidence == VERDICT_MET) for each in part.criteria_confidence]
        for part in result.segments
    ]
    assert told == [[("shows a total", True), ("names a seller", False)], [("is signed", True)]]
    (invoice, *_) = result.response_confidence.categories
    assert [each.confidence == VERDICT_MET for each in invoice.criteria_confidence] == [True, True]


def test_the_attached_file_is_named_with_pages_and_segments() -> None:
    """Of a segment it is that of its first page."""
    first = replace(voting(1, 0.9, 0.1, 0.0), traits=NO_TRAITS)
    attached = replace(
        voting(2, 0.9, 0.1, 0.0), traits=PageTraits(look=Look.ATTACHED), attachment="a.pdf"
    )
    aggregate = Aggregate(QUESTION)
    for page in (first, attached, replace(attached, page=3, traits=NO_TRAITS)):
        aggregate.add(page)
    identity = EngineIdentity("local", "m", "", "")
    found = aggregate.result(selected=[1, 2, 3], total_pages=3, segments=True, identity=identity)
    told = [each.attachment_name for each in result_to_proto(found, QUESTION).segments]
    assert told == ["", "a.pdf"]
    assert page_to_proto(attached, QUESTION).attachment_name == "a.pdf"
