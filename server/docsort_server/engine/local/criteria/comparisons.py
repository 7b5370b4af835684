"""Comparisons in statements: "above 1,000 EUR", "vor 2020", "no later than 3 May 2024"."""

from __future__ import annotations

import math
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from docsort_server.engine.counts import NUMBERS
from docsort_server.engine.expression import expression
from docsort_server.engine.local.criteria import comparators as words
from docsort_server.engine.local.criteria import comparison_patterns as patterns
from docsort_server.engine.local.criteria import payment_terms, relations
from docsort_server.engine.local.criteria.comparison_patterns import Sense
from docsort_server.engine.local.criteria.conditions import Condition, Measure
from docsort_server.engine.local.criteria.currencies import codes_of
from docsort_server.engine.local.criteria.quantities import (
    days_of,
    month_named,
    number,
    scale_of,
    spans,
)

if TYPE_CHECKING:
    import re
    from collections.abc import Iterator

    from docsort_server.engine.local.criteria.quantities import Span


_TURNED = {
    Sense.ABOVE: Sense.MOST,
    Sense.MOST: Sense.ABOVE,
    Sense.BELOW: Sense.LEAST,
    Sense.LEAST: Sense.BELOW,
}


@dataclass(frozen=True, slots=True)
class Comparison:
    """A comparison from `start` to `end` of a clause; without a condition it cannot be read."""

    start: int
    end: int
    condition: Condition | None


# Behind a bare number these are not what is counted.
_NO_THING = expression(
    r"\s*(?:$|[^\w\s]|(?:and|or|nor|und|oder|noch|et|ou|ni|y|o|e|en|of|in|per|for|on|but)\b)"
)
_NOT_EQUAL = expression(words.NOT_EQUAL)
# "Is 650" and "exactly 650" tell what a value is, "of 650" may tell of what there are so many.
_STATED = expression(rf"(?!(?:of|von|van|d[aeiou]l?|d'|e|only|nur)\b)(?:{words.EQUAL})")


def find(clause: str) -> list[Comparison]:
    """Return the comparisons of a folded clause, in order; of two that overlap the longer one."""
    found = sorted(_all(clause), key=lambda each: (each.condition is None, each.start - each.end))
    kept: list[Comparison] = []
    for each in found:
        if not any(each.start < other.end and other.start < each.end for other in kept):
            kept.append(each)
    return sorted(kept, key=lambda each: each.start)


def _all(clause: str) -> Iterator[Comparison]:
    yield from (Comparison(*each) for each in payment_terms.asked(clause))
    if patterns.MAY_COMPARE.search(clause):
        yield from _with_what_is_said(clause)
    yield from (Comparison(*each) for each in relations.find(clause))


def _with_what_is_said(clause: str) -> Iterator[Comparison]:
    yield from _dates(clause)
    yield from _amounts(clause)
    for found in (*patterns.PLAIN.finditer(clause), *patterns.AGE.finditer(clause)):
        yield _made(found, None)


def _dates(clause: str) -> Iterator[Comparison]:
    for found in patterns.BETWEEN_DATES.finditer(clause):
        # "Between 1 June and 30 June 2024" says the year once.
        first = spans(found["date"]) or spans(f"{found['date']} {found['date2'][-4:]}")
        read = _bounded(first, spans(found["date2"]))
        turned = found["turned"] is not None
        yield _made(found, replace(read, outside=turned) if read else None)
    for sense, pattern in patterns.OF_DATES:
        for found in pattern.finditer(clause):
            # "The sort code is 20-44-18" compares no date.
            if sense is not Sense.EQUAL or spans(found["date"]):
                yield _unless(found, _of_date(sense, found))
    for found in patterns.IN_MONTH.finditer(clause):
        month = month_named(found["month"])
        yield _made(found, Condition(Measure.DATE, month=month, weak=True))


def _amounts(clause: str) -> Iterator[Comparison]:
    for found in patterns.BETWEEN.finditer(clause):
        high = _value(found, "2", clause)
        if high is not None:
            low = _value(found, "", clause) or replace(high, low=_amount(found, ""))
            codes = low.currencies | high.currencies
            turned = found["turned"] is not None
            yield _made(found, replace(high, low=low.low, currencies=codes, outside=turned))
    alone = ((Sense.EQUAL, patterns.NUMBER_OR_MORE), (Sense.EQUAL, patterns.LONE_AMOUNT))
    for sense, pattern in (*patterns.OF_NUMBERS, *alone):
        for found in pattern.finditer(clause):
            condition = _value(found, "", clause)
            if condition is not None:
                yield from _of_number(sense, found, condition)
            elif sense is not Sense.EQUAL and not patterns.COUNTS.match(found[0]):
                # "Above 400 kWh": of another unit.
                yield _made(found, None)


