"""Find values by their form on a page: dates, amounts, IBANs, telephone numbers and more.

All expressions are linear in the page: what repeats is bounded, and no two repeats that follow
each other can match the same characters without bound.
"""

from __future__ import annotations

import re
from dataclasses import replace
from typing import TYPE_CHECKING

from docsort_server.engine.local.criteria import checksums, money, origins, signatures, tallies
from docsort_server.engine.local.criteria.clauses import numbered
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


def _plain(_: re.Match[str]) -> bool:
    return True


def _doubtful(_: re.Match[str]) -> bool:
    return False


def _search(
    pattern: str,
    check: Callable[[re.Match[str]], bool | None] = _plain,
    *,
    cased: bool = False,
    placed: bool = False,
) -> Callable[[Sheet], Iterator[Spot]]:
    """Make a finder of all matches.

    `check` tells whether a match is surely one; None leaves it out. `cased` looks at the page's
    own letters, not folded ones. `placed`: equal ones at two places are two.
    """
    compiled = re.compile(pattern, re.MULTILINE)

    def find(sheet: Sheet) -> Iterator[Spot]:
        text = sheet.cased if cased else sheet.folded
        for found in compiled.finditer(text):
            sure = check(found)
            if sure is not None:
                spot = sheet.spot(found, sure=sure, cased=cased)
                yield replace(spot, key=f"{spot.line}:{spot.start}") if placed else spot

    return find


def _either(*finders: Callable[[Sheet], Iterator[Spot]]) -> Callable[[Sheet], Iterator[Spot]]:
    def find(sheet: Sheet) -> Iterator[Spot]:
        for finder in finders:
            yield from finder(sheet)

    return find


def _first(*finders: Callable[[Sheet], Iterator[Spot]]) -> Callable[[Sheet], Iterator[Spot]]:
    """Make a finder of what the first finds that finds anything."""

    def find(sheet: Sheet) -> Iterator[Spot]:
        yield from next(filter(None, (list(finder(sheet)) for finder in finders)), ())

    return find


def _beyond(
    finder: Callable[[Sheet], Iterator[Spot]], proven: Callable[[Sheet], Iterator[Spot]]
) -> Callable[[Sheet], Iterator[Spot]]:
    """Leave out what lies in values that another form proves, as the groups of an IBAN."""

    def find(sheet: Sheet) -> Iterator[Spot]:
        others: dict[int, list[Spot]] = {}
        for spot in filter(_is_sure, proven(sheet)):
            others.setdefault(spot.line, []).append(spot)
        for spot in finder(sheet):
            near = others.get(spot.line, ())
            if not any(spot.start < other.end and other.start < spot.end for other in near):
                yield spot

    return find


def _is_sure(spot: Spot) -> bool:
    return spot.sure


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
_STATES = (
    "AL|AK|AZ|AR|CA|CO|CT|DE|DC|FL|GA|HI|ID|IL|IN|IA|KS|KY|LA|ME|MD|MA|MI|MN|MS|MO|MT|NE|NV|NH|NJ"
    "|NM|NY|NC|ND|OH|OK|OR|PA|PR|RI|SC|SD|TN|TX|UT|VT|VA|WA|WV|WI|WY"
)
_DIGITS = r"(?<![\w.,/+-])"
_TLDS = (
    "com|org|net|edu|gov|mil|int|info|biz|io|eu|de|at|ch|fr|be|nl|es|it|pt|pl|uk|co|ie|us|ca|au|in"
    "|jp|cn|kr|br|mx|se|no|dk|fi|cz|lu|ru|app|dev|ai"
)
_STREETS = (
    r"st|street|str|ave?|avenue|rd|road|blvd|boulevard|lane|ln|drive|dr|way|court|ct|cir|circle|place|"
    r"square|hwy|highway|parkway|pkwy|freeway|mall"
)

