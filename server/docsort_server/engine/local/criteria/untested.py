"""The words of a criterion that its values are not held against."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from docsort_server.engine.local.criteria import origins
from docsort_server.engine.local.criteria.conditions import Condition, Origin
from docsort_server.engine.local.criteria.qualifiers import qualifier
from docsort_server.engine.local.criteria.trials import MONEY

if TYPE_CHECKING:
    from collections.abc import Iterable

    from docsort_server.engine.local.criteria.conditions import Tried
    from docsort_server.engine.local.criteria.statement import Part

# Whether somebody has written there, its text seldom shows.
_FILLED = re.compile(
    r"\b(?:is|are|was|were|been|ist|sind|wurden?|est|sont|esta|estan|estao|e|sono|zijn)"
    r" (?:\w+ )?(?:filled(?: in| out)?|completed|ausgefullt|rempli\w{0,2}|rellenad\w{1,2}"
    r"|cumplimentad\w{1,2}|compilat\w|ingevuld|preenchid\w{1,2})\b"
)
# Nor whether a box has its tick: those of a form's fields are no text.
_TICKED = re.compile(
    r"\b(?:(?:un)?ticked|angekreuzt|aange(?:kruist|vinkt)|(?:est|sont) (?:\w+ )?cochee?s?"
    r"|(?:e|sono) (?:\w+ )?(?:barrat|spuntat)[aeio]"
    r"|(?:check ?|tick ?)?box(?:es)? (?:.* )?(?:un)?(?:checked|crossed)"
    r"|(?:casillas?|caixas?) (?:.* )?(?:marcad|assinalad)[ao]s?)\b"
)
_MEASURED = (*MONEY, "percent", "length")
# Whose country their form does not tell.
_OF_A_COUNTRY = ("tax", "address", "street", "number")


def _turning(part: Part, forms: tuple[str, ...], found: Tried) -> str:
    """Return the words that turn a comparison or leave one unread; empty for none."""
    measured = any(form in _MEASURED for form in forms)
    if not found.trials:
        return part.unread.rest if measured and not found.groups else ""
    if not any(isinstance(each, Condition) for each in found.conditions):
        return ""
    all_of_it = all(trial.every for trial in found.trials)
    return part.unread.turn or part.unread.rest or ("" if all_of_it else part.every)


def untested(part: Part, forms: Iterable[str], found: Tried) -> str:
    """Return the words of a part that narrow a value and are not tried; empty for none."""
    if part.unread.comparison:
        return part.unread.comparison
    if any(not each.weak for each in part.conditions) and not found.trials:
        return part.compared
    forms = tuple(forms)
    if written := _FILLED.search(part.text) or _TICKED.search(part.text):
        return written[0]
    if not forms and not found.trials:
        return ""
    if turning := _turning(part, forms, found):
        return turning
    countries = any(isinstance(each, Origin) for trial in found.trials for each in trial.conditions)
    if not countries and any(form in _OF_A_COUNTRY for form in forms):
        return qualifier(part.text) or origins.adjective(part.text)
    return qualifier(part.text)
