"""Put the parts of the job engine together."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass
from typing import TYPE_CHECKING

from docsort_server.jobs.admission import Admission
from docsort_server.jobs.catalogue import Catalogue
from docsort_server.jobs.coordinator import Coordinator, Pace
from docsort_server.jobs.desk import JobDesk
from docsort_server.jobs.endings import Endings
from docsort_server.jobs.estimate import Estimator
from docsort_server.jobs.feed import JobFeed
from docsort_server.jobs.fetching import Fetching
from docsort_server.jobs.identity import DEFAULT_TENANT
from docsort_server.jobs.intake import Intake
from docsort_server.jobs.journal import DECODED, Journal, RecordCodec
from docsort_server.jobs.leases import Leases
from docsort_server.jobs.loans import Loans
from docsort_server.jobs.pace import Paces
from docsort_server.jobs.recent import Recent
from docsort_server.jobs.reconciler import Reconciler
from docsort_server.jobs.register import Register
from docsort_server.jobs.runner import Runner
from docsort_server.jobs.samples import Samples
from docsort_server.jobs.shelf import Shelf
from docsort_server.jobs.uploads import Uploads
from docsort_server.jobs.watch import Watcher
from docsort_server.jobs.workbench import Workbench

if TYPE_CHECKING:
    from docsort_server.documents.limits import DocumentLimits
    from docsort_server.documents.source import DocumentFetcher, PageSource
    from docsort_server.jobs.engines import Engines
    from docsort_server.jobs.model import Entry
    from docsort_server.jobs.store.protocols import DocumentStore, Store

# Spans of one job that may be queued at a time, so that jobs take turns.
WINDOW = 4


@dataclass(frozen=True, slots=True)
class Terms:
    """What the job engine may use and grant; times in seconds.

    `spans` and `pages` bound the page tasks and the pages in hand at a time, over all jobs, and
    `model_spans` the page tasks of engines that work elsewhere. A silent replica keeps its tasks
    for `task_wait`; a job without a step for `stall` has its missing pages queued again.
    `estimate_pages` are read at most for an estimate, and `check_pages` of a sample.
    """

    spans: int
    pages: int
    max_jobs: int
    max_jobs_bytes: int
    orphan_grace: float
    heartbeat: float
    task_wait: float = 10.0
    stall: float = 60.0
    model_spans: int = 0
    estimate_pages: int = 20
    check_pages: int = 3


@dataclass(frozen=True, slots=True)
class JobEngine:
    """The parts that services and the lifecycle talk to."""

    intake: Intake
    desk: JobDesk
    watcher: Watcher
    leases: Leases
    admission: Admission
    runner: Runner
    shelf: Shelf
    endings: Endings
    catalogue: Catalogue
    reconciler: Reconciler
    feed: JobFeed
    documents: DocumentStore
    loans: Loans
    estimator: Estimator
    samples: Samples

    def uploads(self, limits: DocumentLimits) -> Uploads:
        """Return what takes in documents within these limits."""
        return Uploads(self.documents, self.admission, limits)

    async def run(self) -> None:
        """Do all of this replica's work, for ever; where a part of it fails, all of it ends."""
        async with asyncio.TaskGroup() as group:
            group.create_task(self.keep_up())
            group.create_task(self.runner.run())

    async def keep_up(self) -> None:
        """Do for ever what callers need beside the work.

        Leases are renewed, ends made known, the list kept, and what was left undone put right.
        """
        async with asyncio.TaskGroup() as group:
            group.create_task(self.leases.renew())
            group.create_task(self.endings.listen())
            group.create_task(self.catalogue.follow())
            group.create_task(self.reconciler.run())


def assemble(
    store: Store,
    codec: RecordCodec,
    reader: PageSource,
    fetcher: DocumentFetcher,
    engines: Engines,
    terms: Terms,
) -> JobEngine:
    """Return a job engine on a store; its runner and leases are yet to be run."""
    # Work waits for a store that is away; those who call are told to come back.
    calls = store.hurried or store
    decoded: Recent[Entry] = Recent(DECODED)
    journal = Journal(store.log, codec, decoded)
    answers = Journal(calls.log, codec, decoded)
    leases = Leases(calls.index, terms.orphan_grace)
    admission = Admission(max_jobs=terms.max_jobs, max_bytes=terms.max_jobs_bytes)
    entries = Register(calls.index, answers, codec)
    endings = Endings(store.log, admission.release)
    shelf = Shelf(store.documents)
    pace = Pace(WINDOW, min(1.0, terms.orphan_grace / 4), terms.stall)
    register = Register(store.index, journal, codec)
    fetching = Fetching(fetcher, store.documents, admission)
    coordinator = Coordinator(
        store, journal, register, shelf, reader, fetching, engines, leases, pace
    )
    paces = Paces()
    workbench = Workbench(journal, shelf, reader, engines, paces, slots=terms.pages)
    loans = Loans(calls.documents, fetcher, admission)
    places = min(WINDOW, terms.spans)
    estimator = Estimator(
        loans, reader, engines, paces, most_read=terms.estimate_pages, places=places
    )
    work = Runner(
        store,
        journal,
        register,
        coordinator,
        workbench,
        admission,
        jobs=terms.max_jobs,
        spans={"page": terms.spans, "model": terms.model_spans},
        task_wait=terms.task_wait,
    )
    catalogue = Catalogue(register, DEFAULT_TENANT)
    return JobEngine(
        intake=Intake(calls, answers, entries, leases, admission, engines),
        desk=JobDesk(calls, answers, entries, leases, endings),
        watcher=Watcher(answers, leases, terms.heartbeat),
        leases=leases,
        admission=admission,
        runner=work,
        shelf=shelf,
        endings=endings,
        catalogue=catalogue,
        reconciler=Reconciler(store.queue, journal, register, admission, catalogue),
        feed=JobFeed(calls.log, answers, codec, terms.heartbeat),
        documents=calls.documents,
        loans=loans,
        estimator=estimator,
        samples=Samples(loans, reader, engines, pages=terms.check_pages),
    )
