"""Estimates and findings in words."""

import re
import textwrap
from collections.abc import Iterator, Sequence
from typing import Final

from docsort._cli.texts import printable
from docsort._planning import (
    CategoriesCheck,
    CountRange,
    Estimate,
    Finding,
    FindingSubject,
    TimeRange,
)

_WIDTH: Final = 96


def estimate_lines(told: Estimate) -> list[str]:
    """Return an estimate as a small table, with what is not known below."""
    pages = f"{told.pages:,}"
    if told.pages != told.total_pages:
        pages += f" of {told.total_pages:,}"
    rows = [
        ("engine", told.engine),
        ("pages", pages),
        ("model calls", _count(told.model_calls)),
        ("input tokens", _count(told.input_tokens)),
        ("output tokens", _count(told.output_tokens)),
    ]
    if told.cost is not None:
        rows.append(("cost", f"{told.cost.least:.4g} to {told.cost.most:.4g}"))
    rows.append(("time", _time(told.time) or "not known"))
    lines = [f"{name:<14} {value}" for name, value in rows]
    notes = [*([told.time_unknown] if told.time_unknown else []), *told.notes]
    if notes:
        lines.append("")
    for note in notes:
        lines += _wrapped(note, "- ")
    return lines


def finding_lines(told: CategoriesCheck, samples: Sequence[str]) -> list[str]:
    """Return findings one below the other, the gravest first, and how many there are.

    `samples` are the names of the samples, in the order in which they were sent.
    """
    lines: list[str] = []
    for finding in told.findings:
        lines += [*_finding(finding, samples), ""]
    count = len(told.findings) + told.findings_omitted
    last = f"{count} finding{'s' if count != 1 else ''}" if count else "nothing found"
    if told.findings_omitted:
        last += f", of which {told.findings_omitted} are not shown"
    if samples:
        last += f"; {told.samples_judged} of {len(samples)} samples could be judged"
    return [*lines, last]


def sample_named(field: str, samples: Sequence[str]) -> str:
    """Return the path of a field with its sample counted from 1 and named; others as they are."""
    found = re.match(r"samples\[(\d+)\]", field)
    number = int(found[1]) if found else len(samples)
    if not found or number >= len(samples):
        return field
    return f"sample {number + 1} ({samples[number]}){field[found.end() :].replace('.', ': ', 1)}"


def _finding(finding: Finding, samples: Sequence[str]) -> Iterator[str]:
    told = (_subject(each, samples) for each in finding.subjects)
    about = printable(", ".join(dict.fromkeys(told)))
    head = f"{finding.severity}: {finding.kind.replace('_', ' ')}"
    yield f"{head}: {about}" if about else head
    yield from _wrapped(finding.reason, "  ")
    yield from _wrapped(finding.suggestion, "  -> ")


def _subject(subject: FindingSubject, samples: Sequence[str]) -> str:
    if subject.criterion:
        return f'{subject.category} / "{subject.criterion}"'
    sample = sample_named(subject.field, samples)
    return sample if sample != subject.field else subject.category or subject.field


def _wrapped(text: str, indent: str) -> Sequence[str]:
    after = " " * len(indent)
    return textwrap.wrap(printable(text), _WIDTH, initial_indent=indent, subsequent_indent=after)


def _count(count: CountRange | None) -> str:
    if count is None:
        return "not known"
    if count.least == count.most:
        return f"{count.most:,}"
    return f"{count.least:,} to {count.most:,}"


def _time(time: TimeRange | None) -> str:
    if time is None or time.least is None or time.most is None:
        return ""
    least, most = _seconds(time.least), _seconds(time.most)
    return f"{least} to {most}" if least != most else f"about {most}"


def _seconds(seconds: float) -> str:
    if seconds < 10:
        return f"{seconds:.1f} s"
    return f"{seconds:,.0f} s"