def _made(found: re.Match[str], condition: Condition | None) -> Comparison:
    return Comparison(found.start(), found.end(), condition)


def _unless(found: re.Match[str], condition: Condition | None) -> Comparison:
    """Turn what a date equals where "not" stands before: "is not in 2024"."""
    if condition is None or not condition.weak:
        return _made(found, condition)
    denied = _NOT_EQUAL.search(found.string, 0, found.start())
    return _made(found, replace(condition, outside=denied is not None))


def _sense(sense: Sense, found: re.Match[str]) -> Sense:
    groups = found.groupdict()
    if groups.get("more"):
        return Sense.LEAST
    if groups.get("less"):
        return Sense.MOST
    return _TURNED.get(sense, sense) if groups.get("turned") or groups.get("behind") else sense


def _of_number(sense: Sense, found: re.Match[str], value: Condition) -> Iterator[Comparison]:
    sense = _sense(sense, found)
    denied = _NOT_EQUAL.search(found.string, 0, found.start()) if sense is Sense.EQUAL else None
    outside = denied is not None or (sense is Sense.EQUAL and bool(found.groupdict().get("behind")))
    asked = outside or patterns.EXACT.match(found[0])
    if sense is Sense.EQUAL and value.measure is Measure.LENGTH and not asked:
        return
    bare = sense is Sense.EQUAL and value.measure is Measure.NUMBER
    if bare and not _STATED.match(found[0]):
        return
    low, high = {
        Sense.ABOVE: (math.nextafter(value.low, math.inf), math.inf),
        Sense.LEAST: (value.low, math.inf),
        Sense.BELOW: (-math.inf, math.nextafter(value.high, -math.inf)),
        Sense.MOST: (-math.inf, value.high),
        Sense.EQUAL: (value.low, value.high),
    }[sense]
    bounds = replace(value, low=low, high=high, weak=bare)
    start = denied.start() if denied else found.start()
    yield Comparison(start, found.end(), replace(bounds, outside=outside))


def _value(found: re.Match[str], name: str, clause: str) -> Condition | None:
    """Return the condition to be just what is said, None where something is counted."""
    amount = _amount(found, name)
    if unit := found[f"unit{name}"]:
        days = amount * days_of(unit)
        return Condition(Measure.LENGTH, days, days)
    if found[f"percent{name}"]:
        return Condition(Measure.PERCENT, amount, amount)
    codes = codes_of(found[f"before{name}"] or found[f"after{name}"] or "")
    if codes:
        return Condition(Measure.MONEY, amount, amount, codes)
    if not found[f"number{name}"][0].isdigit() or not _NO_THING.match(clause, found.end()):
        return None
    decimal = amount != int(amount) or found[f"number{name}"][-3:-2] in (".", ",")
    return Condition(Measure.MONEY if decimal else Measure.NUMBER, amount, amount)


def _amount(found: re.Match[str], name: str) -> float:
    text = found[f"number{name}"]
    base = number(text) if text[0].isdigit() else float(NUMBERS[text])
    return base * scale_of(found[f"scale{name}"] or "")


def _of_date(sense: Sense, found: re.Match[str]) -> Condition | None:
    read = spans(found["date"])
    if len(read) != 1:
        return None
    sense, (first, last) = _sense(sense, found), read[0]
    low, high = {
        Sense.ABOVE: (last + 1, math.inf),
        Sense.LEAST: (first, math.inf),
        Sense.BELOW: (-math.inf, first - 1),
        Sense.MOST: (-math.inf, last),
        Sense.EQUAL: (first, last),
    }[sense]
    return Condition(Measure.DATE, low, high, weak=sense is Sense.EQUAL)


def _bounded(first: tuple[Span, ...], last: tuple[Span, ...]) -> Condition | None:
    if len(first) != 1 or len(last) != 1:
        return None
    return Condition(Measure.DATE, first[0].first, last[0].last)
