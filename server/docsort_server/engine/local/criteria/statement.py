"""A criterion's sentence taken apart: what it states, what it denies, and how many it counts."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING

from docsort_server.engine.local import text as t
from docsort_server.engine.local.criteria.numerals import find_count

if TYPE_CHECKING:
    from docsort_server.engine.local.criteria.numerals import Count

# Words that turn a statement, folded: English, German, French, Spanish, Italian, Dutch, Portuguese
# and Polish.
_DENYING = (
    r"not|n't|cannot|no|without|lacks?|lacking|never|neither|none|nor|free\s+of|devoid\s+of|"
    r"(?:is|are)\s+missing|nicht|kein\w{0,2}|ohne|fehl(?:t|en)|niemals|pas|sans|aucune?|jamais|sin|"
    r"ningun[ao]?|nunca|falta|carece|non|senza|nessun[ao]?|manca|geen|niet|zonder|ontbreekt|nao|"
    r"sem|nenhuma?|nie|bez|brak"
)
# Where these words turn nothing: "no later than", "invoice no.", "yes or no", "not-for-profit",
# "total without VAT", and the Portuguese "no" for "em o".
_HARMLESS = re.compile(
    r"\b(?:no|not|nicht|niet|nao|pas|non|nie)\s+(?:later|more|less|fewer|only|just|mehr|weniger|"
    r"nur|seulement|solo|solamente|soltanto|alleen|apenas|meer|minder|plus|mas|piu|mais|tylko)\b"
    r"|\b(?:yes|ja|oui|si|sim|y)\b\W{0,3}(?:(?:or|oder|ou|o|of|/)\W{0,3})?"
    r"(?:no|not|nein|non|nee|nao|n)\b"
    r"|\b(?:whether|ob)\s+or\s+not\b|\bno\.|\bnot?\s+to\s+exceed\b|\bnon?-\w|\bnot-\w"
    r"|\b(?:invoice|order|policy|account|case|po|reference|ref|serial|contract|customer|phone|fax|"
    r"document|tracking|id|claim|member|docket)\s+no\b(?=\W*$|\W+(?:and|or|und)\b|\W*[,;])"
    r"|\b(?:without|excluding|ohne|sans|sin|senza|zonder|sem)\s+(?:sales\s+)?(?:tax|vat|mwst|ust|"
    r"mehrwertsteuer|umsatzsteuer|tva|iva|btw|imposto)\b"
    r"|\bno\s+minimo\b|\bno\s+maximo\b"
)
_PORTUGUESE = re.compile(r"\b(?:uma?|do|dos|das|ao|aos|nas?|pel[ao]|contem|tem)\b")
_DENIAL = re.compile(rf"(?<![\w-])(?:{_DENYING})\b|n't\b")
_PREFIXED = re.compile(r"\bun(?=(?:signed|dated|numbered|addressed|named)\b)")
# Folded, it would be the German article.
_EIN = re.compile(r"\bEIN\b")
# A mailing address is another thing.
_MAIL = re.compile(r"\be[- ]mail")
_TURN = re.compile(r"\b(?:but|yet|however|aber|jedoch|sondern|mais|pero|sino|maar|mas)\b")
_AND = re.compile(r"\b(?:and|und|et|y|e|en|ed|oraz|i)\b|,")
_WITHOUT = re.compile(r"(?:without|lacking|ohne|sans|sin|senza|zonder|sem|bez)\b")
# What follows these is what a page says, not whether it says it.
_REPORTING = re.compile(
    r"\b(?:that|which|who|whose|why|when|whether|if|dass|warum|wenn|ob|welche\w?|que|qui|pourquoi|"
    r"quand|si|che|perche|quando|dat|waarom|porque|por\s+que)\b"
)
# Words that introduce a page: "a letter that does not" denies.
_HEAD_TEXT = """
document documents page pages letter invoice form text file paper dokument seite page documento
pagina documenti document brief rechnung facture factura fattura factuur fatura contract statement
report one kind
"""
_HEADS = frozenset(t.stem(word) for word in _HEAD_TEXT.split())
_NEITHER = re.compile(r"\b(?:neither|weder|nor|noch|ni|ne)\b")


@dataclass(frozen=True, slots=True)
class Part:
    """What a part of a criterion says, without the words that deny and count.

    `negated`: the part holds where this is not on the page; `count`: how many are asked for;
    `either`: one of the things named is enough.
    """

    text: str
    negated: bool
    count: Count | None
    either: bool


@lru_cache(maxsize=1_024)
def parts_of(criterion: str) -> tuple[Part, ...]:
    """Take a criterion apart; all of its parts must hold."""
    folded = t.fold(_EIN.sub("employer identification number", criterion).replace("\u2019", "'"))
    folded = _MAIL.sub("email", _PREFIXED.sub("not ", folded))
    return tuple(_part(each) for clause in _clauses(folded) for each in _divided(clause))


def denies(criterion: str) -> bool:
    """Tell whether a criterion is met by what is not there, in all of its parts."""
    return all(part.negated for part in parts_of(criterion))


def _clauses(folded: str) -> list[str]:
    pieces = [piece for piece in _TURN.split(folded) if _says(piece)]
    return pieces if len(pieces) > 1 and any(map(_denial, pieces)) else [folded]


def _divided(clause: str) -> list[str]:
    """Cut "an amount and no date" and "a form without a date" in two."""
    found = _denial(clause)
    if found is None:
        return [clause]
    before = clause[: found.start()]
    if _WITHOUT.match(found[0]):
        return [before, clause[found.start() :]] if _says(before) else [clause]
    joints = list(_AND.finditer(before))
    if joints and _says(before[: joints[-1].start()]) and not _says(before[joints[-1].end() :]):
        return [before[: joints[-1].start()], clause[joints[-1].end() :]]
    return [clause]


def _says(text: str) -> bool:
    """Tell whether a text says more than that it is about a page."""
    return not set(t.content_stems(text)) <= _HEADS


def _denial(clause: str) -> re.Match[str] | None:
    """Return the first word that turns the clause."""
    harmless = [found.span() for found in _HARMLESS.finditer(clause)]
    for found in _DENIAL.finditer(clause):
        if any(start <= found.start() < end for start, end in harmless):
            continue
        if found[0] == "no" and _PORTUGUESE.search(clause):
            continue
        reporting = _REPORTING.search(clause, 0, found.start())
        if reporting and _says(clause[: reporting.start()]):
            continue
        return found
    return None


def _part(clause: str) -> Part:
    found = _denial(clause)
    rest = clause if found is None else f"{clause[: found.start()]} {clause[found.end() :]}"
    count, rest = find_count(rest)
    either = _NEITHER.search(clause) is not None
    return Part(rest, found is not None, count, either)
