"""What callers see of results beside scores."""

from __future__ import annotations

from dataclasses import replace

from page_values import QUESTION, voting

from docsort_server.convert.results import page_to_proto, result_to_proto
from docsort_server.engine.aggregate import Aggregate
from docsort_server.engine.model import EngineIdentity, Outcome, Suggestion


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
