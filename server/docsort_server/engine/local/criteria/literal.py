"""Numbers and codes that a statement tells: "the invoice number is RE-9", "the vote was 3-2"."""

from __future__ import annotations

import re
from functools import lru_cache

from docsort_server.engine.expression import expression

# Several groups are one: "DE89 3704 0044 0532 0130 00", "+44 20 7946 0018".
_GROUP = r"(?=[^\W\d_]{0,9}[./#_-]{0,2}[^\W\d_]{0,6}[./#_-]?\d)\w[\w./#-]{0,40}"
_LITERAL = re.compile(rf"(?<![\w.,/#+-])(?P<literal>[+(]?{_GROUP}(?:[ -]{_GROUP}){{0,8}})(?<![.-])")
_BEHIND = re.compile(r"\W*(?:$|[^\w\s%]|(?:and|or|und|oder|et|ou|y|o|e|en|on|in)\b)")
_IS = expression(
    r"(?:\b(?:is|was|are|were|equals?|reads?|ist|war|lautet|est|etait|es|era|e|luidt)|[:=])\s"
    r"(?:(?P<turned>not|nicht|pas|niet|non|no|nao)\s)?"
    r"(?:(?:the |die )?(?:number|nummer|numero|no\.?|nr\.?|n\.)\s)?$"
)
_NAMED = re.compile(r"[^\W\d_]{2,}[.:#]?\s$")
_JOINTS = re.compile(r"[\W_]+")
_LONG = 9
_KEPT = 2_048


def stated(text: str) -> tuple[tuple[str, ...], bool]:
    """Return what a folded statement says that something is, and whether it says it is not."""
    found = [(each, _IS.search(text, 0, each.start())) for each in _ends(text)]
    turned = any(verb and verb["turned"] for _, verb in found)
    return tuple(each["literal"] for each, verb in found if verb), turned


def named(text: str) -> tuple[str, ...]:
    """Return the numbers and codes behind a word of a folded statement: "invoice number RE-9"."""
    return tuple(each["literal"] for each in _ends(text) if _NAMED.search(text[: each.start()]))


def _ends(text: str) -> list[re.Match[str]]:
    """Return the literals that no noun follows: "3 pages" measures."""
    return [each for each in _LITERAL.finditer(text) if _BEHIND.match(text, each.end())]


def same(one: str, other: str) -> bool:
    """Tell whether two are equal but for marks; of one with spaces the first group is enough."""
    first, second = _JOINTS.sub("", one), _JOINTS.sub("", other)
    grouped = " " in one or len(first) >= _LONG
    return first == second or (grouped and bool(second) and first.startswith(second))


@lru_cache(maxsize=_KEPT)
def pattern(literal: str) -> re.Pattern[str]:
    """Return an expression for a literal on a folded page, however its groups are parted."""
    groups = [each for each in _JOINTS.split(literal) if each]
    if len(groups) == 1 and len(literal) >= _LONG:
        # Numbers of accounts are written in groups, or not.
        groups = list(literal)
    groups = [re.escape(each) for each in groups]
    body = r"[\W_]{0,2}".join(groups)
    return re.compile(rf"(?<!\w)(?<!\w[-/.,])(?:{body})(?!\w)(?![-/.,:]\w)")
