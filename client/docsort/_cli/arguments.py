"""What the command line accepts."""

import argparse
from collections.abc import Sequence
from typing import Final

from docsort import __version__
from docsort._cli import manual, parts, values
from docsort._cli.evaluate import arguments as evaluate
from docsort._cli.usage import check_options, shorten
from docsort._enums import JobStatus

SUBMIT_FORMATS: Final = ("text", "json", "jsonl", "pages")
PLAN_FORMATS: Final = ("text", "json")
LIST_FORMATS: Final = ("text", "json", "jsonl")
_JOB: Final = "a job's id, as classify prints it"
_DOCUMENT: Final = "a document's id, as upload prints it"


def parsed(words: Sequence[str]) -> argparse.Namespace:
    """Return what a command line says, a `command` with it; exit with 2 for mistakes."""
    parser, commands = _parsers()
    check_options(words, commands.choices)
    return parser.parse_args(words)


def _parsers() -> tuple[argparse.ArgumentParser, parts.Commands]:
    parser = argparse.ArgumentParser(
        prog="docsort",
        description="Classify documents, a page at a time.",
        epilog=manual.MAIN,
        formatter_class=argparse.RawDescriptionHelpFormatter,
        allow_abbrev=False,
    )
    parser.add_argument("--version", action="version", version=f"docsort {__version__}")
    commands = parser.add_subparsers(dest="command", required=True, metavar="COMMAND")
    _add_classify(commands)
    _add_submit(commands)
    _add_check(commands)
    _add_estimate(commands)
    _add_list(commands)
    _add_feed(commands)
    _add_watch(commands)
    _add_get(commands)
    _add_cancel(commands)
    _add_delete(commands)
    _add_upload(commands)
    _add_delete_document(commands)
    evaluate.add_evaluate(commands)
    evaluate.add_pool(commands)
    evaluate.add_calibrate(commands)
    shorten(commands.choices)
    return parser, commands


def _add_classify(commands: parts.Commands) -> None:
    parser = parts.command(commands, "classify", "classify documents and show their pages")
    parser.epilog = manual.CLASSIFY
    _add_request(parser)


def _add_submit(commands: parts.Commands) -> None:
    about = "hand documents in and print their jobs' ids; the jobs run whoever watches"
    parser = parts.command(commands, "submit", about, SUBMIT_FORMATS)
    parser.epilog = manual.SUBMIT
    _add_request(parser)


def _add_check(commands: parts.Commands) -> None:
    about = "look at categories before any document is paid for"
    parser = parts.command(commands, "check", about, PLAN_FORMATS)
    parser.epilog = manual.CHECK
    parser.add_argument("categories", metavar="CATEGORIES", help="a YAML or JSON file")
    parser.add_argument(
        "--sample",
        metavar="[CATEGORY=]FILE",
        type=values.sample,
        action="append",
        default=[],
        help="a document to try them on, with its category if that is known; repeat it",
    )
    parser.add_argument(
        "--strict", action="store_true", help="exit with 1 where there is a warning or an error"
    )
    _add_json(parser)


def _add_estimate(commands: parts.Commands) -> None:
    about = "tell what classifying a document would take, without doing it"
    parser = parts.command(commands, "estimate", about, PLAN_FORMATS)
    parser.epilog = manual.ESTIMATE
    _add_request(parser)
    _add_json(parser)


def _add_json(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "--json", action="store_const", const="json", dest="format", help="short for --format json"
    )


def _add_request(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "files",
        metavar="FILE",
        nargs="*",
        help="a document; - reads standard input; https:// and the like are fetched by the server",
    )
    parser.add_argument(
        "--document-id",
        metavar="ID",
        type=values.document_id,
        action="append",
        default=[],
        help="a document uploaded before, instead of a file; repeat it",
    )
    parts.add_categories(parser)
    _add_options(parser)


def _add_options(parser: argparse.ArgumentParser) -> None:
    parts.add_reading(parser)
    parser.add_argument("--no-evidence", action="store_true", help="quote no lines of the pages")
    parts.add_labels(parser, "a label of your own for the job; repeat it with other keys")
    parser.add_argument(
        "--ttl", metavar="SECONDS", type=values.seconds, help="how long the server keeps the job"
    )
    parser.add_argument("--priority", choices=("normal", "high"), help="high goes first")
    parts.add_engines(parser)
    parser.add_argument(
        "--request-id", metavar="UUID", help="the same id and request are the same job"
    )


def _add_watch(commands: parts.Commands) -> None:
    parser = parts.command(commands, "watch", "watch a job to its end; leaving cancels nothing")
    parser.epilog = manual.WATCH
    parser.add_argument("job", metavar="JOB", help=_JOB)
    parser.add_argument(
        "--after", metavar="N", type=values.sequence, default=0, help="only events after sequence N"
    )


def _add_get(commands: parts.Commands) -> None:
    parser = parts.command(commands, "get", "show a job as it stands")
    parser.epilog = manual.GET
    parser.add_argument("job", metavar="JOB", help=_JOB)


def _add_cancel(commands: parts.Commands) -> None:
    parser = parts.command(commands, "cancel", "stop a job")
    parser.epilog = manual.CANCEL
    parser.add_argument("job", metavar="JOB", help=_JOB)


def _add_list(commands: parts.Commands) -> None:
    parser = parts.command(commands, "list", "list jobs, the newest first", LIST_FORMATS)
    parser.epilog = manual.LIST
    _add_filter(parser)
    parser.add_argument(
        "--limit", metavar="N", type=values.count, default=50, help="at most N jobs (default 50)"
    )


def _add_feed(commands: parts.Commands) -> None:
    about = "tell what becomes of all jobs, one line a change, until Ctrl-C"
    parser = parts.command(commands, "feed", about, LIST_FORMATS)
    parser.epilog = manual.FEED
    _add_filter(parser)
    begin = parser.add_mutually_exclusive_group()
    begin.add_argument(
        "--resume",
        metavar="TOKEN",
        type=values.token,
        help="go on after what an earlier feed has told",
    )
    begin.add_argument(
        "--from-start", action="store_true", help="first the jobs that are there, the oldest first"
    )


def _add_filter(parser: argparse.ArgumentParser) -> None:
    states = [str(status) for status in JobStatus if status]
    parser.add_argument(
        "--status", choices=states, action="append", help="only jobs in this state; repeat it"
    )
    parts.add_labels(parser, "only jobs with this label; repeat it with other keys")


def _add_delete(commands: parts.Commands) -> None:
    parser = parts.command(commands, "delete", "make the server forget finished jobs", LIST_FORMATS)
    parser.epilog = manual.DELETE
    parser.add_argument("jobs", metavar="JOB", nargs="+", help=_JOB)


def _add_upload(commands: parts.Commands) -> None:
    about = "upload documents and print their ids, for jobs to be about them later"
    parser = parts.command(commands, "upload", about, LIST_FORMATS)
    parser.epilog = manual.UPLOAD
    parser.add_argument("files", metavar="FILE", nargs="+", help="a PDF; - reads standard input")
    parser.add_argument(
        "--ttl",
        metavar="SECONDS",
        type=values.seconds,
        help="how long the server keeps the documents",
    )


def _add_delete_document(commands: parts.Commands) -> None:
    about = "make the server forget uploaded documents"
    parser = parts.command(commands, "delete-document", about, LIST_FORMATS)
    parser.epilog = manual.DELETE_DOCUMENT
    parser.add_argument(
        "documents", metavar="ID", nargs="+", type=values.document_id, help=_DOCUMENT
    )
