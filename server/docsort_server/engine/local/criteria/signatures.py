"""Tell what is signed from lines that wait for a signature, as far as a page's text shows it.

A signature drawn with a pen is no text: of a bare "Signature" it stays open whether one is there.
"""

from __future__ import annotations

import re
from collections import Counter
from enum import IntEnum
from typing import TYPE_CHECKING

from docsort_server.engine.expression import expression
from docsort_server.engine.local.criteria import signing_lines
from docsort_server.engine.local.criteria import signing_words as words
from docsort_server.engine.local.criteria.personal_names import is_name, starts_with_name
from docsort_server.engine.local.criteria.sheet import Spot

if TYPE_CHECKING:
    from collections.abc import Iterator

    from docsort_server.engine.local.criteria.sheet import Sheet


class State(IntEnum):
    """What a place for a signature holds, by how much speaks for one."""

    EMPTY = 0  # a line of underscores or dots
    OPEN = 1  # its name alone
    CLOSED = 2  # a name in letters near it: under a closing, or on the line around it
    SIGNED = 3  # said in so many words: "/s/", "digitally signed by", a name behind its label


# Said of a signature that is there, before who made it or when. "s/n" is a serial number.
_SAID = expression(
    r"(?:(?<![^\s:(])/s/|(?<![\w/])s/(?= ?\w{2})|\bgez(?:eichnet)?\.:?|\bsgd\.?|\(signed\)"
    r"|\b(?:digitally|electronically|e-?|docu)[ -]?signed"
    r"|\b(?:digital|elektronisch) (?:signiert|unterschrieben|unterzeichnet)"
    r"|\bsign[e]e? (?:electroniquement|numeriquement)"
    r"|\bfirmad[oa] (?:digital|electronica)mente|\bfirmat[oa] (?:digital|elettronica)mente"
    r"|\b(?:digitaal|elektronisch) ondertekend|\bassinad[oa] (?:digital|eletronica)mente)"
    r"(?:[ :]{1,3}(?:by|on|von|durch|am|par|le|por|el|da|il|door|op|em))?[ :]{0,3}"
)
_MAKER = re.compile(r"$|[\W_]{0,3}[A-ZÀ-Ý\d]")
# A page that needs none says so, and has none.
_SPARED = expression(
    r"\b(?:(?:without|no|ohne|sans|sin|senza|zonder|sem)\s(?:(?:a|any|eine?|handwritten)\s)?"
    rf"{words.SIGNATURE}|(?:not|nicht|niet|non|nao|pas)\s(?:be\s)?{words.SIGNED})\b"
)
_WORD = (
    r"(?:signatures?|signed(?: by)?|sign here|unterschrift(?:en)?|unterzeichner\w{0,2}|podpis"
    r"|underskrift(?:er)?|underskrevet af|namn(?:teckning|underskrift)|allekirjoitus|alairas"
    r"|handtekening(?:en)?|ondertekening|ondertekend(?: door)?"
    r"|firmas?(?=[\s:)_.]|$)|firmado(?: por)?|firmato(?: da)?"
    r"|signee?(?: par)?|assinaturas?|assinado por)"
)
# At the start of a line or of a cell, with a word or two before it: "Customer signature".
_LABEL = expression(
    r"(?:^|(?<=[|:;/)_]) ?| {2,40}|\t|(?<=\.\.) ?)"
    rf"[\W_]{{0,3}}(?:[\w'\u2019./]{{1,14}},? ){{0,2}}"
    rf"(?P<word>{_WORD}(?!\w)|(?:by|x) ?:? ?(?=_{{4,}}))"
)
# Without these no line of a page is a label.
_MAY_LABEL = expression(rf"{_WORD}|_{{4}}")
_DRAWN = re.compile(r"_{3,}")
_BLANK = re.compile(r"_{3,}|\[ {2,60}\]|\.{4,}|…{2,}|-{5,}|\u2013{4,}|\u2014{3,}")
_RULE = re.compile(r"[\s_.…\u2013\u2014x-]+")
_MARGIN = re.compile(r"[\W_]*")
_CLOSING = re.compile(
    r"(?:yours?|very|sincerely|best|kind|warm|with|respectfully|cordially|regards|mit"
    r"|hochachtungsvoll"
    r"|freundliche|viele|cordialement|bien|veuillez|salutations|atentamente|un|saludos"
    r"|cordiali|distinti"
    r"|met|hoogachtend|vriendelijke|atenciosamente|cumprimentos|med|ven+lig|s|z)\b[^.:]{0,48}[,.!]?$"
)
_FAREWELL = re.compile(
    r"\b(?:sincerely|truly|faithfully|regards|wishes|submitted|cordially|gru(?:ss|ß)en?"
    r"|hochachtungsvoll"
    r"|cordialement|salutations|atentamente|saludos?|saluti|groet(?:en)?|hoogachtend|atenciosamente"
    r"|cumprimentos|hilsen|halsning(?:ar)?|pozdravem|powazaniem)\b"
)
# In German, Dutch and Polish "Firma" is the company.
_COMPANY = re.compile(
    r"\b(?:und|der|die|das|fur|strasse|rechnung|telefon|gmbh|een|het|voor|straat|factuur|ulica"
    r"|faktura)\b"
)
# How many lines under a closing its name may stand, and how many words a label line has at most.
_UNDER, _MOST_WORDS = 4, 12


