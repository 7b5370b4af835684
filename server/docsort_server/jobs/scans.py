"""How pages without a text of their own are read for an engine: as little as it needs."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from docsort_server.documents.ocr.model import Part
from docsort_server.engine.cascade import margin
from docsort_server.engine.model import LOCAL, Outcome

if TYPE_CHECKING:
    from docsort_server.documents.model import PageContent
    from docsort_server.engine.model import PageVerdict, Question

# Draws a page; None where there is no picture to be had.
Picture = Callable[[], Awaitable[bytes | None]]
# Reads a part of a page off its picture; None where nothing here can.
Recognise = Callable[["PageContent", Part], Awaitable["PageContent | None"]]
# Asks for a page's verdict.
Ask = Callable[["PageContent"], Awaitable["PageVerdict"]]

# The lead of the first answer over the second with which the rest of a page is left unread. Below
# it, on labelled scans, the rest changes answers; see docs/benchmarks.md.
SURE = 0.8


@dataclass(frozen=True, slots=True)
class Sight:
    """What can be seen of a page besides its text layer."""

    picture: Picture
    recognise: Recognise


async def verdict_of(
    page: PageContent, ask: Ask, recognise: Recognise, *, in_parts: bool
) -> tuple[PageContent, PageVerdict]:
    """Return the verdict for a page, and the page as it was read for that.

    The engine is asked first: it may look at the page, or need nothing that is not in the text
    layer. What it finds unreadable is read off the picture, the top third first where it may be
    read `in_parts`, and the rest unless that made the engine sure. Raises `Fault`.
    """
    verdict = await ask(page)
    if verdict.outcome is not Outcome.UNREADABLE or verdict.seen:
        return page, verdict
    read = await recognise(page, Part.TOP if in_parts else Part.WHOLE)
    if read is None:
        return page, verdict
    if in_parts:
        verdict = await ask(read)
        if is_sure(verdict):
            return read, verdict
        whole = await recognise(read, Part.REST)
        read = whole or read
    return read, await ask(read)


def in_parts(engine: str, question: Question) -> bool:
    """Tell whether the top of a page may be enough.

    Not for models, which would be paid twice, and not where criteria are asked about: what meets
    them may stand anywhere.
    """
    return engine == LOCAL and not any(category.criteria for category in question.categories)


def is_sure(verdict: PageVerdict) -> bool:
    """Tell whether an engine needs to see no more of a page."""
    return verdict.outcome is Outcome.MATCHED and margin(verdict) >= SURE
