"""Find postcodes and streets, as the countries of seven languages write them."""

from __future__ import annotations

from docsort_server.engine.local.criteria import finders

_STATES = (
    "AL|AK|AZ|AR|CA|CO|CT|DE|DC|FL|GA|HI|ID|IL|IN|IA|KS|KY|LA|ME|MD|MA|MI|MN|MS|MO|MT|NE|NV|NH|NJ"
    "|NM|NY|NC|ND|OH|OK|OR|PA|PR|RI|SC|SD|TN|TX|UT|VT|VA|WA|WV|WI|WY"
)
_STREETS = (
    r"st|street|str|ave?|avenue|rd|road|blvd|boulevard|lane|ln|drive|dr|way|court|ct|cir|circle|place|"
    r"square|hwy|highway|parkway|pkwy|freeway|mall"
)

POSTCODE = finders.either(
    finders.search(rf"\b(?:{_STATES})[.,]? {{1,2}}\d{{5}}(?:-\d{{4}})?\b", cased=True),
    finders.search(r"\b[A-Z]{1,2}\d[A-Z\d]? ?\d[A-Z]{2}\b", cased=True),
    finders.search(r"(?<![\d.,])\b\d{4} ?[A-Z]{2}\b(?=[ ,]+[A-Z'])", cased=True),
    finders.search(
        r"\b[A-Z]{1,2}-\d{4,5} {1,2}[A-ZÀ-Ý][A-Za-zà-ÿÀ-Ý'-]{2,30}"
        r"|, [A-Z][a-z]{2,20} \d{5}(?:-\d{4})?\b|^\d{5} {1,2}[A-ZÀ-Ý][a-zà-ÿA-ZÀ-Ý'-]{2,30}$",
        cased=True,
    ),
    finders.search(
        r"(?:(?<=^)|(?<=[,;·] ))\d{4,5} {1,2}[A-ZÀ-Ý][A-Za-zà-ÿÀ-Ý'-]{2,30}",
        finders.doubtful,
        cased=True,
    ),
)
STREET = finders.search(
    rf"(?<![\w.,])\d{{1,5}}[a-z]?,? (?:[\w.'-]{{1,20}} ){{1,4}}(?:{_STREETS})\b"
    r"|\b(?:rue|avenue|calle|via|viale|piazza|rua|avenida|boulevard|bd|plaza) [\w' .-]{2,40}\d"
    r"|\b\d{1,4},? (?:bis )?(?:rue|avenue|boulevard|bd|place|quai|allee) "
    r"|\b[\w.-]{2,30}(?:str\.|strasse|straße|straat|weg|platz|laan|plein|gasse|allee)\.? \d{1,4}"
    r"|\bp\.? ?o\.? box \d{2,6}|\bpost(?:fach|bus) \d"
)
