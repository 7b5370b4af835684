"""Find the numbered clauses, sections and paragraphs of a page: lines whose numbers rise."""

from __future__ import annotations

import re
from dataclasses import replace
from itertools import pairwise
from typing import TYPE_CHECKING

from docsort_server.engine.expression import expression
from docsort_server.engine.local.criteria import tallies
from docsort_server.engine.local.criteria.sheet import Spot

if TYPE_CHECKING:
    from collections.abc import Iterator

    from docsort_server.engine.local.criteria.sheet import Sheet

_Number = tuple[int, ...]

_NAME = (
    r"(?:§{1,2}|art(?:icle|ikel|icolo|iculo|igo)?\.?|sections?|sec\.|clauses?|paragraphs?|abschnitt"
    r"|ziffer|absatz|clausula|clausola|seccion|sezione|secao|afdeling)"
)
# "1. Services", "1.1 The supplier", "2) Fees", "§ 3 Term", "Article 4"; a bare "2 scones" is none,
# nor is a day and month, "02.03 Rent".
_DECIMAL = re.compile(
    rf"\s*(?:(?P<name>{_NAME}) ?(?P<named>[1-9]\d{{0,2}}(?:\.[1-9]\d?){{0,3}})[.):]?(?!\w)"
    r"|(?P<nested>[1-9]\d?(?:\.[1-9]\d?){1,3})[.):]?\s+\W?[^\W\d_]"
    r"|\(?(?P<plain>[1-9]\d?)[.)]\s+\W?[^\W\d_])"
)
# "1 Introduction": a heading of a few words that begins with a capital and says no other number.
_HEADING = re.compile(r"\s*(?P<bare>[1-9]\d?)\s+(?P<capital>[^\W\d_])(?:[^\W\d_]|[ ,&'-]){2,60}$")
_LETTER = re.compile(r"\s*(?:\((?P<both>[a-z])\)|(?P<behind>[a-z])\))\s+\W?[^\W\d_]{2}")
_ROMAN = re.compile(r"\s*\(?(?P<roman>[ivx]{1,5})[.)]\s+\W?[^\W\d_]{2}")
_ROMAN_TEXT = "i ii iii iv v vi vii viii ix x xi xii xiii xiv xv xvi xvii xviii xix xx"
_ROMANS = tuple(_ROMAN_TEXT.split())
# Words of what binds somebody, and of who and what is bound by it, folded. A page of clauses has
# some of them, steps and lists none, and the fields of a form only the latter.
_BINDING = expression(
    r"(?<!\w)(?:agreements?|contracts?|shall|hereby|herein\w{0,5}|hereto|hereunder|liab\w+|terminat\w+"
    r"|notwithstanding|indemni\w+|governing law|clauses?|terms|obligations?|breach|pursuant"
    r"|covenants?|by-?laws|vertrag\w{0,14}|\w{1,12}vertrags?|verpflicht\w+|haft(?:et|ung)|kundigung\w{0,8}"
    r"|satzung|bestimmung(?:en)?|gewahrleistung|contrats?|conventions?|s'engage\w{0,3}|resiliation"
    r"|responsabilite|statuts|contratos?|obligaciones|rescision|responsabilidad|clausulas?"
    r"|estatutos|contratt[oi]|obblighi|recesso|responsabilita|clausol[ae]|statuto|overeenkomst\w{0,3}"
    r"|verplicht\w+|beeindiging|opzegging|aansprakelijk\w*|bepaling(?:en)?|statuten|obrigacoes"
    r"|rescisao|responsabilidade)(?!\w)"
)
_BOUND = expression(
    r"(?<!\w)(?:part(?:y|ies)|laws?|tenants?|landlords?|less(?:ee|or)s?|sellers?|buyers?"
    r"|licen[sc](?:ees?|ors?)|suppliers?|employers?|borrowers?|lenders?|jurisdiction|parteien"
    r"|gerichtsstand|(?:ver)?kaufer|(?:ver)?mieter|auftraggeber|auftragnehmer|arbeitgeber"
    r"|arbeitnehmer|gesetz\w{0,6}|schriftform|vendeur|acheteur|bailleur|locataire|preneur"
    r"|prestataire|droit applicable|lois?|partes|vendedor|comprador|arrendador|arrendatario"
    r"|ley(?:es)?|jurisdiccion|venditore|compratore|acquirente|locatore|conduttore|legge|committente"
    r"|partij(?:en)?|(?:ver)?koper|(?:ver)?huurder|wet|opdrachtgever|werkgever|senhorio|inquilino"
    r"|loca(?:dor|tario)|lei)(?!\w)"
)
_FEWEST = 2
# What stands over a list of steps.
_STEPS = re.compile(
    r"\W*(?:\w+ ){0,3}(?:steps?|instructions?|directions?|method|procedure|how to\b.{0,60}"
    r"|preparation|zubereitung|anleitung|schritte|vorgehen|ablauf|etapes|mode d'emploi|preparacion"
    r"|pasos|instrucciones|elaboracion|preparazione|procedimento|passaggi|istruzioni|bereiding"
    r"|stappen|werkwijze|instructies|modo de preparo|preparo|passos|instrucoes)\W*"
)
# Numbers of clauses that stand within a line are passed over.
_STEP = 3
# Two in a row may be anything.
_SURE = 3


