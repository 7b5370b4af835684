"""Words that join comparisons, such as "or" and "unless", and comparisons that were not read."""

from __future__ import annotations

import re
from itertools import pairwise
from typing import TYPE_CHECKING

from docsort_server.engine.expression import expression
from docsort_server.engine.local.criteria import comparators as words

if TYPE_CHECKING:
    from docsort_server.engine.local.criteria.comparisons import Comparison

# What may stand between two comparisons of which one must hold.
_OR = re.compile(
    r"\s*,?\s*(?:or|oder|ou|o|of|u)\s+(?:(?:else|it|is|ist|est|es|e|sonst|bien|sinon)\s*){0,3}"
)
_OTHERWISE = re.compile(r"\b(?:or|oder|unless|except|ausser|sauf|salvo|tranne|behalve)\b")
# Comparisons that were not read, as "above the usual" and "under a dozen euros".
_STRONG = expression(
    rf"(?<![\w-])(?:(?:{words.ABOVE}|{words.AT_LEAST}|{words.BELOW}|{words.AT_MOST})"
    r"\s(?=an?\b|half|halb|several|einige|quelques|some|few|\d|un[ae]?\b|een\b|ein\w?\w?\b)"
    r"|(?:above|below|exceed(?:s|ing)?|(?:greater|higher|lower|larger|smaller|less|more) than"
    r"|ubersteigt|uberschreitet|depasse|supera|overschrijdt|ultrapassa)\b)"
)


def alternative(clause: str, found: list[Comparison]) -> bool:
    """Tell whether "or" joins all comparisons of a clause: one of them is enough."""
    return len(found) > 1 and all(
        _OR.fullmatch(clause, one.end, other.start) is not None for one, other in pairwise(found)
    )


def turned(clause: str, found: list[Comparison]) -> str:
    """Return the words of a folded clause that turn its comparisons and are not read, if any."""
    if not found:
        return ""
    either = _OTHERWISE.search(clause, found[0].end)
    if either and not alternative(clause, found):
        inside = any(each.start <= either.start() < each.end for each in found)
        return "" if inside else either[0]
    return ""


def unread(rest: str) -> str:
    """Return a comparison, or a part of a number, left in what other comparisons leave."""
    left = _STRONG.search(rest)
    return left[0].strip() if left else ""
