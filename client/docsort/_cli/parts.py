"""What the arguments of several commands are made of."""

import argparse
import os
from collections.abc import Sequence
from typing import Final, TypeAlias

from docsort._channel import DEFAULT_TARGET
from docsort._cli import manual, values

# argparse has no public name for what add_subparsers returns.
Commands: TypeAlias = "argparse._SubParsersAction[argparse.ArgumentParser]"  # noqa: SLF001

FORMATS: Final = ("text", "json", "jsonl", "pages", "criteria")


def command(
    commands: Commands,
    name: str,
    about: str,
    formats: Sequence[str] = FORMATS,
    *,
    asks: bool = True,
) -> argparse.ArgumentParser:
    """Add a command with what all of them take; one that `asks` no server is told of none."""
    parser = commands.add_parser(
        name,
        help=about,
        description=about[0].upper() + about[1:] + ".",
        formatter_class=argparse.RawDescriptionHelpFormatter,
        allow_abbrev=False,
        epilog=manual.EXITS,
    )
    server = os.environ.get("DOCSORT_SERVER") or DEFAULT_TARGET
    parser.set_defaults(server=server)
    if asks:
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


def add_categories(parser: argparse.ArgumentParser) -> None:
    """Add the two ways to give categories, one of which is needed."""
    source = parser.add_mutually_exclusive_group(required=True)
    source.add_argument(
        "-c", "--category", metavar="NAME", action="append", help="a category; repeat it"
    )
    source.add_argument("--categories", metavar="FILE", help="categories from a YAML or JSON file")


def add_reading(parser: argparse.ArgumentParser) -> None:
    """Add what says which pages are read and when an answer is a match."""
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
        "--min-margin",
        metavar="X",
        type=values.fraction,
        help="least lead over the second, and over that none fits, 0 to 1",
    )
    parser.add_argument(
        "--deadline",
        metavar="SECONDS",
        type=values.seconds,
        help="finish by then with what is done",
    )


def add_engines(parser: argparse.ArgumentParser) -> None:
    """Add who answers, and for how much."""
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


def add_labels(parser: argparse.ArgumentParser, about: str) -> None:
    """Add names of the caller's own."""
    parser.add_argument(
        "--label", metavar="KEY=VALUE", type=values.label, action="append", default=[], help=about
    )
