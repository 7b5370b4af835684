"""Comparisons of two values of a page: "within 30 days of the invoice date"."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from docsort_server.engine.counts import NUMBERS
from docsort_server.engine.expression import expression
from docsort_server.engine.local.criteria import comparators as words
from docsort_server.engine.local.criteria.conditions import Condition, Measure
from docsort_server.engine.local.criteria.quantities import SPELLED, UNIT, days_between

if TYPE_CHECKING:
    import re
    from collections.abc import Iterator

# What one is compared with: words up to the next thing, one of them for a value of that kind.
# The article may be a part of the word before: "alla", "au", "ao".
_OTHER = (
    r"(?:(?:l|lla|lle|i|u|o|os|as)\s|ll'"
    r"|\s(?:(?:the|its|der|die|das|dem|den|la|le|les|el|los|il|lo|gli|de|het|o|a|as|os)\s|l'))"
    r"(?P<other>(?:(?!(?:and|or|but|und|oder|et|ou|y|e|ed|en|is|ist|est)\b)[\w'-]+\s?){1,5})"
)
_A_DATE = expression(
    r"\b(?:\w*dat(?:e|um|a)|\w*termin|\w*frist|deadline|fecha|echeance|vencimiento|scadenza"
    r"|vervaldag|vencimento)\b"
)
_AN_AMOUNT = expression(
    r"\b(?:\w*total\w*|\w*summe|\w*betrag|amount|sum|balance|deposit|premium|salary|pay|tax|vat|limit"
    r"|montant|somme|importe|importo|bedrag|valor|saldo|solde|kontostand|anzahlung|fee|price|imponib\w*)\b"
)
_WITHIN = (
    r"within|innerhalb von|binnen|dans les|en los|dentro de(?: los)?|entro(?: i)?|nos|em ate|in"
)
_SIZE = (
    rf"(?:(?:(?P<within>{_WITHIN})|(?P<least>{words.AT_LEAST})|(?P<above>{words.ABOVE})"
    rf"|(?P<most>{words.AT_MOST})|(?P<below>{words.BELOW}))\s)?"
    rf"(?P<number>\d{{1,4}}|{SPELLED})\s(?P<unit>{UNIT})\s"
)
_AFTER = rf"{words.AFTER}|following|suivant|dall|posteriori?"
_DATES = (
    expression(
        rf"(?<![\w-]){_SIZE}(?:(?P<after>{_AFTER})|(?P<before>{words.BEFORE})|of|von|d[eu]|da|van)"
        rf"{_OTHER}"
    ),
    expression(
        rf"{words.MAYBE_NOT}(?:(?P<after>{_AFTER})|(?P<before>{words.BEFORE})|(?P<since>{words.SINCE})"
        rf"|(?P<until>{words.UNTIL})){_OTHER}"
    ),
)
_AMOUNTS = expression(
    rf"{words.MAYBE_NOT}(?:(?P<after>{words.ABOVE})|(?P<before>{words.BELOW})|(?P<since>{words.AT_LEAST})"
    rf"|(?P<until>{words.AT_MOST})|(?P<equal>equals?|equal to)){_OTHER}"
)
# "Fragt nach dem Geburtsdatum" compares nothing.
_ASKED_FOR = expression(r"\b(?:frag\w{1,3}|gefragt|such\w{1,2}|verlang\w{1,2})\s$")
# Half of one tells amounts apart, whatever floating point makes of their difference.
_CENT = 0.01
_SIZES = ("within", "least", "above", "most", "below")
_OPPOSITES = {"after": "until", "until": "after", "before": "since", "since": "before"}


def find(clause: str) -> Iterator[tuple[int, int, Condition]]:
    """Yield where a folded clause compares two values, with the bounds of their difference."""
    for pattern in _DATES:
        for found in pattern.finditer(clause):
            if _ASKED_FOR.search(clause, 0, found.start()):
                continue
            if _A_DATE.search(found["other"]):
                yield *found.span(), _dated(found)
    for found in _AMOUNTS.finditer(clause):
        if not _AN_AMOUNT.search(found["other"]):
            continue
        low, high = _bounds(_side(found), _CENT)
        yield *found.span(), Condition(Measure.NUMBER, low, high, other=found["other"].strip())


def _side(found: re.Match[str]) -> str:
    groups = found.groupdict()
    side = next((name for name in (*_OPPOSITES, "equal") if groups.get(name)), "")
    return _OPPOSITES.get(side, side) if groups.get("turned") else side


def _bounds(side: str, step: float) -> tuple[float, float]:
    """Return the bounds of a difference; `step` is the least there can be."""
    return {
        "after": (step / 2, math.inf),
        "before": (-math.inf, -step / 2),
        "since": (-step / 2, math.inf),
        "until": (-math.inf, step / 2),
    }.get(side, (-step / 2, step / 2))


def _dated(found: re.Match[str]) -> Condition:
    other, side = found["other"].strip(), _side(found)
    groups = found.groupdict()
    if not groups.get("number"):
        low, high = _bounds(side, 1.0)
        return Condition(Measure.DATE, low, high, other=other)
    text = found["number"]
    count = int(text) if text.isdigit() else NUMBERS[text]
    fewest, most = days_between(count, found["unit"])
    size = next((each for each in _SIZES if groups[each]), "")
    low, high = {
        "within": (0.0, most),
        "least": (fewest, math.inf),
        "above": (most + 1.0, math.inf),
        "most": (0.0, most),
        "below": (0.0, fewest - 1.0),
    }.get(size, (fewest, most))
    if side == "before":
        low, high = -high, -low
    elif not side:
        low, high = (-high, high) if groups["within"] else (low, high)
    return Condition(Measure.DATE, low, high, other=other)
