"""What is printed while a job runs and when it ends, one class per kind of output."""

import json
from collections.abc import Callable
from typing import Protocol, TextIO

from google.protobuf import json_format
from google.protobuf.message import Message

from docsort import formats
from docsort._cli.words import HEADINGS, page_cells, summary
from docsort._convert import event_to_proto, job_to_proto
from docsort._events import Event, PageFinished
from docsort._models import Job, PageResult


class Report(Protocol):
    """Print one document after the other."""

    def begin(self, title: str) -> None:
        """Start a document; `title` is empty when it is the only one."""

    def event(self, event: Event) -> None:
        """Tell what happened."""

    def finish(self, job: Job) -> None:
        """Tell how it ended."""

    def refuse(self, job: Job) -> None:
        """Tell of a document that never became a job; `job` stands in for it."""

    def close(self) -> None:
        """Leave the terminal as it was, whatever happened."""


class BodyReport:
    """Print one JSON value per document, when it is finished."""

    def __init__(self, out: TextIO, render: Callable[[Job], object], *, indent: int | None) -> None:
        self._out = out
        self._render = render
        self._indent = indent

    def begin(self, title: str) -> None:
        """Print nothing."""

    def event(self, event: Event) -> None:
        """Print nothing."""

    def finish(self, job: Job) -> None:
        """Print the value."""
        text = json.dumps(self._render(job), indent=self._indent, ensure_ascii=False)
        print(text, file=self._out, flush=True)

    def refuse(self, job: Job) -> None:
        """Print a value here too, so that values and files stay in step."""
        self.finish(job)

    def close(self) -> None:
        """Do nothing."""


class LineReport:
    """Print one event a line as it happens."""

    def __init__(self, out: TextIO) -> None:
        self._out = out

    def begin(self, title: str) -> None:
        """Print nothing."""

    def event(self, event: Event) -> None:
        """Print the event at once."""
        line = json.dumps(_native(event_to_proto(event)), ensure_ascii=False)
        print(line, file=self._out, flush=True)

    def finish(self, job: Job) -> None:
        """Print nothing: the last event has said it."""

    def refuse(self, job: Job) -> None:
        """Print nothing: there was no event."""

    def close(self) -> None:
        """Do nothing."""


class PlainReport:
    """Print a line per page as it comes, then the summary, for files and dumb terminals."""

    def __init__(self, out: TextIO) -> None:
        self._out = out
        self._headed = False

    def begin(self, title: str) -> None:
        """Print the title."""
        self._headed = False
        if title:
            self._line(f"== {title} ==")

    def event(self, event: Event) -> None:
        """Print the page."""
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


def body_renderer(name: str) -> Callable[[Job], object]:
    """Return what makes the body of a format."""
    return {"pages": formats.pages, "criteria": formats.criteria}.get(name, native_job)


def _columns(page: str, category: str, confidence: str, outcome: str, because: str) -> str:
    return f"{page:>5}  {category:<24} {confidence:>10}  {outcome:<10}  {because}"


def _native(message: Message) -> object:
    return json_format.MessageToDict(
        message,
        preserving_proto_field_name=True,
        always_print_fields_with_no_presence=True,
    )
