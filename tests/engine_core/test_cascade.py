"""A quick engine first, and a better one for what that leaves open."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from engine_pages import INVOICE, page

from docsort_server.engine.cascade import Cascade, margin
from docsort_server.engine.model import (
    NOBODY,
    Category,
    EngineIdentity,
    Fallback,
    Outcome,
    PageVerdict,
    Question,
    Turn,
)
from docsort_server.faults import Fault, Reason

if TYPE_CHECKING:
    from docsort_server.documents.model import PageContent

QUESTION = Question((Category("a"), Category("b")))
PAGE = page(INVOICE)
BETTER = PageVerdict(Outcome.MATCHED, (0.9, 0.05), no_match_score=0.05)


class Scripted:
    """Give one answer, or raise it."""

    span = 1

    def __init__(self, name: str, answer: PageVerdict | Fault) -> None:
        self.identity = EngineIdentity(name, f"{name}/1", "l", "w", "p")
        self.asked = 0
        self._answer = answer

    async def classify(
        self, page: PageContent, question: Question, turn: Turn = NOBODY
    ) -> PageVerdict:
        """Answer."""
        self.asked += 1
        if isinstance(self._answer, Fault):
            raise self._answer
        return self._answer


def scored(*scores: float, no_match: float) -> PageVerdict:
    """Return a verdict with such scores."""
    return PageVerdict(Outcome.MATCHED, scores, no_match_score=no_match)


def test_the_margin_counts_that_none_fits() -> None:
    """It is the lead of the best of all answers over the second."""
    assert margin(scored(0.6, 0.1, no_match=0.3)) == pytest.approx(0.3)
    assert margin(scored(0.1, 0.2, no_match=0.7)) == pytest.approx(0.5)
    assert margin(PageVerdict(Outcome.UNREADABLE)) < 0


@pytest.mark.parametrize(
    ("first", "sent"),
    [
        (scored(0.8, 0.1, no_match=0.1), False),
        (scored(0.5, 0.3, no_match=0.2), True),
        (PageVerdict(Outcome.BLANK), False),
        (PageVerdict(Outcome.UNREADABLE), True),
    ],
)
async def test_only_what_is_open_is_sent_on(first: PageVerdict, *, sent: bool) -> None:
    """A sure answer and a blank page are not; what is not read may be read by the other."""
    quick, better = Scripted("quick", first), Scripted("better", BETTER)
    verdict = await Cascade("cascade", quick, better, 0.3).classify(PAGE, QUESTION)
    assert better.asked == sent
    assert verdict == (BETTER if sent else first)


async def test_without_the_better_one_the_quick_answer_stands() -> None:
    """It says why; where there is none, and for any other failure, the page fails."""
    away = Fault(Reason.MODEL_UNAVAILABLE, "away")
    open_ = scored(0.5, 0.3, no_match=0.2)
    cascade = Cascade("cascade", Scripted("quick", open_), Scripted("better", away), 0.3)
    verdict = await cascade.classify(PAGE, QUESTION)
    assert (verdict.scores, verdict.fallback) == (open_.scores, Fallback.MODEL_UNAVAILABLE)
    for first, reason in (
        (PageVerdict(Outcome.UNREADABLE), Reason.MODEL_UNAVAILABLE),
        (open_, Reason.MODEL_OUTPUT_INVALID),
    ):
        fault = Fault(reason, "no")
        cascade = Cascade("cascade", Scripted("quick", first), Scripted("better", fault), 0.3)
        with pytest.raises(Fault) as caught:
            await cascade.classify(PAGE, QUESTION)
        assert caught.value.reason is reason


def test_its_name_tells_of_both() -> None:
    """Provenance has the data of the quick engine and the words of the other."""
    cascade = Cascade("cascade", Scripted("quick", BETTER), Scripted("better", BETTER), 0.3)
    identity = cascade.identity
    assert identity.engine == "cascade"
    assert identity.model == "quick/1, then better/1 of better"
    assert (identity.weights_digest, identity.prompt_version) == ("w", "p")
