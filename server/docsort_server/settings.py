"""The server's settings: one field each, with its default and what `--help` says of it."""

from __future__ import annotations

import os
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from docsort_server.documents.ocr.choice import NAMES as OCR_NAMES
from docsort_server.engine.model import LOCAL
from docsort_server.settings_backends import (
    OPENAI,
    BackendSettings,
    as_openai,
    backend_of,
    of_openai,
)
from docsort_server.settings_engines import cascade_backend, fallbacks_of
from docsort_server.settings_values import MIB, choice, secret, setting

if TYPE_CHECKING:
    from collections.abc import Mapping

    from docsort_server.engine.openai.backend import Backend

YEAR = 366 * 24 * 3600


@dataclass(frozen=True, slots=True)
class Settings:
    """Everything that can be set, with its default. Times are seconds, sizes bytes."""

    listen: str = setting("127.0.0.1:50051", "address to serve on; port 0 takes a free one")
    role: str = choice(
        "all", "what this process does: answer calls, run jobs, or both", "all", "api", "worker"
    )
    data: str = setting("", "folder for the server's files and jobs; empty: see above")
    engine: str = setting(
        LOCAL, "engine of jobs that name none: local, openai, cascade, or a backend of the file"
    )
    fallback: str = setting(
        "", "engines that answer those jobs where it cannot be had, in turn, comma-separated"
    )
    cascade_backend: str = setting(
        "", "what cascade asks where local is not sure; empty: openai, or the only backend"
    )
    cascade_margin: float = setting(
        0.5, "lead of local's first answer over its second under which it asks", most=1.0
    )
    backends: Mapping[str, BackendSettings] = field(default_factory=dict)
    openai_base_url: str = as_openai("base_url")
    openai_api_key: str = as_openai("api_key")
    openai_model: str = as_openai("model")
    openai_max_concurrency: int = as_openai("max_concurrency")
    openai_timeout: float = as_openai("timeout")
    openai_patience: float = as_openai("patience")
    openai_max_tries: int = as_openai("max_tries")
    openai_requests_per_minute: int = as_openai("requests_per_minute")
    openai_tokens_per_minute: int = as_openai("tokens_per_minute")
    openai_text_chars: int = as_openai("text_chars")
    openai_vision: str = as_openai("vision")
    openai_votes: int = as_openai("votes")
    openai_cut_latency: bool = as_openai("cut_latency")
    openai_calibration: str = as_openai("calibration")
    openai_price_input: float = as_openai("price_input")
    openai_price_cached: float = as_openai("price_cached")
    openai_price_output: float = as_openai("price_output")
    cache_bytes: int = setting(
        64 * MIB, "answers of models kept to be used again; 0: none", most=1 << 40
    )
    cache_ttl: float = setting(7 * 24 * 3_600.0, "how long they are kept", least=1, most=YEAR)
    store: str = choice(
        "jetstream", "where jobs live; memory: gone with the process", "jetstream", "memory"
    )
    store_away_seconds: float = setting(
        5.0, "its absence after which health is NOT_SERVING", least=0.1
    )
    store_bytes: int = setting(
        0,
        "most that is kept in NATS, where a later smaller value is ignored; "
        "0: 80 % of the free disk, or with nats what its operator allows",
        most=1 << 50,
    )
    nats: str = secret("addresses of NATS servers; empty: one of its own under data")
    nats_server: str = setting("", "binary of its own NATS server; empty: the packaged one")
    nats_prefix: str = setting("docsort", "begins the names of all that is kept in NATS")
    nats_replicas: int = setting(1, "servers that keep a copy of it", least=1, most=5)
    sync: str = choice(
        "always", "when its own NATS server forces writes to disk", "always", "100ms", "2m"
    )
    task_wait: float = setting(
        10.0, "silence of a replica after which others take over its work", least=1, most=600
    )
    reflection: bool = setting(default=True, about="let tools such as grpcurl list the services")
    log_level: str = choice("info", "how much is logged", "debug", "info", "warning", "error")
    max_document_bytes: int = setting(100 * MIB, "largest document", least=1, most=2_047 * MIB)
    max_inline_bytes: int = setting(
        16 * MIB, "largest document within a request", least=1, most=512 * MIB
    )
    document_ttl: float = setting(
        3_600.0, "how long an uploaded document is kept", least=1, most=YEAR
    )
    max_document_ttl: float = setting(
        7 * 24 * 3_600.0, "the longest that an upload may ask for", least=1, most=YEAR
    )
    upload_seconds: float = setting(30.0, "longest wait for the next part of an upload", least=0.1)
    max_pages: int = setting(2_000, "most pages of a document", least=1, most=10_000)
    page_chars: int = setting(32_768, "characters read of a page", least=100, most=200_000)
    image_pixels: int = setting(
        1_568, "longer side of a page's picture for models", least=64, most=4_096
    )
    max_image_pixels: int = setting(
        100_000_000, "largest picture that is decoded, width times height", least=10_000
    )
    max_unpacked_bytes: int = setting(
        256 * MIB, "most that an archive, such as DOCX, may unpack to", least=MIB
    )
    max_attachments: int = setting(100, "most attachments of a mail that are read", most=10_000)
    max_nesting: int = setting(3, "how deep mails within mails are read", most=20)
    uri_hosts: str = setting(
        "", "https servers to fetch documents from, comma-separated; *: any that is public"
    )
    uri_private_hosts: str = setting("", "such servers that may have addresses inside the network")
    uri_buckets: str = setting("", "object stores to fetch from, such as s3://bucket/prefix")
    uri_folders: str = setting("", "folders to fetch files from")
    uri_seconds: float = setting(60.0, "longest fetching of one document", least=0.1)
    ocr: str = choice("auto", "what reads scans; auto: what is installed of those", *OCR_NAMES)
    ocr_workers: int = setting(0, "processes that read scans; 0: one per processor", most=256)
    ocr_memory_bytes: int = setting(2_048 * MIB, "memory of such a process", least=512 * MIB)
    ocr_pixels: int = setting(
        2_000, "longer side of a page's picture for that", least=500, most=6_000
    )
    ocr_idle: float = setting(300.0, "idleness after which those processes end", least=0.1)
    ocr_seconds: float = setting(30.0, "longest reading of one scan", least=0.1)
    page_seconds: float = setting(20.0, "longest reading of one page", least=0.1)
    document_seconds: float = setting(60.0, "longest reading of a document", least=0.1)
    document_seconds_per_page: float = setting(0.2, "more of that for every page")
    page_tries: int = setting(2, "readings of a page that ends its reader", least=1, most=10)
    parser_workers: int = setting(0, "processes that read documents; 0: processors - 1", most=256)
    parser_memory_bytes: int = setting(1024 * MIB, "memory of such a process", least=64 * MIB)
    engine_workers: int = setting(0, "processes that classify; 0: one per processor", most=256)
    engine_memory_bytes: int = setting(512 * MIB, "memory of such a process", least=64 * MIB)
    engine_seconds: float = setting(30.0, "longest for a page, or a check of categories", least=0.1)
    page_tasks: int = setting(
        0, "spans of pages in hand here; 0: twice the processes that read", most=10_000
    )
    cluster_page_tasks: int = setting(
        0, "the same over all replicas, for each priority; 0: no bound", most=1_000_000
    )
    max_jobs: int = setting(1_000, "most unfinished jobs", least=1)
    max_jobs_bytes: int = setting(1024 * MIB, "most bytes of their documents", least=1)
    job_ttl: float = setting(
        3_600.0, "how long a job is kept from its acceptance", least=1, most=YEAR
    )
    max_job_ttl: float = setting(
        7 * 24 * 3_600.0, "the longest that a request may ask for", least=1, most=YEAR
    )
    memory_store_bytes: int = setting(
        512 * MIB, "events kept in memory; above it the oldest finished jobs go", least=MIB
    )
    memory_document_bytes: int = setting(
        1024 * MIB, "documents kept in memory; above it more are refused", least=MIB
    )
    estimate_pages: int = setting(
        20, "most pages of a document read for an estimate", least=1, most=1_000
    )
    check_samples: int = setting(20, "most samples that categories are tried on", most=200)
    check_pages: int = setting(3, "most pages read of such a sample", least=1, most=100)
    orphan_grace: float = setting(30.0, "how long a job goes on unwatched", least=0.1)
    heartbeat: float = setting(15.0, "silence after which a stream shows life", least=0.1)
    write_seconds: float = setting(60.0, "longest wait for a watcher to take an event", least=0.1)
    drain_delay: float = setting(5.0, "still serving after SIGTERM, for balancers to notice")
    drain_grace: float = setting(30.0, "then for what is in hand to end")

    @property
    def works(self) -> bool:
        """Whether this process runs jobs."""
        return self.role != "api"

    @property
    def answers(self) -> bool:
        """Whether this process answers the calls of clients."""
        return self.role != "worker"

    @property
    def shared(self) -> bool:
        """Whether other processes can go on with the jobs of this one."""
        return self.store == "jetstream" and bool(self.nats)

    @property
    def models(self) -> tuple[Backend, ...]:
        """The backends that are configured. Raises `SettingsError`."""
        named = {**self.backends}
        if self.openai_model:
            named[OPENAI] = of_openai(self)
        return tuple(backend_of(name, chosen) for name, chosen in named.items())

    @property
    def fallbacks(self) -> list[str]:
        """The engines that answer in place of the default, in turn."""
        return fallbacks_of(self.fallback)

    @property
    def cascades_to(self) -> str | None:
        """The backend that the engine `cascade` asks; None where there is no such engine."""
        return cascade_backend(self.cascade_backend, [each.name for each in self.models])

    @property
    def nats_urls(self) -> list[str]:
        """The NATS servers one by one."""
        return [url.strip() for url in self.nats.split(",")]

    @property
    def parsers(self) -> int:
        """How many processes read documents."""
        return self.parser_workers or max(1, _processors() - 1)

    @property
    def recognisers(self) -> int:
        """How many processes read scans, once there are any."""
        return self.ocr_workers or _processors()

    @property
    def classifiers(self) -> int:
        """How many processes classify pages."""
        return self.engine_workers or _processors()


def _processors() -> int:
    """Count the processors this process may use, not those of the machine."""
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1
