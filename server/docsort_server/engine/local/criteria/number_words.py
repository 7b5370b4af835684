"""Numbers in words of any size, "two thousand", "zehntausend", in seven languages.

The smaller ones that criteria count with are those of the counts module.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from docsort_server.engine.counts import NUMBERS
from docsort_server.engine.expression import expression

if TYPE_CHECKING:
    import re
    from collections.abc import Iterator

# Those that criteria do not count with, folded.
_TEXT = """
0: zero null cero nul
13: thirteen dreizehn treize trece tredici dertien treze
16: sixteen sechzehn seize dieciseis sedici zestien dezesseis
17: seventeen siebzehn diecisiete diciassette zeventien dezessete
19: nineteen neunzehn diecinueve diciannove negentien dezenove
20: vent veinti
30: trent
40: forty vierzig quarante cuarenta quaranta quarant veertig quarenta
50: fifty funfzig cinquante cincuenta cinquanta cinquant vijftig cinquenta
60: sessant
70: seventy siebzig septante setenta settanta settant zeventig
80: eighty achtzig octante ochenta ottanta ottant tachtig oitenta
90: nonante novant
200: doscientos doscientas duzentos duzentas
300: trescientos trescientas trezentos trezentas
400: cuatrocientos cuatrocientas quatrocentos
500: quinientos quinientas quinhentos quinhentas
600: seiscientos seiscientas seiscentos
700: setecientos setecientas setecentos
800: ochocientos ochocientas oitocentos
900: novecientos novecientas novecentos
"""
_ADDED = NUMBERS | {
    word: int(value)
    for value, _, words in (line.partition(": ") for line in _TEXT.strip().splitlines())
    for word in words.split()
}
_HUNDRED = frozenset(("hundred", "hundert", "cien", "ciento", "cento", "honderd", "cem"))
# In French; elsewhere a coin.
_CENTS = expression(
    r"(?<=\bdeux )cents?\b|(?<=\btrois )cents?\b|(?<=\bquatre )cents?\b|(?<=\bcinq )cents?\b"
    r"|(?<=\b(?:six|dix) )cents?\b|(?<=\b(?:sept|huit|neuf) )cents?\b|(?<=\bmille )cents?\b"
    r"|(?<!\d )\bcent(?= (?:euros?|mille|\w+ euros?)\b)"
)
_SCALES = {
    1_000: "thousand tausend mille mil mila duizend",
    1_000_000: "million millions millionen millones millon milione milioni miljoen milhao milhoes",
    1_000_000_000: "billion milliarde milliarden milliard milliards miliardo miliardi miljard",
}
_SCALED = {word: scale for scale, words in _SCALES.items() for word in words.split()}
_KNOWN = frozenset((*_ADDED, *_HUNDRED, *_SCALED))
_LONGEST = 48
_PART = "|".join(sorted(_KNOWN - {"a", "an", "un"}, key=len, reverse=True))
# "Zweitausendfünfhundert", "vijfentwintig": the parts of one word.
_COMPOUND = expression(rf"(?:(?:{_PART})(?:und|en|e)?){{2,9}}")
_PARTS = expression(rf"und|{_PART}")
_FOURSCORE = expression(r"\bquatre[ -]vingts?\b")
_WORD = expression(r"[^\W\d_]+")
_BETWEEN = expression(r"\b(?:between|zwischen|entre|tra|fra|tussen|from|von)\s$")
_AND = frozenset(("and", "und", "et", "y", "e", "en"))
_HALF = expression(
    r"\b(?:half an?|half of an?|eine halbe|un demi|medio|mezzo|(?:een )?half|meio)[ -]"
    rf"(?P<scale>{'|'.join(_SCALED)})\b"
)
_NOT_SO = expression(
    r"(?:\d\s?|\b(?:per|pour|por|pro|several|few|some|many|einige|mehrere|quelques|plusieurs|varios"
    r"|varias|unos|alcune|diverse|enkele|alguns)\s)$"
)
_ARTICLES = frozenset(("a", "an"))
_ENGLISH = frozenset(("hundred", "thousand", "million", "billion"))
# Parts of numbers that are left when the others are read: "several thousand", "a dozen".
_LEFT = expression(
    r"\b(?:(?:hundred|thousand|million|billion|dozen|score)s?|half|halb\w*|anderthalb|third|quarter"
    r"|hundert\w*|tausend\w*|millione?n?s?|milliard\w*|dutzend|douzaine|centaines?|milliers?|moitie"
    r"|docena|miles|millon\w*|mitad|dozzina|centinaia|migliaia|milion\w*|meta|helft|tientallen"
    r"|honderden|duizenden|miljoen\w*|duzia|metade|milh\w+)\b"
)


def figures(text: str) -> str:
    """Write the numbers of a folded statement in figures, but not those that one word says."""
    text = _CENTS.sub("hundert", _FOURSCORE.sub("achtzig", text))
    text = _HALF.sub(lambda found: str(_SCALED[found["scale"]] // 2), text)
    for start, end, value in reversed(list(_found(text))):
        text = f"{text[:start]}{value}{text[end:]}"
    return text


def left(text: str) -> str:
    """Return a part of a number that was not read, such as "several thousand"; empty for none."""
    found = _LEFT.search(text)
    return found[0] if found else ""


def _found(text: str) -> Iterator[tuple[int, int, int]]:
    words = list(_WORD.finditer(text))
    place = 0
    while place < len(words):
        run = _run(text, words, place)
        if run is None:
            place += 1
            continue
        last, value = run
        start, end = words[place].start(), words[last].end()
        simple = last == place and words[place][0] in NUMBERS
        if not simple and not _NOT_SO.search(text[:start]):
            yield start, end, value
        place = last + 1


def _run(text: str, words: list[re.Match[str]], place: int) -> tuple[int, int] | None:
    """Return the last word of the number that begins at a word, and what it says."""
    following = words[place + 1][0] if place + 1 < len(words) else ""
    # "A" is a word of other languages, as in "superior a mil".
    if words[place][0] in _ARTICLES and following not in _ENGLISH:
        return None
    number, last = _Number(), None
    joined = _BETWEEN.search(text[: words[place].start()]) is None
    at = place
    while at < len(words):
        if at > place and not _beside(text, words[at - 1], words[at]):
            break
        if last is not None and joined and words[at][0] in _AND and _goes_on(words, at, number):
            at += 1
            continue
        if not number.takes(words[at][0]):
            break
        last, at = at, at + 1
    return None if last is None else (last, number.value)


def _beside(text: str, one: re.Match[str], other: re.Match[str]) -> bool:
    return text[one.end() : other.start()] in (" ", "-")


def _goes_on(words: list[re.Match[str]], at: int, number: _Number) -> bool:
    """Tell whether "and" joins a smaller part: "two hundred and five", "treinta y uno"."""
    if at + 1 >= len(words) or words[at + 1][0] not in _ADDED:
        return False
    following = words[at + 2][0] if at + 2 < len(words) else ""
    if following in _SCALED and following not in ("mil", "mille"):
        return False
    return number.fits(_ADDED[words[at + 1][0]])


class _Number:
    """A number as its words add up."""

    def __init__(self) -> None:
        self._whole = 0
        self._part = 0
        self._lowest = 1_000_000_000_000
        self._said = False

    @property
    def value(self) -> int:
        """What the words said so far come to."""
        return self._whole + self._part

    def fits(self, value: int) -> bool:
        """Tell whether a part may be added to what is said: 5 to 20, and 10 to 60 in French."""
        if not self._said:
            return True
        rest = self._part % 100
        if rest in (60, 80) and self._part:
            return 0 < value < 20
        if rest:
            return rest >= 20 and rest % 10 == 0 and 0 < value < 10
        return 0 < value < 1_000 if not self._part else 0 < value < 100

    def takes(self, word: str) -> bool:
        """Add a word; tell whether it is one of this number."""
        if word in _KNOWN:
            return self._add(word)
        if len(word) > _LONGEST or not _COMPOUND.fullmatch(word):
            return False
        return self._compound([part for part in _PARTS.findall(word) if part != "und"])

    def _add(self, word: str) -> bool:
        if word in _SCALED and self._scales(_SCALED[word]):
            return True
        if word in _HUNDRED and self._part < 100 and (self._part or not self._said or self._whole):
            self._part = max(self._part, 1) * 100
            self._said = True
            return True
        if word in _ADDED and self.fits(_ADDED[word]):
            self._part += _ADDED[word]
            self._said = True
            return True
        return False

    def _scales(self, scale: int) -> bool:
        if scale >= self._lowest or (self._said and not self._part):
            return False
        self._whole += max(self._part, 1) * scale
        self._part, self._lowest, self._said = 0, scale, True
        return True

    def _compound(self, parts: list[str]) -> bool:
        """Add the parts of one word; in German and Dutch units come before tens."""
        ordered = list(parts)
        for place in range(len(ordered) - 1):
            one, other = (_ADDED.get(each, 0) for each in ordered[place : place + 2])
            if 0 < one < 10 and 20 <= other < 100:
                ordered[place : place + 2] = ordered[place + 1], ordered[place]
        return all(map(self._add, ordered))
