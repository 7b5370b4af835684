"""The expressions by which comparisons are found in folded statements."""

from __future__ import annotations

from enum import Enum, auto
from typing import TYPE_CHECKING

from docsort_server.engine.counts import EXACTLY, FEWER, LEAST, MORE, MOST
from docsort_server.engine.expression import expression
from docsort_server.engine.local.criteria import comparators as words
from docsort_server.engine.local.criteria.currencies import SIGN
from docsort_server.engine.local.criteria.dates import MONTH_DAY, MONTHS, WRITTEN
from docsort_server.engine.local.criteria.quantities import NUMERAL, SCALE, SPELLED, UNIT

if TYPE_CHECKING:
    import re


class Sense(Enum):
    """How a value lies to the one that is said."""

    ABOVE = auto()
    LEAST = auto()
    BELOW = auto()
    MOST = auto()
    EQUAL = auto()


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
    return expression(
        rf"{turn}(?:{phrases})(?P<behind>{behind}){_JOINT}{words.ARTICLES}{_measured('')}{_SUFFIX}"
    )


def _dated(phrases: str, turn: str = words.MAYBE_NOT) -> re.Pattern[str]:
    behind = words.BEHIND_NOT
    return expression(
        rf"{turn}(?:{phrases})(?P<behind>{behind})(?:\s|:|(?<=')){{1,2}}{words.LEADS}"
        rf"(?P<date>{_DATE}){_SUFFIX}"
    )


COUNTS = expression(rf"(?:{LEAST}|{MORE}|{MOST}|{FEWER})\s")
# "A period of 30 days" asks for such a period, "exactly 30 days" for no other.
EXACT = expression(rf"(?:{EXACTLY})\s")
_LONE = r"(?P<turned>(?!))?(?<![\w-])"
OF_NUMBERS = (
    (Sense.ABOVE, _numeric(words.ABOVE)),
    (Sense.LEAST, _numeric(words.AT_LEAST)),
    (Sense.BELOW, _numeric(words.BELOW)),
    (Sense.MOST, _numeric(words.AT_MOST)),
    (Sense.EQUAL, _numeric(words.EQUAL, _LONE)),
)
OF_DATES = (
    (Sense.BELOW, _dated(words.BEFORE)),
    (Sense.ABOVE, _dated(words.AFTER)),
    (Sense.LEAST, _dated(words.SINCE)),
    (Sense.MOST, _dated(words.UNTIL)),
    (Sense.EQUAL, _dated(words.WITHIN, _LONE)),
)
NUMBER_OR_MORE = expression(
    rf"(?<![\w.,-]){_measured('')}\s+(?:(?P<more>{words.OR_MORE})|(?P<less>{words.OR_LESS}))(?!\w)"
    r"(?!\s\S{0,4}\d)"
)
# An amount with a sign is asked for itself, whatever verb stands before it.
LONE_AMOUNT = expression(rf"(?<![\w.,-]){_measured('')}")
BETWEEN = expression(
    rf"{words.MAYBE_NOT}(?:{words.BETWEEN})\s+(?:(?:the|le|el|il|l')\s?)?{_measured('')}"
    rf"\s+(?:{words.AND})\s+{_measured('2')}"
)
BETWEEN_DATES = expression(
    rf"{words.MAYBE_NOT}(?:{words.BETWEEN})\s+{words.LEADS}(?P<date>{_DATE})"
    rf"\s+(?:{words.AND})\s+{words.LEADS}(?P<date2>{_DATE})"
)
# Short names of months are other words elsewhere.
IN_MONTH = expression(
    r"(?<!\w)(?:in|im|en|em|nel|di|de|of|du|d')(?:\s|(?<=')){1,2}"
    r"(?:(?:the month of|au mois de|mes de|mese di)\s)?"
    r"(?!(?:set|out|mar|marca|gen|ago|mag|fev|ott|giu|lug|ene|jan|dic)\b)"
    rf"(?P<month>{MONTHS})\b(?!\.?\s\d)"
)
_COUNTED = rf"(?!\s(?:\d|(?:one|a|an|{SPELLED})\b))"
PLAIN = expression(rf"(?<![\w-])(?:(?:{words.PLAIN})(?!\w){_COUNTED}|exceed(?:s|ing)? (?=\d))")
_TIME = rf"(?:\d{{1,4}}|{SPELLED})\s(?:{UNIT})"
AGE = expression(
    rf"(?<!\w)(?:(?:{words.OLDER})\s{_TIME}(?!\w)|(?:{words.LAST})\s(?:{_TIME}|(?:{UNIT}))(?!\w)"
    rf"|{_TIME}\s{words.OLD})"
)
# A comparison with what a statement says itself holds one of these: the rest need not be searched.
MAY_COMPARE = expression(
    rf"\d|\b(?:{SPELLED})\s+(?:{UNIT}|{SCALE}|{_PERCENT}|{SIGN})(?!\w)|\b(?:{words.PLAIN})"
    rf"|\b(?:{MONTHS})\b|\b{words.LAST}\b"
)
