"""What is printed while a job runs and when it ends, one class per kind of output."""

import json
from collections.abc import Callable
from typing import Protocol, TextIO

from google.protobuf import json_format
from google.protobuf.message import Message

from docsort import formats
from docsort._cli.texts import printable
from docsort._cli.words import HEADINGS, page_cells, summary
from docsort._convert import (
    change_to_proto,
    check_to_proto,
    document_to_proto,
    estimate_to_proto,
    event_to_proto,
    job_to_proto,
    submission_to_proto,
)
from docsort._errors import DocsortError
from docsort._events import Event, JobChange, PageFinished
from docsort._models import Failure, Job, PageResult, Submission, UploadedDocument
from docsort._planning import CategoriesCheck, Estimate


class Report(Protocol):
    """Print one document after the other."""

    def begin(self, name: str) -> None:
        """Start a document; `name` is that of its file."""

    def sending(self, sent: int, total: int) -> bool:
        """Tell how far its upload is; return False to leave that to others."""

    def event(self, event: Event) -> None:
        """Tell what happened."""

    def finish(self, job: Job) -> None:
        """Tell how it ended."""

    def refuse(self, job: Job) -> None:
        """Tell of a job without a result; `job`, without an id, may stand in for one."""

    def close(self) -> None:
        """Leave the terminal as it was, whatever happened."""


class BodyReport:
    """Print one JSON value per document, when it is finished; of many with its file's name."""

    def __init__(
        self, out: TextIO, render: Callable[[Job], object], *, indent: int | None, many: bool
    ) -> None:
        self._out = out
        self._render = render
        self._indent = indent
        self._many = many
        self._name = ""

    def begin(self, name: str) -> None:
        """Keep the name."""
        self._name = name

    def sending(self, sent: int, total: int) -> bool:
        """Leave it to others."""
        return False

    def event(self, event: Event) -> None:
        """Print nothing."""

    def finish(self, job: Job) -> None:
        """Print the value."""
        value = self._render(job)
        if self._many:
            value = {"file": self._name, **_error(job), "body": value}
        text = json.dumps(value, indent=self._indent, ensure_ascii=False)
        print(text, file=self._out, flush=True)

    def refuse(self, job: Job) -> None:
        """Print a value here too, so that values and files stay in step."""
        self.finish(job)

    def close(self) -> None:
        """Do nothing."""


class LineReport:
    """Print one event a line as it happens; of many, first which file the job is of."""

    def __init__(self, out: TextIO, *, many: bool) -> None:
        self._out = out
        self._many = many
        self._name = ""
        self._headed = False

    def begin(self, name: str) -> None:
        """Keep the name."""
        self._name = name
        self._headed = False

    def sending(self, sent: int, total: int) -> bool:
        """Leave it to others."""
        return False

    def event(self, event: Event) -> None:
        """Print the event at once."""
        if self._many and not self._headed:
            self._line({"file": self._name, "job_id": event.job_id})
        self._headed = True
        self._line(_native(event_to_proto(event)))

    def finish(self, job: Job) -> None:
        """Print nothing: the last event has said it."""

    def refuse(self, job: Job) -> None:
        """Print why there were no events, or no more of them."""
        if not job.job_id:
            self._line({"file": self._name, **_error(job)})

    def close(self) -> None:
        """Do nothing."""

    def _line(self, value: object) -> None:
        print(json.dumps(value, ensure_ascii=False), file=self._out, flush=True)


class PlainReport:
    """Print a line per page as it comes, then the summary, for files and dumb terminals."""

    def __init__(self, out: TextIO, *, many: bool) -> None:
        self._out = out
        self._many = many
        self._named = False
        self._headed = False

    def begin(self, name: str) -> None:
        """Print the name as a title, if there are many."""
        self._named = self._headed = False
        if self._many:
            self._line(f"== {printable(name)} ==")

    def sending(self, sent: int, total: int) -> bool:
        """Leave it to others."""
        return False

    def event(self, event: Event) -> None:
        """Print which job it is, then the pages."""
        if not self._named:
            self._line(f"{'job':<11} {event.job_id}")
            self._named = True
        if isinstance(event, PageFinished):
            self._page(event.page_result)

    def finish(self, job: Job) -> None:
        """Print the pages, if they have not come as events, and the summary."""
        for page in job.result.page_results if job.result and not self._headed else ():
            self._page(page)
        for label, text in summary(job):
            self._line(f"{label:<11} {text}")

    def refuse(self, job: Job) -> None:
        """Print nothing: the complaint says it all."""

    def close(self) -> None:
        """Do nothing."""

    def _page(self, page: PageResult) -> None:
        if not self._headed:
            self._line(_columns(*HEADINGS))
            self._headed = True
        self._line(_columns(*page_cells(page)))

    def _line(self, text: str) -> None:
        print(text.rstrip(), file=self._out, flush=True)


def native_job(job: Job) -> object:
    """Return the job as JSON with the field names of the contract."""
    return _native(job_to_proto(job))


def native_submission(answer: Submission) -> object:
    """Return the answer to a submission as JSON with the field names of the contract."""
    return _native(submission_to_proto(answer))


def native_estimate(told: Estimate) -> object:
    """Return an estimate as JSON with the field names of the contract."""
    return _native(estimate_to_proto(told))


def native_check(told: CategoriesCheck) -> object:
    """Return findings as JSON with the field names of the contract."""
    return _native(check_to_proto(told))


def native_change(change: JobChange) -> object:
    """Return a change of the feed as JSON with the field names of the contract."""
    return _native(change_to_proto(change))


def native_document(document: UploadedDocument) -> object:
    """Return an uploaded document as JSON with the field names of the contract."""
    return _native(document_to_proto(document))


def error_body(error: Failure | DocsortError) -> dict[str, object]:
    """Return what went wrong as JSON; the reason is null where the contract has none."""
    return {"reason": error.reason or None, "message": error.message}


def body_renderer(name: str) -> Callable[[Job], object]:
    """Return what makes the body of a format."""
    return {"pages": formats.pages, "criteria": formats.criteria}.get(name, native_job)


def _error(job: Job) -> dict[str, object]:
    if job.failure is None:
        return {}
    return {"error": error_body(job.failure)}


def _columns(page: str, category: str, confidence: str, outcome: str, because: str) -> str:
    return f"{page:>5}  {category:<24} {confidence:>10}  {outcome:<10}  {because}"


def _native(message: Message) -> object:
    return json_format.MessageToDict(
        message,
        preserving_proto_field_name=True,
        always_print_fields_with_no_presence=True,
    )
