"""From the events of a job to what is printed and the exit code."""

import contextlib
from collections.abc import Generator, Sequence

from docsort._categories import CategoryLike
from docsort._cli.bar import UploadBar
from docsort._cli.exits import Exit, complaint, exit_code
from docsort._cli.fields import by_name
from docsort._cli.files import Item
from docsort._cli.notices import Waiting, say
from docsort._cli.report import Report
from docsort._enums import JobStatus
from docsort._errors import DocsortError
from docsort._events import Event, Finished
from docsort._faults import from_failure
from docsort._models import Failure, Job
from docsort._options import Options
from docsort._sync import Client


class Follower:
    """Follow jobs to their end, one after the other; `many` when there are several files."""

    def __init__(
        self,
        client: Client,
        report: Report,
        waiting: Waiting,
        bar: UploadBar,
        *,
        many: bool = False,
    ) -> None:
        self._client = client
        self._report = report
        self._waiting = waiting
        self._bar = bar
        self._many = many

    def classify(self, item: Item, categories: Sequence[CategoryLike], options: Options) -> int:
        """Classify one document; return the exit code that it alone would give."""
        name = item.name
        self._report.begin(name)
        try:
            self._waiting.start()
            events = self._client.stream(
                item.document, categories, progress=self._sending, **options
            )
            with contextlib.closing(events):
                return self._show(events, about=name) or Exit.OK
        except OSError as error:
            if isinstance(error, BrokenPipeError):
                raise
            said = f"{name}: {error.strerror}"
            self._report.refuse(_stand_in(Failure(message=said)))
            return say(said, Exit.FAILED)
        except DocsortError as error:
            return self._refused(name, by_name(error, categories))
        finally:
            self._bar.close()

    def watch(self, job_id: str, after_sequence: int) -> int:
        """Follow a job that exists; return the exit code of how it ended."""
        self._report.begin(job_id)
        code = self._show(self._client.watch(job_id, after_sequence))
        if code is not None:
            return code
        job = self._client.get_job(job_id)
        said = f"job {job_id} has ended ({job.status}), with no event after {after_sequence}"
        return say(
            f"{said}. Read it with: docsort get {job_id}",
            Exit.OK if job.status is JobStatus.COMPLETED else Exit.FAILED,
        )

    def _sending(self, sent: int, total: int) -> None:
        self._waiting.stop()
        if not self._report.sending(sent, total):
            self._bar(sent, total)

    def _show(self, events: Generator[Event, None, None], *, about: str = "") -> int | None:
        """Return the exit code; None when the events ended without `finished`."""
        for event in events:
            self._waiting.stop()
            self._report.event(event)
            if isinstance(event, Finished):
                return self._ended(event.job, about)
        return None

    def _ended(self, job: Job, about: str) -> int:
        if job.result is not None:
            self._report.finish(job)
            return Exit.OK
        self._report.refuse(job)
        return fail(from_failure(job.failure, job_id=job.job_id), about=about)

    def _refused(self, name: str, error: DocsortError) -> int:
        # A server that cannot be reached says nothing about a single document.
        if self._many or exit_code(error) is not Exit.UNREACHABLE:
            self._report.refuse(_stand_in(Failure(error.reason, error.message, error.metadata)))
        self._report.close()
        return fail(error, about=name)


def fail(error: DocsortError, *, about: str = "", advice: str = "") -> Exit:
    """Print what went wrong and what to do; return the exit code."""
    return say(complaint(error, about=about, advice=advice), exit_code(error))


def _stand_in(failure: Failure) -> Job:
    said = "Classification failed"
    return Job("", JobStatus.FAILED, said, error=failure.message, failure=failure)
