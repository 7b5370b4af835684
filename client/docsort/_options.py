"""How a job should run, as the caller says it and as it is sent."""

import difflib
import re
from collections.abc import Iterable, Mapping, Sequence
from datetime import timedelta
from typing import Final, Literal, TypeAlias, TypedDict, cast, overload

from google.protobuf.descriptor import EnumDescriptor
from google.protobuf.duration_pb2 import Duration

from docsort._convert import enum_to_number
from docsort._enums import OpenEnum, Priority, StopWhen, WhenSpent
from docsort.v1 import classification_pb2

Pages: TypeAlias = str | Iterable[int | tuple[int, int]]

# The contract counts pages in 32 bits.
_LAST_PAGE: Final = 2**31 - 1
# What google.protobuf.Duration holds: about 10,000 years.
_LONGEST_SECONDS: Final = 315_576_000_000
_RUN: Final = re.compile(r"\s*(\d+)\s*(?:-\s*(\d+)\s*)?")
_END: Final = re.compile(r"\s*(first|last)\s*\(\s*(\d+)\s*\)\s*")
_DESCRIPTORS: Final[dict[type[OpenEnum], EnumDescriptor]] = {
    Priority: classification_pb2.Priority.DESCRIPTOR,
    StopWhen: classification_pb2.StopWhen.DESCRIPTOR,
    WhenSpent: classification_pb2.WhenSpent.DESCRIPTOR,
}


class Options(TypedDict, total=False):
    """Say how a job should run; what is left out, or None, is the server's choice.

    pages: the pages to classify, as numbers, (first, last) pairs, or text such as "1,3,5-7",
        "first(2)" or "last(3)"; negative numbers count from the end, -1 being the last page.
    password: opens an encrypted document.
    min_confidence: the least confidence, 0 to 1, for MATCHED.
    min_margin: the least lead over the second category and over the belief that none fits, 0 to 1,
        for MATCHED.
    deadline: how long the job may take, in seconds; it then finishes with what it has.
    engine: the name of one of the server's engines.
    evidence: whether to quote the lines that meet criteria.
    segments: whether to report runs of pages.
    labels: names of your own for the job, echoed in it and usable in filters.
    ttl: how long the server keeps the job, in seconds.
    priority: "high" for a job that goes before others.
    fallback_engines: the engines that answer a page, in turn, when the one before cannot.
    max_model_calls: how many answers of models the job may pay for.
    max_seconds: how long after its acceptance the job may ask models.
    when_spent: what becomes of the pages that are left then: "local", which is usual, has the
        embedded engine answer them, "leave_out" lets them fail with the reason BUDGET_SPENT.
    cache: whether an answer that a model gave before to an equal page and question may be used
        again, and this one be kept for that.
    stop_when: "decided" ends the job once the pages that are left cannot change its
        classification.
    request_id: a UUID; the same id with the same request is the same job. One is made if left
        out.
    """

    pages: Pages | None
    password: str | None
    min_confidence: float | None
    min_margin: float | None
    deadline: float | None
    engine: str | None
    evidence: bool | None
    segments: bool | None
    labels: Mapping[str, str] | None
    ttl: float | None
    priority: Priority | Literal["normal", "high"] | None
    fallback_engines: Sequence[str] | None
    max_model_calls: int | None
    max_seconds: float | None
    when_spent: WhenSpent | Literal["local", "leave_out"] | None
    cache: bool | None
    stop_when: StopWhen | Literal["decided"] | None
    request_id: str | None


def check_options(options: Options) -> None:
    """Raise TypeError for an option that does not exist, naming the nearest that does."""
    for name in options:
        if name in Options.__annotations__:
            continue
        near = difflib.get_close_matches(name, Options.__annotations__, n=1)
        hint = (
            f"did you mean '{near[0]}'?" if near else f"known: {', '.join(Options.__annotations__)}"
        )
        raise TypeError(f"unknown option '{name}'; {hint}")


def page_ranges(pages: Pages) -> list[tuple[int, int]]:
    """Return (first, last) pairs; neighbouring single numbers become one pair.

    Raises ValueError for text that is not of the form "1,3,5-7,last(2)", and for numbers that are
    no pages.
    """
    ranges: list[tuple[int, int]] = []
    if isinstance(pages, int) or not isinstance(pages, Iterable):
        raise TypeError(f"pages: give numbers, pairs or text, found {type(pages).__name__}")
    for item in _runs(pages) if isinstance(pages, str) else pages:
        first, last = _run(item)
        if ranges and isinstance(item, int) and ranges[-1][1] == first - 1:
            first = ranges.pop()[0]
        ranges.append((first, last))
    return ranges


