"""How commands are called, in a line, and what a mistyped option may have meant."""

import argparse
import difflib
import re
from collections.abc import Mapping, Sequence
from typing import Final

_REQUEST: Final = "FILE... (-c NAME... | --categories FILE)"
_LABELS: Final = "LABELS.csv (-c NAME... | --categories FILE)"
_USAGES: Final = {
    "classify": _REQUEST,
    "submit": _REQUEST,
    "check": "CATEGORIES",
    "estimate": _REQUEST.replace("FILE...", "FILE", 1),
    "list": "",
    "feed": "",
    "watch": "JOB",
    "get": "JOB",
    "cancel": "JOB",
    "delete": "JOB...",
    "upload": "FILE...",
    "delete-document": "ID...",
    "evaluate": _LABELS,
    "pool": "RUN.json...",
    "calibrate": _LABELS,
}
_OPTION: Final = re.compile(r"(?<![\w-])--[a-z][a-z-]*")


def shorten(parsers: Mapping[str, argparse.ArgumentParser]) -> None:
    """Give each command a line of usage: a mistake is not to scroll away under all options."""
    for name, parser in parsers.items():
        parser.usage = " ".join(f"%(prog)s {_USAGES[name]} [OPTION...]".split())


def check_options(words: Sequence[str], parsers: Mapping[str, argparse.ArgumentParser]) -> None:
    """End with code 2 where an option is unknown, and tell the one that is nearest.

    Before anything else is complained of: what is missing is often what was mistyped.
    """
    name = next((word for word in words if word in parsers), None)
    if name is None:
        return
    parser = parsers[name]
    known = _options(parser)
    given = words[: words.index("--")] if "--" in words else words
    for word in given[words.index(name) + 1 :]:
        option = word.partition("=")[0]
        if not word.startswith("--") or option in known:
            continue
        near = difflib.get_close_matches(option, known, n=1)
        hint = f"did you mean {near[0]}?" if near else f"see: {parser.prog} --help"
        parser.error(f"unknown option {option}; {hint}")


def _options(parser: argparse.ArgumentParser) -> list[str]:
    """Return a command's long options: those that begin an entry of its help.

    Examples and explanations name options of other commands too.
    """
    lines = parser.format_help().splitlines()
    heads = (line.strip().partition("  ")[0] for line in lines if line.startswith("  -"))
    return sorted({option for head in heads for option in _OPTION.findall(head)})
