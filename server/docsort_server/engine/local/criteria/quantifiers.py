"""Words that say of which values a comparison is, of all of them or of the lowest, folded."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import TYPE_CHECKING

from docsort_server.engine.expression import expression
from docsort_server.engine.local.criteria import signing_words as words

if TYPE_CHECKING:
    from docsort_server.engine.local.criteria.conditions import Trial, Tried
    from docsort_server.engine.local.criteria.statement import Part

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
# "All parties have signed", "signed by each of them".
_EVERYBODY = rf"\b(?:{_ALL}|everyone|everybody|chacune?|iedereen|allen)\b"
_ALL_SIGN = expression(
    rf"{_EVERYBODY}(?:(?! (?:and|und|et|y|e|en|that|die|qui|que|che)\b)[^,.;]){{0,50}}"
    rf"\b{words.SIGNING}\b|\b{words.SIGNED} (?:{words.BY}|de) {_EVERYBODY}"
)
_ONE = r"(?<!\w)(?:one|eine|une|una|alguna|een|uma)"
_SIGNATURE = rf"(?:{words.SIGNATURES}|{_ONE} {words.SIGNATURE})"
_LACKED = (
    r"(?:missing|lacking|absent|outstanding|fehlen|fehlt|manquent|manque|faltan?|mancano|manca"
    r"|ontbreken|ontbreekt|faltam?)"
)
# "Some signatures are missing", "il manque des signatures": of several there are not all.
_LACKING = expression(
    rf"\b{_SIGNATURE}\b(?: (?!not\b|nicht\b)\w+){{0,3}} {_LACKED}\b"
    rf"|\b{_LACKED}(?: (?:some|one|any|or|more|of|the|required|des|de|certaines|algunas|las|alcune"
    rf"|delle|le|enkele|algumas|as|einige)){{0,4}} {_SIGNATURE}\b"
)
# "The signature block is blank".
_FIELD = (
    rf"(?:{words.SIGNATURE}\w{{0,2}}[ -]?(?:lines?|blocks?|fields?|box(?:es)?|spaces?|zeilen?"
    rf"|felder|feld|regels?|veld(?:en)?)|(?:lignes?|champs?|campos?|lineas?|camp[oi]|rig[ah]e?|linhas?)"
    rf"(?: d[aei]l?l?a?)? {words.SIGNATURE}s?)"
)
_BLANK = r"(?:blank|empty|unfilled|leer|vides?|vaci[oa]s?|vuot[ei]|vuoto|leeg|vazi[oa]s?)"
_IS_BLANK = expression(rf"\b(?:{_FIELD}(?: \w+){{0,3}} {_BLANK}|{_BLANK} {_FIELD})\b")
_NO_SIGNATURE = re.compile(
    r"\b(?:no|none of the|keine\w?|aucune|ninguna|nessuna|geen|nenhuma)(?= \w)"
)
_SOME = expression(
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


def all_sign(text: str) -> bool:
    """Tell whether a folded statement says that all who are to sign have signed."""
    return _ALL_SIGN.search(text) is not None


def lacking(text: str) -> bool | None:
    """Tell whether a folded statement says that one of several signatures is missing.

    False where it says that none is, None where it says nothing of it.
    """
    found = _LACKING.search(text) or _IS_BLANK.search(text)
    return None if found is None else _NO_SIGNATURE.search(text, 0, found.end()) is None


def quantified(found: Tried, part: Part) -> Tried:
    """Say of which values and by which of the conditions a trial is met."""

    def said(each: Trial) -> Trial:
        every = bool(part.every) and (each.own or not each.labels)
        if each.own and part.negated and _NONE.search(part.bare):
            return replace(each, labels=(), rivals=(), own=False, either=part.alternative)
        return replace(each, either=part.alternative, every=every)

    return replace(found, trials=tuple(map(said, found.trials)))
