"""What the command line accepts, and the help that teaches it."""

import argparse
import math
import os
from typing import Final, TypeAlias

from docsort import __version__
from docsort._channel import DEFAULT_TARGET, check_target

# argparse has no public name for what add_subparsers returns.
_Commands: TypeAlias = "argparse._SubParsersAction[argparse.ArgumentParser]"  # noqa: SLF001

FORMATS: Final = ("text", "json", "jsonl", "pages", "criteria")

_ENVIRONMENT: Final = """\
environment:
  DOCSORT_SERVER  HOST:PORT to use without --server
"""
_REFUSED: Final = """\
  2    wrong usage, or a request that the server refuses
  3    the server cannot be reached, is overloaded, is shutting down, or has lost the job"""
_EXITS: Final = f"""\
exit codes:
  0    all documents were classified
  1    some document failed; the others were still done
{_REFUSED}
  130  interrupted: the job was cancelled

{_ENVIRONMENT}"""
_MAIN: Final = f"""\
examples:
  docsort classify letter.pdf -c Invoice -c Contract
  docsort classify *.pdf --categories categories.yaml --format jsonl
  docsort get JOB --format pages

{_EXITS}"""
_CLASSIFY: Final = f"""\
examples:
  # Two categories by name; a progress bar and a table on a terminal
  docsort classify scan.pdf -c Invoice -c Contract

  # Categories with descriptions and criteria from a file, one event a line as it happens
  docsort classify scan.pdf --categories categories.yaml --format jsonl

  # From a pipe, some pages only, for at most ten seconds
  curl -s https://example.org/a.pdf | docsort classify - -c Invoice -c Other \\
      --pages 1,3,5-7 --deadline 10

categories file (YAML or JSON), any of:
  categories: [{{name: Invoice, description: ..., criteria: [States an amount due]}}]
  [Invoice, Contract]
  [{{name: Invoice, description: ...}}]
  classification_schema: [{{category: Invoice, criteria: [...]}}]

formats:
  text      a table and a summary for people
  json      the job with the field names of the contract; several files: one job a line
  jsonl     one event a line as it happens, the same names
  pages     the page-by-page body: job_id, status, progress, error, result
  criteria  the criteria body: job_id, result, response_confidence, duration

{_EXITS}"""


_WATCH: Final = f"""\
examples:
  docsort watch 5cb29a6e-4f3f-5b62-9c3f-b7a3b1ef4a55

  # Go on where an earlier watch was left: events after sequence 12, one a line
  docsort watch 5cb29a6e-4f3f-5b62-9c3f-b7a3b1ef4a55 --after 12 --format jsonl

exit codes:
  0    the job was completed
  1    the job failed or was cancelled
{_REFUSED}
  130  interrupted: the job goes on

{_ENVIRONMENT}"""
_GET: Final = f"""\
examples:
  docsort get 5cb29a6e-4f3f-5b62-9c3f-b7a3b1ef4a55 --format pages

exit codes:
  0    the job was read: it is completed, cancelled, or goes on
  1    the job failed
{_REFUSED}
  130  interrupted: the job is as it was

{_ENVIRONMENT}"""
_CANCEL: Final = f"""\
examples:
  docsort cancel 5cb29a6e-4f3f-5b62-9c3f-b7a3b1ef4a55

exit codes:
  0    the job is cancelled
{_REFUSED}
  130  interrupted

{_ENVIRONMENT}"""
_JOB: Final = "a job's id, as classify prints it"


def make_parser() -> argparse.ArgumentParser:
    """Return the parser; its namespace has a `command`."""
    parser = argparse.ArgumentParser(
        prog="docsort",
        description="Classify documents, a page at a time.",
        epilog=_MAIN,
        formatter_class=argparse.RawDescriptionHelpFormatter,
        allow_abbrev=False,
    )
    parser.add_argument("--version", action="version", version=f"docsort {__version__}")
    commands = parser.add_subparsers(dest="command", required=True, metavar="COMMAND")
    _add_classify(commands)
    _add_watch(commands)
    _add_get(commands)
    _add_cancel(commands)
    return parser


def _command(commands: _Commands, name: str, about: str) -> argparse.ArgumentParser:
    parser = commands.add_parser(
        name,
        help=about,
        description=about[0].upper() + about[1:] + ".",
        formatter_class=argparse.RawDescriptionHelpFormatter,
        allow_abbrev=False,
        epilog=_EXITS,
    )
    server = os.environ.get("DOCSORT_SERVER") or DEFAULT_TARGET
    parser.add_argument(
        "--server",
        metavar="HOST:PORT",
        default=server,
        type=_server,
        help=f"where the server listens (now {server})",
    )
    parser.add_argument(
        "--format", choices=FORMATS, default="text", help="what to print (default text)"
    )
    return parser


def _add_classify(commands: _Commands) -> None:
    parser = _command(commands, "classify", "classify documents and show their pages")
    parser.epilog = _CLASSIFY
    parser.add_argument("files", metavar="FILE", nargs="+", help="a PDF; - reads standard input")
    source = parser.add_mutually_exclusive_group(required=True)
    source.add_argument(
        "-c", "--category", metavar="NAME", action="append", help="a category; repeat it"
    )
    source.add_argument("--categories", metavar="FILE", help="categories from a YAML or JSON file")
    _add_options(parser)


def _add_options(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--pages", metavar="LIST", help="only these pages, such as 1,3,5-7")
    parser.add_argument(
        "--min-confidence", metavar="X", type=_fraction, help="least confidence to match, 0 to 1"
    )
    parser.add_argument(
        "--min-margin", metavar="X", type=_fraction, help="least lead over the second, 0 to 1"
    )
    parser.add_argument(
        "--deadline", metavar="SECONDS", type=_seconds, help="finish by then with what is done"
    )
    parser.add_argument("--no-evidence", action="store_true", help="quote no lines of the pages")
    parser.add_argument(
        "--request-id", metavar="UUID", help="the same id and request are the same job"
    )


def _add_watch(commands: _Commands) -> None:
    parser = _command(commands, "watch", "watch a job to its end; leaving cancels nothing")
    parser.epilog = _WATCH
    parser.add_argument("job", metavar="JOB", help=_JOB)
    parser.add_argument(
        "--after", metavar="N", type=_sequence, default=0, help="only events after sequence N"
    )


def _add_get(commands: _Commands) -> None:
    parser = _command(commands, "get", "show a job as it stands")
    parser.epilog = _GET
    parser.add_argument("job", metavar="JOB", help=_JOB)


def _add_cancel(commands: _Commands) -> None:
    parser = _command(commands, "cancel", "stop a job")
    parser.epilog = _CANCEL
    parser.add_argument("job", metavar="JOB", help=_JOB)


def _seconds(text: str) -> float:
    value = float(text)
    if not (value > 0 and math.isfinite(value)):
        raise argparse.ArgumentTypeError(f"not a number of seconds: {text}")
    return value


def _fraction(text: str) -> float:
    value = float(text)
    if not 0 <= value <= 1:
        raise argparse.ArgumentTypeError(f"not from 0 to 1: {text}")
    return value


def _server(text: str) -> str:
    try:
        return check_target(text)
    except ValueError as error:
        raise argparse.ArgumentTypeError(str(error)) from None


def _sequence(text: str) -> int:
    value = int(text)
    if not 0 <= value < 2**32:
        raise argparse.ArgumentTypeError(f"not a sequence: {text}")
    return value
