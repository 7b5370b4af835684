"""The engine made of two: a quick one answers, and where it is not sure a better one."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from docsort_server.engine.model import NOBODY, EngineIdentity, Fallback, Outcome
from docsort_server.faults import Fault, Reason

if TYPE_CHECKING:
    from docsort_server.documents.model import PageContent
    from docsort_server.engine.model import PageClassifier, PageVerdict, Question, Turn


class Cascade:
    """A PageClassifier that sends on what `quick` leaves open by less than `margin` (0..1).

    The margin of a page is the lead of its best answer over the second, where "none of them" is an
    answer like the categories. What `quick` finds blank is sent nowhere; what it cannot read is
    sent on, since `better` may see more.
    """

    def __init__(
        self, name: str, quick: PageClassifier, better: PageClassifier, margin: float
    ) -> None:
        self._name = name
        self._quick = quick
        self._better = better
        self._margin = margin

    @property
    def identity(self) -> EngineIdentity:
        """Name both engines with their data."""
        quick, better = self._quick.identity, self._better.identity
        return replace(
            quick,
            engine=self._name,
            model=f"{quick.model}, then {better.model} of {better.engine}",
            prompt_version=better.prompt_version,
        )

    @property
    def span(self) -> int:
        """Tell how many pages one unit of work should hold."""
        return self._better.span

    async def classify(
        self, page: PageContent, question: Question, turn: Turn = NOBODY
    ) -> PageVerdict:
        """Answer for one page. Raises `Fault` where neither engine can.

        Where the better engine is not to be had, the answer of the quick one stands and says so.
        """
        verdict = await self._quick.classify(page, question, turn)
        if verdict.outcome is Outcome.BLANK or margin(verdict) >= self._margin:
            return verdict
        try:
            return await self._better.classify(page, question, turn)
        except Fault as fault:
            if fault.reason is not Reason.MODEL_UNAVAILABLE or not verdict.scores:
                raise
            return replace(verdict, fallback=Fallback.MODEL_UNAVAILABLE)


def margin(verdict: PageVerdict) -> float:
    """Return the lead (0..1) of the best answer over the second; -1 for a page without scores."""
    if not verdict.scores:
        return -1.0
    first, second, *_ = sorted((*verdict.scores, verdict.no_match_score or 0.0), reverse=True)
    return first - second
