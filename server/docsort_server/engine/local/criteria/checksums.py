"""Check digits of numbers that carry them: IBAN, tax numbers of several countries, ISBN."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

# Lengths of IBANs (ISO 13616 registry) where a shorter or longer one is surely none.
_IBAN_LENGTH_TEXT = """
AT20 BE16 BG22 CH21 CY28 CZ24 DE22 DK18 EE20 ES24 FI18 FR27 GB22 GR27 HR21 HU28 IE22 IT27 LI21 LT20
LU20 LV21 MT31 NL18 NO15 PL28 PT25 RO24 SE24 SI19 SK24
"""
_IBAN_LENGTHS = {each[:2]: int(each[2:]) for each in _IBAN_LENGTH_TEXT.split()}


def iban(text: str) -> bool:
    """Check an IBAN without spaces by its length and modulo 97 (ISO 7064)."""
    if _IBAN_LENGTHS.get(text[:2], len(text)) != len(text) or not 15 <= len(text) <= 34:
        return False
    turned = text[4:] + text[:4]
    return int("".join(str(int(letter, 36)) for letter in turned)) % 97 == 1


def isbn(digits: str) -> bool:
    """Check an ISBN of 10 or 13 characters without hyphens."""
    if len(digits) == 10:
        values = [10 if digit in "xX" else int(digit) for digit in digits]
        return sum(value * (10 - place) for place, value in enumerate(values)) % 11 == 0
    if not digits.isdecimal():
        return False
    return sum(int(digit) * (3 if place % 2 else 1) for place, digit in enumerate(digits)) % 10 == 0


def luhn(digits: str) -> bool:
    """Check the last of some digits, as of payment cards (ISO 7812)."""
    doubled = (int(d) * (2 if place % 2 else 1) for place, d in enumerate(reversed(digits)))
    return sum(value - 9 if value > 9 else value for value in doubled) % 10 == 0


def vat(text: str) -> bool | None:
    """Check a VAT number without spaces, with its country; None where no rule is known here."""
    rule = _VAT.get(text[:2])
    return None if rule is None else rule(text[2:])


def _weighted(digits: str, weights: tuple[int, ...], modulus: int) -> int:
    return sum(int(d) * w for d, w in zip(digits, weights, strict=False)) % modulus


def _germany(digits: str) -> bool:
    product = 10
    for digit in digits[:8]:
        product = 2 * ((int(digit) + product) % 10 or 10) % 11
    return (11 - product) % 10 == int(digits[8])


def _france(text: str) -> bool | None:
    if not text[:2].isdigit():
        return None
    return int(text[:2]) == (12 + 3 * (int(text[2:]) % 97)) % 97


def _belgium(digits: str) -> bool:
    return 97 - int(digits[:8]) % 97 == int(digits[8:])


def _netherlands(text: str) -> bool:
    # Since 2020 modulo 97 holds for sole traders, modulo 11 as before for companies.
    by_eleven = _weighted(text[:8], (9, 8, 7, 6, 5, 4, 3, 2), 11) == int(text[8])
    spelled = "".join(str(int(letter, 36)) for letter in f"NL{text}")
    return by_eleven or int(spelled) % 97 == 1


def _poland(digits: str) -> bool:
    return _weighted(digits, (6, 5, 7, 2, 3, 4, 5, 6, 7), 11) == int(digits[9])


def _portugal(digits: str) -> bool:
    check = 11 - _weighted(digits, (9, 8, 7, 6, 5, 4, 3, 2), 11)
    return (check if check < 10 else 0) == int(digits[8])


def _austria(text: str) -> bool:
    digits = text[1:]
    total = 0
    for place, digit in enumerate(digits[:7]):
        doubled = int(digit) * (2 if place % 2 else 1)
        total += doubled // 10 + doubled % 10
    return (96 - total) % 10 == int(digits[7])


_VAT: Mapping[str, Callable[[str], bool | None]] = {
    "DE": _germany,
    "FR": _france,
    "BE": _belgium,
    "IT": luhn,
    "NL": _netherlands,
    "PL": _poland,
    "PT": _portugal,
    "AT": _austria,
}
