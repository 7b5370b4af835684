"""Numbers that only a name right before them tells: of invoices, accounts, cases.

No amounts: those are of the money and quantities modules.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from docsort_server.engine.local.criteria.labels import Label
    from docsort_server.engine.local.criteria.sheet import Sheet

NUMBER = r"(?=[^\W\d_]{0,12}[/#_-]{0,2}[^\W\d_]{0,6}[/#_-]?\d)\w[\w./-]{1,40}"
_NUMBER = re.compile(NUMBER)
# Between a name and its number there is nothing but these.
_JOINT = re.compile(
    r"[\W_]{0,20}(?:(?:nos?|nr|number|num|ids?|n|code|numer|nummer|is)\b[\W_]{0,9})?"
)
# On the next line the number stands at the start.
_MARGIN = re.compile(r"\W{0,2}")
# "10750 Harbour Road" is none, nor is "3 spoons of flour".
_STREET = re.compile(r"\W{0,2}\d{1,5}[a-z]?,? (?:[^\W\d_][\w'.-]{0,20}[ ,]{0,2}){2,6}$")
# Dates and amounts are no numbers of anything.
_OTHER = re.compile(r"\d{1,4}[./-]\d{1,2}[./-]\d{2,4}|\d{1,2}/\d{1,2}|[\d.,]*[.,]\d\d[.,-]*")
_BY_ITSELF = 4


def is_number(text: str) -> bool:
    """Tell whether what has the form of a number is no date and no amount."""
    return _OTHER.fullmatch(text) is None


def beside(sheet: Sheet, label: Label) -> str | None:
    """Return the number right behind a name."""
    return _behind(sheet.folded_lines[label.line], label.end, _JOINT)


def below(sheet: Sheet, label: Label) -> str | None:
    """Return the number at the start of the line below a name."""
    lines = sheet.folded_lines
    if label.line + 1 >= len(lines) or _STREET.match(lines[label.line + 1]):
        return None
    return _behind(lines[label.line + 1], 0, _MARGIN)


def lonely(sheet: Sheet) -> bool:
    """Tell whether a number is all there is on some line."""
    return any(
        len(line) >= _BY_ITSELF and _NUMBER.fullmatch(line) and is_number(line)
        for line in map(str.strip, sheet.folded_lines)
    )


def _behind(line: str, start: int, joint: re.Pattern[str]) -> str | None:
    # A joint may end within what follows, so the longest that a number follows is sought.
    for end in range(_end(line, start, joint), start - 1, -1):
        found = _NUMBER.match(line, end)
        if found and (end == 0 or not line[end - 1].isalnum()):
            return found[0] if is_number(found[0]) else None
    return None


def _end(line: str, start: int, joint: re.Pattern[str]) -> int:
    found = joint.match(line, start)
    return found.end() if found else start
