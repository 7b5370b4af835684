"""From arguments to exit code."""

import argparse
import contextlib
import os
import signal
import sys
from collections.abc import Callable, Sequence
from types import FrameType
from typing import NoReturn

from docsort._cli import chosen
from docsort._cli.arguments import parsed
from docsort._cli.bar import UploadBar
from docsort._cli.choice import make_report
from docsort._cli.clerk import Clerk
from docsort._cli.crier import Crier
from docsort._cli.evaluate.command import run_evaluation
from docsort._cli.exits import Advised, Exit
from docsort._cli.fields import by_name
from docsort._cli.files import Item, UsageError, items, local_items, read_categories_file
from docsort._cli.follower import Follower, fail
from docsort._cli.notices import Waiting, notices, say
from docsort._cli.planner import Planner
from docsort._enums import JobStatus
from docsort._errors import APITimeoutError, DocsortError, OverloadedError
from docsort._feed import FeedCursor
from docsort._models import Job
from docsort._options import Options
from docsort._request import build_filter
from docsort._sync import Client


def main(argv: Sequence[str] | None = None) -> int:
    """Run the command line; returns the exit code."""
    arguments = parsed(sys.argv[1:] if argv is None else argv)
    signal.signal(signal.SIGTERM, _interrupt)
    try:
        with notices(arguments.server, text=arguments.format == "text") as waiting:
            return _run(arguments, waiting)
    except UsageError as error:
        return say(str(error), Exit.USAGE)
    except Advised as advised:
        return fail(advised.error, advice=advised.advice)
    except DocsortError as error:
        return fail(by_name(error))
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
    if arguments.command in {"check", "estimate"}:
        return _plan(arguments, waiting)
    if arguments.command == "feed":
        chosen_jobs = build_filter(arguments.status or (), chosen.labels_of(arguments))
        cursor = FeedCursor(chosen_jobs, arguments.resume or "", from_start=arguments.from_start)
        return Crier(arguments.server, waiting, arguments.format).tell(cursor)
    if arguments.command == "upload":
        return _upload(arguments, waiting)
    if arguments.command in {"list", "delete", "delete-document"}:
        return _keep(arguments, waiting)
    if arguments.command in {"evaluate", "pool", "calibrate"}:
        return run_evaluation(arguments)
    streaming = arguments.command == "watch"
    made = make_report(arguments.format, many=False, streaming=streaming)
    with Client(arguments.server) as client, contextlib.closing(made) as report:
        waiting.start()
        if streaming:
            return Follower(client, report, waiting, UploadBar()).watch(
                arguments.job, arguments.after
            )
        cancel = arguments.command == "cancel"
        job = _cancelled(client, arguments.job) if cancel else client.get_job(arguments.job)
        waiting.stop()
        report.finish(job)
    return Exit.FAILED if job.status is JobStatus.FAILED else Exit.OK


def _cancelled(client: Client, job_id: str) -> Job:
    try:
        return client.cancel_job(job_id)
    except (OverloadedError, APITimeoutError) as error:
        raise Advised(error, f"It may still be cancelled; see: docsort get {job_id}") from None


def _classify(arguments: argparse.Namespace, waiting: Waiting) -> int:
    categories = chosen.categories(arguments)
    wanted, options = _wanted(arguments)
    many = len(wanted) > 1
    made = make_report(arguments.format, many=many, streaming=True)
    with Client(arguments.server) as client, contextlib.closing(made) as report:
        follower = Follower(client, report, waiting, UploadBar(), many=many)
        return _each(wanted, lambda item: follower.classify(item, categories, options))


def _submit(arguments: argparse.Namespace, waiting: Waiting) -> int:
    categories = chosen.categories(arguments)
    wanted, options = _wanted(arguments)
    with Client(arguments.server) as client:
        clerk = Clerk(client, waiting, UploadBar(), arguments.format, many=len(wanted) > 1)
        return _each(wanted, lambda item: clerk.submit(item, categories, options))


def _plan(arguments: argparse.Namespace, waiting: Waiting) -> int:
    if arguments.command == "check":
        checked = read_categories_file(arguments.categories)
        samples = chosen.samples(arguments, checked)
        with Client(arguments.server) as client:
            planner = Planner(client, waiting, UploadBar(), arguments.format)
            return planner.check(checked, samples, strict=arguments.strict)
    categories = chosen.categories(arguments)
    wanted, options = _wanted(arguments)
    if len(wanted) > 1:
        raise UsageError("estimate tells of one document at a time: give one FILE")
    with Client(arguments.server) as client:
        planner = Planner(client, waiting, UploadBar(), arguments.format)
        return planner.estimate(wanted[0], categories, options)


def _upload(arguments: argparse.Namespace, waiting: Waiting) -> int:
    wanted = local_items(arguments.files)
    with Client(arguments.server) as client:
        clerk = Clerk(client, waiting, UploadBar(), arguments.format, many=len(wanted) > 1)
        return _each(wanted, lambda item: clerk.upload(item, arguments.ttl))


def _each(wanted: Sequence[Item], do: Callable[[Item], int]) -> int:
    """Do it to one after the other; return the greatest exit code."""
    code: int = Exit.OK
    for item in wanted:
        ended = do(item)
        code = max(code, ended)
        if ended == Exit.UNREACHABLE:
            break
    return code


def _keep(arguments: argparse.Namespace, waiting: Waiting) -> int:
    labels = chosen.labels_of(arguments) if arguments.command == "list" else {}
    with Client(arguments.server) as client:
        waiting.start()
        clerk = Clerk(client, waiting, UploadBar(), arguments.format)
        if arguments.command == "delete":
            return clerk.delete(arguments.jobs)
        if arguments.command == "delete-document":
            return clerk.delete_documents(arguments.documents)
        return clerk.list(arguments.status or (), labels, arguments.limit)


def _wanted(arguments: argparse.Namespace) -> tuple[list[Item], Options]:
    wanted = items(arguments.files, arguments.document_id)
    if arguments.request_id and len(wanted) > 1:
        raise UsageError("--request-id names one job: give one file")
    return wanted, chosen.options(arguments)


def _interrupt(number: int, frame: FrameType | None) -> NoReturn:
    raise KeyboardInterrupt
