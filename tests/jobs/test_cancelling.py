"""What goes on of a job's pages once it has ended: nothing begins any more."""

import asyncio

import pytest
from eventually import eventually
from job_parts import ScriptedEngine, ScriptedReader, build, ended, running, submission, verdict
from store_cases import OPENERS

from docsort_server.documents.model import PageContent
from docsort_server.engine.model import PageVerdict, Question


@pytest.mark.parametrize("store", sorted(OPENERS))
async def test_no_page_takes_the_place_of_one_that_is_cancelled(store: str) -> None:
    """Pages of an ended job that wait for their turn do not get it as those before them stop."""
    turn, begun = asyncio.Semaphore(1), list[int]()

    async def asked(page: PageContent, question: Question) -> PageVerdict:
        async with turn:
            begun.append(page.number)
            await asyncio.Event().wait()
        return verdict(page.number, question)

    async with OPENERS[store]() as case:
        engine = ScriptedEngine(asked, span=1)
        jobs = build(ScriptedReader(), engine, case.store)
        async with running(jobs):
            key = await jobs.intake.submit(submission(4))
            await eventually(lambda: engine.working == 4)
            await jobs.desk.cancel(key)
            await ended(jobs, key)
            await eventually(lambda: engine.working == 0)
    assert len(begun) == 1