_POSTCODE = _either(
    _search(rf"\b(?:{_STATES})[.,]? {{1,2}}\d{{5}}(?:-\d{{4}})?\b", cased=True),
    _search(r"\b[A-Z]{1,2}\d[A-Z\d]? ?\d[A-Z]{2}\b", cased=True),
    _search(r"(?<![\d.,])\b\d{4} ?[A-Z]{2}\b(?=[ ,]+[A-Z'])", cased=True),
    _search(
        r"\b[A-Z]{1,2}-\d{4,5} {1,2}[A-ZÀ-Ý][A-Za-zà-ÿÀ-Ý'-]{2,30}"
        r"|, [A-Z][a-z]{2,20} \d{5}(?:-\d{4})?\b|^\d{5} {1,2}[A-ZÀ-Ý][a-zà-ÿA-ZÀ-Ý'-]{2,30}$",
        cased=True,
    ),
    _search(
        r"(?:(?<=^)|(?<=[,;·] ))\d{4,5} {1,2}[A-ZÀ-Ý][A-Za-zà-ÿÀ-Ý'-]{2,30}",
        _doubtful,
        cased=True,
    ),
)
_STREET = _search(
    rf"(?<![\w.,])\d{{1,5}}[a-z]?,? (?:[\w.'-]{{1,20}} ){{1,4}}(?:{_STREETS})\b"
    r"|\b(?:rue|avenue|calle|via|viale|piazza|rua|avenida|boulevard|bd|plaza) [\w' .-]{2,40}\d"
    r"|\b\d{1,4},? (?:bis )?(?:rue|avenue|boulevard|bd|place|quai|allee) "
    r"|\b[\w.-]{2,30}(?:str\.|strasse|straße|straat|weg|platz|laan|plein|gasse|allee)\.? \d{1,4}"
    r"|\bp\.? ?o\.? box \d{2,6}|\bpost(?:fach|bus) \d"
)

_IBAN = _search(
    r"\b[A-Z]{2}\d{2}(?:[ -]?[A-Z\d]{4}){2,7}(?:[ -]?[A-Z\d]{1,4})?\b", _iban, cased=True
)
_VAT = _search(rf"(?<![A-Z\d]){_EU_VAT}(?![A-Z\d])", _vat, cased=True)
# Telephone numbers of so many digits begin with + or 00.
_CARD = _search(
    r"(?<![\w.+-])[1-9](?:[ -]?\d){12,18}(?![\w-])",
    lambda found: checksums.luhn("".join(filter(str.isdigit, found[0]))),
)
_PHONE = _either(
    _search(
        rf"{_DIGITS}\+ ?\d{{1,3}}(?:[ ./-]{{0,2}}\(?\d{{1,8}}\)?){{2,6}}"
        rf"|{_DIGITS}{origins.AMERICAN_PHONE}(?![\d-])"
        rf"|{_DIGITS}{origins.FRENCH_PHONE}(?!\d)"
        rf"|{_DIGITS}\(0\d{{1,5}}\) ?\d{{2,8}}(?:[ -]\d{{1,8}}){{0,4}}(?!\w|[.,]\d)"
        r"|\(0 ?\d ?\d{1,3}\) ?\d{2,4}-\d{1,4}",
        _phone,
    ),
    # What any number may look like is one where it is named.
    _search(
        rf"{_DIGITS}\d{{2,5}}(?:[ /-]{{1,2}}\d{{2,8}}){{1,4}}(?![\d.,])|{_DIGITS}\d{{7,12}}\b",
        _phone_maybe,
    ),
)

_BULLET = _search(r"^[•●▪■◦‣∙*\uf0b7\u2013-] ?\w", placed=True)
_LISTED = _either(
    _BULLET,
    _search(r"^(?:\(?(?:\d{1,2}|[a-z])[.)]|step \d{1,2}[.:]?) {1,3}\W?[^\W\d_]", placed=True),
)

