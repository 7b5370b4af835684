"""The engines that the settings ask for."""

from __future__ import annotations

import asyncio
import importlib
from contextlib import asynccontextmanager
from typing import TYPE_CHECKING

from docsort_server.codec import ProtoRecordCodec
from docsort_server.engine.cascade import Cascade
from docsort_server.engine.forecast import CascadeForecaster
from docsort_server.engine.model import LOCAL
from docsort_server.engine.openai.forecast import ModelForecaster
from docsort_server.engine.openai.shared_allowance import SharedAllowance
from docsort_server.jobs.cache import CachedVerdicts
from docsort_server.jobs.engines import PAGES_PER_PLACE, Engines
from docsort_server.settings_backends import CASCADE

if TYPE_CHECKING:
    from collections.abc import AsyncGenerator, Mapping

    from docsort_server.engine.forecast import Forecaster
    from docsort_server.engine.model import PageClassifier
    from docsort_server.engine.openai.backend import Backend
    from docsort_server.engine.openai.engine import OpenAIEngine
    from docsort_server.jobs.store.protocols import Store
    from docsort_server.settings import Settings


@asynccontextmanager
async def engines(
    settings: Settings, here: Mapping[str, PageClassifier], store: Store
) -> AsyncGenerator[Engines, None]:
    """Yield the engines by name for the block: those that are here, the models, and the cascade.

    Models use the answers in the store again, and processes that share it keep to a backend's rates
    together; their connections are opened by their first calls.
    A process that runs no jobs has the names alone.
    """
    rooms = {each.name: each.max_concurrency for each in settings.models}
    behind = settings.cascades_to
    if behind:
        rooms[CASCADE] = rooms[behind]
    models = await _models(settings, store) if settings.works else {}
    known: dict[str, PageClassifier] = {**here, **models}
    if behind in models and LOCAL in here:
        known[CASCADE] = Cascade(CASCADE, here[LOCAL], models[behind], settings.cascade_margin)
    try:
        yield Engines(
            known, settings.engine, rooms, settings.fallbacks, _forecasters(settings, store)
        )
    finally:
        for model in models.values():
            await model.close()


def _forecasters(settings: Settings, store: Store) -> dict[str, Forecaster]:
    """Return what tells the cost of pages, which takes no connection to any model."""
    cached = bool(store.cache)
    known: dict[str, Forecaster] = {
        each.name: ModelForecaster(each, cached=cached) for each in settings.models
    }
    if behind := settings.cascades_to:
        known[CASCADE] = CascadeForecaster(known[behind])
    return known


def asks_embedded(settings: Settings) -> bool:
    """Tell whether the embedded engine has a part in jobs that name no engine."""
    return not {LOCAL, CASCADE}.isdisjoint((settings.engine, *settings.fallbacks))


def model_tasks(settings: Settings) -> int:
    """Return how many page tasks this process takes at a time for all models."""
    return PAGES_PER_PLACE * sum(each.max_concurrency for each in settings.models)


async def _models(settings: Settings, store: Store) -> dict[str, OpenAIEngine]:
    if not settings.models:
        return {}
    # The library behind it takes a second to import, during which the loop goes on.
    module = await asyncio.to_thread(importlib.import_module, "docsort_server.engine.openai.engine")
    await asyncio.to_thread(importlib.import_module, "openai")
    ttl = settings.cache_ttl
    kept = CachedVerdicts(store.cache, ProtoRecordCodec(), ttl) if store.cache else None
    return {
        each.name: module.OpenAIEngine(
            each, cache=kept, allowance=_allowance(each, store) if settings.shared else None
        )
        for each in settings.models
    }


def _allowance(backend: Backend, store: Store) -> SharedAllowance | None:
    """Return the rates of a backend where it has any: all processes have one bucket for them."""
    if not (backend.requests_per_minute or backend.tokens_per_minute):
        return None
    return SharedAllowance(backend, store.cell(f"rate.{backend.name}"))
