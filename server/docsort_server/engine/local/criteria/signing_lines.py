"""Find lines to sign that only say whose they are: "Landlord: ______   Tenant: ______"."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import TYPE_CHECKING

from docsort_server.engine.expression import expression
from docsort_server.engine.local.criteria.signing_words import SIGNATURE

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from docsort_server.engine.local.criteria.sheet import Sheet, Spot

# Who signs beside another; a customer or an applicant has blanks of forms as well.
_ROLE = (
    r"(?:landlords?|(?:sub)?tenants?|less(?:or|ee)s?|sellers?|buyers?|vendors?"
    r"|purchasers?|lenders?|borrowers?|licens(?:or|ee)s?|employ(?:er|ee)s?|principals?|guarantors?|contractors?"
    r"|clients?|customers?|suppliers?|partners?|grant(?:or|ee)s?|donors?|donees?|assign(?:or|ee)s?"
    r"|(?:first |second )?party(?: [a-z\d])?|witness(?:es)?"
    r"|(?:unter)?(?:ver)?mieter(?:in(?:nen)?)?|(?:ver)?pachter(?:in)?|(?:ver)?kaufer(?:in)?"
    r"|arbeit(?:geber|nehmer)(?:in)?|darlehens(?:geber|nehmer)(?:in)?|auftrag(?:geber|nehmer)(?:in)?"
    r"|leihgeber(?:in)?|entleiher(?:in)?|burge|zeug(?:e|in)"
    r"|(?:le |la )?(?:bailleur|bailleresse|locataire|vendeur|vendeuse|acheteur|acheteuse|acquereur"
    r"|preteur|emprunteur|employeur|salariee?|temoin)"
    r"|(?:el |la )?(?:arrendador|arrendatari[oa]|inquilin[oa]|vendedor|comprador|prestamista"
    r"|prestatari[oa]|empleador|trabajador|testigo)a?"
    r"|(?:il |la )?(?:locatore|locatrice|conduttore|conduttrice|inquilin[oa]|venditore|venditrice"
    r"|acquirente|compratore|mutuante|mutuatari[oa]|testimone)"
    r"|(?:de )?(?:ver)?huurder|(?:ver)?koper|werkgever|werknemer|geldgever|geldnemer|getuige"
    r"|(?:o |a )?(?:senhori[oa]|locador|locatari[oa]|inquilin[oa]|vendedor|mutuante|testemunha)a?)"
)
_LINE = expression(
    rf"(?:^|(?<=[_.\s|;/]))(?:the |der |die )?(?P<role>{_ROLE}) ?[:)]? {{0,3}}(?:_{{4,}}|\.{{6,}})",
    re.MULTILINE,
)
_BLANK = re.compile(r"_{3,}|\.{6,}")
# Beside and below lines to sign stand such blanks, and those of a form have other names.
_BESIDE = expression(
    rf"(?:{SIGNATURE}|{_ROLE}|print(?:ed)?|full|name[ns]?|dates?|dated|place|title|first|second|by|and|ort"
    r"|datum|und|in|am|on|den|lieu|fait|a|le|et|nom|fecha|lugar|nombre|y|firma|luogo|data|nome|e"
    r"|plaats|naam|te|en|local)"
)
_WORD = expression(r"[^\W\d_]+")
# So many of different names stand within so many lines, and behind them no text of so many words.
_ROLES, _WITHIN, _FEW = 2, 8, 12


def lines(sheet: Sheet) -> Iterator[Spot]:
    """Yield the lines to sign of two parties or more, at the end of what they sign."""
    if not _BLANK.search(sheet.folded):
        return
    found = [(sheet.spot(each), each["role"]) for each in _LINE.finditer(sheet.folded)]
    if len({role for _, role in found}) < _ROLES:
        return
    first, last = found[0][0].line, found[-1][0].line
    if last - first <= _WITHIN and _is_end(sheet.folded_lines[first:]):
        yield from (replace(spot, key=f"{spot.line}:{spot.start}") for spot, _ in found)


def _is_end(rest: Sequence[str]) -> bool:
    return all(_fits(line) for line in rest)


def _fits(line: str) -> bool:
    """Tell whether a line may stand among those to sign: no prose, and no blank of a form."""
    if not _BLANK.search(line):
        return len(line.split()) <= _FEW
    return all(_BESIDE.fullmatch(word) for word in _WORD.findall(line))