def _runs(text: str) -> Iterable[tuple[int, int]]:
    for part in text.split(","):
        pair = _of_end(part) if "(" in part else _of_numbers(part)
        if not _is_run(*pair):
            raise ValueError(
                f"pages: '{part.strip()}' is not a page or run of pages as in 1,3,5-7,last(2)"
            )
        yield pair


def _of_numbers(part: str) -> tuple[int, int]:
    match = _RUN.fullmatch(part)
    first, last = match.groups() if match else ("0", None)
    return int(first), int(last or first)


def _of_end(part: str) -> tuple[int, int]:
    match = _END.fullmatch(part)
    end, count = match.groups() if match else ("first", "0")
    return (1, int(count)) if end == "first" else (-int(count), -1)


def _run(item: object) -> tuple[int, int]:
    match item:
        case int(page) if _is_run(page, page):
            return page, page
        case (int(first), int(last)) if _is_run(first, last):
            return first, last
    raise ValueError(f"pages: {item!r} is not a page or a pair (first, last)")


def _is_run(first: int, last: int) -> bool:
    """Tell whether a run may be one: of ends that are counted from different sides, all may."""
    if not (first and last) or max(abs(first), abs(last)) > _LAST_PAGE:
        return False
    return (first > 0) != (last > 0) or first <= last


def build_options(options: Options) -> classification_pb2.ClassificationOptions:
    """Return the message. Raises TypeError and ValueError as `build_request` does."""
    message = classification_pb2.ClassificationOptions(
        pages=[
            classification_pb2.PageRange(first=first, last=last)
            for first, last in page_ranges(options.get("pages") or ())
        ],
        min_confidence=_number("min_confidence", options.get("min_confidence")),
        min_margin=_number("min_margin", options.get("min_margin")),
        engine=options.get("engine") or "",
        evidence=options.get("evidence"),
        segments=options.get("segments"),
        cache=options.get("cache"),
        labels=options.get("labels"),
        fallback_engines=_names("fallback_engines", options.get("fallback_engines") or ()),
        priority=cast(
            "classification_pb2.Priority.ValueType",
            _choice("priority", options.get("priority"), Priority),
        ),
        stop_when=cast(
            "classification_pb2.StopWhen.ValueType",
            _choice("stop_when", options.get("stop_when"), StopWhen),
        ),
        budget=_budget(options),
    )
    set_seconds(message.deadline, "deadline", options.get("deadline"))
    set_seconds(message.ttl, "ttl", options.get("ttl"))
    return message


@overload
def _number(name: str, value: float) -> float: ...


@overload
def _number(name: str, value: float | None) -> float | None: ...


def _number(name: str, value: object) -> float | None:
    if value is None or (isinstance(value, int | float) and not isinstance(value, bool)):
        return value
    raise TypeError(f"{name}: give a number, found {type(value).__name__}")


def _budget(options: Options) -> classification_pb2.Budget | None:
    calls, seconds = options.get("max_model_calls"), options.get("max_seconds")
    when = _choice("when_spent", options.get("when_spent"), WhenSpent)
    if calls is None and seconds is None:
        if when:
            raise ValueError("when_spent: give a budget too, max_model_calls or max_seconds")
        return None
    if calls is not None and calls < 1:
        raise ValueError(f"max_model_calls: {calls!r} is not a number of calls")
    message = classification_pb2.Budget(
        max_model_calls=calls, when_spent=cast("classification_pb2.WhenSpent.ValueType", when)
    )
    set_seconds(message.max_time, "max_seconds", seconds)
    return message


def _names(name: str, value: Sequence[str]) -> Sequence[str]:
    if isinstance(value, str):
        raise TypeError(f"{name}: give a list of names, such as ['{value}']")
    return value


def _choice(name: str, value: str | None, known: type[OpenEnum]) -> int:
    """Return the number of a value; 0 for None."""
    if value is None:
        return 0
    if not value or value not in tuple(known):
        listed = " nor ".join(each for each in known if each)
        raise ValueError(f"{name}: '{value}' is neither {listed}")
    return enum_to_number(_DESCRIPTORS[known], known(value))


def set_seconds(message: Duration, name: str, value: float | None) -> None:
    """Set a duration. Raises TypeError and ValueError for what is no number of seconds."""
    if value is None:
        return
    if not abs(_number(name, value)) <= _LONGEST_SECONDS:
        raise ValueError(f"{name}: {value} is not a number of seconds")
    message.FromTimedelta(timedelta(seconds=value))