FORMS: Mapping[str, Callable[[Sheet], Iterator[Spot]]] = {
    "date": _search(
        rf"(?<![\d./-])\d{{1,4}}[./-]\d{{1,2}}[./-]\d{{2,4}}(?![\d/-])"
        rf"|(?<![\d./-])\d{{4}}\. ?\d{{1,2}}\. ?\d{{1,2}}\."
        rf"|{WRITTEN}|{MONTH_DAY}|\d{{4}}年\d{{1,2}}月\d{{1,2}}日",
        dated,
    ),
    "month": _search(MONTH_YEAR),
    "year": _search(YEAR),
    "time": _search(
        r"(?<![\d:.,])(?:[01]?\d|2[0-4])(?::[0-5]\d(?!\d)| ?h ?[0-5]\d\b| ?(?:a\.?m\b|p\.?m\b))"
        r"|(?<![\d.,])\d{1,2}(?:[.:]\d\d)? ?uhr\b"
    ),
    "length": _search(LENGTH),
    "numeral": money.numerals,
    "amount": money.find(None),
    "euros": money.find("euros"),
    "dollars": money.find("dollars"),
    "pounds": money.find("pounds"),
    "money": _search(money.CURRENCY),
    "percent": _search(
        r"(?<![\d.,])\d{1,6}(?:[.,]\d{1,4})? ?(?:%|(?:percent|per cent|prozent|pour cent|por ciento"
        r"|per cento|por cento|procent)\b)"
    ),
    "iban": _IBAN,
    "bic": _search(
        rf"\b[A-Z]{{4}} ?(?:{_COUNTRIES}) ?[A-Z\d]{{2}}(?: ?[A-Z\d]{{3}})?\b", _doubtful, cased=True
    ),
    "email": _search(r"(?<![\w.+-])[\w.+-]{1,64}@[\w-]{1,63}(?:\.[\w-]{1,63}){1,6}"),
    "url": _either(
        _search(r"\bhttps?://[^\s<>]{3,200}|\bwww\.[^\s<>]{3,200}"),
        _search(rf"(?<![\w@.:/-])(?:[\w-]{{2,63}}\.){{1,4}}(?:{_TLDS})\b(?![\w@]|\.\w)"),
    ),
    "phone": _beyond(_PHONE, _either(_IBAN, _VAT, _CARD)),
    "ssn": _search(r"(?<![\w-])\d{3}-\d{2}-\d{4}(?![\w-])", _ssn),
    "ein": _search(r"(?<![\w-])\d{2}-\d{7}(?![\w-])"),
    "vat": _either(
        _VAT,
        _search(r"(?<![\w.,])(?:[A-Z]{2} ?)?\d[\d A-Z.-]{6,16}\d", _doubtful, cased=True),
    ),
    "tax": _search(
        r"(?<![\w.,])(?:[A-Z]{2} ?)?\d[\dA-Z. /-]{5,16}[\dA-Z]\b", _doubtful, cased=True
    ),
    "postcode": _POSTCODE,
    "street": _STREET,
    "address": _either(_STREET, _POSTCODE),
    "person": _search(rf"(?<![\w.]){NAME}(?!\w)", _person, cased=True),
    "page_number": _either(
        _search(r"\b(?:page|pages|seite|pagina|pag\.|strona|p\.) ?:? ?\d{1,4}\b"),
        tallies.lone_numbers,
    ),
    "isbn": _search(r"(?<![\w-])((?:97[89][- ]?)?\d(?:-?\d){8}-?[\dx])(?![\w-])", _isbn),
    "card": _CARD,
    "doi": _search(r"\b10\.\d{4,9}/\S{2,80}|\bdoi: ?10\.\d"),
    "number": _search(rf"(?<![\w.,]){NUMBER}", _number),
    "signature": _search(
        r"(?<!\w)(?:/?s/ ?\w|sign(?:ed|atures?)?(?: here| by)?\b|unterschrift|unterzeichn"
        r"|handtekening|ondertekend|firma(?=\)|:| ?_)|firmad[oa]\b|firmat[oa]\b|assinatura"
        r"|assinad[oa]\b|podpis)",
        placed=True,
    ),
    "signed": signatures.places,
    "item": tallies.items,
    "entry": tallies.entries,
    "reference": _either(
        _search(r"\[\d{1,3}\]"),
        _search(r"(?:[(.,] ?|\()(?:19|20)\d\d[a-z]?[).]", placed=True),
    ),
    "figure": _search(r"\b(?:figures?|figs?\.?|abbildung|abb\.|figuur|figura) ?\d{1,3}"),
    "section": _search(
        r"^(?:\d{1,2}\.?|[a-z]\.|[ivx]{1,4}\.|section \d{1,2}|§ ?\d{1,3}) +[^\W\d_]{3}",
        placed=True,
    ),
    "clause": numbered,
    "bullet": _BULLET,
    "listed": _first(tallies.items, _LISTED),
}
