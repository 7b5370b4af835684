"""The commands that come before classifying: what it would take, and what is wrong already."""

import dataclasses
import json
import sys
from collections.abc import Sequence
from typing import Final

from docsort._categories import CategoryLike
from docsort._cli.bar import UploadBar
from docsort._cli.exits import Exit
from docsort._cli.fields import by_name
from docsort._cli.files import Item
from docsort._cli.follower import fail
from docsort._cli.notices import Waiting, say
from docsort._cli.plans import estimate_lines, finding_lines, sample_named
from docsort._cli.report import native_check, native_estimate
from docsort._enums import Severity
from docsort._errors import DocsortError
from docsort._options import Options
from docsort._planning import Sample
from docsort._sync import Client

# What makes `check --strict` fail: what is likely to cost right answers.
_STRICT: Final = (Severity.WARNING, Severity.ERROR)


class Planner:
    """Ask and print, as text or as JSON."""

    def __init__(self, client: Client, waiting: Waiting, bar: UploadBar, form: str) -> None:
        self._client = client
        self._waiting = waiting
        self._bar = bar
        self._form = form

    def estimate(self, item: Item, categories: Sequence[CategoryLike], options: Options) -> int:
        """Print what the job of a document would take; return the exit code."""
        self._waiting.start()
        try:
            told = self._client.estimate_job(
                item.document, categories, progress=self._sending, **options
            )
        except (DocsortError, OSError) as error:
            return self._refused(item.name, error, categories)
        finally:
            self._end()
        self._print(native_estimate(told), estimate_lines(told))
        return Exit.OK

    def check(
        self, categories: Sequence[CategoryLike], samples: Sequence[Sample], *, strict: bool
    ) -> int:
        """Print what was found about categories; return the exit code."""
        names = [str(each.document or number) for number, each in enumerate(samples, 1)]
        self._waiting.start()
        try:
            told = self._client.check_categories(categories, samples)
        except OSError as error:
            return self._refused(str(error.filename or "sample"), error)
        except DocsortError as error:
            error.violations = tuple(
                dataclasses.replace(each, field=sample_named(each.field, names))
                for each in error.violations
            )
            about = sample_named(error.metadata.get("field", ""), names)
            return self._refused(about, error, categories)
        finally:
            self._end()
        self._print(native_check(told), finding_lines(told, names))
        found = any(finding.severity in _STRICT for finding in told.findings)
        return Exit.FAILED if strict and found else Exit.OK

    def _refused(
        self, name: str, error: DocsortError | OSError, categories: Sequence[CategoryLike] = ()
    ) -> int:
        if isinstance(error, BrokenPipeError):
            raise error
        self._end()
        if isinstance(error, OSError):
            return say(f"{name}: {error.strerror}", Exit.FAILED)
        return fail(by_name(error, categories), about=name)

    def _end(self) -> None:
        self._waiting.stop()
        self._bar.close()

    def _sending(self, sent: int, total: int) -> None:
        self._waiting.stop()
        self._bar(sent, total)

    def _print(self, body: object, lines: Sequence[str]) -> None:
        if self._form == "text":
            print("\n".join(lines), file=sys.stdout, flush=True)
        else:
            print(json.dumps(body, indent=2, ensure_ascii=False), file=sys.stdout, flush=True)
