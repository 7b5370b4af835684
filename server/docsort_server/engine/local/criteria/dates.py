"""Dates as documents write them, in twelve languages."""

from __future__ import annotations

import re

MONTH_NAMES = (
    "jan(?:uar[yi]?|vier)?|enero|ene|gennaio|gen|janeiro|januari|ledna|stycznia",
    "feb(?:ruar[yi]?|rero|braio)?|fevrier|fevr|fevereiro|fev|februari|unora|lutego",
    "mar(?:ch|z|s|zo|co|ts?|ca)?|maerz|maart|mrt|marzo|brezna",
    "apr(?:il|ile)?|avril|avr|abril|abr|dubna|kwietnia",
    "may|mai|mayo|maggio|mag|maio|mei|maja?|kvetna",
    "june?|juni|juin|junio|giugno|giu|junho|cervna|czerwca",
    "july?|juli|juillet|juil|julio|luglio|lug|julho|cervence|lipca",
    "aug(?:ust|usti|ustus)?|aout|agosto|ago|srpna|sierpnia",
    "sept?(?:ember|embre|tembre|tiembre)?|settembre|set|setembro|zari|wrzesnia",
    "oct(?:ober|obre)?|okt(?:ober)?|ottobre|ott|outubro|out|rijna|pazdziernika",
    "nov(?:ember|embre|iembre|embro)?|listopad[ua]",
    "dec(?:ember|embre)?|dez(?:ember|embro)?|dic(?:iembre|embre)?|desember|prosince|grudnia",
)
MONTHS = "|".join(MONTH_NAMES)
# "3rd April 2023", "7. Mai 2014", "20 de junio de 2023", "23-Nov-16"; the year may be missing.
WRITTEN = (
    rf"(?<![\d.,/-])\d{{1,2}}(?:st|nd|rd|th|er|\.|º)?[ -]{{1,2}}(?:of |de |d')?(?:{MONTHS})\b\.?"
    r",?(?:[ -]{1,2}(?:de |del )?(?:\d{4}|\d{2})\b(?![.,:]\d))?"
)
# "March 28, 2018", "Sept 5", "2024 Feb 03".
MONTH_DAY = (
    rf"\b(?:(?:19|20)\d\d )?(?:{MONTHS})\b\.? \d{{1,2}}(?:st|nd|rd|th)?\b(?![.,:/]\d)"
    r"(?:[,.]{0,2} {0,2}(?:19|20)\d\d\b)?"
)
# "Customer no. 2019-0331" and "order 2019/77" tell no year, "2019-2020" and "2019-20" do.
YEAR = (
    r"(?<![\w.,/#_-])(?<!\b(?:no|nr|id) )(?<!\b(?:no|nr)\. )(?<!\bn\. )(?<!# )(?<!\bref )"
    r"(?<!\bref\. )(?<!number )(?<!nummer )"
    r"(?:19|20)\d\d(?![\w,/]|\.\d|-(?!(?:19|20)\d\d(?!\d)|\d\d(?!\d))\w)"
)
_YEAR = re.compile(r"(?:19|20|21)\d\d|(?<=[\s./-])\d\d$")
_PART = re.compile(r"\d+")
_MONTH_ONLY = re.compile(r"^(?:may|mar|marca|maja|zari|set|out|gen|dec|jan|mag|mai)\b")


def dated(found: re.Match[str]) -> bool | None:
    """Tell a date with a year from one without, and from numbers that are none."""
    text = found[0]
    if not any(letter.isalpha() for letter in text):
        return _counted([int(part) for part in _PART.findall(text)], text)
    days = [int(part) for part in _PART.findall(text) if len(part) < 3]
    if not days or not any(1 <= day <= 31 for day in days):
        return None
    if _YEAR.search(text):
        return True
    # "may 3" and "set 10" are words with a number in most places.
    return None if _MONTH_ONLY.match(text) else False


def _counted(parts: list[int], text: str) -> bool | None:
    years = [part for part in parts if 1800 <= part <= 2199]
    small = [part for part in parts if part not in years]
    if len(years) > 1 or len(parts) != 3:
        return None
    if not years:
        # Two figures for the year stand last, or first in ISO's order; "1.2.34" may be a section.
        if len(text.rstrip(".").replace("/", ".").replace("-", ".").split(".")[-1]) != 2:
            return None
        small = parts[:2]
    if not (1 <= min(small) <= 12 and max(small) <= 31):
        return None
    return bool(years) or "/" in text or "-" in text