def places(sheet: Sheet) -> Iterator[Spot]:
    """Yield the places for signatures; the key is the `State`, they are sure from CLOSED on."""
    folded, cased = sheet.folded_lines, sheet.cased.split("\n")
    yield from (_spot(each.line, State.EMPTY) for each in signing_lines.lines(sheet))
    # Looked for in the whole page first: most have none, and lines one by one take long.
    said, spared = _said(sheet, cased), _SPARED.search(sheet.folded) is not None
    may_label = _MAY_LABEL.search(sheet.folded) is not None
    for number, line in enumerate(folded):
        if spared and _SPARED.search(line):
            continue
        if number in said:
            # Two stand side by side: "gez. Ada Finch   gez. Ben Holt".
            yield from [_spot(number, State.SIGNED)] * said[number]
        elif _closes(line, cased, number):
            yield _spot(number, State.CLOSED)
        elif may_label and (len(line.split()) <= _MOST_WORDS or _BLANK.search(line)):
            for found in _LABEL.finditer(line):
                if found["word"].startswith("firma") and _COMPANY.search(sheet.folded):
                    continue
                yield _spot(number, _state(found, folded, cased, number))


def _said(sheet: Sheet, cased: list[str]) -> Counter[int]:
    """Count, by the number of their lines, the words that say that something is signed."""
    spots = map(sheet.spot, _SAID.finditer(sheet.folded))
    return Counter(spot.line for spot in spots if _MAKER.match(cased[spot.line], spot.end))


def _spot(number: int, state: State) -> Spot:
    return Spot(number, 0, 0, state.name, sure=state >= State.CLOSED)


def _closes(line: str, cased: list[str], number: int) -> bool:
    if not (_CLOSING.match(line) and _FAREWELL.search(line)):
        return False
    return any(is_name(each) for each in cased[number + 1 : number + 1 + _UNDER])


def _state(found: re.Match[str], folded: list[str], cased: list[str], number: int) -> State:
    line = folded[number]
    behind = line[found.end() :]
    following = _LABEL.search(line, found.end())
    rest = cased[number][found.end() : following.start() if following else None]
    margin = _MARGIN.match(rest)
    named = ":" in rest[:2] or found[0].endswith(("by", "por", "da", "par", "door", "af"))
    end = margin.end() if margin else 0
    if named and starts_with_name(rest[end:]):
        # A name in print behind the line says who is to sign on it.
        drawn = _DRAWN.search(rest, 0, end) and not _DRAWN.search(rest, end)
        return State.EMPTY if drawn else State.SIGNED
    above = cased[number - 1] if number else ""
    if _BLANK.search(behind) or _BLANK.search(line[: found.start()]) or _is_rule(above):
        over = cased[number - 2] if _is_rule(above) and number > 1 else above
        return State.CLOSED if is_name(over) and not is_name(rest) else State.EMPTY
    below = cased[number + 1] if number + 1 < len(cased) else ""
    if _is_rule(below):
        return State.EMPTY
    return State.CLOSED if is_name(above) else State.OPEN


def _is_rule(line: str) -> bool:
    return _RULE.fullmatch(line) is not None and _BLANK.search(line) is not None
