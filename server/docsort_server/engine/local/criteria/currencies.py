"""Currencies by their signs, codes and names, folded, in the seven languages."""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING

from docsort_server.engine.expression import expression

if TYPE_CHECKING:
    import re

# What a sign or name may stand for; the first of two that begin alike is the longer one.
_CURRENCIES = {
    r"us[- ]?\$|usd|(?:us|u\.s\.|american)[- ]dollars?|dollars (?:us|americains)|us-?dollars?"
    r"|dolares (?:estadounidenses|americanos|de ee\.? ?uu\.?)|dollari (?:usa|americani"
    r"|statunitensi)"
    r"|amerikaanse dollars?": "USD",
    r"ca?\$|cad|canadian dollars?|dollars canadiens|kanadische dollar": "CAD",
    r"a(?:u)?\$|aud|australian dollars?": "AUD",
    r"\$|dollars?|dolares|dollari": "USD CAD AUD NZD SGD HKD MXN",
    r"€|eur|euros?": "EUR",
    r"£|gbp|(?:british )?pounds?(?: sterling)?|sterling|(?:britische )?pfund|livres? sterling"
    r"|libras?(?: esterlinas)?|sterline|(?:britse )?ponden": "GBP",
    r"chf|sfr|swiss francs?|francs? suisses?|(?:schweizer )?franken|francos suizos"
    r"|franchi(?: svizzeri)?|zwitserse frank(?:en)?|francos suicos": "CHF",
    r"¥": "JPY CNY",
    r"jpy|yen": "JPY",
    r"cny|rmb|yuan|renminbi": "CNY",
    r"₹|inr|(?:indian )?rupees?": "INR",
    r"pln|z[łl]|zloty\w{0,2}": "PLN",
    r"r\$|brl|reais": "BRL",
    r"sek|swedish kron[ao]r?|schwedische kronen": "SEK",
    r"nok|norwegian kroner|norwegische kronen": "NOK",
    r"dkk|danish kroner|danische kronen": "DKK",
    r"czk": "CZK",
    r"huf|forints?": "HUF",
}
# These are so only beside a number: "dem" is German as well.
_BESIDE = {r"kr\.?": "SEK NOK DKK", "kc": "CZK", r"fr\.": "CHF", r"rs\.?": "INR", "dem": "DEM"}
_CODES = tuple(
    (expression(signs), frozenset(codes.split()))
    for signs, codes in (_CURRENCIES | _BESIDE).items()
)
SIGN = "|".join(_CURRENCIES | _BESIDE)
_NAMED = expression(rf"(?<![\w$])(?:{'|'.join(_CURRENCIES)})(?![\w$])")
# What on a page is a currency without a number: its sign or code, names where they weigh nothing.
_ISO = sorted({code.lower() for codes in _CURRENCIES.values() for code in codes.split()})
MENTIONED = rf"[$€£¥₹]|\b(?:{'|'.join(_ISO)}|euros?|dollars?)\b"
_BEFORE = expression(rf"(?<![^\W\d_])(?P<sign>{SIGN}) ?[-+(]{{0,2}}$")
_AFTER = expression(rf"(?:,-)? ?(?P<sign>{SIGN})(?![^\W_])(?! ?\d)")
# How far before a numeral its sign may begin, and how far behind it may end.
_LOOK = 11


@lru_cache(maxsize=256)
def codes_of(sign: str) -> frozenset[str]:
    """Return the codes of ISO 4217 that a folded sign or name may stand for."""
    return next((codes for signs, codes in _CODES if signs.fullmatch(sign)), frozenset())


def named(text: str) -> re.Match[str] | None:
    """Return the first currency that a folded statement names."""
    return _NAMED.search(text)


def beside(line: str, start: int, end: int) -> frozenset[str]:
    """Return what the sign beside a numeral of a folded line may stand for; empty without one."""
    found = _BEFORE.search(line[max(0, start - _LOOK) : start])
    found = found or _AFTER.match(line, end, end + _LOOK)
    return codes_of(found["sign"]) if found else frozenset()
