"""What is written as an amount, a date or a length of time, read as numbers to compare.

Money and percentages are the numbers they say, lengths of time days, dates days as
`datetime.date.toordinal` counts them.
"""

from __future__ import annotations

import calendar
import math
from datetime import date
from typing import NamedTuple

from docsort_server.engine.counts import NUMBERS
from docsort_server.engine.expression import expression
from docsort_server.engine.local.criteria.currencies import SIGN
from docsort_server.engine.local.criteria.dates import MONTH_NAMES, MONTHS

# Numerals in European and American notation: "1.234,50", "1,234.50", "1 200 000", "1'200".
NUMERAL = (
    r"(?:\d{1,3}(?:[.,' ]\d{3}){1,4}(?:[.,]\d{1,2})?|\d{1,12}(?:[.,]\d{1,4})?)(?!\d|[.,'/-]\d)"
)
_SCALES = {
    r"k|thousand|tausend|tsd\.?|mille|mil|mila|duizend": 1e3,
    r"million(?:en|s|i)?|milione?|mio\.?|mln|millones|millon|miljoen|milhao|milhoes|mn": 1e6,
    r"hundred|hundert|honderd": 1e2,
    r"billions?|milliarden?|mrd\.?|milliards?|miliard[oi]|miljard|bn": 1e9,
}
SCALE = "|".join(_SCALES)
_SCALE_VALUES = tuple((expression(names), value) for names, value in _SCALES.items())
_MONTH_DAYS, _YEAR_DAYS = 365.25 / 12, 365.25
_DAYS = {
    r"(?:calendar |working |business )?days?|tage?n?|jours?|dias?|giorn[oi]|dag(?:en)?": 1.0,
    r"weeks?|wochen?|semaines?|semanas?|settiman[ae]|we(?:ek|ken)": 7.0,
    r"months?|monate?n?|mois|mes(?:es)?|mes[ei]|maand(?:en)?": _MONTH_DAYS,
    r"years?|jahre?n?|ans?|annees?|anos?|ann[oi]|jaar|jaren": _YEAR_DAYS,
}
UNIT = "|".join(_DAYS)
SPELLED = "|".join(sorted(NUMBERS, key=len, reverse=True))
# "12 months", "twelve (12) months", "a 2-year".
_COUNT = rf"(?:(?:{SPELLED})(?: \(\d{{1,4}}\))?|\d{{1,4}}(?:[.,]\d{{1,2}})?)"
LENGTH = rf"(?<![\w.,/-]){_COUNT}[ -]?(?:{UNIT})(?!\w)"
MONTH_YEAR = rf"(?<!\w)(?:{MONTHS})\b\.?,? (?:of |de |del |do |di )?(?:19|20)\d\d(?!\d)"
_LENGTH = expression(rf"(?P<number>[^\W\d]+|[\d.,]+).*?(?P<unit>{UNIT})$")
_UNIT_DAYS = tuple((expression(words), days) for words, days in _DAYS.items())
_MONTHS = tuple(expression(names) for names in MONTH_NAMES)
_NUMERAL = expression(r"\d[\d.,' ]*")
# How far around a number that is looked for.
_NEAR = 40
# What stands right before a number that is below zero, and behind one that is or may be.
_MINUS = expression(rf"(?:^|[\s(:|=])(?:{SIGN})?\s?[-\u2212](?:(?:{SIGN})\s?)?$")
_MINUS_BEHIND = expression(r"[-\u2212](?![\w\s-]*\d|\w)")
_CREDIT = expression(rf"(?:\s?(?:{SIGN}))?\s?cr(?!\w)")
# In brackets, and not to repeat what words say before: "five thousand dollars ($5,000)".
_BRACKET = expression(rf"(?P<before>.*)\((?:{SIGN})?\s?$")
_IN_WORDS = expression(rf"(?:\b(?:{SCALE}|cien(?:to)?s?|cents?|cento)|hundert|tausend|{SIGN})\W*$")
_SCALED = expression(rf"\s?(?:(?:{SIGN})\s?)?(?P<scale>{SCALE})(?!\w)|(?P<short>m)(?!\w)")
_LETTERS = expression(r"[^\W\d_]+")
_DIGITS = expression(r"\d+")
# Two figures for a year up to this one are of this century.
_THIS_CENTURY = 69
_MOST_DAYS = 31


class Span(NamedTuple):
    """The days from `first` to `last`, both included, as ordinals."""

    first: int
    last: int


def number(text: str) -> float:
    """Read a `NUMERAL`; one mark before three digits parts thousands."""
    digits = text.replace(" ", "").replace("'", "")
    marks = [mark for mark in digits if mark in ".,"]
    if not marks:
        return float(digits)
    head, _, tail = digits.rpartition(marks[-1])
    if len(set(marks)) == 1 and (len(marks) > 1 or (len(tail) == 3 and head.lstrip("0"))):
        head, tail = digits, ""
    whole = head.replace(".", "").replace(",", "")
    return float(f"{whole or 0}.{tail or 0}")


