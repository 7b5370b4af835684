"""Try categories on samples: read, judged by the embedded engine, and forgotten."""

from __future__ import annotations

from contextlib import aclosing
from dataclasses import dataclass
from typing import TYPE_CHECKING

from docsort_server.documents.model import PageContent
from docsort_server.documents.selection import spans
from docsort_server.engine.criteria import asked, judged
from docsort_server.engine.model import LOCAL
from docsort_server.engine.schema.samples import SampleVerdict

if TYPE_CHECKING:
    from collections.abc import Sequence

    from docsort_server.documents.source import PageSource
    from docsort_server.engine.model import PageVerdict, Question
    from docsort_server.jobs.engines import Engines
    from docsort_server.jobs.loans import Handed, Loans

# Points of a page on which a text without a page is taken to stand: A4.
_WIDTH, _HEIGHT = 595.0, 842.0
# The belief that no category fits, from which it is taken to be so, as for documents.
_NO_MATCH = 0.5


@dataclass(frozen=True, slots=True)
class GivenSample:
    """A text or a document, and the number of the category that it is said to belong to."""

    content: str | Handed
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

        Raises `Fault` for a document that cannot be had or opened, and MODEL_UNAVAILABLE.
        """
        found: list[SampleVerdict] = []
        for number, sample in enumerate(samples):
            pages = await self._read(tenant, sample.content)
            verdicts = [await self._verdict(page, question) for page in pages]
            scored = [verdict for verdict in verdicts if verdict.scores]
            if scored:
                found.append(_folded(number, sample, question, scored))
        return found

    async def _read(self, tenant: str, content: str | Handed) -> list[PageContent]:
        if isinstance(content, str):
            return [_page(content)]
        async with self._loans.lent(tenant, content) as document:
            facts = await self._reader.open(document, ((1, self._pages),))
            numbers = [first for first, _ in spans(facts.selected, 1)]
            async with aclosing(self._reader.pages(document, numbers)) as pages:
                return [page async for page in pages if isinstance(page, PageContent)]

    async def _verdict(self, page: PageContent, question: Question) -> PageVerdict:
        verdict = await self._engines.get(LOCAL).classify(page, asked(question))
        return await judged(question, page.text, verdict)


def _page(text: str) -> PageContent:
    words = len(text.split())
    return PageContent(1, text, _WIDTH, _HEIGHT, words, images=0, paths=0, image_share=0.0)


def _folded(
    number: int, sample: GivenSample, question: Question, verdicts: Sequence[PageVerdict]
) -> SampleVerdict:
    """Return the verdict on a sample from those on its pages, of which there is at least one."""
    sums = [sum(scores) for scores in zip(*(each.scores for each in verdicts), strict=True)]
    nothing = sum(each.no_match_score or 0.0 for each in verdicts) / len(verdicts)
    best = None if nothing >= _NO_MATCH else max(range(len(sums)), key=sums.__getitem__)
    return SampleVerdict(number, sample.category, best, _met(question, verdicts))


def _met(question: Question, verdicts: Sequence[PageVerdict]) -> tuple[tuple[bool, ...], ...]:
    """Tell which criteria the document meets: on any page, or a negative one on all."""
    rows = []
    for number, category in enumerate(question.categories):
        row = []
        for place in range(len(category.criteria)):
            negative = bool(category.terms) and category.terms[place].negative
            met = [each.criteria[number][place].met for each in verdicts]
            row.append(all(met) if negative else any(met))
        rows.append(tuple(row))
    return tuple(rows)
