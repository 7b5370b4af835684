"""What the commands accept that try documents whose class is known."""

import argparse
from pathlib import Path
from typing import Final

from docsort._cli import parts, values
from docsort._cli.evaluate import manual

FORMATS: Final = ("text", "json")


def add_evaluate(commands: parts.Commands) -> None:
    """Add `evaluate`."""
    about = "tell how right the answers for labelled documents are, and write a report"
    parser = parts.command(commands, "evaluate", about, FORMATS)
    parser.epilog = manual.EVALUATE
    _add_labelled(parser)
    _add_figures(parser, "evaluation")
    parser.add_argument(
        "--compare",
        metavar="OTHER.json",
        type=Path,
        help="an earlier run: tell what changed, document by document",
    )


def add_pool(commands: parts.Commands) -> None:
    """Add `pool`."""
    about = "tell how right the answers of several runs are together, and write a report"
    parser = parts.command(commands, "pool", about, FORMATS, asks=False)
    parser.epilog = manual.POOL
    parser.add_argument(
        "runs", metavar="RUN.json", type=Path, nargs="+", help="what evaluate wrote; two or more"
    )
    _add_figures(parser, "pool")


def _add_figures(parser: argparse.ArgumentParser, name: str) -> None:
    parser.add_argument(
        "-o",
        "--output",
        metavar="NAME",
        type=Path,
        default=Path(name),
        help=f"write NAME.html and NAME.json (default {name})",
    )
    parser.add_argument(
        "--precision",
        metavar="X",
        type=values.fraction,
        default=0.98,
        help="how many of the documents that nobody looks at must be right (default 0.98)",
    )
    parser.add_argument(
        "--split",
        metavar="COLUMN",
        action="append",
        default=[],
        help="a column of LABELS.csv to split the figures by, beside language; repeat it",
    )


def add_calibrate(commands: parts.Commands) -> None:
    """Add `calibrate`."""
    about = "fit on labelled documents how far confidence is to be trusted, and write it to a file"
    parser = parts.command(commands, "calibrate", about, FORMATS)
    parser.epilog = manual.CALIBRATE
    _add_labelled(parser)
    parser.add_argument(
        "-o",
        "--output",
        metavar="FILE",
        type=Path,
        default=Path("calibration.toml"),
        help="TOML, or JSON where it ends in .json; other models' fits in it are kept "
        "(default calibration.toml)",
    )
    parser.add_argument("--id", metavar="TEXT", help="told in every result that it was used for")


def _add_labelled(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "labels",
        metavar="LABELS.csv",
        type=Path,
        help="columns path and class; family, language and known are used where they are there",
    )
    parser.add_argument(
        "--root", metavar="FOLDER", type=Path, help="where the documents are, else beside the CSV"
    )
    parts.add_categories(parser)
    parser.add_argument(
        "--reject",
        metavar="CLASS",
        default="other",
        help="the class of documents that fit no category; it is not asked for (default other)",
    )
    parser.add_argument(
        "--at-once",
        metavar="N",
        type=values.count,
        default=4,
        help="documents that are worked on together (default 4)",
    )
    parser.add_argument(
        "--resume",
        metavar="RUN.json",
        type=Path,
        help="take the answers of this run, and ask only for documents it has none for",
    )
    parts.add_reading(parser)
    parts.add_engines(parser)
    # The options of classify that are nobody's business here.
    parser.set_defaults(no_evidence=True, label=[], ttl=None, priority=None, request_id=None)
