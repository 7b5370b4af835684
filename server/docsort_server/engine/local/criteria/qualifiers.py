"""Words that narrow a value or say more of it and that its text cannot show: "handwritten"."""

from __future__ import annotations

import re

from docsort_server.engine import denial_words as w
from docsort_server.engine.expression import expression
from docsort_server.engine.local import text as t

_QUALIFIERS = expression(
    r"\b(?:hand[- ]?written|legible|illegible|readable|in (?:bold|italics)|underlined|highlighted"
    r"|in (?:red|blue|green|black)|colou?red|crossed out|scanned|foreign|domestic|overseas"
    r"|(?:inter)?national(?= (?:phone|telephone|number|iban))|recent|(?<!at the )latest|newest"
    r"|earliest|oldest|highest|lowest|largest|smallest|biggest|excessive|(?:high|low"
    r"|round)(?= amount)"
    r"|in the (?:near )?(?:future|past)|future|past(?! due)|expired|outdated|today|tomorrow"
    r"|yesterday|this (?:year|month|week)|(?:last|next) (?:year|month|week)|weekend"
    r"|working day|plausible|in words|in figures"
    r"|(?:mon|tues|wednes|thurs|fri|satur|sun)days?|within the (?:last|past|next)"
    r"|(?:mon|diens|donners|frei|sams|sonn)tags?|mittwochs?"
    r"|kleinste\w?|grosste\w?|plus (?:bas(?:se)?|haute?|petite?|grande?)|mas (?:baj|alt|pequen)[oa]"
    r"|piu (?:bass|alt|piccol)[oa]|laagste|hoogste|grootste|mais (?:baix|alt)[oa]"
    r"|handschriftlich\w{0,2}|handgeschrieben\w{0,2}|lesbar\w{0,2}|fett gedruckt|unterstrichen"
    r"|auslandisch\w{1,2}|inlandisch\w{1,2}|in der (?:zukunft|vergangenheit)|zukunftig\w{0,2}"
    r"|abgelaufen\w{0,2}|hochste\w?|niedrigste\w?|aktuell\w{0,2}|manuscrite?s?|lisibles?|en gras"
    r"|etrang\w{1,3}|dans le (?:futur|passe)|futur|recente?s?|elevee?s?|manuscrit[oa]s?"
    r"|legibles?|en negrita|extranjer[oa]s?|en el (?:futuro|pasado)|futur[oa]s?|caducad[oa]s?"
    r"|scritt[oa] a mano|leggibil[ei]|in grassetto|stranier[oaie]|nel (?:futuro|passato)|scadut[oa]"
    r"|recent[ei]|handgeschreven|leesbare?|vetgedrukt|buitenlandse?|in de (?:toekomst|verleden)"
    r"|verlopen|estrangeir[oa]s?|no (?:futuro|passado))\b"
)
# "The total is negative" says more of it than that it is there, "the total is shown" does not.
_PREDICATE = re.compile(
    r"\b(?:is|are|was|were|ist|sind|war|est|sont|es|son|sono|zijn|sao|starts?|ends?)\s+(?P<said>\w.*)"
)
_THERE = expression(
    rf"{w.ENGLISH}(?:e?d|n)?|{w.FOREIGN}|{w.PARTICIPLE}|print(?:ed)?|written|made|visible|present|available"
    r"|valid|found|stated|noted|complete|vorhanden|sichtbar|gultig|presente?s?|visibles?|valides?"
    r"|valid[oa]s?|visibil[ei]|aanwezig|geldig|zichtbaar"
)


def qualifier(text: str) -> str:
    """Return what narrows a value in a folded statement and cannot be told; empty for nothing."""
    found = _QUALIFIERS.search(text)
    return found[0] if found else ""


def predicate(text: str, named: frozenset[str], loose: frozenset[str]) -> str:
    """Return what a folded statement says of a value beside that it is there; empty for nothing.

    `named` are the stems that name the value, `loose` those that nothing is known of.
    """
    found = _PREDICATE.search(text)
    if found is None or not named.intersection(t.content_stems(text[: found.start()])):
        return ""
    # A number or code is looked for itself.
    said = " ".join(each for each in found["said"].split() if not any(map(str.isdigit, each)))
    words = [word for word in t.words(said) if not _THERE.fullmatch(word)]
    stems = set(t.content_stems(" ".join(words)))
    return found["said"].strip() if stems & loose and not stems & named else ""
