"""Kill parsers while they read, and see who else suffers."""

from __future__ import annotations

import asyncio
import os
import signal
from contextlib import suppress
from typing import TYPE_CHECKING

from bench.asking import fresh
from bench.batch import send
from bench.checks import Check
from bench.drawing import categories, slow
from bench.service import PARSER
from docsort import AsyncClient, ErrorReason

if TYPE_CHECKING:
    from collections.abc import Callable

    from bench.batch import Answer
    from bench.processes import Process
    from bench.service import Service

_PAGES = 200
_NEIGHBOURS = 4
_NEIGHBOUR_PAGES = 20
# More slow pages than the server lets a document crash on before it gives up the rest.
_HOPELESS = 8
_POLL = 0.004
# CPU nanoseconds of a parser that only a slow page takes: a start takes half of it, such a page
# three times as much.
_SLOW_NS = 600_000_000


async def check(service: Service) -> list[Check]:
    """Kill once, twice on one page, and again and again; each time with what must hold."""
    async with AsyncClient(service.address) as client:
        return [
            await _once(client, service),
            await _twice(client, service),
            await _without_end(client, service),
        ]


async def _once(client: AsyncClient, service: Service) -> Check:
    victim = asyncio.create_task(send(client, fresh(_PAGES), categories()))
    neighbours = _neighbours(client)
    await _first_kill(service, lambda used: used > 0)
    seen, others = await victim, await asyncio.gather(*neighbours)
    good = _unharmed(seen) and all(map(_unharmed, others))
    return Check("one kill costs no page: it is read again", good, _told(seen, others))


async def _twice(client: AsyncClient, service: Service) -> Check:
    victim = asyncio.create_task(send(client, slow(6, 4), categories()))
    neighbours = _neighbours(client)
    for _ in range(2):
        await _first_kill(service, lambda used: used > _SLOW_NS)
    seen, others = await victim, await asyncio.gather(*neighbours)
    crashed = [page.page for page in seen.failed_pages]
    reasons = {str(page.failure.reason) for page in seen.failed_pages if page.failure}
    good = seen.whole and crashed == [4] and reasons == {ErrorReason.PARSER_CRASHED}
    good = good and all(map(_unharmed, others))
    return Check("two kills on one page cost this page", good, _told(seen, others))


async def _without_end(client: AsyncClient, service: Service) -> Check:
    hopeless = slow(_HOPELESS, *range(1, _HOPELESS + 1))
    victim = asyncio.create_task(send(client, hopeless, categories()))
    killing = asyncio.create_task(_kill_all(service))
    seen = await victim
    killing.cancel()
    with suppress(asyncio.CancelledError):
        await killing
    after = await send(client, fresh(_NEIGHBOUR_PAGES), categories())
    reasons = {str(page.failure.reason) for page in seen.failed_pages if page.failure}
    reasons |= {seen.reason} if seen.reason else set()
    good = reasons <= {ErrorReason.PARSER_CRASHED} and bool(reasons) and _unharmed(after)
    return Check("kills without end fail one document", good, _told(seen, [after]))


def _neighbours(client: AsyncClient) -> list[asyncio.Task[Answer]]:
    return [
        asyncio.create_task(send(client, fresh(_NEIGHBOUR_PAGES), categories()))
        for _ in range(_NEIGHBOURS)
    ]


async def _first_kill(service: Service, chosen: Callable[[int], bool]) -> None:
    """Kill the first parser whose CPU since it was first seen is as `chosen` wants it."""
    seen: dict[int, int] = {}
    async with asyncio.timeout(60):
        while True:
            await asyncio.sleep(_POLL)
            for parser in service.workers(PARSER):
                with suppress(OSError):
                    used = parser.busy_ns - seen.setdefault(parser.pid, parser.busy_ns)
                    if chosen(used):
                        return _kill(parser)


async def _kill_all(service: Service) -> None:
    """Kill every parser once it reads a slow page."""
    while True:
        await _first_kill(service, lambda used: used > _SLOW_NS)


def _kill(process: Process) -> None:
    with suppress(ProcessLookupError):
        os.kill(process.pid, signal.SIGKILL)


def _unharmed(answer: Answer) -> bool:
    return answer.whole and not answer.reason and not answer.failed_pages


def _told(victim: Answer, others: list[Answer]) -> str:
    failed = [page.page for page in victim.failed_pages]
    pages = f"pages {failed}" if len(failed) <= 3 else f"{len(failed)} pages"
    well = sum(map(_unharmed, others))
    failure = f" ({victim.kind})" if victim.reason else ""
    return (
        f"{pages if failed else 'no page'} of {len(victim.pages)} failed{failure}; "
        f"{well} of {len(others)} others unharmed"
    )
