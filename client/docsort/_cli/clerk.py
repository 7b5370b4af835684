"""The commands about jobs that nobody follows, and about documents that are uploaded."""

import itertools
import json
import sys
from collections.abc import Callable, Iterable, Mapping, Sequence

from docsort import formats
from docsort._categories import CategoryLike
from docsort._cli.bar import UploadBar
from docsort._cli.exits import Exit
from docsort._cli.fields import by_name
from docsort._cli.files import Item
from docsort._cli.follower import fail
from docsort._cli.notices import Waiting, say
from docsort._cli.report import error_body, native_document, native_job, native_submission
from docsort._cli.words import job_line
from docsort._errors import DocsortError
from docsort._models import Failure, RemoteDocument, Submission, UploadedDocument
from docsort._options import Options
from docsort._sync import Client


class Clerk:
    """Do what is asked and print it in a format; `many` when there are several files."""

    def __init__(
        self,
        client: Client,
        waiting: Waiting,
        bar: UploadBar,
        form: str,
        *,
        many: bool = False,
    ) -> None:
        self._client = client
        self._waiting = waiting
        self._bar = bar
        self._form = form
        self._many = many

    def submit(self, item: Item, categories: Sequence[CategoryLike], options: Options) -> int:
        """Hand one document in; return the exit code that it alone would give."""

        def ask() -> str:
            try:
                answer = self._client.submit(
                    item.document, categories, progress=self._sending, **options
                )
            except DocsortError as error:
                raise by_name(error, categories) from None
            return self._submitted(item.name, answer)

        return self._hand_in(item.name, ask)

    def upload(self, item: Item, ttl: float | None) -> int:
        """Upload one file; return the exit code that it alone would give."""

        def ask() -> str:
            assert not isinstance(item.document, UploadedDocument | RemoteDocument)
            answer = self._client.upload(item.document, ttl=ttl, progress=self._sending)
            return self._uploaded(item.name, answer)

        return self._hand_in(item.name, ask)

    def list(self, statuses: Sequence[str], labels: Mapping[str, str], limit: int) -> int:
        """List at most so many jobs; return the exit code."""
        jobs = itertools.islice(self._client.list_jobs(statuses, labels), limit)
        if self._form == "text":
            self._lines(map(job_line, jobs))
        elif self._form == "jsonl":
            self._lines(_text(native_job(job)) for job in jobs)
        else:
            found = [native_job(job) for job in jobs]
            self._lines([_text(found, indent=2)])
        return Exit.OK

    def delete(self, job_ids: Sequence[str]) -> int:
        """Delete jobs, one after the other; return the exit code."""
        return self._delete("job_id", self._client.delete_job, job_ids)

    def delete_documents(self, document_ids: Sequence[str]) -> int:
        """Delete documents, one after the other; return the exit code."""
        return self._delete("document_id", self._client.delete_document, document_ids)

    def _delete(self, name: str, delete: Callable[[str], object], ids: Iterable[str]) -> int:
        code = Exit.OK
        for each in ids:
            try:
                delete(each)
            except DocsortError as error:
                code = max(code, self._undeleted(name, each, error))
                if code is Exit.UNREACHABLE:
                    break
                continue
            self._waiting.stop()
            self._print(f"deleted {each}" if self._form == "text" else _text({name: each}))
        return code

    def _undeleted(self, name: str, each: str, error: DocsortError) -> Exit:
        self._waiting.stop()
        if self._form != "text":
            self._print(_text({name: each, "error": error_body(error)}))
        code = fail(error, about=each)
        # What the server refuses of one id is no wrong usage of the others.
        return Exit.FAILED if error.reason and code is Exit.USAGE else code

    def _hand_in(self, name: str, ask: Callable[[], str]) -> int:
        try:
            self._waiting.start()
            answer = ask()
        except OSError as error:
            if isinstance(error, BrokenPipeError):
                raise
            said = f"{name}: {error.strerror}"
            self._refused(name, Failure(message=said))
            return say(said, Exit.FAILED)
        except DocsortError as error:
            self._refused(name, error)
            return fail(error, about=name)
        finally:
            self._waiting.stop()
            self._bar.close()
        self._print(answer)
        return Exit.OK

    def _refused(self, name: str, error: Failure | DocsortError) -> None:
        """Print a line here too, so that lines and files stay in step."""
        if self._many and self._form != "text":
            self._bar.close()
            self._print(_text({"file": name, "error": error_body(error), "body": None}))

    def _sending(self, sent: int, total: int) -> None:
        self._waiting.stop()
        self._bar(sent, total)

    def _submitted(self, name: str, answer: Submission) -> str:
        if self._form == "text":
            return f"{answer.job_id}  {name}" if self._many else answer.job_id
        pages = self._form == "pages"
        return self._json(name, formats.submitted(answer) if pages else native_submission(answer))

    def _uploaded(self, name: str, answer: UploadedDocument) -> str:
        if self._form == "text":
            return f"{answer.document_id}  {name}" if self._many else answer.document_id
        return self._json(name, native_document(answer))

    def _json(self, name: str, body: object) -> str:
        if self._many:
            return _text({"file": name, "body": body})
        return _text(body) if self._form == "jsonl" else _text(body, indent=2)

    def _lines(self, lines: Iterable[str]) -> None:
        for line in lines:
            self._waiting.stop()
            self._print(line)

    def _print(self, text: str) -> None:
        print(text, file=sys.stdout, flush=True)


def _text(value: object, *, indent: int | None = None) -> str:
    return json.dumps(value, indent=indent, ensure_ascii=False)
