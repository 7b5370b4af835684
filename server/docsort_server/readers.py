"""What reads documents, as the settings have it."""

from __future__ import annotations

import logging
from contextlib import asynccontextmanager
from typing import TYPE_CHECKING

from docsort_server.documents.fetch.fetcher import Fetcher
from docsort_server.documents.fetch.policy import Policy
from docsort_server.documents.limits import DocumentLimits
from docsort_server.documents.ocr import choice
from docsort_server.documents.pages import PageReader
from docsort_server.documents.scans import ScanReader
from docsort_server.engine.packet.handlers import READER, RECOGNISERS
from docsort_server.sandbox.limits import MIB, Limits
from docsort_server.sandbox.pool import WorkerPool
from docsort_server.settings_values import SettingsError, listed

if TYPE_CHECKING:
    from collections.abc import AsyncGenerator, Callable

    from docsort_server.settings import Settings

log = logging.getLogger(__name__)

# Models and the largest page take 650 MiB; what it may grow to before it is replaced.
_RECOGNISER_RSS = 1_024 * MIB


def document_limits(settings: Settings) -> DocumentLimits:
    """Return the settings that bound a document."""
    return DocumentLimits(
        max_bytes=settings.max_document_bytes,
        max_inline_bytes=settings.max_inline_bytes,
        max_pages=settings.max_pages,
        page_seconds=settings.page_seconds,
        document_seconds=settings.document_seconds,
        document_seconds_per_page=settings.document_seconds_per_page,
        page_chars=settings.page_chars,
        page_tries=settings.page_tries,
        image_pixels=settings.image_pixels,
        ocr_pixels=settings.ocr_pixels,
        ocr_seconds=settings.ocr_seconds,
        ocr_idle=settings.ocr_idle,
        max_image_pixels=settings.max_image_pixels,
        max_unpacked_bytes=settings.max_unpacked_bytes,
        max_attachments=settings.max_attachments,
        max_nesting=settings.max_nesting,
    )


def fetcher(settings: Settings) -> Fetcher:
    """Return what fetches documents by URI, from where the settings allow."""
    names = ("hosts", "private_hosts", "buckets", "folders")
    policy = Policy(*(listed(getattr(settings, f"uri_{name}")) for name in names))
    return Fetcher(policy, document_limits(settings), seconds=settings.uri_seconds)


def parsers(settings: Settings) -> WorkerPool:
    """Return the processes that read documents; none of them is started yet."""
    limits = Limits(memory_bytes=settings.parser_memory_bytes)
    return WorkerPool(READER, size=settings.parsers, limits=limits, name="parsers")


def scan_tasks(settings: Settings) -> int:
    """Return how many spans of pages more may be in hand, since those of scans wait elsewhere."""
    return 0 if settings.ocr == choice.OFF else 2 * settings.recognisers


@asynccontextmanager
async def page_reader(settings: Settings, pool: WorkerPool) -> AsyncGenerator[PageReader, None]:
    """Yield what reads pages, scans included where something installed reads them.

    Raises `SettingsError` where the setting `ocr` names what is not installed.
    """
    limits = document_limits(settings)
    make_recognisers = _recognisers(settings) if settings.works else None
    if make_recognisers is None:
        yield PageReader(pool, limits)
        return
    scans = ScanReader(make_recognisers, limits)
    try:
        yield PageReader(pool, limits, scans)
    finally:
        await scans.close()


def _recognisers(settings: Settings) -> Callable[[], WorkerPool] | None:
    try:
        library = choice.chosen(settings.ocr)
    except LookupError as error:
        raise SettingsError(f"ocr is {settings.ocr}: {error.args[0]}") from None
    if library is None:
        return None
    log.debug("scans are read with %s", library)
    limits = Limits(memory_bytes=settings.ocr_memory_bytes, max_rss_bytes=_RECOGNISER_RSS)
    handler, size = RECOGNISERS[library], settings.recognisers
    return lambda: WorkerPool(handler, size=size, limits=limits, name="recognisers")
