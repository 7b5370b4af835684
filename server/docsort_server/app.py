"""The composition root: builds every part once and takes them down in reverse order."""

from __future__ import annotations

import asyncio
import logging
from contextlib import AsyncExitStack, asynccontextmanager, nullcontext, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import grpc
from grpc_health.v1 import health_pb2_grpc
from grpc_health.v1.health import SERVICE_NAME as HEALTH
from grpc_health.v1.health import aio as health
from grpc_health.v1.health_pb2 import HealthCheckResponse
from grpc_reflection.v1alpha import reflection

from docsort.v1.classification_service_pb2_grpc import add_ClassificationServiceServicer_to_server
from docsort.v1.document_service_pb2_grpc import add_DocumentServiceServicer_to_server
from docsort.v1.job_service_pb2_grpc import add_JobServiceServicer_to_server
from docsort.v1.schema_service_pb2_grpc import add_SchemaServiceServicer_to_server
from docsort_server import readers, readiness
from docsort_server.codec import ProtoRecordCodec
from docsort_server.engine.local.classifier import HANDLER as ENGINE
from docsort_server.engine.local.classifier import LocalEngine
from docsort_server.engine.model import LOCAL
from docsort_server.engine.schema.checker import Checker
from docsort_server.engines import asks_embedded, model_tasks
from docsort_server.engines import engines as model_engines
from docsort_server.home import announced, locked
from docsort_server.interceptors.errors import ErrorInterceptor
from docsort_server.interceptors.streams import StreamInterceptor
from docsort_server.jobs.assembly import Terms, assemble
from docsort_server.sandbox.limits import Limits
from docsort_server.sandbox.pool import WorkerPool
from docsort_server.services.classification import ClassificationService
from docsort_server.services.counter import Counter, SubmissionTerms
from docsort_server.services.documents import DocumentService, UploadTerms
from docsort_server.services.estimates import Estimates
from docsort_server.services.events import Outbox
from docsort_server.services.jobs import JobService
from docsort_server.services.names import SERVICES
from docsort_server.services.schema import CheckTerms, SchemaService
from docsort_server.stores import job_store
from docsort_server.transport import server_options

if TYPE_CHECKING:
    from collections.abc import AsyncGenerator, Coroutine, Mapping

    from docsort_server.documents.source import DocumentFetcher, PageSource
    from docsort_server.engine.model import PageClassifier
    from docsort_server.jobs.assembly import JobEngine
    from docsort_server.jobs.engines import Engines
    from docsort_server.jobs.store.protocols import Store
    from docsort_server.settings import Settings

log = logging.getLogger(__name__)


class StartError(Exception):
    """The server cannot start; the text says why."""


@dataclass(frozen=True, slots=True)
class App:
    """The parts of a running server that its owner needs."""

    address: str
    server: grpc.aio.Server
    health: health.HealthServicer
    jobs: JobEngine
    work: asyncio.Task[None]
    parsers: WorkerPool
    classifiers: WorkerPool


@asynccontextmanager
async def serving(
    settings: Settings,
    engines: Mapping[str, PageClassifier] | None = None,
    reader: PageSource | None = None,
) -> AsyncGenerator[App, None]:
    """Start everything, yield once the server takes calls, take everything down in the end.

    `engines` by their names serve instead of the embedded one, `reader` instead of the parsers;
    their processes then do not start.
    Raises `HomeError` where the data folder cannot be used, `StartError` where the address or
    the worker processes cannot, `NatsServerError` and `StoreError` where the job store cannot.
    """
    async with AsyncExitStack() as stack:
        # 1. The folder, so that a second server on the same one stops here.
        folder = Path(settings.data) if settings.data else None
        stack.enter_context(locked(folder) if folder else nullcontext())

        # 2. The processes, which take longest to start.
        parsers, classifiers = readers.parsers(settings), _classifiers(settings)
        # Where they have no part in most jobs they start with the first call that needs them.
        for pool in (parsers, classifiers):
            stack.push_async_callback(pool.close)
        if settings.works:
            embedded = not engines and asks_embedded(settings)
            needed = ([] if reader else [parsers]) + ([classifiers] if embedded else [])
            await asyncio.gather(*(pool.start() for pool in needed))

        # 3. Jobs: the store, what reads and classifies, what is in the background.
        store = await stack.enter_async_context(job_store(settings))
        local = LocalEngine(classifiers, page_seconds=settings.engine_seconds)
        read = await stack.enter_async_context(readers.page_reader(settings, parsers))
        here = engines or {LOCAL: local}
        named = await stack.enter_async_context(model_engines(settings, here, store))
        fetcher = readers.fetcher(settings)
        jobs = _jobs(settings, store, reader or read, fetcher, named)
        stack.callback(jobs.shelf.close)
        work = await stack.enter_async_context(_background(_work(settings, jobs)))

        # 4. The services on top.
        checker = Checker(classifiers, seconds=settings.engine_seconds)
        server, servicer, address = await _serve(stack, settings, jobs, fetcher, checker)
        if store.answers:
            ready = readiness.kept(
                servicer, _service_names(settings), store.answers, settings.store_away_seconds
            )
            await stack.enter_async_context(_background(ready))
        told = {"role": settings.role, "store": settings.store}
        stack.enter_context(announced(folder, address, **told) if folder else nullcontext())
        yield App(address, server, servicer, jobs, work, parsers, classifiers)