def clauses(sheet: Sheet) -> Iterator[Spot]:
    """Yield the numbered lines of a text that binds somebody; named as such they always do."""
    lines = sheet.folded_lines
    binding, bound = (set(words.findall(sheet.folded)) for words in (_BINDING, _BOUND))
    binds = bool(binding) and len(binding | bound) >= _FEWEST
    for spot in numbered(sheet):
        if binds or _is_named(lines[spot.line]):
            yield spot


def _is_named(line: str) -> bool:
    found = _DECIMAL.match(line)
    return found is not None and found["name"] is not None


def numbered(sheet: Sheet) -> Iterator[Spot]:
    """Yield the lines that begin with rising numbers, sure from the third on.

    Rows of items are none of them, nor are the steps under a heading that says so.
    """
    lines = sheet.folded_lines
    rows = {spot.line for spot in tallies.items(sheet)}
    own = sheet.cased.split("\n")
    for read, text in ((_decimal, lines), (_heading, own), (_letter, lines), (_roman, lines)):
        marked = [(n, read(line)) for n, line in enumerate(text) if n not in rows]
        yield from _rising([(n, number) for n, number in marked if number], lines)


def _rising(marked: list[tuple[int, _Number]], lines: list[str]) -> Iterator[Spot]:
    run: list[Spot] = []
    for (_, before), (line, number) in pairwise([(-1, ()), *marked]):
        if run and not _follows(before, number):
            yield from _told(run, lines)
            run = []
        run.append(Spot(line, 0, len(lines[line]), f"{line}"))
    yield from _told(run, lines)


def _told(run: list[Spot], lines: list[str]) -> Iterator[Spot]:
    if len(run) > 1 and not _STEPS.fullmatch(lines[max(0, run[0].line - 1)]):
        yield from (replace(spot, sure=len(run) >= _SURE) for spot in run)


def _follows(before: _Number, number: _Number) -> bool:
    """Tell whether a number comes next: 1.2 or 2 after 1.1, and 1.1 after 1."""
    for one, other in zip(before, number, strict=False):
        if one != other:
            return 0 < other - one <= _STEP
    return len(number) > len(before) and number[len(before)] <= _STEP


def _decimal(line: str) -> _Number:
    found = _DECIMAL.match(line)
    if found is None:
        return ()
    text = found["named"] or found["nested"] or found["plain"]
    return tuple(map(int, text.split(".")))


def _heading(line: str) -> _Number:
    found = _HEADING.match(line)
    return (int(found["bare"]),) if found and found["capital"].isupper() else ()


def _letter(line: str) -> _Number:
    found = _LETTER.match(line)
    return () if found is None else (ord(found["both"] or found["behind"]),)


def _roman(line: str) -> _Number:
    found = _ROMAN.match(line)
    if found is None or found["roman"] not in _ROMANS:
        return ()
    return (_ROMANS.index(found["roman"]) + 1,)
