"""Probabilities of options and of yes-or-no answers, from the tokens that carry them."""

from __future__ import annotations

import re
from dataclasses import dataclass
from itertools import accumulate
from typing import TYPE_CHECKING

from docsort_server.engine.openai.answer import CATEGORY

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from docsort_server.engine.openai.reply import Token

_CODE = re.compile(r'[\s":{]*([A-Z]+)(?![A-Za-z0-9_])')
_WORD = re.compile(r"[\s\":{]*([a-z]+)")
_VALUE = re.compile(rf'"{CATEGORY}"\s*:\s*"')
_CRITERION = re.compile(r'"(c\d+)"\s*:\s*(?=true|false)')
# Below this a model did not mean any of the options, or its probabilities are not real.
_LEAST_MASS = 1e-6
# What is not listed is a little less likely than what is: it loses ties against what was said.
_LESS = 0.99


@dataclass(frozen=True, slots=True)
class Chances:
    """The chance of every option; `mass` is how much of the model's own went to any of them.

    A low mass tells that the model wanted to say something else, however sure it now looks.
    """

    options: tuple[float, ...]
    mass: float


def option_chances(
    tokens: Sequence[Token], codes: Sequence[str], temperature: float = 1.0
) -> Chances | None:
    """Return the chances of the codes; they add up to 1. None where the tokens do not tell.

    Codes that are not among the listed tokens share what is left, each at most the least that was
    listed. A temperature above 1 makes the chances less sure.
    """
    text = "".join(token.text for token in tokens)
    found = _VALUE.search(text)
    if found is None:
        return None
    place = _token_at(tokens, found.end())
    seen = _walk(tokens, place, "", codes) if place is not None else {}
    mass = sum(seen.values())
    if place is None or not mass >= _LEAST_MASS:
        return None
    bound = _bound(tokens[place], len(codes) - len(seen))
    raw = [max(seen.get(code, bound), 0.0) ** (1.0 / temperature) for code in codes]
    whole = sum(raw)
    return Chances(tuple(chance / whole for chance in raw), min(1.0, mass))


def truth_chances(tokens: Sequence[Token]) -> dict[str, float]:
    """Return the chance of true for every criterion's key whose token tells it."""
    text = "".join(token.text for token in tokens)
    found = {}
    for match in _CRITERION.finditer(text):
        place = _token_at(tokens, match.end())
        chance = _truth(tokens[place]) if place is not None else None
        if chance is not None:
            found[match[1]] = chance
    return found


def _walk(
    tokens: Sequence[Token], place: int, prefix: str, codes: Sequence[str]
) -> Mapping[str, float]:
    """Return what each code has of the mass from a token on, where `prefix` was said before.

    A part of a code passes its mass on: by the next token where it was the one said, in equal
    shares to all codes that begin so where it was not.
    """
    seen: dict[str, float] = {}
    said = _letters(tokens[place].text) if place < len(tokens) else None
    for text, chance in tokens[place].top if place < len(tokens) else ():
        letters = _letters(text)
        if letters is None or chance <= 0.0:
            continue
        for code, share in _shares(tokens, place, prefix, letters, said, codes).items():
            seen[code] = seen.get(code, 0.0) + chance * share
    return seen


def _shares(
    tokens: Sequence[Token],
    place: int,
    prefix: str,
    letters: str,
    said: str | None,
    codes: Sequence[str],
) -> Mapping[str, float]:
    spoken = prefix + letters
    if spoken in codes:
        return {spoken: 1.0}
    begun = [code for code in codes if code.startswith(spoken)]
    if not begun:
        return {}
    even = {code: 1.0 / len(begun) for code in begun}
    if letters != said:
        return even
    deeper = _walk(tokens, place + 1, spoken, codes)
    whole = sum(deeper.values())
    return {code: part / whole for code, part in deeper.items()} if whole else even


def _letters(text: str) -> str | None:
    """Return the capitals of a token without what is merged to them; None where it has others."""
    found = _CODE.match(text)
    return found[1] if found else None


def _bound(token: Token, unseen: int) -> float:
    """Return the most that each code which is not listed can have."""
    chances = [chance for _, chance in token.top]
    if not unseen or not chances:
        return 0.0
    return min(_LESS * min(chances), max(0.0, 1.0 - sum(chances)) / unseen)


def _truth(token: Token) -> float | None:
    """Return the chance of true against false; parts of the words count as them.

    The word that is not listed may have as much as any that is not.
    """
    sides = {"true": 0.0, "false": 0.0}
    for text, chance in token.top:
        found = _WORD.match(text.lower())
        for word in sides:
            if found and (word.startswith(found[1]) or found[1].startswith(word)):
                sides[word] += chance
    if not sum(sides.values()):
        return None
    bound = _bound(token, 1)
    true, false = (side or bound for side in (sides["true"], sides["false"]))
    return true / (true + false)


def _token_at(tokens: Sequence[Token], offset: int) -> int | None:
    """Return which token holds the character at an offset of the whole text."""
    ends = accumulate(len(token.text) for token in tokens)
    return next((place for place, end in enumerate(ends) if end > offset), None)
