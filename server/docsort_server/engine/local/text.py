"""Fold text so that equal words compare equal: case, accents, ligatures, light stemming."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import TYPE_CHECKING

from docsort_server.engine.folding import fold as fold  # noqa: PLC0414 - told as ours

if TYPE_CHECKING:
    from collections.abc import Iterable

_WORD = re.compile(r"[^\W_]+")
_SUFFIXES = ("ingen", "ings", "ing", "ens", "ns", "ies", "ed", "es", "en", "s", "e", "n")
_UNSPACED = re.compile("[\u0e00-\u0eff\u1100-\u11ff\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af]")
_KEPT_DOUBLES = frozenset("lsz")
_SHORTEST_STEM = 3

_STOP_TEXT = """
a about above after all also an and any are as at be been but by can could did do does each either
for from had has have he her his how i if in into is it its itself like may me more most must my no
nor not of off on one only or other our out over own per shall she should so some such than that
the their them then there these they this those to too under up upon us was we were what when where
which while who whom whose why will with would you your
aber als am an auch auf aus bei bis das dem den der des die durch ein eine einem einen einer eines
er es fur hat ich ihr im ist mit nach nicht noch oder sich sie sind uber um und uns unter vom von
vor was wenn wer wie wir wird zu zum zur
au aux avec ce ces cette dans de des du elle en est et eu il ils je la le les leur lui ma mais me
mes mon nos notre nous ou par pas pour qu que qui sa se ses son sont sous sur ta te tu un une vos
votre vous y d l s n t c j m
al algo ante como con del desde donde el ella ellos era esa ese esta este las lo los mas mi muy
para pero por porque segun si sin sobre su sus tambien tiene una uno unos ya
ad agli ai alla alle anche che chi ci coi col come cui da dal dalla degli dei del dell della delle
di e gli ha ho ii io lei loro nei nel nella o per piu quale quella questo sono sul sulla tra tutti
aan alle als bij dan dat deze die dit door een en er geen haar heeft het hij hoe hun ik in is je
kan maar met mijn naar niet nog of om onder ons ook op over te tot uit uw van veel voor wat we wel
wie wordt zal ze zich zijn zo
ao aos as com como da das do dos ela ele em entre esta eu foi isso mais mas na nas nem no nos num o
os ou pela pelo quando se sem ser seu sua tem um uma
"""
STOP_WORDS = frozenset(_STOP_TEXT.split())


def split(folded: str) -> list[str]:
    """Split folded text into words of letters and digits."""
    return _WORD.findall(folded)


def words(text: str) -> list[str]:
    """Split `text` into folded words of letters and digits."""
    return split(fold(text))


def squeeze(text: str) -> str:
    """Return the folded letters and digits of `text` without anything between them."""
    return "".join(words(text))


def is_unspaced(text: str) -> bool:
    """Tell whether `text` holds a script that puts no spaces between words."""
    return not text.isascii() and _UNSPACED.search(text) is not None


@lru_cache(maxsize=50_000)
def stem(word: str) -> str:
    """Cut the common inflections of seven languages from a folded word.

    Light on purpose: it unites "invoice", "invoices" and "invoicing", and keeps "statement".
    """
    if len(word) <= _SHORTEST_STEM or not word.isalpha():
        return word
    cut = _without_suffix(word)
    if len(cut) > _SHORTEST_STEM and cut[-1] == cut[-2] and cut[-1] not in _KEPT_DOUBLES:
        cut = cut[:-1]
    return cut[:-1] + "i" if cut[-1] == "y" else cut


def _without_suffix(word: str) -> str:
    if word.endswith("ss"):
        return word
    for suffix in _SUFFIXES:
        if word.endswith(suffix) and len(word) - len(suffix) >= _SHORTEST_STEM:
            return word[: -len(suffix)] + ("i" if suffix == "ies" else "")
    return word


def content_stems(text: str) -> list[str]:
    """Return the stems of the words of `text` that carry meaning, in order.

    Scripts without spaces are cut into overlapping pairs of characters.
    """
    return content_stems_of(words(text))


def content_stems_of(folded: Iterable[str]) -> list[str]:
    """Return the stems of folded words, those that `content_stems` gives for their text."""
    stems: list[str] = []
    for word in folded:
        if is_unspaced(word):
            stems.extend(word[i : i + 2] for i in range(max(1, len(word) - 1)))
        elif word not in STOP_WORDS and (len(word) > 1 or word.isdigit()):
            stems.append(stem(word))
    return stems
