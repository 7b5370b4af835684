"""The names of streams, subjects and consumers, all under one prefix."""

from __future__ import annotations

import re
from dataclasses import dataclass

from docsort_server.jobs.store.protocols import JobKey, Task

# Stands for the empty span of a job's own task.
_WHOLE = "all"
_TOKEN = re.compile(r"[a-z0-9_-]{1,128}")
_TOKENS = re.compile(r"[a-z0-9_-]{1,64}(\.[a-z0-9_-]{1,64})*")
_UNSAFE = re.compile(r"[^A-Za-z0-9_-]")


@dataclass(frozen=True, slots=True)
class Names:
    """Every name follows from the prefix: lower case in subjects, upper case in streams.

    Names become subjects, where dots and wildcards have a meaning, so each part is checked.
    """

    prefix: str = "docsort"

    @property
    def events(self) -> str:
        """The stream of all logs."""
        return f"{self.prefix.upper()}_EVENTS"

    @property
    def tasks(self) -> str:
        """The stream of tasks."""
        return f"{self.prefix.upper()}_TASKS"

    @property
    def documents(self) -> str:
        """The stream of documents."""
        return f"{self.prefix.upper()}_DOCS"

    @property
    def bucket(self) -> str:
        """The key-value bucket of summaries."""
        return f"{self.prefix.upper()}_STATE"

    @property
    def state(self) -> str:
        """The stream under that bucket."""
        return f"KV_{self.bucket}"

    @property
    def leases(self) -> str:
        """The stream under the key-value bucket of leases."""
        return f"KV_{self.prefix.upper()}_LEASES"

    @property
    def cache(self) -> str:
        """The stream of answers that may be used again."""
        return f"{self.prefix.upper()}_CACHE"

    def answer(self, key: str) -> str:
        """Name an answer."""
        return f"{self.prefix}.cache.{_token(key)}"

    def keys(self, stream: str) -> str:
        """Match the keys of a bucket."""
        return f"$KV.{stream.removeprefix('KV_')}.>"

    @property
    def all_jobs(self) -> str:
        """Match all slots of all jobs."""
        return f"{self.prefix}.ev.>"

    def job(self, key: JobKey) -> str:
        """Match all slots of a job."""
        return f"{self.prefix}.ev.{_token(key.tenant)}.{_token(key.job_id)}.>"

    def slot(self, key: JobKey, slot: str) -> str:
        """Name a slot of a job."""
        return f"{self.prefix}.ev.{_token(key.tenant)}.{_token(key.job_id)}.{_tokens(slot)}"

    def slot_everywhere(self, slot: str, tenant: str | None = None) -> str:
        """Match a slot of every job, or of every job of a tenant."""
        whose = "*" if tenant is None else _token(tenant)
        return f"{self.prefix}.ev.{whose}.*.{_tokens(slot)}"

    def parse_slot(self, subject: str) -> tuple[JobKey, str]:
        """Return what `slot` made a subject of."""
        tenant, job_id, slot = subject[len(self.prefix) + 4 :].split(".", 2)
        return JobKey(tenant, job_id), slot

    @property
    def promises(self) -> str:
        """Match all promises of room."""
        return f"{self.prefix}.room.>"

    def promise(self, name: str, size: int) -> str:
        """Name a promise of so many bytes."""
        return f"{self.prefix}.room.{size}.{_token(name)}"

    def parse_promise(self, subject: str) -> int:
        """Return the bytes that `promise` made a subject of."""
        return int(subject[len(self.prefix) + 6 :].partition(".")[0])

    def task(self, task: Task) -> str:
        """Name a task."""
        parts = (task.kind, task.lane, task.key.tenant, task.key.job_id, task.span or _WHOLE)
        return ".".join((self.prefix, "task", *map(_token, parts)))

    def parse_task(self, subject: str) -> Task:
        """Return what `task` made a subject of."""
        kind, lane, tenant, job_id, span = subject[len(self.prefix) + 6 :].split(".")
        return Task(kind, lane, JobKey(tenant, job_id), "" if span == _WHOLE else span)

    def all_of(self, kind: str) -> str:
        """Match the tasks of a kind in all lanes."""
        return f"{self.prefix}.task.{_token(kind)}.>"

    def lane(self, kind: str, lane: str) -> str:
        """Match the tasks of a kind in a lane."""
        return f"{self.prefix}.task.{_token(kind)}.{_token(lane)}.>"

    def pages(self, kind: str, key: JobKey) -> str:
        """Match the page tasks of a kind and job in all lanes."""
        return f"{self.prefix}.task.{_token(kind)}.*.{_token(key.tenant)}.{_token(key.job_id)}.>"

    def note(self, key: str) -> str:
        """Name the note of a document; any key will do."""
        return f"{self.prefix}.doc.note.{_escaped(key)}"

    def chunk(self, upload: str, number: int) -> str:
        """Name a part of an upload."""
        return f"{self.prefix}.doc.chunk.{_token(upload)}.{number}"

    def chunks(self, upload: str) -> str:
        """Match all parts of an upload."""
        return f"{self.prefix}.doc.chunk.{_token(upload)}.>"

    def summary(self, key: JobKey) -> str:
        """Name a job's summary."""
        return f"$KV.{self.prefix.upper()}_STATE.job.{_token(key.tenant)}.{_token(key.job_id)}"

    def cell(self, name: str) -> str:
        """Name a shared value; any name will do."""
        return f"$KV.{self.prefix.upper()}_STATE.cell.{_escaped(name)}"

    def summaries_of(self, tenant: str) -> str:
        """Match the summaries of a tenant's jobs."""
        return f"$KV.{self.prefix.upper()}_STATE.job.{_token(tenant)}.*"

    def parse_summary(self, subject: str) -> JobKey:
        """Return what `summary` made a subject of."""
        return JobKey(*subject.split(".")[3:])

    def lease(self, key: JobKey) -> str:
        """Name a job's lease."""
        return f"$KV.{self.prefix.upper()}_LEASES.job.{_token(key.tenant)}.{_token(key.job_id)}"


def _escaped(text: str) -> str:
    return _UNSAFE.sub(lambda found: f"={ord(found[0]):x}=", text)


def _token(text: str) -> str:
    if not _TOKEN.fullmatch(text):
        raise ValueError(f"{text!r} cannot be part of a subject")
    return text


def _tokens(text: str) -> str:
    if not _TOKENS.fullmatch(text):
        raise ValueError(f"{text!r} cannot be part of a subject")
    return text
