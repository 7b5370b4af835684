"""The server's settings: defaults, a TOML file, the environment, the command line, in that order.

Every setting is one field of `Settings`. Its name is the key in the file; in the environment it
is `DOCSORT_` and the name in capitals.
"""

from __future__ import annotations

import os
import tomllib
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any

from docsort_server.engine.model import LOCAL
from docsort_server.settings_backends import (
    OPENAI,
    BackendSettings,
    as_openai,
    backend_of,
    of_openai,
    read_backends,
    with_fallbacks,
)
from docsort_server.settings_engines import cascade_backend, check_engines, fallbacks_of
from docsort_server.settings_rules import check_rules, placed
from docsort_server.settings_values import (
    MIB,
    SettingsError,
    check_keys,
    checked,
    choice,
    declared,
    nearest,
    secret,
    setting,
)

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from pathlib import Path

    from docsort_server.engine.openai.backend import Backend

YEAR = 366 * 24 * 3600
PREFIX = "DOCSORT_"
# Read by the client, which may run beside the server.
_OTHER_VARIABLES = ("DOCSORT_SERVER",)


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
    page_seconds: float = setting(20.0, "longest reading of one page", least=0.1)
    document_seconds: float = setting(60.0, "longest reading of a document", least=0.1)
    document_seconds_per_page: float = setting(0.2, "more of that for every page")
    page_tries: int = setting(2, "readings of a page that ends its reader", least=1, most=10)
    parser_workers: int = setting(0, "processes that read documents; 0: processors - 1", most=256)
    parser_memory_bytes: int = setting(1024 * MIB, "memory of such a process", least=64 * MIB)
    engine_workers: int = setting(0, "processes that classify; 0: one per processor", most=256)
    engine_memory_bytes: int = setting(512 * MIB, "memory of such a process", least=64 * MIB)
    engine_seconds: float = setting(30.0, "longest classification of one page", least=0.1)
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
    def classifiers(self) -> int:
        """How many processes classify pages."""
        return self.engine_workers or _processors()


def load(
    file: Path | None, environment: Mapping[str, str], overrides: Mapping[str, Any]
) -> Settings:
    """Return the settings of all sources; later ones win. Raises `SettingsError`."""
    values: dict[str, Any] = {}
    if file:
        values |= _from_file(file)
    values |= dict(_from_environment(environment))
    values |= {name: value for name, value in overrides.items() if value is not None}
    backends = read_backends(values.pop("backends", {}), f"{file}: ")
    known = {each.name: each for each in declared(Settings)}
    given = {name: checked(known[name], value) for name, value in values.items()}
    settings = _with_fallbacks(Settings(**given, backends=backends), environment)
    found = _values(settings)
    check_rules(found, _values(Settings()))
    check_engines(
        settings.engine,
        settings.fallback,
        settings.cascade_backend,
        settings.backends,
        settings.openai_model,
    )
    # What a backend cannot be is found now, whatever the engine: a request may choose it.
    _ = settings.models
    return replace(settings, data=placed(found, environment))


def _values(settings: Settings) -> dict[str, Any]:
    return {known.name: getattr(settings, known.name) for known in declared(Settings)}


def _read(file: Path) -> dict[str, Any]:
    try:
        return tomllib.loads(file.read_text())
    except OSError as error:
        raise SettingsError(f"{file}: cannot be read: {error.strerror}") from None
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise SettingsError(f"{file}: is not valid TOML: {error}") from None


def _from_file(file: Path) -> dict[str, Any]:
    values = _read(file)
    names = (known.name for known in declared(Settings))
    check_keys(values, (*names, "backends"), f"{file}: ")
    return values


def _from_environment(environment: Mapping[str, str]) -> Iterator[tuple[str, str]]:
    for known in declared(Settings):
        value = environment.get(PREFIX + known.name.upper())
        if value is not None:
            yield known.name, value


def unknown_variables(environment: Mapping[str, str]) -> Iterator[str]:
    """Yield a sentence for each variable that looks like a setting and is none."""
    names = [PREFIX + known.name.upper() for known in declared(Settings)]
    for variable in sorted(environment):
        if variable.startswith(PREFIX) and variable not in (*names, *_OTHER_VARIABLES):
            yield f"{variable} is no setting{nearest(variable, names)}"


def _with_fallbacks(settings: Settings, environment: Mapping[str, str]) -> Settings:
    main = with_fallbacks(of_openai(settings), environment, named=False)
    backends = {
        name: with_fallbacks(chosen, environment, named=True)
        for name, chosen in settings.backends.items()
    }
    return replace(
        settings,
        openai_base_url=main.base_url,
        openai_api_key=main.api_key,
        backends=backends,
    )


def _processors() -> int:
    """Count the processors this process may use, not those of the machine."""
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1
