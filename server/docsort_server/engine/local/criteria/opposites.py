"""Words that say the contrary of others: "unlimited" and "limited", "granted" and "denied"."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import TYPE_CHECKING

from docsort_server.engine.local import text as t

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable

# Two sides each, folded; a page with one of them alone contradicts the other.
_PAIRS = (
    (
        (
            r"befristet\w{0,2}|fixed[- ]term|limited in time|limited (?:term|period)|a fixed period"
            r"|duree determinee|(?:tiempo|duracion|plazo) determinad[oa]|tempo determinato"
            r"|bepaalde tijd|prazo (?:certo|determinado)"
        ),
        (
            r"unbefristet\w{0,2}|unbestimmter? (?:zeit|dauer)|indefinite(?:ly| (?:period|term))"
            r"|unlimited (?:term|period|in time)|open[- ]ended|duree indeterminee"
            r"|(?:tiempo|duracion|plazo) indefinid[oa]|tempo indeterminato|onbepaalde tijd"
            r"|prazo (?:incerto|indeterminado)"
        ),
    ),
    (
        (
            r"granted|approved|accepted|bewilligt|genehmigt|stattgegeben|angenommen|accordee?"
            r"|approuvee?|accepte[er]?|concedid[oa]|aprobad[oa]|aceptad[oa]|concess[oa]|approvat[oa]"
            r"|accettat[oa]|toegekend|goedgekeurd|aprovad[oa]"
        ),
        (
            r"denied|refused|rejected|declined|dismissed|abgelehnt|zuruckgewiesen|verweigert|refusee?"
            r"|rejetee?|denegad[oa]|rechazad[oa]|respint[oa]|rifiutat[oa]|afgewezen|geweigerd"
            r"|recusad[oa]|indeferid[oa]"
        ),
    ),
)
_SIDES = tuple(
    tuple(re.compile(rf"(?<!not )(?<!nicht )(?<!niet )\b(?:{side})\b") for side in pair)
    for pair in _PAIRS
)
# Before what these begin with "in" and the like turns it; elsewhere it is a part of the word, as
# in "invoice".
_BASES = re.compile(
    r"(?:complet|valid|direct|activ|corr?ect|definit|finit|voluntar|dependent|formal|effectiv"
    r"|sufficient|accura|eligib|divid|determin|equal|exact|capac|flexib|alien|revers"
    r"|perfect|mutab|partial|possib|material|balanc|mobil|regular|revocab|replac|legal|licit|legib"
    r"|limit|bepaald|beperkt|volledig|geldig|betaald|begrensd)"
)
_NEVER = frozenset(t.stem(word) for word in ("kosten", "gefahr"))
_PREFIXES = ("in", "im", "ir", "il", "on", "dis", "non")
_SHORTEST = 5
# Criteria come again on every page; so many of their words are kept.
_KEPT = 4_096


def sides(text: str) -> tuple[tuple[int, int], ...]:
    """Return the pairs of which a folded statement says one side alone, and which."""
    found = []
    for number, pair in enumerate(_SIDES):
        said = [side for side, pattern in enumerate(pair) if pattern.search(text)]
        if len(said) == 1:
            found.append((number, said[0]))
    return tuple(found)


def contradicted(
    said: Iterable[tuple[int, int]], stems: Iterable[str], text: str, found: Collection[str]
) -> bool:
    """Tell whether a folded page says the contrary alone; `found` are its stems."""
    for number, side in said:
        mine, other = _SIDES[number][side], _SIDES[number][1 - side]
        if other.search(text) and not mine.search(text):
            return True
    return any(
        stem not in found and any(other in found for other in _turned(stem)) for stem in stems
    )


@lru_cache(maxsize=_KEPT)
def _turned(stem: str) -> tuple[str, ...]:
    """Return the same word with, or without, each syllable that turns it."""
    turning = [prefix for prefix in _PREFIXES if _BASES.match(stem.removeprefix(prefix))]
    bare = stem.removeprefix("un")
    if len(bare) >= _SHORTEST and bare not in _NEVER:
        turning.append("un")
    return tuple(
        stem.removeprefix(each) if stem.startswith(each) else f"{each}{stem}" for each in turning
    )
