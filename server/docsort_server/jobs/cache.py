"""Verdicts in the store's cache, as the records of pages."""

from __future__ import annotations

import logging
from dataclasses import replace
from typing import TYPE_CHECKING

from docsort_server.engine.model import ModelUsage, PageVerdict
from docsort_server.engine.result import PageResult, TextSource
from docsort_server.faults import Fault
from docsort_server.jobs.journal import page_slot

if TYPE_CHECKING:
    from docsort_server.jobs.journal import RecordCodec
    from docsort_server.jobs.store.shared import AnswerCache

log = logging.getLogger(__name__)


class CachedVerdicts:
    """Keep verdicts for `ttl` seconds; what cannot be read is as good as unknown."""

    def __init__(self, cache: AnswerCache, codec: RecordCodec, ttl: float) -> None:
        self._cache = cache
        self._codec = codec
        self._ttl = ttl

    async def find(self, key: str) -> PageVerdict | None:
        """Return the verdict of a key, told as `cached` and without usage; None if unknown."""
        body = await self._cache.get(key)
        if body is None:
            return None
        try:
            page = self._codec.decode(page_slot(1), body)
        except Exception as error:  # noqa: BLE001 - whatever is wrong with it, the page is asked
            log.warning("an answer in the cache cannot be read: %s", error)
            return None
        assert isinstance(page, PageResult)
        return _verdict(page)

    async def keep(self, key: str, verdict: PageVerdict) -> None:
        """Keep a verdict, unless it is too large for the store."""
        page = PageResult(
            page=1,
            outcome=verdict.outcome,
            scores=verdict.scores,
            criteria=verdict.criteria,
            no_match_score=verdict.no_match_score,
            raw_result=verdict.raw_result,
            text_source=TextSource.IMAGE if verdict.seen else None,
            chosen=verdict.label,
            confidence_source=verdict.confidence_source,
            trace=verdict.trace,
        )
        try:
            body = self._codec.encode(page)
        except Fault:
            return
        await self._cache.put(key, body, ttl=self._ttl)


def _verdict(page: PageResult) -> PageVerdict:
    return PageVerdict(
        outcome=page.outcome,
        scores=page.scores,
        criteria=page.criteria,
        no_match_score=page.no_match_score,
        raw_result=page.raw_result,
        label=page.chosen,
        confidence_source=page.confidence_source,
        trace=replace(page.trace, usage=ModelUsage()) if page.trace else None,
        cached=True,
        seen=page.text_source is TextSource.IMAGE,
    )
