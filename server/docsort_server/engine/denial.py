"""What turns a statement into a denial, by its grammar: "does not", "contains no", "ohne", "sans".

A word that denies in one place is another word in the next: "passport no", "is marked not
negotiable", "the NIE". So such a word counts behind verbs that state and where a clause starts.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from docsort_server.engine import denial_words as w
from docsort_server.engine.counts import FEWER, MOST, find_count
from docsort_server.engine.expression import expression
from docsort_server.engine.folding import fold

if TYPE_CHECKING:
    from collections.abc import Iterator

TURN = expression(rf"\b{w.TURNING}\b")
_DENYING = expression(rf"(?<![\w-])(?:(?P<plain>{w.PLAIN})|{w.BY_PLACE})\b|n't\b")
_BOUNDING = expression(rf"\b(?:{MOST}|{FEWER})\s")

# What a statement begins with before it says anything: "A letter that", "It", "Es".
_LEAD = expression(
    rf"\s*(?:(?:is|it\s+is|ist|est|es|e)\s+{w.ARTICLE}\s+{w.HEAD}\b|(?:{w.ARTICLE}\s+)?{w.HEAD}\b"
    rf"|(?:it|there|es|er|sie|il|elle|ce)\b)?(?:\s*,?\s*{w.THAT}\b)?\s*"
)
_REPORTED = expression(rf"\b{w.REPORTING}\b")

# What may stand before a word that denies, all there is of its clause:
# "is", "it has", "il n'est";
_AUXILIARY = expression(
    rf"(?:{w.BEFORE_AUXILIARY}\s*)*(?:{w.AUXILIARY}(?:\b|(?=n't))\s*)*"
    r"|(?:il\s+)?(?:ne\s+|n')(?:y\s+)?\S+\s*"
)
# a verb by which a page gives something, behind whatever: "the page shows", "by stating";
_GIVES = rf"(?:{w.ENGLISH}(?:s|es)|{w.FOREIGN})"
_STATES = expression(rf"(?:.*\s)?(?:{_GIVES}|{w.ENGLISH}ing)\s*|{w.ENGLISH}\s*", re.DOTALL)
# such a verb alone;
_STATES_ALONE = expression(rf"(?:ne\s+|n')?(?:{_GIVES}|{w.ENGLISH})\s*")
# a subject of some words with "does": "the bank statement does";
_DOES = expression(r"(?:\S+\s+){1,6}(?:does|do)\s*")
# a first thing and what joins the next: "a date and";
_JOINED = expression(rf".*(?:\b{w.AND_OR_BUT}\b|,)\s*", re.DOTALL)
# what makes the rest a name: "a state of", "marked".
_NAMING = expression(r"(?:.*\s)?(?:of|als|an?|the|marked|labell?ed)\s+", re.DOTALL)

# What may follow: the verb that is denied, "not shown", "n'indique";
_NEXT_STATES = expression(
    r"\s*(?:ne\s+|(?:been|e|sono|esta|estan|foi)\s+)?"
    rf"(?:{w.ENGLISH}(?:e?d|n)?|{w.FOREIGN}|{w.PARTICIPLE})\b"
)
# "Is not in euros", "non è in euro";
_IS = expression(r"(?:.*\s)?(?:is|are|was|were|ist|sind|est|sont|zijn)\s+", re.DOTALL)
_NEXT_IN = expression(r"\s+(?P<verb>(?:e|es|esta|estan|son|sono|sao)\s+)?(?:in|en|em|auf)\s+\w")
_NEXT_SPANISH = expression(rf"\s*{w.SPANISH}")
_NEXT_ITALIAN = expression(rf"\s*{w.ITALIAN}")
_NEXT_ARTICLE = expression(rf"\s+{w.ARTICLE}\b")
# or what tells the number "no" from the word.
_NUMBERED = expression(
    r"\s*(?:$|[^\w\s]|(?:and|or|of|und|oder|is|are|in|on|for|de|del|do|da|di)\b)"
)
_BEFORE_NOUN = expression(rf"{w.BEFORE_NOUNS}$")
_STATED = expression(rf"\b{_GIVES}\b")
_AFFIRMED = expression(rf"\b(?:and|und|et|y|e|en)\s+(?:is|has|are|ist|hat|{_GIVES})\b")


@dataclass(frozen=True, slots=True)
class Denial:
    """The word from `start` to `end` of a clause turns it; `first`: nothing is said before it."""

    start: int
    end: int
    first: bool


@dataclass(frozen=True, slots=True)
class _Word:
    """A word that may deny, with what its clause says before and after it.

    `plain` ones deny wherever they stand.
    """

    text: str
    plain: bool
    before: str
    after: str
    clause: str


def folded(statement: str) -> str:
    """Fold a statement, marking abbreviations and names that are no words."""
    statement = statement.replace("\u00ba", ".").replace("\u2019", "'")
    if not statement.isupper():
        for form in (w.ABBREVIATED, w.TITLED):
            statement = form.sub(r"\g<0>_", statement)
    return w.PREFIXED.sub("not ", fold(statement))


def find_denial(clause: str) -> Denial | None:
    """Return the first word that turns a clause that was `folded`."""
    return next(_denials(clause), None)


def denies(statement: str) -> bool:
    """Tell whether a statement is beyond doubt met by what is not there, in all that it says."""
    clause = folded(statement)
    found = find_denial(clause)
    if found is None or not found.first or TURN.search(clause):
        return False
    return _AFFIRMED.search(clause, found.end) is None


def bounds(statement: str) -> bool:
    """Tell whether a statement only says how many there are at most: none are enough."""
    clause = folded(statement)
    # Most statements bound nothing.
    if _BOUNDING.search(clause) is None:
        return False
    count, _ = find_count(clause)
    return count is not None and count.low <= 0


def _denials(clause: str) -> Iterator[Denial]:
    if _DENYING.search(clause) is None:
        return
    clause = w.QUOTED.sub(lambda quote: "_" * len(quote[0]), clause)
    harmless = [each.span() for each in w.HARMLESS.finditer(clause)]
    lead = _LEAD.match(clause)
    start = lead.end() if lead else 0
    for found in _DENYING.finditer(clause):
        if any(low <= found.start() < high for low, high in harmless):
            continue
        if _REPORTED.search(clause, start, found.start()):
            return
        word = _word(found, min(start, found.start()))
        if _turns(word):
            yield Denial(*found.span(), first=_is_first(word))


def _word(found: re.Match[str], start: int) -> _Word:
    clause = found.string
    before, after = clause[start : found.start()], clause[found.end() :]
    return _Word(found[0], bool(found["plain"]), before, after, clause)


def _turns(word: _Word) -> bool:
    if _is_other(word):
        return False
    if word.plain:
        return _NAMING.fullmatch(word.before) is None
    if _AUXILIARY.fullmatch(word.before) or _STATES.fullmatch(word.before):
        return True
    if _is_of_its_verb(word):
        return word.text != "no" or _NEXT_SPANISH.match(word.after) is not None
    return _opens_a_part(word)


def _is_other(word: _Word) -> bool:
    """Tell whether it is spelled alike: the number "no", the Portuguese "no", a part of a name."""
    if word.text == "no":
        return bool(_NUMBERED.match(word.after) or w.PORTUGUESE.search(word.clause))
    return word.text == "non" and _NEXT_ITALIAN.match(word.after) is None


def _is_of_its_verb(word: _Word) -> bool:
    """Tell whether its verb is next, "the date is not shown", or before, "nennt ihn nicht"."""
    ends = not word.after.strip() and _STATES.match(word.before)
    inside = _NEXT_IN.match(word.after)
    tells = inside is not None and bool(inside["verb"] or _IS.fullmatch(word.before))
    return bool(_NEXT_STATES.match(word.after) or ends or tells)


def _opens_a_part(word: _Word) -> bool:
    """Tell whether it comes behind "and" or a comma: "a date and no signature"."""
    joint = _JOINED.match(word.before)
    if joint is None:
        return False
    rest = word.before[joint.end() :]
    if rest:
        return _AUXILIARY.fullmatch(rest) is not None
    return bool(_BEFORE_NOUN.match(word.text) or _NEXT_ARTICLE.match(word.after))


def _is_first(word: _Word) -> bool:
    """Tell whether nothing is said before the word, be it by a subject of some words."""
    alone = not word.plain and _STATES_ALONE.fullmatch(word.before)
    if _AUXILIARY.fullmatch(word.before) or alone:
        return True
    does = _DOES.fullmatch(word.before) is not None and _STATED.search(word.before) is None
    return does and _NEXT_STATES.match(word.after) is not None
