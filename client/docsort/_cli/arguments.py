"""What the command line accepts."""

import argparse
import os
from collections.abc import Sequence
from typing import Final, TypeAlias

from docsort import __version__
from docsort._channel import DEFAULT_TARGET
from docsort._cli import manual, values
from docsort._enums import JobStatus

# argparse has no public name for what add_subparsers returns.
_Commands: TypeAlias = "argparse._SubParsersAction[argparse.ArgumentParser]"  # noqa: SLF001

FORMATS: Final = ("text", "json", "jsonl", "pages", "criteria")
SUBMIT_FORMATS: Final = ("text", "json", "jsonl", "pages")
PLAN_FORMATS: Final = ("text", "json")
LIST_FORMATS: Final = ("text", "json", "jsonl")
_JOB: Final = "a job's id, as classify prints it"
_DOCUMENT: Final = "a document's id, as upload prints it"


def make_parser() -> argparse.ArgumentParser:
    """Return the parser; its namespace has a `command`."""
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
    return parser


def _command(
    commands: _Commands, name: str, about: str, formats: Sequence[str] = FORMATS
) -> argparse.ArgumentParser:
    parser = commands.add_parser(
        name,
        help=about,
        description=about[0].upper() + about[1:] + ".",
        formatter_class=argparse.RawDescriptionHelpFormatter,
        allow_abbrev=False,
        epilog=manual.EXITS,
    )
    server = os.environ.get("DOCSORT_SERVER") or DEFAULT_TARGET
    parser.add_argument(
        "--server",
        metavar="HOST:PORT",
        default=server,
        type=values.server,
        help=f"where the server listens (now {server})",
    )
    parser.add_argument(
        "--format", choices=formats, default="text", help="what to print (default text)"
    )
    return parser


def _add_classify(commands: _Commands) -> None:
    parser = _command(commands, "classify", "classify documents and show their pages")
    parser.epilog = manual.CLASSIFY
    _add_request(parser)


def _add_submit(commands: _Commands) -> None:
    about = "hand documents in and print their jobs' ids; the jobs run whoever watches"
    parser = _command(commands, "submit", about, SUBMIT_FORMATS)
    parser.epilog = manual.SUBMIT
    _add_request(parser)


def _add_check(commands: _Commands) -> None:
    about = "look at categories before any document is paid for"
    parser = _command(commands, "check", about, PLAN_FORMATS)
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


def _add_estimate(commands: _Commands) -> None:
    about = "tell what classifying a document would take, without doing it"
    parser = _command(commands, "estimate", about, PLAN_FORMATS)
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
    source = parser.add_mutually_exclusive_group(required=True)
    source.add_argument(
        "-c", "--category", metavar="NAME", action="append", help="a category; repeat it"
    )
    source.add_argument("--categories", metavar="FILE", help="categories from a YAML or JSON file")
    _add_options(parser)


def _add_options(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--pages", metavar="LIST", help="only these pages, such as 1,3,5-7,last(2)")
    parser.add_argument(
        "--password-file", metavar="FILE", help="its first line opens encrypted documents"
    )
    parser.add_argument(
        "--min-confidence",
        metavar="X",
        type=values.fraction,
        help="least confidence to match, 0 to 1",
    )
    parser.add_argument(
        "--min-margin", metavar="X", type=values.fraction, help="least lead over the second, 0 to 1"
    )
    parser.add_argument(
        "--deadline",
        metavar="SECONDS",
        type=values.seconds,
        help="finish by then with what is done",
    )
    parser.add_argument("--no-evidence", action="store_true", help="quote no lines of the pages")
    _add_labels(parser, "a label of your own for the job; repeat it with other keys")
    parser.add_argument(
        "--ttl", metavar="SECONDS", type=values.seconds, help="how long the server keeps the job"
    )
    parser.add_argument("--priority", choices=("normal", "high"), help="high goes first")
    _add_engines(parser)
    parser.add_argument(
        "--request-id", metavar="UUID", help="the same id and request are the same job"
    )


def _add_engines(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--engine", metavar="NAME", help="one of the server's engines")
    parser.add_argument(
        "--fallback",
        metavar="NAME",
        action="append",
        help="an engine for pages that the one before cannot answer; repeat it",
    )
    parser.add_argument(
        "--max-model-calls", metavar="N", type=values.calls, help="pay for at most N model answers"
    )
    parser.add_argument(
        "--max-seconds",
        metavar="SECONDS",
        type=values.seconds,
        help="ask models no longer than that",
    )
    parser.add_argument(
        "--when-spent",
        choices=("local", "leave_out"),
        help="who answers the other pages then: the embedded engine, which is usual, or nobody",
    )
    parser.add_argument(
        "--no-cache", action="store_true", help="use no answer of a model again, and keep none"
    )
    parser.add_argument(
        "--stop-when",
        choices=("decided",),
        help="end once the pages that are left cannot change the category",
    )


def _add_watch(commands: _Commands) -> None:
    parser = _command(commands, "watch", "watch a job to its end; leaving cancels nothing")
    parser.epilog = manual.WATCH
    parser.add_argument("job", metavar="JOB", help=_JOB)
    parser.add_argument(
        "--after", metavar="N", type=values.sequence, default=0, help="only events after sequence N"
    )


def _add_get(commands: _Commands) -> None:
    parser = _command(commands, "get", "show a job as it stands")
    parser.epilog = manual.GET
    parser.add_argument("job", metavar="JOB", help=_JOB)


def _add_cancel(commands: _Commands) -> None:
    parser = _command(commands, "cancel", "stop a job")
    parser.epilog = manual.CANCEL
    parser.add_argument("job", metavar="JOB", help=_JOB)


def _add_list(commands: _Commands) -> None:
    parser = _command(commands, "list", "list jobs, the newest first", LIST_FORMATS)
    parser.epilog = manual.LIST
    _add_filter(parser)
    parser.add_argument(
        "--limit", metavar="N", type=values.count, default=50, help="at most N jobs (default 50)"
    )


def _add_feed(commands: _Commands) -> None:
    about = "tell what becomes of all jobs, one line a change, until Ctrl-C"
    parser = _command(commands, "feed", about, LIST_FORMATS)
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
    _add_labels(parser, "only jobs with this label; repeat it with other keys")


def _add_delete(commands: _Commands) -> None:
    parser = _command(commands, "delete", "make the server forget finished jobs", LIST_FORMATS)
    parser.epilog = manual.DELETE
    parser.add_argument("jobs", metavar="JOB", nargs="+", help=_JOB)


def _add_upload(commands: _Commands) -> None:
    about = "upload documents and print their ids, for jobs to be about them later"
    parser = _command(commands, "upload", about, LIST_FORMATS)
    parser.epilog = manual.UPLOAD
    parser.add_argument("files", metavar="FILE", nargs="+", help="a PDF; - reads standard input")
    parser.add_argument(
        "--ttl",
        metavar="SECONDS",
        type=values.seconds,
        help="how long the server keeps the documents",
    )


def _add_delete_document(commands: _Commands) -> None:
    about = "make the server forget uploaded documents"
    parser = _command(commands, "delete-document", about, LIST_FORMATS)
    parser.epilog = manual.DELETE_DOCUMENT
    parser.add_argument(
        "documents", metavar="ID", nargs="+", type=values.document_id, help=_DOCUMENT
    )


def _add_labels(parser: argparse.ArgumentParser, about: str) -> None:
    parser.add_argument(
        "--label", metavar="KEY=VALUE", type=values.label, action="append", default=[], help=about
    )