def amount_at(line: str, start: int, end: int) -> float | None:
    """Read the amount that stands in a folded line, with its sign and what it is multiplied by.

    None without one, and where it stands in brackets or behind it is "CR", by some below zero.
    """
    found = _NUMERAL.search(line, start, end)
    if found is None:
        return None
    text = found[0].rstrip(" .,'")
    first, last = found.start(), found.start() + len(text)
    before, behind = line[max(0, first - _NEAR) : first], line[last : last + _NEAR]
    bracket = _BRACKET.match(before)
    enclosed = bracket is not None and not _IN_WORDS.search(bracket["before"])
    if enclosed or _CREDIT.match(behind):
        return None
    scaled = _SCALED.match(behind)
    scale = 1.0 if scaled is None else 1e6 if scaled["short"] else scale_of(scaled["scale"])
    below = _MINUS.search(before) or _MINUS_BEHIND.match(behind)
    return (-1.0 if below else 1.0) * scale * number(text)


def plain(text: str) -> float | None:
    """Read the first number of a text as it is; None without one."""
    found = _NUMERAL.search(text)
    return number(found[0].rstrip(" .,'")) if found else None


def scale_of(text: str) -> float:
    """Return what a word of `SCALE` multiplies by; 1 for any other."""
    return next((value for names, value in _SCALE_VALUES if names.fullmatch(text)), 1.0)


def length(text: str) -> float | None:
    """Read a `LENGTH` as days; None for another text."""
    found = _LENGTH.match(text)
    if found is None:
        return None
    told = found["number"]
    count = number(told) if told[0].isdigit() else float(NUMBERS[told])
    return count * days_of(found["unit"])


def days_of(unit: str) -> float:
    """Return how many days a unit of `UNIT` takes. Raises StopIteration for another one."""
    return next(days for words, days in _UNIT_DAYS if words.fullmatch(unit))


def days_between(count: int, unit: str) -> tuple[float, float]:
    """Return the fewest and the most days that so many units of `UNIT` take in a calendar."""
    days = days_of(unit)
    if days < _MONTH_DAYS:
        return count * days, count * days
    if days < _YEAR_DAYS:
        return math.floor(count * days) - 2.0 * (count % 12 > 0), math.ceil(count * days) + 1.0
    return float(math.floor(count * days)), float(math.ceil(count * days))


def spans(text: str, *, day_first: bool | None = None) -> tuple[Span, ...]:
    """Read a folded date, month with its year, or year; none where it cannot be read.

    There are two readings of "3/4/2024" unless `day_first` tells.
    """
    parts = _DIGITS.findall(text)
    months = [place for word in _LETTERS.findall(text) for place in _months_named(word)]
    if months:
        return _written(months[0], parts)
    if len(parts) == 1 and len(parts[0]) == 4:
        return _year(int(parts[0]))
    return _numeric(parts, text, day_first) if len(parts) == 3 else ()


def month_named(word: str) -> int | None:
    """Return the number of a month by its folded name."""
    return next(iter(_months_named(word)), None)


def month_of(first: int, last: int) -> int | None:
    """Return the month that some days are all of, by their ordinals; None for several."""
    months = {(day.year, day.month) for day in map(date.fromordinal, (first, last))}
    return months.pop()[1] if len(months) == 1 else None


def proves_day_first(text: str) -> bool | None:
    """Tell the order of day and month by a date in figures; None where it leaves that open."""
    parts = [int(part) for part in _DIGITS.findall(text)]
    if len(parts) != 3 or parts[0] > _MOST_DAYS or "/" not in text:
        return None
    return None if max(parts[:2]) <= 12 else parts[0] > 12


def _months_named(word: str) -> list[int]:
    return [place for place, names in enumerate(_MONTHS, 1) if names.fullmatch(word)]


def _written(month: int, parts: list[str]) -> tuple[Span, ...]:
    years = [part for part in parts if len(part) == 4]
    days = [part for part in parts if len(part) < 3]
    if not years and len(days) == 2:
        years = [days.pop()]
    if not years or len(days) > 1:
        return ()
    year = _full(years[0])
    if not days:
        return _span(year, month, 1, calendar.monthrange(year, month)[1]) if year else ()
    return _span(year, month, int(days[0]), int(days[0]))


def _numeric(parts: list[str], text: str, day_first: bool | None) -> tuple[Span, ...]:
    if len(parts[0]) == 4:
        return _span(int(parts[0]), int(parts[1]), int(parts[2]), int(parts[2]))
    first, second, year = int(parts[0]), int(parts[1]), _full(parts[2])
    forwards = _span(year, second, first, first)
    backwards = _span(year, first, second, second)
    # With dots between them days come first, in all countries that write so.
    if "." in text or day_first:
        return forwards or backwards
    if day_first is False:
        return backwards or forwards
    return tuple(dict.fromkeys(forwards + backwards))


def _span(year: int, month: int, first: int, last: int) -> tuple[Span, ...]:
    try:
        return (Span(date(year, month, first).toordinal(), date(year, month, last).toordinal()),)
    except ValueError:
        return ()


def _year(year: int) -> tuple[Span, ...]:
    ends = (*_span(year, 1, 1, 1), *_span(year, 12, 31, 31))
    return (Span(ends[0].first, ends[1].last),) if ends else ()


def _full(year: str) -> int:
    if len(year) != 2:
        return int(year)
    return int(year) + (2000 if int(year) <= _THIS_CENTURY else 1900)
