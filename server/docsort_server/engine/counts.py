"""How many a criterion asks for: "at least three", "mehr als zwei", "both parties"."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING

from docsort_server.engine.expression import expression

if TYPE_CHECKING:
    import re

# Folded words in English, German, French, Spanish, Italian, Dutch and Portuguese. Words that mean
# something else in another of these languages count only behind words such as "at least".
_WORDS = {
    1: "",
    2: "two zwei deux dos twee dois duas",
    3: "three drei trois tres tre drie",
    4: "four vier quatre cuatro quattro quatro",
    5: "five funf cinq cinco cinque vijf",
    6: "six sechs seis zes",
    7: "seven sieben siete sette zeven",
    8: "eight acht huit ocho otto oito",
    9: "nine neun neuf nueve negen",
    10: "ten zehn dix diez dieci tien dez",
    12: "twelve dozen zwolf douze doce dodici twaalf doze",
    14: "fourteen vierzehn quatorze catorce quattordici veertien catorze",
    15: "fifteen funfzehn quinze quince quindici vijftien",
    18: "eighteen achtzehn dieciocho diciotto achttien dezoito",
    20: "twenty zwanzig vingt veinte venti twintig vinte",
    30: "thirty dreissig trente treinta trenta dertig trinta",
    60: "sixty sechzig soixante sesenta sessanta zestig sessenta",
    90: "ninety neunzig noventa novanta negentig",
}
_DOUBTFUL = {
    1: "one single a an ein eine einen einer eines un une una uno een um uma",
    2: "due",
    6: "sei",
    7: "sept sete",
    9: "nove",
    11: "eleven elf onze once undici",
}
_SURE = {word: number for number, words in _WORDS.items() for word in words.split()}
NUMBERS = _SURE | {word: number for number, words in _DOUBTFUL.items() for word in words.split()}


def _any(words: str) -> str:
    return "|".join(phrase.strip().replace(" ", r"\s+") for phrase in words.split("|"))


_NUMBER = rf"(?P<number>\d{{1,3}}|{'|'.join(sorted(NUMBERS, key=len, reverse=True))})\b(?![.,/-]\d)"
_BARE = rf"(?P<number>\d{{1,2}}|{'|'.join(sorted(_SURE, key=len, reverse=True))})\b(?![.,/-]\d)"
LEAST = _any(
    "at least|no fewer than|no less than|not less than|a minimum of|minimum|mindestens|wenigstens|"
    "au moins|al menos|por lo menos|como minimo|almeno|minstens|ten minste|pelo menos|no minimo"
)
MORE = _any(
    "more than|mehr als|plus de|plus d'|mas de|piu di|meer dan|mais de|mais do que|in excess of"
)
EXACTLY = _any(
    "exactly|only|precisely|no more and no less than|genau|nur|exactement|seulement|exactamente|"
    "solo|solamente|esattamente|soltanto|precies|slechts|exatamente|apenas"
)
MOST = _any(
    "at most|no more than|not more than|up to|a maximum of|hochstens|maximal|nicht mehr als|"
    "au plus|au maximum|como maximo|a lo sumo|al massimo|hoogstens|maximaal|no maximo"
)
FEWER = _any("fewer than|less than|weniger als|moins de|menos de|meno di|minder dan|menos do que")
_OR_MORE = _any(
    "or more|and more|oder mehr|ou plus|o mas|o piu|of meer|ou mais|oder mehrere|ou plusieurs"
)
_SEVERAL = _any(
    "several|multiple|mehrere|mehreren|plusieurs|varios|varias|diversi|diverse|meerdere|"
    "a number of|verschiedene"
)
_BOTH = _any("both|beide|beiden|beider|les deux|ambos|ambas|entrambi|entrambe|allebei|ambedue")
# "Both a date and a signature" counts nothing.
_TWO_THINGS = expression(r"\s(?:and|und|et|y|e|en)\s")
# What is measured in these is no count of things on a page.
_UNITS = (
    r"(?!\s*(?:%|percent|per cent|days?|weeks?|months?|years?|hours?|minutes?|tage?n?|wochen?|"
    r"monate?n?|jahre?n?|stunden?|jours?|semaines?|mois|ans|annees?|heures?|dias?|semanas?|meses|"
    r"anos?|horas?|giorni|settimane|mesi|anni|ore|dagen|weken|maanden|jaar|jaren|uur|euros?|"
    r"dollars?|pounds?|francs?|eur|usd|gbp|chf|business|working|digit)\b|\s*[€$£])"
)
_FORMS = tuple(
    (expression(rf"\b(?:{before})\s*{_NUMBER}(?:\s+(?:{_OR_MORE})\b)?{_UNITS}"), low, high)
    for before, low, high in (
        (LEAST, 0, None),
        (MOST, None, 0),
        (MORE, 1, None),
        (FEWER, None, -1),
        (EXACTLY, 0, 0),
    )
)
_N_OR_MORE = expression(rf"\b{_NUMBER}\s+(?:{_OR_MORE})\b{_UNITS}")
_PLAIN = expression(
    rf"(?<!form )(?<!section )(?<!article )(?<!page )(?<!seite )(?<!part )(?<![\d.,/-])\b{_BARE}"
    rf"{_UNITS}(?=\s+\w)"
)
_MANY = expression(rf"\b(?:{_SEVERAL})\b")
# "Seller and buyer are both named" counts none either.
_PAIR = expression(rf"(?<!\bare )(?<!\bsind )(?<!\bsont )(?<!\bsono )(?<!\bzijn )\b(?:{_BOTH})\b")


@dataclass(frozen=True, slots=True)
class Count:
    """From `low` to `high` things, both included; `high` may be infinite."""

    low: float
    high: float = math.inf

    def holds(self, number: int) -> bool:
        """Tell whether so many are asked for."""
        return self.low <= number <= self.high


def find_count(folded: str) -> tuple[Count | None, str]:
    """Return what a folded statement counts, and the statement without the words for it."""
    for pattern, low, high in _FORMS:
        if found := pattern.search(folded):
            number = _value(found["number"])
            count = Count(
                0 if low is None else number + low, math.inf if high is None else number + high
            )
            return _told(count, folded, found)
    if (found := _N_OR_MORE.search(folded)) or (found := _PLAIN.search(folded)):
        return _told(Count(_value(found["number"])), folded, found)
    if found := _MANY.search(folded):
        return _told(Count(2), folded, found)
    if (found := _PAIR.search(folded)) and not _TWO_THINGS.search(folded, found.end()):
        return _told(Count(2), folded, found)
    return None, folded


def _told(count: Count, folded: str, found: re.Match[str]) -> tuple[Count | None, str]:
    rest = f"{folded[: found.start()]} {folded[found.end() :]}"
    # One or more of a thing is the thing.
    return (None if count == Count(1) else count), rest


def _value(text: str) -> int:
    return int(text) if text.isdigit() else NUMBERS[text]
