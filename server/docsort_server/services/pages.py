"""Page results of finished jobs, some at a time."""

from __future__ import annotations

from contextlib import aclosing
from typing import TYPE_CHECKING

from docsort.v1.job_service_pb2 import ListPageResultsRequest, ListPageResultsResponse
from docsort_server.convert.results import page_to_proto
from docsort_server.services.tokens import Token
from docsort_server.validate import page_size

if TYPE_CHECKING:
    from docsort_server.jobs.desk import JobDesk
    from docsort_server.jobs.store.protocols import JobKey

DEFAULT_SIZE = 100
MOST = 1_000
# Far below the 4 MiB that clients take by default; a single page result has at most a quarter.
ANSWER_BYTES = 1024 * 1024


class PageLister:
    """Page through the results of a job."""

    def __init__(self, desk: JobDesk) -> None:
        self._desk = desk

    async def list(self, key: JobKey, request: ListPageResultsRequest) -> ListPageResultsResponse:
        """Return the page results that follow the token, as many as asked for and fit."""
        size = page_size(request.page_size, DEFAULT_SIZE, MOST)
        token = Token("pages", key.job_id)
        after = int(token.read(request.page_token, int)[0]) if request.page_token else 0
        question = (await self._desk.finished(key)).spec.question
        answer, left = ListPageResultsResponse(), ANSWER_BYTES
        async with aclosing(self._desk.pages_in_order(key, after)) as results:
            async for result in results:
                page = page_to_proto(result, question)
                left -= page.ByteSize()
                found = answer.page_results
                if len(found) == size or (found and left < 0):
                    answer.next_page_token = token.write(found[-1].page)
                    break
                found.append(page)
        return answer
