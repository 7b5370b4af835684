"""From arguments to exit code."""

import argparse
import contextlib
import os
import signal
import sys
from collections.abc import Generator, Sequence
from types import FrameType
from typing import NoReturn

from docsort._categories import CategoryLike
from docsort._cli.arguments import make_parser
from docsort._cli.choice import make_report
from docsort._cli.exits import Exit, complaint, exit_code
from docsort._cli.files import UsageError, read_categories_file, read_document
from docsort._cli.report import Report
from docsort._enums import JobStatus
from docsort._errors import DocsortError
from docsort._events import Event, Finished
from docsort._faults import from_failure
from docsort._models import Failure, Job
from docsort._request import Options, page_ranges
from docsort._sync import Client


def main(argv: Sequence[str] | None = None) -> int:
    """Run the command line; returns the exit code."""
    # gRPC would tell of a server that goes away, in the midst of the output. It reads this when
    # its core starts, which is mostly, but not surely, later than here.
    os.environ.setdefault("GRPC_VERBOSITY", "ERROR")
    arguments = make_parser().parse_args(argv)
    signal.signal(signal.SIGTERM, _interrupt)
    try:
        return _run(arguments)
    except UsageError as error:
        return _complain(f"docsort: {error}", Exit.USAGE)
    except DocsortError as error:
        return _complain(complaint(error), exit_code(error))
    except KeyboardInterrupt:
        return _complain("docsort: interrupted", Exit.INTERRUPTED)
    except BrokenPipeError:
        # Whoever read the output has left; Python must not try to flush it at exit.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return Exit.INTERRUPTED


def _run(arguments: argparse.Namespace) -> int:
    if arguments.command == "classify":
        return _classify(arguments)
    streaming = arguments.command == "watch"
    chosen = make_report(arguments.format, many=False, streaming=streaming)
    with Client(arguments.server) as client, contextlib.closing(chosen) as report:
        if streaming:
            report.begin("")
            return _show(client.watch(arguments.job, arguments.after), report)
        cancel = arguments.command == "cancel"
        job = client.cancel_job(arguments.job) if cancel else client.get_job(arguments.job)
        report.finish(job)
    return Exit.FAILED if job.status is JobStatus.FAILED else Exit.OK


def _classify(arguments: argparse.Namespace) -> int:
    categories = _categories(arguments)
    options = _options(arguments)
    many = len(arguments.files) > 1
    code: int = Exit.OK
    chosen = make_report(arguments.format, many=many, streaming=True)
    with Client(arguments.server) as client, contextlib.closing(chosen) as report:
        for name in arguments.files:
            report.begin(name if many else "")
            ended = _one(client, report, name, categories, options)
            code = max(code, ended)
            if ended == Exit.UNREACHABLE:
                break
    return code


def _one(
    client: Client,
    report: Report,
    name: str,
    categories: Sequence[CategoryLike],
    options: Options,
) -> int:
    try:
        with contextlib.closing(
            client.stream(read_document(name), categories, **options)
        ) as events:
            return _show(events, report, about=name)
    except OSError as error:
        if isinstance(error, BrokenPipeError):
            raise
        report.refuse(_stand_in(Failure(message=f"{name}: {error.strerror}")))
        return _complain(f"docsort: {name}: {error.strerror}", Exit.FAILED)
    except DocsortError as error:
        code = exit_code(error)
        if code is not Exit.UNREACHABLE:
            report.refuse(_stand_in(Failure(error.reason, error.message, error.metadata)))
        report.close()
        return _complain(complaint(error, about=name), code)


def _show(events: Generator[Event, None, None], report: Report, *, about: str = "") -> int:
    for event in events:
        report.event(event)
        if not isinstance(event, Finished):
            continue
        if event.job.result is not None:
            report.finish(event.job)
            continue
        report.refuse(event.job)
        error = from_failure(event.job.failure, job_id=event.job.job_id)
        return _complain(complaint(error, about=about), exit_code(error))
    return Exit.OK


def _categories(arguments: argparse.Namespace) -> Sequence[CategoryLike]:
    if arguments.category:
        return list(arguments.category)
    return read_categories_file(arguments.categories)


def _options(arguments: argparse.Namespace) -> Options:
    if arguments.request_id and len(arguments.files) > 1:
        raise UsageError("--request-id names one job: give one file")
    if arguments.files.count("-") > 1:
        raise UsageError("standard input can be read once only: give - once")
    try:
        page_ranges(arguments.pages or ())
    except ValueError as error:
        raise UsageError(f"--{error}") from None
    return Options(
        pages=arguments.pages,
        min_confidence=arguments.min_confidence,
        min_margin=arguments.min_margin,
        deadline=arguments.deadline,
        evidence=False if arguments.no_evidence else None,
        request_id=arguments.request_id,
    )


def _stand_in(failure: Failure) -> Job:
    said = "Classification failed"
    return Job("", JobStatus.FAILED, said, error=failure.message, failure=failure)


def _complain(text: str, code: Exit) -> Exit:
    print(text, file=sys.stderr, flush=True)
    return code


def _interrupt(number: int, frame: FrameType | None) -> NoReturn:
    raise KeyboardInterrupt
