"""Comparisons in statements: "above 1,000 EUR", "vor 2020", "no later than 3 May 2024"."""

from __future__ import annotations

import math
import re
from dataclasses import dataclass, replace
from enum import Enum, auto
from typing import TYPE_CHECKING

from docsort_server.engine.counts import EXACTLY, FEWER, LEAST, MORE, MOST, NUMBERS
from docsort_server.engine.local.criteria import comparators as words
from docsort_server.engine.local.criteria import relations
from docsort_server.engine.local.criteria.conditions import Condition, Measure
from docsort_server.engine.local.criteria.currencies import SIGN, codes_of
from docsort_server.engine.local.criteria.dates import MONTH_DAY, MONTHS, WRITTEN
from docsort_server.engine.local.criteria.quantities import (
    NUMERAL,
    SCALE,
    SPELLED,
    UNIT,
    days_of,
    month_named,
    number,
    scale_of,
    spans,
)

if TYPE_CHECKING:
    from collections.abc import Iterator

    from docsort_server.engine.local.criteria.quantities import Span


class _Sense(Enum):
    ABOVE = auto()
    LEAST = auto()
    BELOW = auto()
    MOST = auto()
    EQUAL = auto()


_TURNED = {
    _Sense.ABOVE: _Sense.MOST,
    _Sense.MOST: _Sense.ABOVE,
    _Sense.BELOW: _Sense.LEAST,
    _Sense.LEAST: _Sense.BELOW,
}


@dataclass(frozen=True, slots=True)
class Comparison:
    """A comparison from `start` to `end` of a clause; without a condition it cannot be read."""

    start: int
    end: int
    condition: Condition | None


_PERCENT = r"%|percent|per cent|prozent|pour cent|por ciento|per cento|procent|por cento"


def _measured(name: str) -> str:
    return (
        rf"(?:(?P<before{name}>{SIGN})\s?)?(?P<number{name}>{NUMERAL}|(?:{SPELLED})(?=\s))"
        rf"(?:\s?(?P<scale{name}>{SCALE})(?!\w))?(?:\s(?:de|di)(?=\s(?:{SIGN})))?"
        rf"(?:[\s-]?(?:(?P<percent{name}>{_PERCENT})|(?P<unit{name}>{UNIT})(?!\s(?:old|alt|of age))"
        rf"|(?P<after{name}>{SIGN}))(?!\w))?"
    )


_DATE = (
    r"(?:\d{4}-\d{1,2}-\d{1,2}(?!\d)|\d{1,2}[./-]\d{1,2}[./-](?:\d{4}|\d{2})(?!\d)"
    rf"|{WRITTEN}|{MONTH_DAY}|(?:{MONTHS})\b\.?,?\s(?:of |de |del |do |di )?(?:19|20)\d\d(?!\d)"
    rf"|(?:19|20)\d\d(?![\w.,/-]*\d)(?!\s?(?:{SIGN}|{UNIT}|%)(?!\w)))"
)
_SUFFIX = rf"(?:\s+(?:(?P<more>{words.OR_MORE})|(?P<less>{words.OR_LESS}))(?!\w)(?!\s\S{{0,4}}\d))?"
_JOINT = r"(?:\s|:){0,2}"


def _numeric(phrases: str, turn: str = words.MAYBE_NOT) -> re.Pattern[str]:
    behind = words.BEHIND_NOT
    return re.compile(
        rf"{turn}(?:{phrases})(?P<behind>{behind}){_JOINT}{words.ARTICLES}{_measured('')}{_SUFFIX}"
    )


def _dated(phrases: str, turn: str = words.MAYBE_NOT) -> re.Pattern[str]:
    behind = words.BEHIND_NOT
    return re.compile(
        rf"{turn}(?:{phrases})(?P<behind>{behind})(?:\s|:|(?<=')){{1,2}}{words.LEADS}"
        rf"(?P<date>{_DATE}){_SUFFIX}"
    )


