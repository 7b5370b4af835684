"""From arguments to exit code."""

import argparse
import contextlib
import os
import signal
import sys
from collections.abc import Sequence
from types import FrameType
from typing import NoReturn

from docsort._categories import CategoryLike
from docsort._cli.arguments import make_parser
from docsort._cli.choice import make_report
from docsort._cli.clerk import Clerk
from docsort._cli.crier import Crier
from docsort._cli.exits import Exit
from docsort._cli.files import UsageError, read_categories_file
from docsort._cli.follower import Follower, fail
from docsort._cli.notices import Waiting, notices, say
from docsort._enums import JobStatus
from docsort._errors import DocsortError
from docsort._feed import FeedCursor
from docsort._request import Options, build_filter, page_ranges
from docsort._sync import Client


def main(argv: Sequence[str] | None = None) -> int:
    """Run the command line; returns the exit code."""
    arguments = make_parser().parse_args(argv)
    signal.signal(signal.SIGTERM, _interrupt)
    try:
        with notices(arguments.server, text=arguments.format == "text") as waiting:
            return _run(arguments, waiting)
    except UsageError as error:
        return say(str(error), Exit.USAGE)
    except DocsortError as error:
        return fail(error)
    except KeyboardInterrupt:
        return say("interrupted", Exit.INTERRUPTED)
    except BrokenPipeError:
        # Whoever read the output has left; Python must not try to flush it at exit.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return Exit.INTERRUPTED


def _run(arguments: argparse.Namespace, waiting: Waiting) -> int:
    if arguments.command == "classify":
        return _classify(arguments, waiting)
    if arguments.command == "submit":
        return _submit(arguments, waiting)
    if arguments.command == "feed":
        chosen_jobs = build_filter(arguments.status or (), dict(arguments.label))
        cursor = FeedCursor(chosen_jobs, arguments.resume, from_start=arguments.from_start)
        return Crier(arguments.server, waiting, arguments.format).tell(cursor)
    if arguments.command in {"list", "delete"}:
        return _keep(arguments, waiting)
    streaming = arguments.command == "watch"
    chosen = make_report(arguments.format, many=False, streaming=streaming)
    with Client(arguments.server) as client, contextlib.closing(chosen) as report:
        waiting.start()
        if streaming:
            return Follower(client, report, waiting).watch(arguments.job, arguments.after)
        cancel = arguments.command == "cancel"
        job = client.cancel_job(arguments.job) if cancel else client.get_job(arguments.job)
        waiting.stop()
        report.finish(job)
    return Exit.FAILED if job.status is JobStatus.FAILED else Exit.OK


def _classify(arguments: argparse.Namespace, waiting: Waiting) -> int:
    categories = _categories(arguments)
    options = _options(arguments)
    many = len(arguments.files) > 1
    code: int = Exit.OK
    chosen = make_report(arguments.format, many=many, streaming=True)
    with Client(arguments.server) as client, contextlib.closing(chosen) as report:
        follower = Follower(client, report, waiting, many=many)
        for name in arguments.files:
            ended = follower.classify(name, categories, options)
            code = max(code, ended)
            if ended == Exit.UNREACHABLE:
                break
    return code


def _submit(arguments: argparse.Namespace, waiting: Waiting) -> int:
    categories = _categories(arguments)
    options = _options(arguments)
    many = len(arguments.files) > 1
    code: int = Exit.OK
    with Client(arguments.server) as client:
        clerk = Clerk(client, waiting, arguments.format, many=many)
        for name in arguments.files:
            ended = clerk.submit(name, categories, options)
            code = max(code, ended)
            if ended == Exit.UNREACHABLE:
                break
    return code


def _keep(arguments: argparse.Namespace, waiting: Waiting) -> int:
    with Client(arguments.server) as client:
        waiting.start()
        clerk = Clerk(client, waiting, arguments.format)
        if arguments.command == "delete":
            return clerk.delete(arguments.jobs)
        labels = dict(arguments.label)
        return clerk.list(arguments.status or (), labels, arguments.limit)


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
        labels=dict(arguments.label),
        ttl=arguments.ttl,
        priority=arguments.priority,
        request_id=arguments.request_id,
    )


def _interrupt(number: int, frame: FrameType | None) -> NoReturn:
    raise KeyboardInterrupt