def _classifiers(settings: Settings) -> WorkerPool:
    """Return the processes that classify; none of them is started yet."""
    # Trusted code on plain text: it neither leaks nor needs a fresh process.
    limits = Limits(memory_bytes=settings.engine_memory_bytes, max_requests=None)
    return WorkerPool(ENGINE, size=settings.classifiers, limits=limits, name="classifiers")


def _work(settings: Settings, jobs: JobEngine) -> Coroutine[object, object, None]:
    """Return what a server of this role does beside answering calls."""
    if settings.role == "api":
        return jobs.keep_up()
    return jobs.runner.run() if settings.role == "worker" else jobs.run()


def _jobs(
    settings: Settings,
    store: Store,
    reader: PageSource,
    fetcher: DocumentFetcher,
    engines: Engines,
) -> JobEngine:
    terms = Terms(
        spans=settings.page_tasks or 2 * settings.parsers + readers.scan_tasks(settings),
        model_spans=model_tasks(settings),
        # Two per process: one at work, one on its way.
        pages=2 * settings.classifiers,
        max_jobs=settings.max_jobs,
        max_jobs_bytes=settings.max_jobs_bytes,
        orphan_grace=settings.orphan_grace,
        heartbeat=settings.heartbeat,
        task_wait=settings.task_wait,
        estimate_pages=settings.estimate_pages,
        check_pages=settings.check_pages,
    )
    return assemble(store, ProtoRecordCodec(), reader, fetcher, engines, terms)


async def _serve(
    stack: AsyncExitStack,
    settings: Settings,
    jobs: JobEngine,
    fetcher: DocumentFetcher,
    checker: Checker,
) -> tuple[grpc.aio.Server, health.HealthServicer, str]:
    # The first interceptor is the outermost.
    interceptors = [StreamInterceptor(settings.write_seconds), ErrorInterceptor()]
    server = grpc.aio.server(
        interceptors=interceptors, options=server_options(settings.max_inline_bytes)
    )
    if settings.answers:
        _add_calls(server, settings, jobs, fetcher, checker)
    servicer = await _add_tools(server, settings)
    try:
        port = server.add_insecure_port(settings.listen)
    except RuntimeError:
        text = f"cannot listen on {settings.listen}: the address is in use or not this machine's"
        raise StartError(text) from None
    await server.start()
    stack.push_async_callback(server.stop, 0)
    host, _, _ = settings.listen.rpartition(":")
    return server, servicer, f"{host}:{port}"


async def _add_tools(server: grpc.aio.Server, settings: Settings) -> health.HealthServicer:
    """Add what tools ask for: health, and where it is allowed reflection."""
    servicer = health.HealthServicer()
    health_pb2_grpc.add_HealthServicer_to_server(servicer, server)
    for name in ("", *_service_names(settings)):
        await servicer.set(name, HealthCheckResponse.SERVING)
    if settings.reflection:
        names = (*_service_names(settings), HEALTH, reflection.SERVICE_NAME)
        reflection.enable_server_reflection(names, server)
    return servicer


def _add_calls(
    server: grpc.aio.Server,
    settings: Settings,
    jobs: JobEngine,
    fetcher: DocumentFetcher,
    checker: Checker,
) -> None:
    outbox = Outbox(jobs.desk, jobs.watcher)
    terms = SubmissionTerms(
        readers.document_limits(settings), settings.job_ttl, settings.max_job_ttl
    )
    counter = Counter(jobs.intake, fetcher, terms)
    add_ClassificationServiceServicer_to_server(ClassificationService(counter, outbox), server)
    estimates = Estimates(jobs.estimator, counter)
    service = JobService(counter, jobs.desk, outbox, jobs.catalogue, jobs.feed, estimates)
    add_JobServiceServicer_to_server(service, server)
    checks = CheckTerms(settings.check_samples, settings.page_chars)
    schema = SchemaService(checker, jobs.samples, counter, checks)
    add_SchemaServiceServicer_to_server(schema, server)
    add_DocumentServiceServicer_to_server(_documents(settings, jobs), server)


def _service_names(settings: Settings) -> tuple[str, ...]:
    return SERVICES if settings.answers else ()


def _documents(settings: Settings, jobs: JobEngine) -> DocumentService:
    terms = UploadTerms(settings.document_ttl, settings.max_document_ttl, settings.upload_seconds)
    return DocumentService(jobs.uploads(readers.document_limits(settings)), terms)


@asynccontextmanager
async def _background(work: Coroutine[object, object, None]) -> AsyncGenerator[asyncio.Task[None]]:
    """Run work for as long as the block does."""
    task = asyncio.create_task(work)
    try:
        yield task
    finally:
        task.cancel()
        with suppress(asyncio.CancelledError):
            await task