_COUNTS = re.compile(rf"(?:{LEAST}|{MORE}|{MOST}|{FEWER})\s")
# "A period of 30 days" asks for such a period, "exactly 30 days" for no other.
_EXACT = re.compile(rf"(?:{EXACTLY})\s")
_LONE = r"(?P<turned>(?!))?(?<![\w-])"
_OF_NUMBERS = (
    (_Sense.ABOVE, _numeric(words.ABOVE)),
    (_Sense.LEAST, _numeric(words.AT_LEAST)),
    (_Sense.BELOW, _numeric(words.BELOW)),
    (_Sense.MOST, _numeric(words.AT_MOST)),
    (_Sense.EQUAL, _numeric(words.EQUAL, _LONE)),
)
_OF_DATES = (
    (_Sense.BELOW, _dated(words.BEFORE)),
    (_Sense.ABOVE, _dated(words.AFTER)),
    (_Sense.LEAST, _dated(words.SINCE)),
    (_Sense.MOST, _dated(words.UNTIL)),
    (_Sense.EQUAL, _dated(words.WITHIN, _LONE)),
)
_NUMBER_OR_MORE = re.compile(
    rf"(?<![\w.,-]){_measured('')}\s+(?:(?P<more>{words.OR_MORE})|(?P<less>{words.OR_LESS}))(?!\w)"
    r"(?!\s\S{0,4}\d)"
)
# An amount with a sign is asked for itself, whatever verb stands before it.
_LONE_AMOUNT = re.compile(rf"(?<![\w.,-]){_measured('')}")
_BETWEEN = re.compile(
    rf"{words.MAYBE_NOT}(?:{words.BETWEEN})\s+(?:(?:the|le|el|il|l')\s?)?{_measured('')}"
    rf"\s+(?:{words.AND})\s+{_measured('2')}"
)
_BETWEEN_DATES = re.compile(
    rf"{words.MAYBE_NOT}(?:{words.BETWEEN})\s+{words.LEADS}(?P<date>{_DATE})"
    rf"\s+(?:{words.AND})\s+{words.LEADS}(?P<date2>{_DATE})"
)
# Short names of months are other words elsewhere.
_IN_MONTH = re.compile(
    r"(?<!\w)(?:in|im|en|em|nel|di|de|of|du|d')(?:\s|(?<=')){1,2}"
    r"(?:(?:the month of|au mois de|mes de|mese di)\s)?"
    rf"(?!(?:set|out|mar|gen|ago|mag|fev|ott|giu|lug|ene|jan|dic)\b)(?P<month>{MONTHS})\b(?!\.?\s\d)"
)
_COUNTED = rf"(?!\s(?:\d|(?:one|a|an|{SPELLED})\b))"
_PLAIN = re.compile(rf"(?<![\w-])(?:(?:{words.PLAIN})(?!\w){_COUNTED}|exceed(?:s|ing)? (?=\d))")
_TIME = rf"(?:\d{{1,4}}|{SPELLED})\s(?:{UNIT})"
AGE = re.compile(
    rf"(?<!\w)(?:(?:{words.OLDER})\s{_TIME}(?!\w)|(?:{words.LAST})\s(?:{_TIME}|(?:{UNIT}))(?!\w)"
    rf"|{_TIME}\s{words.OLD})"
)
# Behind a bare number these are not what is counted.
_NO_THING = re.compile(
    r"\s*(?:$|[^\w\s]|(?:and|or|nor|und|oder|noch|et|ou|ni|y|o|e|en|of|in|per|for|on|but)\b)"
)
_NOT_EQUAL = re.compile(words.NOT_EQUAL)
# "Is 650" and "exactly 650" tell what a value is, "of 650" may tell of what there are so many.
_STATED = re.compile(rf"(?!(?:of|von|van|d[aeiou]l?|d'|e|only|nur)\b)(?:{words.EQUAL})")
# Of these there is hardly a statement without one: the rest need not be searched.
_MAY_COMPARE = re.compile(
    rf"\d|\b(?:{SPELLED})\s+(?:{UNIT}|{SCALE}|{_PERCENT}|{SIGN})(?!\w)|\b(?:{words.PLAIN})"
    rf"|\b(?:{MONTHS})\b|\b{words.LAST}\b|\b{words.BESIDE}|\b(?:{words.THAN})\b"
)


def find(clause: str) -> list[Comparison]:
    """Return the comparisons of a folded clause, in order; of two that overlap the longer one."""
    if not _MAY_COMPARE.search(clause):
        return []
    found = sorted(_all(clause), key=lambda each: (each.condition is None, each.start - each.end))
    kept: list[Comparison] = []
    for each in found:
        if not any(each.start < other.end and other.start < each.end for other in kept):
            kept.append(each)
    return sorted(kept, key=lambda each: each.start)


