"""A page's answer: from its job's engine, or from whoever may answer in its place."""

from __future__ import annotations

import logging
import time
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from docsort_server.documents.model import UnreadPage
from docsort_server.engine.criteria import asked, judged
from docsort_server.engine.model import LOCAL, Fallback, Outcome, Turn
from docsort_server.engine.packet.wire import from_text
from docsort_server.engine.result import PageResult, TextSource
from docsort_server.faults import Fault, Reason
from docsort_server.incidents import failure_of
from docsort_server.jobs.budget import Purses
from docsort_server.jobs.model import WhenSpent
from docsort_server.jobs.scans import in_parts, verdict_of

if TYPE_CHECKING:
    from docsort_server.documents.model import PageContent
    from docsort_server.engine.model import PageVerdict
    from docsort_server.faults import Failure
    from docsort_server.jobs.engines import Engines
    from docsort_server.jobs.journal import Journal
    from docsort_server.jobs.model import JobSpec, Step
    from docsort_server.jobs.scans import Sight
    from docsort_server.jobs.store.protocols import JobKey

# Seconds for which a page outlives its job's deadline: the job's end is to close it, rather than
# the page to fail first.
DEADLINE_GRACE = 1.0

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Asker:
    """The job that a page is answered for: what it asks, and its place in queues."""

    spec: JobSpec
    turn: Turn


class Answers:
    """Answer pages; whatever happens, a page ends with a result."""

    def __init__(self, engines: Engines, journal: Journal) -> None:
        self._engines = engines
        self._purses = Purses(journal)

    def asker(self, key: JobKey, accepted: Step, spec: JobSpec) -> Asker:
        """Return a job as engines see it: jobs take turns, each until its deadline."""
        purse = self._purses.of(key, accepted, spec)
        ends = [] if purse is None or purse.time_left is None else [purse.time_left]
        if spec.options.deadline is not None:
            ends.append(accepted.time + spec.options.deadline - time.time() + DEADLINE_GRACE)
        deadline = time.monotonic() + min(ends) if ends else None
        turn = Turn(key, deadline, purse, tenant=key.tenant, cache=spec.options.cache)
        return Asker(spec, turn)

    async def answer(
        self, page: PageContent | UnreadPage, asker: Asker, sight: Sight
    ) -> PageResult:
        """Return a page's result; a failure is one too. `sight` tells more than its text layer."""
        if isinstance(page, UnreadPage):
            return _failed(page, page.failure)
        asker = replace(asker, turn=replace(asker.turn, picture=sight.picture))
        question = asker.spec.question
        parts = in_parts(self._engines.named(asker.spec.options.engine), question)
        try:
            read, verdict = await verdict_of(
                page, lambda each: self._verdict(each, asker), sight.recognise, in_parts=parts
            )
            return page_result(read, await judged(question, read.text, verdict))
        except Exception as error:  # noqa: BLE001 - the page must end with a result, whatever happened
            failure = failure_of(log, "the classification of a page", error)
            return _failed(page, failure)

    async def _verdict(self, page: PageContent, asker: Asker) -> PageVerdict:
        """Return the verdict of the engines that the job's budget allows. Raises `Fault`."""
        try:
            return await self._in_order(page, asker)
        except Fault as fault:
            budget = asker.spec.options.budget
            local = budget is not None and budget.when_spent is WhenSpent.LOCAL
            if fault.reason is not Reason.BUDGET_SPENT or not local:
                raise
        # It waits for nobody elsewhere, so the time that the models had is not its bound.
        verdict = await self._engines.get(LOCAL).classify(page, asked(asker.spec.question))
        return replace(verdict, fallback=Fallback.BUDGET_SPENT)

    async def _in_order(self, page: PageContent, asker: Asker) -> PageVerdict:
        """Return the verdict of the first engine that is to be had. Raises `Fault`."""
        first, *others = self._engines.order(asker.spec.options)
        question, turn = asked(asker.spec.question), asker.turn
        try:
            return await self._engines.get(first).classify(page, question, turn)
        except Fault as fault:
            if fault.reason is not Reason.MODEL_UNAVAILABLE or not others:
                raise
            trouble = fault
        for name in others:
            try:
                verdict = await self._engines.get(name).classify(page, question, turn)
                return replace(verdict, fallback=Fallback.MODEL_UNAVAILABLE)
            except Fault as fault:
                if fault.reason is not Reason.MODEL_UNAVAILABLE:
                    raise
                trouble = fault
        raise trouble


def _failed(page: PageContent | UnreadPage, failure: Failure) -> PageResult:
    return PageResult(page.number, Outcome.FAILED, failure=failure, attachment=page.attachment)


def _source(page: PageContent, verdict: PageVerdict) -> TextSource | None:
    if verdict.seen:
        return TextSource.IMAGE
    if page.recognised:
        return TextSource.OCR
    # On a text that cannot be read rests nothing.
    used = page.text.strip() and verdict.outcome is not Outcome.UNREADABLE
    return TextSource.TEXT_LAYER if used else None


def page_result(page: PageContent, verdict: PageVerdict) -> PageResult:
    """Return what a verdict on a page makes of it."""
    return PageResult(
        page=page.number,
        outcome=verdict.outcome,
        scores=verdict.scores,
        criteria=verdict.criteria,
        no_match_score=verdict.no_match_score,
        raw_result=verdict.raw_result,
        text_source=_source(page, verdict),
        chosen=verdict.label,
        confidence_source=verdict.confidence_source,
        trace=verdict.trace,
        fallback=verdict.fallback,
        cached=verdict.cached,
        truncated=page.truncated,
        unfamiliar=verdict.unfamiliar,
        suggestion=verdict.suggestion,
        traits=from_text(page.traits),
        attachment=page.attachment,
    )
