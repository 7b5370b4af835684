"""What a verdict makes of a page."""

from dataclasses import replace

from job_parts import content

from docsort_server.engine.model import Outcome, PageVerdict
from docsort_server.engine.packet.traits import PageTraits
from docsort_server.engine.packet.wire import to_text
from docsort_server.jobs.answers import page_result

VERDICT = PageVerdict(Outcome.MATCHED, (1.0,), no_match_score=0.0)


def test_traits_are_those_that_the_page_came_with() -> None:
    """The server looks at no text: what reads pages has done so."""
    told = PageTraits(595, 842, 90, number=7)
    page = replace(content(1), traits=to_text(told))
    assert page_result(page, VERDICT).traits == told
    assert page_result(replace(page, traits="junk"), VERDICT).traits is None
