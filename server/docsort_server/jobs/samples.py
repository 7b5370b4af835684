"""Try categories on samples: read, judged by the embedded engine, and forgotten."""

from __future__ import annotations

from contextlib import aclosing, contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING

from docsort_server.documents.model import PageContent
from docsort_server.documents.selection import spans
from docsort_server.engine.criteria import asked, judged
from docsort_server.engine.model import LOCAL, Outcome
from docsort_server.engine.schema.samples import SampleVerdict
from docsort_server.engine.tally import Tally
from docsort_server.faults import Fault
from docsort_server.jobs.answers import page_result

if TYPE_CHECKING:
    from collections.abc import Generator, Sequence

    from docsort_server.documents.source import PageSource
    from docsort_server.engine.model import Question
    from docsort_server.engine.result import PageResult
    from docsort_server.jobs.engines import Engines
    from docsort_server.jobs.loans import GivenDocument, Loans

# Points of a page on which a text without a page is taken to stand: A4.
_WIDTH, _HEIGHT = 595.0, 842.0


@dataclass(frozen=True, slots=True)
class GivenSample:
    """A text or a document, and the number of the category that it is said to belong to."""

    content: str | GivenDocument
    category: int | None


class Samples:
    """Judge samples one after the other, the first `pages` pages of each."""

    def __init__(self, loans: Loans, reader: PageSource, engines: Engines, *, pages: int) -> None:
        self._loans = loans
        self._reader = reader
        self._engines = engines
        self._pages = pages

    async def judge(
        self, tenant: str, question: Question, samples: Sequence[GivenSample]
    ) -> list[SampleVerdict]:
        """Return the verdicts on samples of which any page could be judged.

        Raises `Fault` for a document that cannot be had or opened, as `named` has it, and
        MODEL_UNAVAILABLE.
        """
        found: list[SampleVerdict] = []
        for number, sample in enumerate(samples):
            with named(number):
                pages = await self._read(tenant, sample.content)
            results = [await self._result(page, question) for page in pages]
            verdict = _folded(number, sample, question, results)
            if verdict is not None:
                found.append(verdict)
        return found

    async def _read(self, tenant: str, content: str | GivenDocument) -> list[PageContent]:
        if isinstance(content, str):
            return [_page(content)]
        async with self._loans.lent(tenant, content) as document:
            facts = await self._reader.open(document, ((1, self._pages),))
            numbers = [first for first, _ in spans(facts.selected, 1)]
            async with aclosing(self._reader.pages(document, numbers)) as pages:
                return [page async for page in pages if isinstance(page, PageContent)]

    async def _result(self, page: PageContent, question: Question) -> PageResult:
        verdict = await self._engines.get(LOCAL).classify(page, asked(question))
        return page_result(page, await judged(question, page.text, verdict))


@contextmanager
def named(number: int) -> Generator[None, None, None]:
    """Have a fault that is a sample's own tell in its metadata which one, as `field`."""
    try:
        yield
    except Fault as fault:
        # A server that is full is no fault of the sample.
        if fault.retry_after is None:
            fault.metadata["field"] = f"samples[{number}]"
        raise


def _page(text: str) -> PageContent:
    words = len(text.split())
    return PageContent(1, text, _WIDTH, _HEIGHT, words, images=0, paths=0, image_share=0.0)


def _folded(
    number: int, sample: GivenSample, question: Question, pages: Sequence[PageResult]
) -> SampleVerdict | None:
    """Return the verdict on a sample, as on a document; None where no page of it votes."""
    tally = Tally(question)
    for page in pages:
        tally.add(page)
    standing = tally.standing()
    if standing is None:
        return None
    best = None if standing.outcome is Outcome.NO_MATCH else standing.label
    return SampleVerdict(number, sample.category, best, tally.criteria.met())
