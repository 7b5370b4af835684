"""Find values by their form on a page: dates, amounts, IBANs, telephone numbers and more.

All expressions are linear in the page: what repeats is bounded, and no two repeats that follow
each other can match the same characters without bound.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from docsort_server.engine.local.criteria import (
    addresses,
    checksums,
    currencies,
    finders,
    money,
    origins,
    payment_terms,
    signatures,
    signing_lines,
    tallies,
)
from docsort_server.engine.local.criteria.clauses import clauses, numbered
from docsort_server.engine.local.criteria.dates import MONTH_DAY, WRITTEN, YEAR, dated
from docsort_server.engine.local.criteria.numbers import NUMBER, is_number
from docsort_server.engine.local.criteria.personal_names import NAME, is_person
from docsort_server.engine.local.criteria.quantities import LENGTH, MONTH_YEAR

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

    from docsort_server.engine.local.criteria.sheet import Sheet, Spot

# "06/09 985026" and "04104/2022" are no telephone numbers.
_LIKE_DATE = re.compile(r"/\d{1,2}\b|/(?:19|20)\d\d$")
_JOINTS = re.compile(r"[\s().,/-]+")


def bare(text: str) -> str:
    """Return a value without what only separates its characters."""
    return _JOINTS.sub("", text)


def _iban(found: re.Match[str]) -> bool | None:
    text = bare(found[0])
    # A following word of capitals may have been taken along.
    return any(checksums.iban(text[:end]) for end in range(len(text), 14, -1))


def _vat(found: re.Match[str]) -> bool | None:
    return checksums.vat(bare(found[0])) is True


def _isbn(found: re.Match[str]) -> bool | None:
    digits = bare(found[1])
    return True if len(digits) in (10, 13) and checksums.isbn(digits) else None


def _phone(found: re.Match[str]) -> bool | None:
    if _LIKE_DATE.search(found[0]):
        return None
    return True if 9 <= sum(map(str.isdigit, found[0])) <= 16 else None


def _phone_maybe(found: re.Match[str]) -> bool | None:
    return None if len(bare(found[0])) < 6 or _LIKE_DATE.search(found[0]) else False


def _number(found: re.Match[str]) -> bool | None:
    return False if is_number(found[0]) else None


def _person(found: re.Match[str]) -> bool | None:
    return True if is_person(found[0]) else None


def _ssn(found: re.Match[str]) -> bool | None:
    return None if found[0][:3] == "000" or found[0][0] == "9" else True


def _ssn_maybe(found: re.Match[str]) -> bool | None:
    return None if _ssn(found) is None else False


_EU_VAT = (
    r"(?:ATU\d{8}|BE ?[01]\d{3}[. ]?\d{3}[. ]?\d{3}|BG\d{9,10}|CY\d{8}[A-Z]|CZ\d{8,10}"
    r"|DE ?\d{3} ?\d{3} ?\d{3}|DK ?\d{8}|EE\d{9}|EL\d{9}|ES ?[A-Z]\d{7}[A-Z\d]|FI ?\d{8}"
    r"|FR ?[A-Z\d]{2} ?\d{3} ?\d{3} ?\d{3}|FR \d{3} \d{3} \d{3} \d{2}"
    r"|GB ?\d{3} ?\d{4} ?\d{2}|HR\d{11}|HU\d{8}|IE\d[A-Z\d]\d{5}[A-Z]{1,2}|IT ?\d{11}"
    r"|LT\d{9,12}|LU ?\d{8}|LV\d{11}|MT\d{8}|NL ?\d{9}B\d{2}|PL ?\d{10}|PT ?\d{9}|RO\d{5,10}"
    r"|SE\d{12}|SI\d{8}|SK\d{10}|CHE[- ]?\d{3}\.?\d{3}\.?\d{3})"
)
_COUNTRIES = (
    "AD|AE|AT|AU|BE|BG|BR|CA|CH|CN|CY|CZ|DE|DK|EE|ES|FI|FR|GB|GR|HK|HR|HU|IE|IN|IT|JP|LI|LT|LU|LV"
    "|MC|MT|MX|NL|NO|NZ|PL|PT|RO|SE|SG|SI|SK|SM|TR|US|ZA"
)
_DIGITS = r"(?<![\w.,/+-])"
_TLDS = (
    "com|org|net|edu|gov|mil|int|info|biz|io|eu|de|at|ch|fr|be|nl|es|it|pt|pl|uk|co|ie|us|ca|au|in"
    "|jp|cn|kr|br|mx|se|no|dk|fi|cz|lu|ru|app|dev|ai"
)
_IBAN = finders.search(
    r"\b[A-Z]{2}\d{2}(?:[ -]?[A-Z\d]{4}){2,7}(?:[ -]?[A-Z\d]{1,4})?\b", _iban, cased=True
)
_VAT = finders.search(rf"(?<![A-Z\d]){_EU_VAT}(?![A-Z\d])", _vat, cased=True)
# Telephone numbers of so many digits begin with + or 00.
_CARD = finders.search(
    r"(?<![\w.+-])[1-9](?:[ -]?\d){12,18}(?![\w-])",
    lambda found: checksums.luhn("".join(filter(str.isdigit, found[0]))),
)
_PHONE = finders.either(
    finders.search(
        rf"{_DIGITS}\+ ?\d{{1,3}}(?:[ ./-]{{0,2}}\(?\d{{1,8}}\)?){{2,6}}"
        rf"|{_DIGITS}{origins.AMERICAN_PHONE}(?![\d-])"
        rf"|{_DIGITS}{origins.FRENCH_PHONE}(?!\d)"
        rf"|{_DIGITS}\(0\d{{1,5}}\) ?\d{{2,8}}(?:[ -]\d{{1,8}}){{0,4}}(?!\w|[.,]\d)"
        r"|\(0 ?\d ?\d{1,3}\) ?\d{2,4}-\d{1,4}",
        _phone,
    ),
    # What any number may look like is one where it is named.
    finders.search(
        rf"{_DIGITS}\d{{2,5}}(?:[ /-]{{1,2}}\d{{2,8}}){{1,4}}(?![\d.,])|{_DIGITS}\d{{7,12}}\b",
        _phone_maybe,
    ),
)

_BULLET = finders.search(r"^[•●▪■◦‣∙*\uf0b7\u2013-] ?\w", placed=True)
_LISTED = finders.either(
    _BULLET,
    finders.search(
        r"^(?:\(?(?:\d{1,2}|[a-z])[.)]|step \d{1,2}[.:]?) {1,3}\W?[^\W\d_]", placed=True
    ),
)

FORMS: Mapping[str, Callable[[Sheet], Iterator[Spot]]] = {
    "date": finders.search(
        rf"(?<![\d./-])\d{{1,4}}[./-]\d{{1,2}}[./-]\d{{2,4}}(?![\d/-])"
        rf"|(?<![\d./-])\d{{4}}\. ?\d{{1,2}}\. ?\d{{1,2}}\."
        # As Czech typography has it: "17. 5. 2024".
        r"|(?<![\d./-])\d{1,2}\. \d{1,2}\. (?:19|20)\d\d(?![\d/-])"
        rf"|{WRITTEN}|{MONTH_DAY}|\d{{4}}年\d{{1,2}}月\d{{1,2}}日",
        dated,
    ),
    "month": finders.search(MONTH_YEAR),
    "year": finders.search(YEAR),
    "time": finders.search(
        r"(?<![\d:.,])(?:[01]?\d|2[0-4])(?::[0-5]\d(?!\d)| ?h ?[0-5]\d\b| ?(?:a\.?m\b|p\.?m\b))"
        r"|(?<![\d.,])\d{1,2}(?:[.:]\d\d)? ?uhr\b"
    ),
    "term": payment_terms.stated,
    "length": finders.search(LENGTH),
    "numeral": money.numerals,
    "amount": money.find(None),
    "all_amounts": money.all_amounts,
    "euros": money.find("euros"),
    "dollars": money.find("dollars"),
    "pounds": money.find("pounds"),
    "money": finders.either(
        finders.search(currencies.MENTIONED), finders.search(r"\bDEM\b", cased=True)
    ),
    "percent": finders.search(
        r"(?<![\d.,])\d{1,6}(?:[.,]\d{1,4})? ?(?:%|(?:percent|per cent|prozent|pour cent|por ciento"
        r"|per cento|por cento|procent)\b)"
    ),
    "iban": _IBAN,
    "bic": finders.search(
        rf"\b[A-Z]{{4}} ?(?:{_COUNTRIES}) ?[A-Z\d]{{2}}(?: ?[A-Z\d]{{3}})?\b",
        finders.doubtful,
        cased=True,
    ),
    "email": finders.search(r"(?<![\w.+-])[\w.+-]{1,64}@[\w-]{1,63}(?:\.[\w-]{1,63}){1,6}"),
    "url": finders.either(
        finders.search(r"\bhttps?://[^\s<>]{3,200}|\bwww\.[^\s<>]{3,200}"),
        finders.search(rf"(?<![\w@.:/-])(?:[\w-]{{2,63}}\.){{1,4}}(?:{_TLDS})\b(?![\w@]|\.\w)"),
    ),
    "phone": finders.beyond(_PHONE, finders.either(_IBAN, _VAT, _CARD)),
    "ssn": finders.either(
        finders.search(r"(?<![\w-])\d{3}-\d{2}-\d{4}(?![\w-])", _ssn),
        # As it stands in the boxes of a form: any nine digits, where they are named.
        finders.search(r"(?<![\w.,+-])\d{3} ?\d{2} ?\d{4}(?![\w-]|[.,]\d)", _ssn_maybe),
    ),
    "ein": finders.search(r"(?<![\w-])\d{2}-\d{7}(?![\w-])"),
    "vat": finders.either(
        _VAT,
        finders.search(
            r"(?<![\w.,])(?:[A-Z]{2} ?)?\d[\d A-Z.-]{6,16}\d", finders.doubtful, cased=True
        ),
    ),
    "tax": finders.search(
        r"(?<![\w.,])(?:[A-Z]{2} ?)?\d[\dA-Z. /-]{5,16}[\dA-Z]\b", finders.doubtful, cased=True
    ),
    "postcode": addresses.POSTCODE,
    "street": addresses.STREET,
    "address": finders.either(addresses.STREET, addresses.POSTCODE),
    "person": finders.search(rf"(?<![\w.]){NAME}(?!\w)", _person, cased=True),
    "page_number": finders.either(
        finders.search(r"\b(?:page|pages|seite|pagina|pag\.|strona|p\.) ?:? ?\d{1,4}\b"),
        tallies.lone_numbers,
    ),
    "isbn": finders.search(r"(?<![\w-])((?:97[89][- ]?)?\d(?:-?\d){8}-?[\dx])(?![\w-])", _isbn),
    "card": _CARD,
    "doi": finders.search(r"\b10\.\d{4,9}/\S{2,80}|\bdoi: ?10\.\d"),
    "number": finders.search(rf"(?<![\w.,]){NUMBER}", _number),
    "signature": finders.either(
        finders.search(
            r"(?<!\w)(?:/?s/ ?\w|sign(?:ed|atures?)?(?: here| by)?\b|unterschrift|unterzeichn"
            r"|handtekening|ondertekend|firma(?=\)|:| ?_)|firmad[oa]\b|firmat[oa]\b|assinatura"
            r"|assinad[oa]\b|podpis|underskri[fv]|namnteckning|allekirjoitus|alairas)",
            placed=True,
        ),
        signing_lines.lines,
    ),
    "signed": signatures.places,
    "signing_line": signing_lines.lines,
    "item": tallies.items,
    "summed": tallies.summed,
    "entry": tallies.entries,
    "reference": finders.either(
        finders.search(r"\[\d{1,3}\]"),
        finders.search(r"(?:[(.,] ?|\()(?:19|20)\d\d[a-z]?[).]", placed=True),
    ),
    "figure": finders.search(r"\b(?:figures?|figs?\.?|abbildung|abb\.|figuur|figura) ?\d{1,3}"),
    "section": finders.search(
        r"^(?:\d{1,2}\.?|[a-z]\.|[ivx]{1,4}\.|section \d{1,2}|§ ?\d{1,3}) +[^\W\d_]{3}",
        placed=True,
    ),
    "clause": clauses,
    "numbered": numbered,
    "bullet": _BULLET,
    "listed": finders.first(tallies.items, _LISTED),
}
