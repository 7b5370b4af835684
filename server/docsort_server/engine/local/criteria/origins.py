"""The country of a number, by its code, its prefix or its form."""

from __future__ import annotations

import re

from docsort_server.engine.expression import expression

# The code and the prefix of telephone numbers of a country, and expressions for its adjectives and
# names, folded, in seven languages.
_COUNTRY_TEXT = r"""
DE 49 german germany deutsch(?:e\w?)? deutschland allemande?s? aleman(?:a|es)? tedesc\w{1,2}
   duits?e? alema[os]?
FR 33 french france franzosisch(?:e\w?)? francais\w{0,2} frances[ae]?s? franse? francia
ES 34 spanish spain spanisch(?:e\w?)? espagnole?s? espanola?s? spagnol[oiae] spaanse? espanhola?s?
IT 39 italian italy italienisch(?:e\w?)? italienn?e?s? italian[oaie]s? italiaanse? italia
NL 31 dutch netherlands niederlandisch(?:e\w?)? hollandisch(?:e\w?)? neerlandaise?s?
   neerlandes\w{0,2} holandes\w{0,2} olandes[ei] nederlandse?
PT 351 portuguese portugal portugiesisch(?:e\w?)? portugaise?s? portugues\w{0,2} portoghes[ei]
   portuge(?:se?|es)
GB 44 uk british britisch(?:e\w?)? britanniques? britanic[oa]s? britannic\w{1,2} britse? gb
   united\skingdom
US 1 american us(?=\s(?:phone|tele|fax|mobile|bank|vat|number)) u\.s\. usa amerikanisch(?:e\w?)?
   americaine?s? american[oaie]s? estadounidenses? statunitens[ei] amerikaanse?
CH 41 swiss switzerland schweizer(?:isch(?:e\w?)?)? suisses? suiz[oa]s? svizzer\w{1,2} zwitserse?
   suic[oa]s?
AT 43 austrian austria osterreichisch(?:e\w?)? autrichienn?e?s? austriac\w{1,2} oostenrijkse?
BE 32 belgian belgium belgisch(?:e\w?)? belges? belgas?
PL 48 polish poland polnisch(?:e\w?)? polonaise?s? polac\w{1,2} poolse? polones\w{0,2}
IE 353 irish ireland irisch(?:e\w?)? irlandaise?s? irlandes\w{0,2} ierse?
LU 352 luxembourg(?:ish|eoise?s?)? luxemburgisch(?:e\w?)? luxemburgs
DK 45 danish denmark danisch(?:e\w?)? danoise?s? danes[ae]?s? deense?
SE 46 swedish sweden schwedisch(?:e\w?)? suedoise?s? suec[oa]s? svedes[ei] zweedse?
NO 47 norwegian norway norwegisch(?:e\w?)? norvegienn?e?s? norueg[oa]s? norvegese noorse?
FI 358 finnish finland finnisch(?:e\w?)? finlandaise?s? finlandes\w{0,2} finse?
CZ 420 czech tschechisch(?:e\w?)? tcheques? chec[oa]s? cec[oa] tsjechische
GR 30 greek greece griechisch(?:e\w?)? grecque grieg[oa]s? grec[oa] griekse?
"""
_COUNTRIES = tuple(entry.split() for entry in re.split(r"\n(?=[A-Z])", _COUNTRY_TEXT.strip()))
_EU_TEXT = "AT BE BG CY CZ DE DK EE ES FI FR GR HR HU IE IT LT LU LV MT NL PL PT RO SE SI SK"
_EU = expression(
    r"\b(?:eu|european union|europaische\w?|europeenn?e?s?|europe[oa]s?|europese?|european"
    r"|intracommunautaire|intra-community)\b"
)
PREFIXES = {code: prefix for code, prefix, *_ in _COUNTRIES}
_WORDS = expression(
    "|".join(rf"\b(?P<{code}>{'|'.join(names)})(?!\w)" for code, _, *names in _COUNTRIES)
)
_PLACED = expression(r"\b(?:in|of|from|to|for|the|aus|fur|en|de|di|van|uit|em)\s$")
# Numbers as written without the country's prefix: in America, and in France by pairs.
AMERICAN_PHONE = r"(?:1[-. ])?(?:\(\d{3}\) ?-?|\d{3}[-. ])\d{3}[-. ]\d{4}"
FRENCH_PHONE = r"0\d(?:[. ]\d\d){4}"
_NATIONAL = {"US": expression(AMERICAN_PHONE), "FR": expression(FRENCH_PHONE)}
_POSTCODES = {
    "GB": expression(r"[a-z]{1,2}\d[a-z\d]?\d[a-z]{2}"),
    "NL": expression(r"\d{4}[a-z]{2}"),
    "US": expression(r"[a-z]{2}\d{5}(?:\d{4})?"),
}
_ALIKE = {"EL": "GR", "XI": "GB", "UK": "GB"}


def countries(text: str) -> frozenset[str]:
    """Return the countries that a folded statement names, those of the EU for "European"."""
    if _EU.search(text):
        return frozenset(_EU_TEXT.split())
    return frozenset(str(found.lastgroup) for found in _WORDS.finditer(text))


def adjective(text: str) -> str:
    """Return the first country that narrows a thing in a folded statement; empty for none.

    "A German address" does, "a tenant in Germany" does not.
    """
    for found in (*_WORDS.finditer(text), *_EU.finditer(text)):
        if not _PLACED.search(text[: found.start()]):
            return found[0]
    return ""


def of_code(text: str) -> str | None:
    """Return the country that a number begins with, as those of accounts and for VAT do."""
    code = text[:2].upper()
    if not code.isalpha() or len(code) < 2:
        return None
    return "CH" if text[:3].upper() == "CHE" else _ALIKE.get(code, code)


def of_phone(text: str, asked: frozenset[str]) -> bool | None:
    """Tell whether a telephone number is of one of the countries; None without a prefix."""
    digits = "".join(filter(str.isdigit, text))
    known = "+" in text or digits.startswith("00")
    if known:
        digits = digits.removeprefix("00")
        return any(digits.startswith(PREFIXES[each]) for each in asked if each in PREFIXES)
    told = [country for country, form in _NATIONAL.items() if form.fullmatch(text.strip())]
    return told[0] in asked if told else None


def of_postcode(text: str, asked: frozenset[str]) -> bool | None:
    """Tell whether a postcode is of one of the countries; None where its form leaves that open."""
    bare = "".join(filter(str.isalnum, text)).lower()
    told = next((country for country, form in _POSTCODES.items() if form.fullmatch(bare)), None)
    return told in asked if told else None
