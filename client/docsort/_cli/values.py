"""From the text of a value to what it means, or a sentence why it means nothing."""

import argparse
import math
import re
from pathlib import Path
from typing import Final

from docsort._channel import check_target

_LAST_SEQUENCE: Final = 2**32 - 1


def label(text: str) -> tuple[str, str]:
    """Return key and value."""
    key, equals, value = text.partition("=")
    if not equals:
        raise argparse.ArgumentTypeError(f"not KEY=VALUE: {text}")
    return key, value


def sample(text: str) -> tuple[str, Path]:
    """Return a category, empty where none is named, and a file."""
    category, equals, name = text.partition("=")
    if not equals or Path(text).exists():
        return "", Path(text)
    if not name:
        raise argparse.ArgumentTypeError(f"not [CATEGORY=]FILE: {text}")
    return category, Path(name)


def document_id(text: str) -> str:
    """Return the id of an uploaded document."""
    if not re.fullmatch("[0-9a-f]{64}", text):
        raise argparse.ArgumentTypeError(f"not the id of a document: {text}")
    return text


def count(text: str) -> int:
    """Return a number of jobs."""
    value = _whole(text)
    if value is None or value < 1:
        raise argparse.ArgumentTypeError(f"not a number of jobs: {text}")
    return value


def calls(text: str) -> int:
    """Return a number of calls."""
    value = _whole(text)
    if value is None or value < 1:
        raise argparse.ArgumentTypeError(f"not a number of calls: {text}")
    return value


def seconds(text: str) -> float:
    """Return a span of time that is not nothing."""
    value = _number(text)
    if value <= 0:
        raise argparse.ArgumentTypeError(f"must be more than 0 seconds: {text}")
    if not math.isfinite(value):
        raise argparse.ArgumentTypeError(f"not a number of seconds: {text}")
    return value


def fraction(text: str) -> float:
    """Return a part of one."""
    value = _number(text)
    if not 0 <= value <= 1:
        raise argparse.ArgumentTypeError(f"not from 0 to 1: {text}")
    return value


def server(text: str) -> str:
    """Return what a client connects to."""
    try:
        return check_target(text)
    except ValueError as error:
        raise argparse.ArgumentTypeError(str(error)) from None


def sequence(text: str) -> int:
    """Return the sequence of an event, or zero."""
    value = _whole(text)
    if value is None or not 0 <= value <= _LAST_SEQUENCE:
        raise argparse.ArgumentTypeError(f"not a sequence: {text}")
    return value


def token(text: str) -> str:
    """Return a resume token; an empty one, as of a variable not set, would begin anew."""
    if not text.strip():
        raise argparse.ArgumentTypeError("the token is empty; leave --resume out to begin now")
    return text


def _whole(text: str) -> int | None:
    try:
        return int(text)
    except ValueError:
        return None


def _number(text: str) -> float:
    try:
        return float(text)
    except ValueError:
        return math.nan
