"""Tell what a job would take, before it is run."""

from __future__ import annotations

from contextlib import aclosing
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from docsort_server.documents.model import PageContent
from docsort_server.documents.selection import beyond, count, spans
from docsort_server.engine.criteria import asked
from docsort_server.engine.forecast import Bounds, Forecast
from docsort_server.jobs.model import WhenSpent

if TYPE_CHECKING:
    from collections.abc import Sequence

    from docsort_server.documents.document import Document
    from docsort_server.documents.model import DocumentFacts
    from docsort_server.documents.selection import Ranges
    from docsort_server.documents.source import PageSource
    from docsort_server.engine.forecast import Forecaster
    from docsort_server.engine.model import Question
    from docsort_server.jobs.engines import Engines
    from docsort_server.jobs.loans import GivenDocument, Loans
    from docsort_server.jobs.model import JobOptions
    from docsort_server.jobs.pace import Paces


@dataclass(frozen=True, slots=True)
class Estimate:
    """What a job would take; `seconds` is None where `time_unknown` tells why."""

    total_pages: int
    pages: int
    engine: str
    pages_read: int
    forecast: Forecast
    seconds: Bounds | None
    time_unknown: str
    notes: tuple[str, ...]


class Estimator:
    """Open documents for estimates, and read at most `most_read` of their pages.

    `places` is how many spans of pages of one job the engines that are here work on at a time.
    """

    def __init__(
        self,
        loans: Loans,
        reader: PageSource,
        engines: Engines,
        paces: Paces,
        *,
        most_read: int,
        places: int,
    ) -> None:
        self._loans = loans
        self._reader = reader
        self._engines = engines
        self._paces = paces
        self._most_read = most_read
        self._places = places

    async def estimate(
        self, tenant: str, given: GivenDocument, question: Question, options: JobOptions
    ) -> Estimate:
        """Return what the job would take. Raises the `Fault` that refuses or fails it."""
        self._engines.check(options)
        engine = self._engines.named(options.engine)
        forecaster = self._engines.forecaster(engine)
        async with self._loans.lent(tenant, given) as document:
            facts = await self._reader.open(document, options.pages)
            read = await self._read(document, facts.selected) if forecaster else []
        pages = count(facts.selected)
        forecast, notes = Forecast(), list[str]()
        if forecaster:
            forecast, notes = _foreseen(forecaster, read, pages, asked(question))
            forecast, more = _bounded(forecast, options, pages)
            notes += more
        seconds, unknown = self._seconds(engine, pages, options)
        return Estimate(
            facts.pages,
            pages,
            engine,
            len(read),
            forecast,
            seconds,
            unknown,
            (*notes, *_notes(facts, options), *self._stand_ins(options)),
        )

    async def _read(self, document: Document, selected: Ranges) -> list[PageContent]:
        """Return some pages, evenly spread over those that are selected."""
        numbers = [first for first, _ in spans(selected, 1)]
        step = max(1.0, len(numbers) / self._most_read)
        chosen = [numbers[int(place * step)] for place in range(int(len(numbers) / step))]
        async with aclosing(self._reader.pages(document, chosen)) as pages:
            return [page async for page in pages if isinstance(page, PageContent)]

    def _seconds(self, engine: str, pages: int, options: JobOptions) -> tuple[Bounds | None, str]:
        room = self._engines.room(engine)
        # Engines elsewhere may be run by other processes; they work page by page.
        span = 1 if room else self._engines.get(engine).span
        try:
            least, most = self._paces.seconds(engine, pages, span=span, places=room or self._places)
        except LookupError as error:
            return None, str(error.args[0])
        seconds = Bounds(least / pages if options.stop_decided else least, most)
        return (seconds if options.deadline is None else seconds.within(options.deadline)), ""

    def _stand_ins(self, options: JobOptions) -> list[str]:
        _, *others = self._engines.order(options)
        if not others:
            return []
        return [f"Pages that the engine cannot answer go to {', '.join(others)}, uncounted here."]


def _foreseen(
    forecaster: Forecaster, read: Sequence[PageContent], pages: int, question: Question
) -> tuple[Forecast, list[str]]:
    total = Forecast()
    for page in read:
        total = total.plus(forecaster.forecast(page, question))
    notes = list(forecaster.notes)
    if not read:
        return total, ["None of the pages could be read, so their tokens are not known.", *notes]
    if len(read) < pages:
        whole = pages / len(read)
        total = total.mapped(lambda bounds: bounds.times(whole))
        text = f"{len(read)} of {pages} pages were read for this; the others may differ from them."
        notes.insert(0, text)
    return total, notes


def _bounded(forecast: Forecast, options: JobOptions, pages: int) -> tuple[Forecast, list[str]]:
    """Return what is left of a forecast within the job's budget, and after an early end."""
    notes: list[str] = []
    if options.stop_decided:
        forecast = forecast.mapped(lambda bounds: Bounds(bounds.least / pages, bounds.most))
        notes.append("The job may end as soon as the pages that are left could change nothing.")
    budget = options.budget
    if budget is None:
        return forecast, notes
    local = budget.when_spent is WhenSpent.LOCAL
    left = "answered by the embedded engine" if local else "left out"
    most = budget.max_model_calls
    if most is not None and forecast.calls.most > most:
        # Which pages are paid for, and how many votes each takes, is not known.
        before, share = forecast.calls, most / forecast.calls.most
        forecast = forecast.mapped(lambda bounds: bounds.times(share))
        forecast = replace(forecast, calls=before.within(most))
        notes.append(f"The budget ends after {most} calls; other pages are {left}.")
        notes.append("The tokens of so many calls are those of pages as they are on average.")
    if budget.max_time is not None:
        notes.append(f"The budget ends after {budget.max_time:g} s; other pages are {left}.")
        forecast = forecast.mapped(lambda bounds: Bounds(0.0, bounds.most))
    return forecast, notes


def _notes(facts: DocumentFacts, options: JobOptions) -> list[str]:
    notes = [*facts.left_out]
    if facts.beyond_end:
        notes.append(beyond(options.pages, facts.pages))
    if options.deadline is not None:
        notes.append("At its deadline the job ends with the pages that are done.")
    return notes