def _all(clause: str) -> Iterator[Comparison]:
    yield from _dates(clause)
    yield from _amounts(clause)
    yield from (Comparison(*each) for each in relations.find(clause))
    for found in (*_PLAIN.finditer(clause), *AGE.finditer(clause)):
        yield _made(found, None)


def _dates(clause: str) -> Iterator[Comparison]:
    for found in _BETWEEN_DATES.finditer(clause):
        # "Between 1 June and 30 June 2024" says the year once.
        first = spans(found["date"]) or spans(f"{found['date']} {found['date2'][-4:]}")
        read = _bounded(first, spans(found["date2"]))
        turned = found["turned"] is not None
        yield _made(found, replace(read, outside=turned) if read else None)
    for sense, pattern in _OF_DATES:
        for found in pattern.finditer(clause):
            # "The sort code is 20-44-18" compares no date.
            if sense is not _Sense.EQUAL or spans(found["date"]):
                yield _unless(found, _of_date(sense, found))
    for found in _IN_MONTH.finditer(clause):
        month = month_named(found["month"])
        yield _made(found, Condition(Measure.DATE, month=month, weak=True))


def _amounts(clause: str) -> Iterator[Comparison]:
    for found in _BETWEEN.finditer(clause):
        high = _value(found, "2", clause)
        if high is not None:
            low = _value(found, "", clause) or replace(high, low=_amount(found, ""))
            codes = low.currencies | high.currencies
            turned = found["turned"] is not None
            yield _made(found, replace(high, low=low.low, currencies=codes, outside=turned))
    alone = ((_Sense.EQUAL, _NUMBER_OR_MORE), (_Sense.EQUAL, _LONE_AMOUNT))
    for sense, pattern in (*_OF_NUMBERS, *alone):
        for found in pattern.finditer(clause):
            condition = _value(found, "", clause)
            if condition is not None:
                yield from _of_number(sense, found, condition)
            elif sense is not _Sense.EQUAL and not _COUNTS.match(found[0]):
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


def _sense(sense: _Sense, found: re.Match[str]) -> _Sense:
    groups = found.groupdict()
    if groups.get("more"):
        return _Sense.LEAST
    if groups.get("less"):
        return _Sense.MOST
    return _TURNED.get(sense, sense) if groups.get("turned") or groups.get("behind") else sense


def _of_number(sense: _Sense, found: re.Match[str], value: Condition) -> Iterator[Comparison]:
    sense = _sense(sense, found)
    denied = _NOT_EQUAL.search(found.string, 0, found.start()) if sense is _Sense.EQUAL else None
    outside = denied is not None or (
        sense is _Sense.EQUAL and bool(found.groupdict().get("behind"))
    )
    asked = outside or _EXACT.match(found[0])
    if sense is _Sense.EQUAL and value.measure is Measure.LENGTH and not asked:
        return
    bare = sense is _Sense.EQUAL and value.measure is Measure.NUMBER
    if bare and not _STATED.match(found[0]):
        return
    low, high = {
        _Sense.ABOVE: (math.nextafter(value.low, math.inf), math.inf),
        _Sense.LEAST: (value.low, math.inf),
        _Sense.BELOW: (-math.inf, math.nextafter(value.high, -math.inf)),
        _Sense.MOST: (-math.inf, value.high),
        _Sense.EQUAL: (value.low, value.high),
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


def _of_date(sense: _Sense, found: re.Match[str]) -> Condition | None:
    read = spans(found["date"])
    if len(read) != 1:
        return None
    sense, (first, last) = _sense(sense, found), read[0]
    low, high = {
        _Sense.ABOVE: (last + 1, math.inf),
        _Sense.LEAST: (first, math.inf),
        _Sense.BELOW: (-math.inf, first - 1),
        _Sense.MOST: (-math.inf, last),
        _Sense.EQUAL: (first, last),
    }[sense]
    return Condition(Measure.DATE, low, high, weak=sense is _Sense.EQUAL)


def _bounded(first: tuple[Span, ...], last: tuple[Span, ...]) -> Condition | None:
    if len(first) != 1 or len(last) != 1:
        return None
    return Condition(Measure.DATE, first[0].first, last[0].last)
