"""Words that say of which values a comparison is, of all of them or of the lowest, folded."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from docsort_server.engine.local.criteria.statement import Part
    from docsort_server.engine.local.criteria.trials import Trial, Tried

_ALL = (
    r"(?:all|every|each|alle[rn]?|jede[rsmn]?|samtliche|tou(?:s|tes)|chaque|tod[oa]s|cada|tutt[ei]"
    r"|ogni|elke?|ieder\w?)"
)
# "The total of all items" is one value, and "above all" and "at all" are none.
_UNIVERSAL = re.compile(
    rf"(?<!of )(?<!von )(?<!aller )(?<!de )(?<!di )(?<!van )(?<!above )(?<!at )(?<!over )\b{_ALL}\b"
)
# "No amount is above 500" is of any.
_NONE = re.compile(r"\b(?:no|none of|kein\w?|aucune?|ningun[ao]?|nessun[ao]?|geen|nenhuma?)\s")
_SOME = re.compile(
    r"\b(?:not all|nicht alle|most|some|half of|majority"
    r"|neither|nor|weder|about|approximately|roughly|nearly|almost|around"
    r"|circa|ca|etwa|ungefahr|rund|fast|environ|presque|aproximadamente|casi|quasi|ongeveer|bijna"
    r"|quase|cerca d[aei]|average|mean|median|combined|together"
    r"|only|sum of all|die meisten|einige|durchschnitt\w*|mittlere\w?|zusammen|la plupart|moyenne?"
    r"|ensemble|la mayoria|algun\w*|promedio|media|media[no]|juntos|alcuni|insieme|gemiddelde?"
    r"|samen|sommige|alguns|algumas|maioria|juntas|each other|respectively|jeweils)\b"
)


def universal(text: str) -> str:
    """Return the word by which a folded statement is about all values, empty without one."""
    found = _UNIVERSAL.search(text)
    return found[0] if found else ""


def without(text: str) -> str:
    """Return a folded statement without the first such word."""
    return _UNIVERSAL.sub(" ", text, count=1)


def doubtful(text: str) -> str:
    """Return a word that tells of which values something holds and cannot be tested, if any."""
    found = _SOME.search(text)
    return found[0] if found else ""


def quantified(found: Tried, part: Part) -> Tried:
    """Say of which values and by which of the conditions a trial is met."""

    def said(each: Trial) -> Trial:
        every = bool(part.every) and (each.own or not each.labels)
        if each.own and part.negated and _NONE.search(part.bare):
            return replace(each, labels=(), rivals=(), own=False, either=part.alternative)
        return replace(each, either=part.alternative, every=every)

    return replace(found, trials=tuple(map(said, found.trials)))
